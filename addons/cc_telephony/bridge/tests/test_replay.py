# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge replay`` and ``cc_bridge record`` as commands."""

import io
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from calls import streams

from cc_bridge import recorded, recorder, replay
from cc_bridge.facts import uuid7


def test_uuid7() -> None:
    """Version and variant bits, the time in front, sorted by birth."""
    value = uuid7(clock_ns=lambda: 0x0123456789AB * 1_000_000, random=lambda n: b"\xff" * n)
    assert value == "01234567-89ab-7fff-bfff-ffffffffffff"
    first = uuid7(clock_ns=lambda: 1_000_000, random=lambda n: b"\xff" * n)
    second = uuid7(clock_ns=lambda: 2_000_000, random=lambda n: b"\x00" * n)
    assert first < second
    assert len({uuid7() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("name", streams.names())
def test_every_recording_by_the_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, valid lines, seq rising from 1."""
    assert replay.main([str(streams.FOLDER / f"{name}.jsonl.gz")]) == 0
    written = capsys.readouterr().out.splitlines()
    facts = [json.loads(line) for line in written]
    assert [f["seq"] for f in facts] == list(range(1, len(facts) + 1))
    assert {f["v"] for f in facts} <= {1}


def test_odd_lines_are_passed_over_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Actions and answers silently, broken lines with a count; what stays open is named."""
    event = {
        "Event": "Newchannel",
        "Channel": "PJSIP/trunk-00000001",
        "Uniqueid": "1795000000.1",
        "ChannelState": "4",
        "CallerIDNum": "138",
        "Exten": "100",
    }
    lines = [
        '{"_sent": {"Action": "Ping"}}',
        '{"Response": "Success"}',
        "{broken",
        "[1]",
        "",
        "7",
        json.dumps(event),
    ]
    out = io.StringIO()
    told = replay.replay(recorded.messages(lines), out, pbx="p", epoch=7)
    assert (told.events, told.broken, told.failed, told.facts) == (1, 3, 0, 1)
    assert len(told.open_calls) == 1
    fact = json.loads(out.getvalue())
    assert (fact["pbx"], fact["epoch"], fact["seq"], fact["t"]) == ("p", 7, 1, None)


def test_as_a_module_and_unreadable(tmp_path: Path) -> None:
    """``python -m cc_bridge.replay``; open calls are said on stderr, a missing file too."""
    source = tmp_path / "stream.jsonl"
    source.write_text("".join(streams.lines("20_webrtc_queue_call")), "utf-8")
    command = [sys.executable, "-m", "cc_bridge.replay"]
    where = {"cwd": Path(replay.__file__).parent.parent, "capture_output": True, "text": True}
    done = subprocess.run([*command, str(source)], check=False, timeout=60, **where)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert "left open" in done.stderr and "1 call(s) left open" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["call"]["state"] == "ivr"
    done = subprocess.run([*command, str(tmp_path / "none")], check=False, timeout=60, **where)  # type: ignore[call-overload]
    assert done.returncode == 2
    assert "cannot read" in done.stderr and done.stdout == ""


def _pbx(server: socket.socket, answer: bytes) -> threading.Thread:
    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"Asterisk Call Manager/9.0.0\r\n")
            got = b""
            while not got.endswith(b"\r\n\r\n"):
                got += connection.recv(4096)
            assert b"Username: cc\r\n" in got
            for i in range(0, len(answer), 7):  # cut anywhere, in characters too
                connection.sendall(answer[i : i + 7])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


def test_record_then_replay(tmp_path: Path) -> None:
    """A stream cut into pieces of seven bytes: whole events, repeated headers as lists."""
    answer = (
        "Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
        "Event: Newchannel\r\nTimestamp: 1795000000.000001\r\nChannel: PJSIP/trunk-00000001\r\n"
        "ChannelState: 4\r\nCallerIDNum: 138\r\nCallerIDName: 王小明\r\nExten: 100\r\n"
        "Uniqueid: 1795000000.1\r\nChanVariable: a=1\r\nChanVariable: b=2\r\n\r\n"
        "Response: Success\r\nPing: Pong\r\n\r\n"
        "Event: Hangup\r\nTimestamp: 1795000003.5\r\nChannel: PJSIP/trunk-00000001\r\n"
        "Uniqueid: 1795000000.1\r\nCause: 16\r\n\r\n"
    ).encode()
    target = tmp_path / "live.jsonl"
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = _pbx(server, answer)
        port = str(server.getsockname()[1])
        assert (
            recorder.main([str(target), "--port", port, "--username", "cc", "--secret", "s"]) == 0
        )
        thread.join(5)
    written = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [e["Event"] for e in written] == ["Newchannel", "Hangup"]
    assert written[0]["ChanVariable"] == ["a=1", "b=2"]
    assert written[0]["CallerIDName"] == "王小明"
    assert all(isinstance(e["_t"], float) for e in written)
    assert target.stat().st_mode & 0o077 == 0
    out = io.StringIO()
    told = replay.replay(recorded.messages(target.read_text("utf-8").splitlines()), out)
    assert told.facts == 2 and not told.open_calls
    end = json.loads(out.getvalue().splitlines()[-1])["call"]
    assert end["ended_t"] == 1795000003500000 and end["from"]["name"] == "王小明"


def test_record_refused_or_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong secret is said in words; an existing file is left alone."""
    target = tmp_path / "live.jsonl"
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = _pbx(server, b"Response: Error\r\nMessage: Authentication failed\r\n\r\n")
        port = str(server.getsockname()[1])
        arguments = [str(target), "--port", port, "--username", "cc", "--secret", "s"]
        assert recorder.main(arguments) == 1
        thread.join(5)
    assert "Authentication failed" in capsys.readouterr().err
    assert recorder.main(arguments) == 1
    assert "exists" in capsys.readouterr().err
