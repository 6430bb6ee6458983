# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings as others write them: forms, line ends, rubbish between; the command as a stranger uses it."""

import gzip
import json
import subprocess
import sys
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
    cut.write_bytes(gzip.compress("".join(streams.lines(NAME)).encode())[:500])
    for path in (tmp_path / "none", tmp_path, cut):
        done = run(str(path))
        assert done.returncode == 2
        assert b"cannot read " + str(path).encode() in done.stderr
        assert b"Traceback" not in done.stderr


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
