# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines of ``queue_log``: seconds only, so they say what happened, not when.

Nothing is quoted in this file: a line break in what a stranger writes (the caller's number, where a site's own
dialplan lets it through) makes whole rows of their own. The row that it cuts is too short, and what Asterisk
writes at once is not longer than 8,192 bytes: so far behind a row that is cut nothing is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .tail import Line

#: What a queue tells of a caller, and how many values each row has at least (Asterisk 11 to 22).
_EVENTS = {
    "ABANDON": 3,
    "ADDMEMBER": 0,
    "AGENTDUMP": 0,
    "ATTENDEDTRANSFER": 3,
    "BLINDTRANSFER": 4,
    "COMPLETEAGENT": 3,
    "COMPLETECALLER": 3,
    "CONNECT": 1,
    "DID": 1,
    "ENTERQUEUE": 3,
    "EXITEMPTY": 3,
    "EXITWITHKEY": 3,
    "EXITWITHTIMEOUT": 1,
    "RINGCANCELED": 1,
    "RINGNOANSWER": 1,
    "SYSCOMPAT": 0,
    "TRANSFER": 2,
}
#: A message of app_queue at its longest, in bytes.
_LONGEST = 8192
_UID = re.compile(r"[A-Za-z0-9_.:@-]{1,150}")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One event. ``t``: the second (µs since 1970 UTC) it was written in; ``call``: the caller's uniqueid."""

    t: int
    call: str
    queue: str
    member: str
    event: str
    data: tuple[str, ...]


class Rows:
    """Takes lines as they stand in the file; gives the rows that Asterisk has written."""

    def __init__(self) -> None:
        # bytes of which nothing is believed
        self._doubt = 0

    def take(self, lines: list[Line]) -> Iterator[tuple[Line, QueueRow]]:
        """The rows among these lines, each with its line."""
        for line in lines:
            length = len(line.text.encode()) + 1
            if self._doubt > 0:
                self._doubt -= length
            elif is_cut(line.text):
                self._doubt = _LONGEST - length
            elif (row := parse(line.text)) is not None:
                yield line, row


def is_cut(line: str) -> bool:
    """Whether a line begins like a row and ends too soon."""
    fields = line.split("|")
    return len(fields) >= 5 and len(fields) - 5 < _EVENTS.get(fields[4], 0)


def parse(line: str) -> QueueRow | None:
    """A row about a call, or None for anything else (configuration, pauses, half a line)."""
    fields = line.split("|")
    if len(fields) < 5 or not (fields[0].isascii() and fields[0].isdigit()) or len(fields[0]) > 11:
        return None
    if fields[1] in ("NONE", "MANAGER", "REALTIME") or not _UID.fullmatch(fields[1]):
        return None
    second, call, queue, member, event, *data = fields
    if event not in _EVENTS or len(data) < _EVENTS[event]:
        return None
    return QueueRow(int(second) * 1_000_000, call, queue, member, event, tuple(data))
