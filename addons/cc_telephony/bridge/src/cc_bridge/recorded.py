# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading recorded AMI streams, whoever recorded them.

Three forms, told apart by how they begin: JSON lines (one message a line), one JSON array of messages
(it is read whole), and AMI's own text (``Name: value`` lines, a blank line after each message). Each of
them plain or gzipped. A message comes out as a dict with the header names as recorded, a repeated header
as a list; None stands for a piece that nobody can read.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Message = dict[str, Any]

# No message of a PBX has more lines; one without an end would fill the memory.
_MOST_LINES = 5000


def lines(path: str) -> Iterator[str]:
    """The lines of a file, gzip too; ``-`` is standard input. Broken UTF-8 is replaced.

    Raises OSError or EOFError for what can't be read.
    """
    if path == "-":
        yield from _decoded(sys.stdin.buffer)
        return
    with Path(path).open("rb") as raw:
        yield from _decoded(raw)


def _decoded(raw: Any) -> Iterator[str]:
    """``raw``: a buffered reader, of bytes that may be packed."""
    packed = raw.peek(2)[:2] == b"\x1f\x8b"
    with gzip.open(raw) if packed else contextlib.nullcontext(raw) as stream:
        for line in stream:
            yield line.decode("utf-8", "replace")


def messages(source: Iterable[str]) -> Iterator[Message | None]:
    """Every message of a recording in order; None for a piece that is broken."""
    stream = iter(source)
    first = ""
    for line in stream:
        first = line.lstrip("\ufeff").strip()
        if first:
            break
    if not first:
        return
    stream = itertools.chain([first], stream)
    if first[0] == "{":
        yield from _json_lines(stream)
    elif first[0] == "[" and _loads(first) is None:
        yield from _array("\n".join(stream))
    elif first[0] != "[" and _header(first) is None and not first.startswith("Asterisk Call"):
        yield from _json_lines(stream)
    elif first[0] == "[":
        yield from _one_line(first, stream)
    else:
        yield from _text(stream)


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json_lines(stream: Iterable[str]) -> Iterator[Message | None]:
    """A message a line; one that is spread over several lines is put together."""
    parts: list[str] = []
    for line in stream:
        text = line.strip()
        if not text:
            continue
        if not parts:
            found = _loads(text)
            if isinstance(found, dict):
                yield found
            elif text == "{":
                parts = [text]
            else:
                yield None
            continue
        if text[0] == "{" and isinstance(whole := _loads(text), dict):
            # the one before never ended
            yield None
            yield whole
            parts = []
            continue
        parts.append(text)
        if text in ("}", "},"):
            found = _loads("\n".join(parts).rstrip(","))
            if isinstance(found, dict):
                yield found
                parts = []
        if len(parts) > _MOST_LINES:
            yield None
            parts = []
    if parts:
        yield None


def _one_line(first: str, stream: Iterator[str]) -> Iterator[Message | None]:
    """A first line that is a JSON list: a whole recording, or a broken line among others."""
    found = _loads(first)
    if any(isinstance(x, dict) for x in found):
        yield from (x if isinstance(x, dict) else None for x in found)
        next(stream, None)
    yield from _json_lines(stream)


def _array(text: str) -> Iterator[Message | None]:
    """One array; cut short or broken inside, the objects before and behind are still read."""
    whole = _loads(text)
    if isinstance(whole, list):
        yield from (x if isinstance(x, dict) else None for x in whole)
        return
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield None
            end = at + 1
            # on to what looks like the next object of the array
            at = text.find("\n{", end)
            at = at + 1 if at >= 0 else -1
            continue
        if isinstance(found, dict):
            yield found
        at = text.find("{", end)


def _header(line: str) -> tuple[str, str] | None:
    name, colon, value = line.partition(":")
    if not colon or not name or not name[0].isalpha() or any(c in name for c in ' "{}[]'):
        return None
    return name, value.strip()


def _text(stream: Iterable[str]) -> Iterator[Message | None]:
    """AMI as it goes over the wire."""
    message: Message = {}
    count = 0
    for line in stream:
        text = line.strip("\r\n")
        if not text.strip():
            if message:
                yield message
            message, count = {}, 0
            continue
        found = _header(text)
        count += 1
        if found is None or count > _MOST_LINES:
            # the banner, a command's output
            if not text.startswith("Asterisk Call Manager/") and "Response" not in message:
                yield None
            continue
        name, value = found
        if name in ("Event", "Response") and name in message:
            # the blank line between two messages is lost
            yield message
            message, count = {}, 1
        before = message.get(name)
        if before is None:
            message[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            message[name] = [before, value]
    if message:
        yield message


def event(message: Message) -> Message | None:
    """The message if it is an event, its name under ``Event``; None for an action or an answer.

    Some recorders write all header names in small letters.
    """
    if "_sent" in message:
        return None
    if isinstance(message.get("Event"), str):
        return message
    for name, value in message.items():
        if name.lower() == "event" and isinstance(value, str):
            return {**message, "Event": value}
    return None
