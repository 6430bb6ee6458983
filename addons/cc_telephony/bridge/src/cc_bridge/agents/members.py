# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who is a member of which queue on the PBX, and how many wait there: read from events and QueueStatus."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..events import Event, text

_COUNT = re.compile(r"[0-9]{1,9}")
_OURS = re.compile(r"Local/([0-9]+)@cc-agent/n")
_STATUS = (
    "unknown",
    "not_inuse",
    "inuse",
    "busy",
    "invalid",
    "unavailable",
    "ringing",
    "ringinuse",
    "onhold",
)


def interface(agent: str) -> str:
    """The queue member that stands for an agent."""
    return f"Local/{agent}@cc-agent/n"


def _count(event: Event, name: str) -> int | None:
    """A header that is a small whole number, else None."""
    value = text(event, name)
    return int(value) if _COUNT.fullmatch(value) else None


@dataclass(frozen=True, slots=True)
class Member:
    """One agent in one queue as the PBX has it."""

    agent: str
    paused: bool
    penalty: int
    status: str


def _member(event: Event) -> Member | None:
    # QueueMember names the interface Location, the events name it Interface
    found = _OURS.fullmatch(text(event, "Interface") or text(event, "Location"))
    if not found:
        return None
    number = _count(event, "Status")
    status = _STATUS[number] if number is not None and number < len(_STATUS) else "unknown"
    return Member(found[1], text(event, "Paused") == "1", _count(event, "Penalty") or 0, status)


class QueueTable:
    """The queues' members and waiting callers. ``changed`` collects the queues to report."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, Member]] = {}
        self._waiting: dict[str, int] = {}
        self.changed: set[str] = set()

    def feed(self, event: Event) -> str | None:
        """Takes one event; others than queue events are passed over. Returns the agent whom it has changed."""
        kind, queue = text(event, "Event"), text(event, "Queue")
        if not queue:
            return None
        if kind in (
            "QueueMemberAdded",
            "QueueMemberStatus",
            "QueueMemberPause",
            "QueueMemberPenalty",
        ):
            member = _member(event)
            if member and self._members.setdefault(queue, {}).get(member.agent) != member:
                self._members[queue][member.agent] = member
                self.changed.add(queue)
                return member.agent
        elif kind == "QueueMemberRemoved":
            member = _member(event)
            if member and self._members.get(queue, {}).pop(member.agent, None):
                self.changed.add(queue)
                return member.agent
        elif kind in ("QueueCallerJoin", "QueueCallerLeave"):
            count = _count(event, "Count")
            if count is not None and self._waiting.get(queue) != count:
                self._waiting[queue] = count
                self.changed.add(queue)
        return None

    def reset(self, rows: Iterable[Event]) -> None:
        """Takes the events of a QueueStatus for the whole truth."""
        self._members, self._waiting = {}, {}
        for row in rows:
            queue = text(row, "Queue")
            if text(row, "Event") == "QueueParams":
                self._waiting[queue] = _count(row, "Calls") or 0
                self._members.setdefault(queue, {})
            elif text(row, "Event") == "QueueMember" and (member := _member(row)):
                self._members.setdefault(queue, {})[member.agent] = member
        self.changed |= set(self._waiting)

    def of_agent(self, agent: str) -> dict[str, Member]:
        """Queue name to member, for one agent."""
        return {
            queue: members[agent] for queue, members in self._members.items() if agent in members
        }

    def agents(self) -> set[str]:
        """All agents that are members anywhere."""
        return {agent for members in self._members.values() for agent in members}

    def expect(self, queue: str, agent: str, member: Member | None) -> None:
        """Writes down what an action of ours has just done, ahead of its event."""
        members = self._members.setdefault(queue, {})
        if member is None:
            members.pop(agent, None)
        else:
            old = members.get(agent)
            members[agent] = replace(member, status=old.status) if old else member
        self.changed.add(queue)

    def knows(self, queue: str) -> bool:
        """Whether the PBX has this queue."""
        return queue in self._members

    def fact(self, queue: str) -> Mapping[str, Any]:
        """The body of a ``queue.changed`` fact."""
        members = sorted(self._members.get(queue, {}).values(), key=lambda m: m.agent)
        return {
            "queue": queue,
            "waiting": self._waiting.get(queue, 0),
            "members": [{"agent": m.agent, "paused": m.paused, "state": m.status} for m in members],
        }
