# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fast lane: whom a call rings is said over the bell's socket before the fact is stored. Pure.

Nothing depends on it. A hint that is lost costs some milliseconds; the fact brings the call as ever, and a
screen drops a hint that comes late, twice, or without its fact.
"""

from collections.abc import Mapping
from typing import Any

from .facts import CallFact

#: Open calls that are remembered; a call that was forgotten hints once more, which screens drop.
MOST = 2000


class Hints:
    """Rings of customers, each hinted at once."""

    def __init__(self) -> None:
        self._told: dict[str, set[int]] = {}

    def newly(self, fact: CallFact) -> list[dict[str, Any]]:
        """What to say of the rings that begin with this fact, one an agent."""
        call: Mapping[str, Any] = fact.call
        uid = call["call_uid"]
        if call["state"] == "ended":
            self._told.pop(uid, None)
            return []
        if fact.kind != "call.ringing" or call["direction"] != "inbound":
            return []
        told = self._told.setdefault(uid, set())
        while len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        found = []
        for ring in call["attempts"]:
            if ring["n"] in told or ring["outcome"] or ring["end_t"] or not ring["target"]:
                continue
            told.add(ring["n"])
            found.append(
                {
                    "call_uid": uid,
                    "rev": call["rev"],
                    "agent": ring["target"],
                    "number": call["from"]["number"],
                    "name": call["from"]["name"],
                    "queue": call["queue"],
                    "t": fact.t,
                    "ring_t": ring["ring_t"],
                    "started_t": call["started_t"],
                    "queued_t": call["queued_t"],
                }
            )
        return found
