# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who rings and who talks, read from the calls' newest states."""

from collections.abc import Iterable, Mapping
from typing import Any


class Involvement:
    """Agent number to the calls that ring at them and those they are in."""

    def __init__(self) -> None:
        self._ringing: dict[str, dict[str, None]] = {}
        self._talking: dict[str, dict[str, None]] = {}
        self._queue: dict[str, str | None] = {}
        self._parties: dict[str, set[str]] = {}
        # call that has ended to the agents who talk on
        self._talking_on: dict[str, set[str]] = {}

    def update(self, call: Mapping[str, Any], talking_on: Iterable[str] = ()) -> set[str]:
        """Takes a call; returns the agents that it concerns or concerned a moment ago.

        :param talking_on: agents who go on talking with each other though the call has ended
        """
        uid = call["call_uid"]
        before = self._parties.pop(uid, set())
        for number in before:
            self._ringing.get(number, {}).pop(uid, None)
            self._talking.get(number, {}).pop(uid, None)
        if call["state"] == "ended":
            on = self._talking_on.get(uid, set()) | set(talking_on)
            for number in on:
                self.talk_on(number, uid, call["queue"])
            if not on:
                self._queue.pop(uid, None)
            return before | on
        self._queue[uid] = call["queue"]
        ringing = {
            a["target"]
            for a in call["attempts"]
            if a["target"] and a["end_t"] is None and a["outcome"] is None
        }
        talking = {
            leg["number"]
            for leg in call["legs"]
            if leg["role"] == "agent"
            and leg["number"]
            and leg["left_t"] is None
            and leg["joined_t"] is not None
        }
        for number in ringing:
            self._ringing.setdefault(number, {})[uid] = None
        for number in talking:
            self._talking.setdefault(number, {})[uid] = None
        self._parties[uid] = ringing | talking
        return before | self._parties[uid]

    def talk_on(self, number: str, uid: str, queue: str | None) -> None:
        """This agent talks on in a call that has ended."""
        self._queue[uid] = queue
        self._talking.setdefault(number, {})[uid] = None
        self._talking_on.setdefault(uid, set()).add(number)
        self._parties.setdefault(uid, set()).add(number)

    def gone(self, number: str, uid: str) -> None:
        """They do so no more."""
        self._talking.get(number, {}).pop(uid, None)
        talking_on = self._talking_on.get(uid, set())
        talking_on.discard(number)
        if not talking_on:
            for kept in (self._talking_on, self._parties, self._queue):
                kept.pop(uid, None)

    def of(self, number: str) -> tuple[str | None, str | None, str | None]:
        """The call that rings at an agent, the one they talk in, and that one's queue."""
        ringing = next(iter(self._ringing.get(number, {})), None)
        talking = next(iter(self._talking.get(number, {})), None)
        return ringing, talking, self._queue.get(talking) if talking else None
