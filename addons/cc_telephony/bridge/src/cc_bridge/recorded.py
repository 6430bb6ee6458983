# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading recorded AMI streams, whoever recorded them.

JSON objects (a line each, spread over lines, an array of them, behind a logger's time), AMI's own text
(``Name: value`` lines, a blank line after each message; what a telnet client writes around it is passed
over), one after the other too. UTF-8 or UTF-16, plain or packed (gzip, bzip2, xz). A message comes out as
a dict with the header names as recorded, a repeated header as a list; None stands for a piece that nobody
can read.
"""

from __future__ import annotations

import bz2
import codecs
import contextlib
import gzip
import io
import itertools
import json
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Message = dict[str, Any]

#: What ``lines`` raises for a file that can't be read, or not to its end.
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError)

# No message of a PBX has more lines; one without an end would fill the memory.
_MOST_LINES = 5000
_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_WIDE = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"{\x00": "utf-16-le",
    b"\x00{": "utf-16-be",
}
# Around a line: blanks, a byte order mark, what a killed writer leaves, the sign between JSON texts.
_AROUND = " \t\r\n\v\f\0\ufeff\x1e"
_DECODER = json.JSONDecoder()
# What a message is known by.
_KINDS = frozenset({"event", "response", "action", "_sent"})


def lines(path: str) -> Iterator[str]:
    """The lines of a file, packed too; ``-`` is standard input. What is no character is replaced.

    Raises one of ``UNREADABLE``.
    """
    if path == "-":
        yield from _decoded(sys.stdin.buffer)
        return
    with Path(path).open("rb") as raw:
        yield from _decoded(raw)


def _decoded(raw: Any) -> Iterator[str]:
    """``raw``: a buffered reader, of bytes that may be packed."""
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            head = raw.peek(6)[:6]
            way = next((way for magic, way in _PACKED.items() if head.startswith(magic)), None)
            if way is None:
                break
            raw = stack.enter_context(way(raw))
        wide = _WIDE.get(bytes(head[:2]))
        if wide is not None:
            text = io.TextIOWrapper(raw, wide, "replace", newline="\n")
            try:
                yield from text
            finally:
                # whoever opened it closes it
                text.detach()
            return
        for line in raw:
            yield line.decode("utf-8", "replace")


def messages(source: Iterable[str]) -> Iterator[Message | None]:
    """Every message of a recording in order; None for a piece that is broken."""
    stream = iter(source)
    first = next((text for line in stream if (text := line.strip(_AROUND))), "")
    stream = itertools.chain([first], stream)
    laid_out = first[:1] == "[" and first != "[" and _loads(first) is None
    for message in _array("\n".join(stream)) if laid_out else _mixed(stream):
        if message is None:
            yield None
        else:
            yield from _unwrapped(message)


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unwrapped(message: Message) -> Iterator[Message]:
    """The message, or those that it carries: some recorders put each, or all, into an object of their own."""
    if _known(message):
        yield message
        return
    inner = [
        one
        for value in message.values()
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, dict) and _known(one)
    ]
    yield from inner or [message]


def _known(message: Message) -> bool:
    return any(
        k.lower() in _KINDS
        and not isinstance(v, list)
        and (k == "_sent" or not isinstance(v, dict))
        for k, v in message.items()
    )


class _Text:
    """A message of AMI's own text while its lines come in."""

    def __init__(self) -> None:
        self.message: Message = {}
        self.count = 0

    def over(self) -> Iterator[Message | None]:
        """The message that ends here, if one was begun."""
        if self.message:
            yield self.message if _known(self.message) else None
        self.message, self.count = {}, 0

    def take(self, name: str, value: str) -> Iterator[Message | None]:
        """One header; a message without the blank line after it ends where the next begins."""
        if name in ("Event", "Response") and name in self.message:
            yield from self.over()
        before = self.message.get(name)
        if before is None:
            self.message[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            self.message[name] = [before, value]
        self.count += 1


def _mixed(stream: Iterable[str]) -> Iterator[Message | None]:
    """Objects and text, each told by how its line begins."""
    text = _Text()
    parts: list[str] = []
    for raw in stream:
        line = raw.strip(_AROUND)
        if parts:
            parts, found = _more(parts, line)
            yield from found
            continue
        if not line:
            yield from text.over()
        elif line[0] == "{":
            found = _objects(line)
            if not found and line[-1] in "{[,:":
                parts = [line]
            elif found or "Response" not in text.message:
                found = found or [None]
            if found or parts:
                yield from text.over()
            yield from found
        elif (header := _header(line)) is not None and text.count < _MOST_LINES:
            yield from text.take(*header)
        elif text.message:
            # a command's output; anything else has no place within a message
            if "Response" not in text.message:
                yield None
        elif line not in ("[", "]", "],") and not line.startswith("Asterisk Call Manager/"):
            yield from _objects(line) or [None]
    yield from text.over()
    if parts:
        yield None


def _more(parts: list[str], line: str) -> tuple[list[str], list[Message | None]]:
    """One line more of an object that is spread over several: what it is now, and what is whole."""
    if not line:
        return parts, []
    if line[0] == "{" and (found := _objects(line)):
        # the one before never ended
        return [], [None, *found]
    parts.append(line)
    if line.rstrip(",]").endswith("}") and (found := _objects("\n".join(parts))):
        return [], found
    return ([], [None]) if len(parts) > _MOST_LINES else (parts, [])


def _objects(line: str) -> list[Message | None]:
    """The JSON objects of a line: one, or several one after the other, or what follows a logger's words."""
    whole = _loads(line) if line[-1] == "}" and line[0] == "{" else None
    if isinstance(whole, dict):
        return [whole]
    found: list[Message | None] = []
    at, tries = line.find("{"), 0
    while at >= 0 and tries < 10:
        try:
            one, end = _DECODER.raw_decode(line, at)
        except (ValueError, RecursionError):
            # of an object that is broken nothing counts, but of one that carried a list what is whole
            end = line.find("[{", 0, 300) + 1 if line[0] == "{" and not found else at + 1
            if end == 0 or (line[0] == "{" and at >= end):
                break
            tries += 1
        else:
            if isinstance(one, dict):
                found.append(one)
        at = line.find("{", end)
    return found


def _array(text: str) -> Iterator[Message | None]:
    """One array laid out in a way of its own; cut short or broken inside, the objects before and behind are
    still read. It is read whole.
    """
    whole = _loads(text)
    if isinstance(whole, list):
        yield from (x if isinstance(x, dict) else None for x in whole)
        return
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
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
