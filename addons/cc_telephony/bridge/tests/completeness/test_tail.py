# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Following a file: whatever is done to it, every whole line once, in order, and none twice."""

import gzip
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cc_bridge.completeness.tail import LONGEST, Line, Mark, Tail


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def drain(tail: Tail) -> list[str]:
    found: list[str] = []
    while lines := tail.read(64):
        found += texts(lines)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "cc_cel.csv"


def test_history_is_not_read(log: Path) -> None:
    """A bridge that is put beside an old PBX does not tell of last year's calls."""
    log.write_text("old\nolder\n")
    tail = Tail(log)
    assert drain(tail) == []
    with log.open("a") as out:
        out.write("new\n")
    assert drain(tail) == ["new"]


def test_a_file_that_appears_later_is_read_whole(log: Path) -> None:
    """CEL makes its file at the first call."""
    tail = Tail(log)
    assert (tail.missing, drain(tail)) == (True, [])
    log.write_text("first\nsecond\n")
    assert drain(tail) == ["first", "second"]


def test_half_a_line_waits_for_its_end(log: Path) -> None:
    tail = Tail(log)
    log.write_bytes(b"one\ntw")
    assert drain(tail) == ["one"]
    with log.open("ab") as out:
        out.write(b"o\n")
    assert drain(tail) == ["two"]


def test_broken_utf8_is_one_odd_line(log: Path) -> None:
    tail = Tail(log)
    log.write_bytes(b"caf\xe9\nnext\n")
    assert drain(tail) == ["caf\ufffd", "next"]


def test_a_line_without_end_does_not_fill_the_memory(log: Path) -> None:
    """What is longer than any line of ours is passed over, also in several pieces."""
    tail = Tail(log)
    log.write_bytes(b"before\n" + b"x" * (3 * LONGEST) + b"\nafter\n")
    assert drain(tail) == ["before", "after"]


def rotate(log: Path, to: str) -> None:
    os.rename(log, log.with_name(to))


def test_rotation_while_reading(log: Path) -> None:
    tail = Tail(log)
    log.write_text("a\nb\n")
    assert drain(tail) == ["a", "b"]
    with log.open("a") as out:
        out.write("c\n")
    rotate(log, "cc_cel.csv.1")
    # the writer has not opened a new one yet
    assert drain(tail) == ["c"]
    log.write_text("d\n")
    assert drain(tail) == ["d"]


def test_away_across_several_rotations(log: Path) -> None:
    """The rest of the old file, the whole of those between, then the new one."""
    log.write_text("a\nb\n")
    first = Tail(log, Mark())
    assert texts(first.read(2)[:1]) == ["a"]
    mark = Mark.load(first.mark.dump())
    for n, (name, line) in enumerate((("x.3", "c"), ("x.2", "d"), ("x.1", "e"))):
        rotate(log, log.name + name)
        os.utime(log.with_name(log.name + name), (n + 1, n + 1))
        log.write_text(f"{line}\n")
    again = Tail(log, mark)
    assert drain(again) == ["b", "c", "d", "e"]


def test_compressed_meanwhile(log: Path) -> None:
    """logrotate packed what we had not read to its end."""
    tail = Tail(log)
    log.write_text("a\nb\nc\n")
    mark = tail.read(64)[0].after
    with gzip.open(log.with_name(log.name + ".1.gz"), "wb") as out:
        out.write(log.read_bytes())
    log.unlink()
    log.write_text("d\n")
    assert drain(Tail(log, mark)) == ["b", "c", "d"]


def test_copied_and_truncated(log: Path) -> None:
    """logrotate's copytruncate: the rest is in the copy."""
    log.write_text("a\nb\n")
    tail = Tail(log, Mark())
    mark = tail.read(64)[0].after
    shutil.copy(log, log.with_name(log.name + ".1"))
    os.truncate(log, 0)
    with log.open("a") as out:
        out.write("c\n")
    assert drain(Tail(log, mark)) == ["b", "c"]


def test_truncated_and_grown_again(log: Path) -> None:
    """The same inode and more bytes than before: the first line tells that it is another file."""
    log.write_text("a\n")
    tail = Tail(log, Mark())
    assert drain(tail) == ["a"]
    log.write_text("long new line\nand another\n")
    assert drain(tail) == ["long new line", "and another"]


def test_the_number_of_a_deleted_file_given_out_again(log: Path) -> None:
    """An inode alone says nothing."""
    log.write_text("a\nb\n")
    tail = Tail(log, Mark())
    assert drain(tail) == ["a", "b"]
    mark = tail.mark
    log.write_text("x\ny\nz\n")
    assert drain(Tail(log, Mark(log.stat().st_ino, mark.offset, mark.head))) == ["x", "y", "z"]


def test_marks_lead_back(log: Path) -> None:
    """From the mark before a line on, that line comes first."""
    log.write_text("one\ntwo\nthree\n")
    lines = Tail(log, Mark()).read()
    assert drain(Tail(log, lines[1].before)) == ["two", "three"]
    assert drain(Tail(log, lines[1].after)) == ["three"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 40)),
        st.just(("flush", 0)),
        st.just(("read", 0)),
        st.just(("restart", 0)),
        st.just(("rotate", 0)),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_every_line_once_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Writes cut anywhere, reads at any time, restarts, rotations between whole lines."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "q"
        source = (f"line {n}\n".encode() for n in range(10_000))
        written, pending = bytearray(), bytearray()
        tail, found, rotated = Tail(log), list[str](), 0

        def put(data: bytes) -> None:
            with log.open("ab") as out:
                out.write(data)
            written.extend(data)

        def more(count: int, lines: Iterator[bytes] = source) -> None:
            while len(pending) < count:
                pending.extend(next(lines))
            put(bytes(pending[:count]))
            del pending[:count]

        for step, count in steps:
            if step == "write":
                more(count)
            elif step == "flush" and pending:
                more(len(pending))
            elif step == "read":
                found += drain(tail)
            elif step == "restart":
                tail = Tail(log, Mark.load(tail.mark.dump()))
            elif step == "rotate" and log.exists() and not pending:
                rotated += 1
                rotate(log, f"q.{rotated}")
                os.utime(log.with_name(f"q.{rotated}"), (rotated, rotated))
        if pending:
            more(len(pending))
        put(b"")
        found += drain(tail)
        assert found == bytes(written).decode().splitlines()
