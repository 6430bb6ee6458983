# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings as others write them: forms, line ends, rubbish between; the command as a stranger uses it."""

import bz2
import functools
import gzip
import io
import json
import lzma
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from calls import streams

import cc_bridge
from cc_bridge import recorded, replay

NAME = "06_hold"


def text_form(events: list[dict[str, Any]], end: str = "\r\n") -> str:
    """Events as AMI writes them on the wire."""
    blocks = []
    for event in events:
        rows = []
        for name, value in event.items():
            rows += [f"{name}: {v}" for v in (value if isinstance(value, list) else [value])]
        blocks.append(end.join(rows) + end + end)
    return f"Asterisk Call Manager/9.0.0{end}" + "".join(blocks)


@functools.cache
def forms() -> dict[str, str]:
    """One recording in every form."""
    events = streams.events(NAME)
    lines = [json.dumps(e) for e in events]
    return {
        "json lines": "\n".join(lines),
        "crlf, blank lines, byte order mark": "\ufeff\r\n\r\n" + "\r\n\r\n".join(lines) + "\r\n",
        "array": json.dumps(events),
        "array in lines": json.dumps(events, indent=4),
        "array, one event a line": "[\n" + ",\n".join(lines) + "\n]\n",
        "objects spread over lines": "\n".join(json.dumps(e, indent=2) for e in events),
        "wire": text_form(events),
        "wire, unix line ends": text_form(events, "\n"),
        "wire, no banner, answers between": text_form(events)
        .partition("\r\n")[2]
        .replace(
            "Event: DialEnd",
            "Response: Success\r\nActionID: 1\r\nMessage: Event: none\r\n\r\nEvent: DialEnd",
        ),
        "small letters": "\n".join(
            json.dumps({k.lower(): v for k, v in e.items()}) for e in events
        ),
        "actions and answers between": "\n".join(
            x
            for line in lines
            for x in ('{"_sent": {"Action": "Ping"}}', line, '{"Response": "Success"}')
        ),
        "array, objects side by side": "[" + ",\n ".join(lines).replace("}", "\n}") + "]",
        "objects without line ends": "".join(lines),
        "objects with commas behind": ",\n".join(lines),
        "JSON text sequence": "".join(f"\x1e{line}\n" for line in lines),
        "what a killed writer leaves": "\0\0\n\0" + "\n\0".join(lines),
        "a logger's words before each": "\n".join(f"10:00:01 DEBUG ami {x}" for x in lines),
        "each in an object of its own": "\n".join(
            json.dumps({"dir": "in", "message": e}) for e in events
        ),
        "all in one object": json.dumps({"recorded": "today", "events": events}),
        "first text, then JSON": text_form(events[:40])
        + "\n".join(json.dumps(e) for e in events[40:]),
        "a telnet session": "Trying 127.0.0.1...\r\nConnected to localhost.\r\n"
        "Escape character is '^]'.\r\nAction: Login\r\nUsername: a\r\nSecret: b\r\n\r\n"
        "Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
        + text_form(events).partition("\r\n")[2],
        "rubbish between": "\n".join(
            x for line in lines for x in (line, "{broken", "[1]", "7", "\x00", "null", '"Event"')
        ),
    }


def final(messages: Any) -> list[dict[str, Any]]:
    """The final calls of a recording, without the ids that are new at each run."""
    model_facts = []
    from cc_bridge.calls import CallModel

    model = CallModel(mint=streams.minter())
    for message in messages:
        event = recorded.event(message) if message is not None else None
        if event is not None:
            model_facts += model.feed(event)
    streams.check(model_facts)
    return streams.last(model_facts)


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_form_is_the_same_recording(form: str) -> None:
    """The calls do not depend on who wrote the stream down, and how."""
    wanted = streams.last(streams.run(streams.events(NAME)))
    assert len(wanted) == 1
    assert final(recorded.messages(forms()[form].split("\n"))) == wanted


