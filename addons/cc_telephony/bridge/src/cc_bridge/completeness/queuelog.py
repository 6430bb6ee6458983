# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines of ``queue_log``: seconds only, so they say what happened, not when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One event. ``t``: the second (µs since 1970 UTC) it was written in; ``call``: the caller's uniqueid."""

    t: int
    call: str
    queue: str
    member: str
    event: str
    data: tuple[str, ...]


def parse(line: str) -> QueueRow | None:
    """A row about a call, or None for anything else (configuration, pauses, half a line)."""
    fields = line.split("|")
    if len(fields) < 5 or not (fields[0].isascii() and fields[0].isdigit()) or len(fields[0]) > 11:
        return None
    if fields[1] in ("", "NONE", "MANAGER", "REALTIME"):
        return None
    second, call, queue, member, event, *data = fields
    return QueueRow(int(second) * 1_000_000, call, queue, member, event, tuple(data))
