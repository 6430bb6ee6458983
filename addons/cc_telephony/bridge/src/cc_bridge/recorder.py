# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge record FILE``: a live AMI stream to JSON lines, for ``cc_bridge replay``.

One event a line, in order: ``_t`` (seconds since the start) and the headers as sent, a repeated
header as a list. Answers to our own login are left out. Plain sockets: a recording should show what
the PBX sent, not what a library made of it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

# A PBX that says nothing for so long (seconds) is asked whether it lives.
_SILENCE = 20.0
# A header line longer than this is no AMI.
_LONGEST = 1 << 20


class RecordError(Exception):
    """The stream could not be had; the text says why."""


def parse(block: list[str]) -> dict[str, Any]:
    """The headers of one AMI message; repeated ones become lists."""
    headers: dict[str, Any] = {}
    for line in block:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.removeprefix(" ")
        if name not in headers:
            headers[name] = value
        elif isinstance(headers[name], list):
            headers[name].append(value)
        else:
            headers[name] = [headers[name], value]
    return headers


class Blocks:
    """Bytes in, whole messages out (messages end with an empty line)."""

    def __init__(self) -> None:
        self._rest = b""
        self._block: list[str] = []

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The messages that these bytes complete."""
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        if len(self._rest) > _LONGEST:
            raise RecordError("that is not AMI: a line without end")
        for raw in lines:
            if raw:
                self._block.append(raw.decode("utf-8", "replace"))
            elif self._block:
                yield parse(self._block)
                self._block = []


def record(
    connection: socket.socket,
    out: TextIO,
    *,
    username: str,
    secret: str,
    seconds: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Log in on ``connection`` and write events until the end; how many were written.

    Raises RecordError when the PBX refuses the login or goes away before it.
    """
    for value in (username, secret):
        if any(c in value for c in "\r\n\0"):
            raise RecordError("a line break in user name or secret")
    start = heard = asked = clock()
    connection.settimeout(0.5)
    login = f"Action: Login\r\nUsername: {username}\r\nSecret: {secret}\r\nEvents: on\r\n\r\n"
    connection.sendall(login.encode())
    blocks, count, inside = Blocks(), 0, False
    while not stopped() and (seconds is None or clock() - start < seconds):
        try:
            data = connection.recv(65536)
        except TimeoutError:
            now = clock()
            if now - heard > 2 * _SILENCE:
                raise RecordError("the PBX has stopped talking") from None
            if now - heard > _SILENCE and now - asked > _SILENCE:
                connection.sendall(b"Action: Ping\r\n\r\n")
                asked = now
            continue
        if not data:
            if inside:
                break
            raise RecordError("the PBX closed the connection before the login")
        heard = clock()
        for message in blocks.feed(data):
            if "Event" in message:
                inside = True
                message["_t"] = round(heard - start, 3)
                out.write(json.dumps(message, ensure_ascii=False) + "\n")
                count += 1
            elif message.get("Response") == "Error" and not inside:
                raise RecordError(f"the PBX refused the login: {message.get('Message', '')}")
            elif message.get("Response") == "Success":
                inside = True
        out.flush()
    return count


def main(argv: list[str] | None = None) -> int:
    """The command; 0 when at least the login worked, 1 with a message otherwise."""
    parser = argparse.ArgumentParser(
        prog="cc_bridge record", description="Record an AMI stream, one event a line, until Ctrl-C."
    )
    parser.add_argument("file", type=Path, help="file to write (never overwritten)")
    parser.add_argument(
        "--config", type=Path, help="the bridge's toml file: host, port, user, secret"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5038)
    parser.add_argument("--username", default="cc_bridge")
    parser.add_argument("--secret", help="else the environment's CC_AMI_SECRET")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    options = parser.parse_args(argv)
    host, port, username = options.host, options.port, options.username
    secret = options.secret or os.environ.get("CC_AMI_SECRET", "")
    stop: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stop.append(number)

    try:
        if options.config:
            from .config import ConfigError, load

            try:
                ami = load(options.config).ami
            except ConfigError as error:
                raise RecordError(str(error)) from None
            host, port, username, secret = ami.host, ami.port, ami.username, ami.secret
        # record calls and the numbers in them: for the owner's eyes only
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            with (
                open(handle, "w", encoding="utf-8", errors="replace") as out,
                socket.create_connection((host, port), timeout=10) as connection,
            ):
                count = record(
                    connection,
                    out,
                    username=username,
                    secret=secret,
                    seconds=options.seconds,
                    stopped=lambda: bool(stop),
                )
        finally:
            for number, old in before.items():
                signal.signal(number, old)
    except (OSError, RecordError) as error:
        sys.stderr.write(f"cc_bridge record: {error}\n")
        return 1
    sys.stderr.write(f"{count} event(s) written to {options.file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