@pytest.mark.parametrize("form", sorted(forms()))
@pytest.mark.parametrize("share", [0.37, 0.83])
def test_cut_anywhere(form: str, share: float) -> None:
    """A recording that was cut in the middle of a message is read to there."""
    text = forms()[form]
    found = [
        m for m in recorded.messages(text[: int(len(text) * share)].split("\n")) if m is not None
    ]
    wanted = sum(1 for e in streams.events(NAME) if e)
    assert len([m for m in found if recorded.event(m)]) > wanted * share * 0.8


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_wide_and_packed(tmp_path: Path, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """As PowerShell writes a stream into a file, as logs are packed."""
    path = tmp_path / "stream"
    path.write_bytes(pack(forms()["json lines"].encode(coding)))
    wanted = streams.last(streams.run(streams.events(NAME)))
    assert final(recorded.messages(recorded.lines(str(path)))) == wanted


@pytest.mark.parametrize(
    "written",
    [
        lambda us: us / 1e6,
        lambda us: str(us),
        lambda us: datetime.fromtimestamp(us / 1e6, UTC).isoformat(),
        lambda us: datetime.fromtimestamp(us / 1e6, timezone(timedelta(hours=8))).isoformat(),
    ],
)
def test_times_in_other_words(written: Callable[[int], Any]) -> None:
    """Numbers, microseconds, a date with its zone."""
    wanted = streams.last(streams.run(streams.events(NAME)))
    told = [
        {**e, "Timestamp": written(round(float(e["Timestamp"]) * 1e6))} if "Timestamp" in e else e
        for e in streams.events(NAME)
    ]
    assert streams.last(streams.run(told)) == wanted


def test_one_key_twice_within_a_second_of_whole_seconds() -> None:
    """Such events are equal, and are two all the same."""
    head = {"Channel": "PJSIP/trunk-1", "Uniqueid": "1795000000.1", "Timestamp": "1795000000"}
    new = {"Event": "Newchannel", "ChannelState": "4", "CallerIDNum": "138", "Exten": "100"}
    key = {"Event": "DTMFEnd", "Digit": "1", "Direction": "Received"}
    out = io.StringIO()
    told = replay.replay([{**e, **head} for e in (new, key, key)], out)
    assert told.doubled == 0
    assert [x["key"] for x in json.loads(out.getvalue().splitlines()[-1])["call"]["ivr"]] == [
        "1",
        "1",
    ]


def test_nothing_at_all() -> None:
    """An empty recording, blank lines, rubbish alone."""
    for text in ("", "\n\n", " ", "\ufeff", "{", "[", "]", "x", "[]", "{}", "[[[[", "Event", ":"):
        assert [m for m in recorded.messages(text.split("\n")) if m] == []


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a shell of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cc_bridge", "replay", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=Path(cc_bridge.__file__).parent.parent,
    )


def test_the_command_on_a_pipe_packed_or_not() -> None:
    """``-`` is standard input, packed too."""
    plain = "".join(streams.lines(NAME)).encode()
    for data in (plain, gzip.compress(plain)):
        done = run("-", stdin=data)
        assert done.returncode == 0
        facts = [json.loads(line) for line in done.stdout.splitlines()]
        assert facts[-1]["kind"] == "call.ended"
        assert b"0 call(s) left open" in done.stderr


def test_a_recording_in_parts(tmp_path: Path) -> None:
    """Several files are one stream, their numbers go on."""
    lines = streams.lines(NAME)
    parts = []
    for i, part in enumerate((lines[:60], lines[60:])):
        parts.append(str(tmp_path / f"{i}.jsonl"))
        Path(parts[-1]).write_text("".join(part), "utf-8")
    done = run(*parts)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [f["seq"] for f in facts] == list(range(1, len(facts) + 1))
    assert len({f["call"]["call_uid"] for f in facts}) == 1
    assert facts[-1]["call"]["state"] == "ended" and not facts[-1]["call"]["estimated"]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """No file, a folder, a packed file that is cut: in words, exit 2."""
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress("".join(streams.lines(NAME)).encode())[:4000])
    for path in (tmp_path / "none", tmp_path, cut):
        done = run(str(path))
        assert done.returncode == 2
        assert b"cannot read " + str(path).encode() in done.stderr
        assert b"Traceback" not in done.stderr
    # of the one that is cut all was read that is there
    assert done.stdout and b"left open: " in done.stderr and b"1 call(s) left open" in done.stderr
    empty = tmp_path / "empty"
    empty.touch()
    done = run(str(empty))
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"no AMI event was found" in done.stderr and b"0 call(s) left open" in done.stderr


def test_a_reader_that_goes_away() -> None:
    """``replay … | head``: no trace of an error."""
    source = str(streams.FOLDER / "room_B_web.jsonl.gz")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m cc_bridge replay {source} | head -c 10"],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=Path(replay.__file__).parent.parent,
    )
    assert done.stdout and b"Traceback" not in done.stderr and b"Exception" not in done.stderr
