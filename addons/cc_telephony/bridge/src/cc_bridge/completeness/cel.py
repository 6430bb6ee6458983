# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines of CEL as ``cel_custom.conf`` of ours writes them (docs/admin.md names the columns).

A stranger's line break in a value breaks its row in two. What they write stands in quotes and their own quotes
are doubled, so no such piece is a row of its own, and the pieces are put together again.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..events import micros
from .tail import Line

#: The columns, in order, with the words that the mapping in cel_custom.conf uses for them.
COLUMNS = (
    "eventtype",
    "eventtime",
    "channame",
    "uniqueid",
    "linkedid",
    "cid_num",
    "cid_name",
    "exten",
    "context",
    "appname",
    "appdata",
    "bridgepeer",
    "eventextra",
)


@dataclass(frozen=True, slots=True)
class CelRow:
    """One CEL event. ``t``: PBX time, µs since 1970 UTC. ``extra``: what the event says beside."""

    event: str
    t: int
    name: str
    uid: str
    linked: str
    number: str
    caller_name: str
    exten: str
    context: str
    app: str
    data: str
    peer: str
    extra: dict[str, Any]


#: Every column is quoted by the mapping; one that is not was not written by it.
_QUOTED = re.compile(r'(?:"(?:[^"]|"")*",)*"(?:[^"]|"")*"')
#: How a row begins; in a stranger's words each of these quotes would be two.
_BEGINS = re.compile(r'"\w+","[0-9]')
_BREAKS = re.compile(r"[\r\n]+")
#: Pieces of one row are not more than this, in lines and in characters.
_PIECES, _LONGEST = 20, 1 << 16


class Pieces:
    """Puts rows together that a line break has cut."""

    def __init__(self) -> None:
        self._held: list[Line] = []

    def add(self, line: Line) -> Iterator[Line]:
        """Takes the next line; gives what is whole, or will never be."""
        if self._held and _BEGINS.match(line.text):
            # the row before it has no end
            yield from self.rest()
        self._held.append(line)
        text = "\n".join(one.text for one in self._held)
        if text.count('"') % 2 == 0:
            first, last = self._held[0], self._held[-1]
            self._held = []
            yield Line(text, first.before, last.after)
        elif len(self._held) == _PIECES or len(text) > _LONGEST:
            yield from self.rest()

    def rest(self) -> list[Line]:
        """What is held: it will never be a row."""
        held, self._held = self._held, []
        return held


def parse(line: str) -> CelRow | None:
    """A row, or None for anything that is not one (half a line, another mapping, an empty line)."""
    if not _QUOTED.fullmatch(line):
        return None
    line = _BREAKS.sub(" ", line)
    try:
        fields = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
    if len(fields) != len(COLUMNS):
        return None
    t = micros(fields[1])
    if t is None or not fields[0] or not fields[2] or not fields[3]:
        return None
    try:
        extra = json.loads(fields[12]) if fields[12] else {}
    except (ValueError, RecursionError):
        extra = {}
    name, uid, linked, number, caller_name, exten, context, app, data, peer = fields[2:12]
    return CelRow(
        event=fields[0],
        t=t,
        name=name,
        uid=uid,
        linked=linked,
        number=number,
        caller_name=caller_name,
        exten=exten,
        context=context,
        app=app,
        data=data,
        peer=peer,
        extra=extra if isinstance(extra, dict) else {},
    )
