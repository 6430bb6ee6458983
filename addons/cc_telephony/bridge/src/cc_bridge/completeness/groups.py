# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""CEL rows gathered by what belongs together, until nothing of it is left on the PBX. Pure.

What is one call is the model's to say; here only what can't be judged apart is kept together: same
linkedid at any time, halves of a Local pair, a shared bridge or room, the parties of a transfer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..calls.channels import same_pair
from .cel import CelRow
from .queuelog import QueueRow
from .tail import Mark

# ids of other channels in the extra of transfers, pick-ups, optimisations
_UIDS = (
    "channel2_uniqueid",
    "transferee_channel_uniqueid",
    "transfer_target_channel_uniqueid",
    "pickup_channel_uniqueid",
    "local_two_uniqueid",
)


@dataclass(slots=True, eq=False)
class Group:
    """Rows that belong together. ``begin``: where in the file the first of them stands."""

    begin: Mark
    order: int
    rows: list[CelRow] = field(default_factory=list)
    queue_rows: list[QueueRow] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    first_t: int = 0
    last_t: int = 0
    # when the last row was read, on whatever clock the caller reads by
    seen: float = 0.0
    # the PBX has none of its channels any more: until when (µs) it was surely there
    dead: int | None = None


class Groups:
    """All groups that are not yet judged."""

    def __init__(self) -> None:
        self._of: dict[str, Group] = {}
        self._all: dict[int, Group] = {}
        self._next = 0
        # a Local pair's name -> what its group is found by, and its channels by half
        self._pairs: dict[str, tuple[str, dict[str, str]]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Group]:
        return iter(list(self._all.values()))

    def add(self, row: CelRow, at: Mark, now: float) -> Group:
        """Takes a row that stands at ``at``."""
        keys = [*_keys(row), *self._pair(row)]
        found = sorted({g.order: g for k in keys if (g := self._of.get(k)) is not None}.items())
        if found:
            group = found[0][1]
            for _, other in found[1:]:
                self._merge(group, other)
        else:
            group = Group(begin=at, order=self._next, first_t=row.t)
            self._all[group.order] = group
            self._next += 1
        for key in keys:
            group.keys.add(key)
            self._of[key] = group
        group.rows.append(row)
        group.channels.add(row.uid)
        if row.event == "CHAN_END":
            group.open.discard(row.uid)
            group.over.add(row.uid)
        elif row.event != "LINKEDID_END" and row.uid not in group.over:
            # also one whose beginning is not in the file; a line may come later than its time
            if row.uid not in group.open:
                group.dead = None
            group.open.add(row.uid)
        group.first_t = min(group.first_t, row.t)
        group.last_t = max(group.last_t, row.t)
        group.seen = now
        return group

    def _pair(self, row: CelRow) -> list[str]:
        """The pair that a Local half is of. A PBX that was started again counts from the beginning: the same name,
        another pair."""
        if not row.name.startswith("Local/"):
            return []
        name, _, half = row.name.partition(";")
        key, halves = self._pairs.get(name, ("", {}))
        if not halves or (row.event == "CHAN_START" and not same_pair(row.uid, half, halves)):
            key, halves = self._pairs[name] = f"{name} {row.uid}", {}
        if halves.setdefault(half, row.uid) != row.uid:
            return []  # of the one before
        return [key]

    def add_queue(self, row: QueueRow) -> bool:
        """Takes a row of queue_log; false when no group knows its caller (yet)."""
        group = self._of.get(row.call)
        if group is None:
            return False
        group.queue_rows.append(row)
        return True

    def drop(self, group: Group) -> None:
        """The group is judged."""
        self._all.pop(group.order, None)
        for key in group.keys:
            if self._of.get(key) is group:
                del self._of[key]
            name = key.rpartition(" ")[0]
            if self._pairs.get(name, ("", {}))[0] == key:
                del self._pairs[name]

    def oldest(self) -> Group | None:
        """The one whose rows stand first in the file."""
        return self._all[min(self._all)] if self._all else None

    def bury(self, live: Iterable[str], before: int, evidence: int | None) -> None:
        """The PBX says which channels it has: others that began before ``before`` (µs) are no more.

        Theirs are groups that get no CHAN_END any more, if none comes in the time that is waited anyway.
        ``evidence``: when it was heard last with them, if it died since.
        """
        there = set(live)
        for group in self._all.values():
            if not group.open & there and group.first_t < before:
                group.dead = max(group.last_t, evidence or 0)

    def _merge(self, into: Group, other: Group) -> None:
        into.rows += other.rows
        into.queue_rows += other.queue_rows
        into.channels |= other.channels
        into.over |= other.over
        into.open = (into.open | other.open) - into.over
        into.keys |= other.keys
        into.first_t = min(into.first_t, other.first_t)
        into.last_t = max(into.last_t, other.last_t)
        into.dead = into.dead and other.dead and max(into.dead, other.dead)
        for key in other.keys:
            self._of[key] = into
        self._all.pop(other.order, None)


def _keys(row: CelRow) -> list[str]:
    keys = [row.uid]
    if row.linked and row.linked != row.uid:
        keys.append(row.linked)
    if bridge := row.extra.get("bridge_id"):
        keys.append(f"bridge {bridge}")
    if row.event == "APP_START" and row.app.lower() == "confbridge" and row.data:
        keys.append("room " + row.data.partition(",")[0])
    keys += [str(value) for name in _UIDS if (value := row.extra.get(name))]
    return keys


def describe(group: Group) -> dict[str, Any]:
    """For the log."""
    return {"channels": len(group.channels), "rows": len(group.rows), "dead": group.dead}
