# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who lets queue calls ring out, and how many in a row. Pure.

Who answers, rejects or chooses a state is there: the count begins anew.
"""

from collections.abc import Mapping
from typing import Any


class Unanswered:
    """Rings of queues that nobody answered, each counted once."""

    def __init__(self) -> None:
        self._seen: dict[str, set[int]] = {}
        self._in_a_row: dict[str, int] = {}

    def newly(self, call: Mapping[str, Any]) -> list[tuple[str, str, int]]:
        """Agents whose ring of this call has run out, its queue, and how many in a row that makes."""
        uid = call["call_uid"]
        seen = self._seen.setdefault(uid, set())
        found = []
        for ring in call["attempts"]:
            if not (ring["outcome"] and ring["target"]) or ring["n"] in seen:
                continue
            seen.add(ring["n"])
            if ring["outcome"] == "no_answer" and ring["queue"]:
                count = self._in_a_row.get(ring["target"], 0) + 1
                self._in_a_row[ring["target"]] = count
                found.append((ring["target"], ring["queue"], count))
            elif ring["outcome"] in ("answered", "rejected"):
                self.is_there(ring["target"])
        if call["state"] == "ended":
            self._seen.pop(uid, None)
        return found

    def is_there(self, agent: str) -> None:
        """The agent has shown that somebody sits at the phone."""
        self._in_a_row.pop(agent, None)
