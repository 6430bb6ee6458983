# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines of CEL as ``cel_custom.conf`` of ours writes them (docs/admin.md names the columns)."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import Any

from ..calls.wire import micros

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


def parse(line: str) -> CelRow | None:
    """A row, or None for anything that is not one (half a line, another mapping, an empty line)."""
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
