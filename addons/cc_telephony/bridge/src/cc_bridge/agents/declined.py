# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who has just turned a queue's call away. Pure.

The queue rings a free member again after a second, whatever they said; who pressed *Reject* means: not now. So
they are passed over for some seconds, in which any colleague who is ready gets the call; alone they are rung again.
"""

from collections.abc import Mapping
from typing import Any

#: How long the queues pass an agent over after they rejected one of their calls; seconds.
REST_S = 5.0


class Declined:
    """Rejected rings, each noticed once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def newly(self, call: Mapping[str, Any]) -> list[str]:
        """Agents who have rejected this call's ring since it was last looked at."""
        uid, before = call["call_uid"], self._seen.get(call["call_uid"], 0)
        if call["state"] == "ended":
            self._seen.pop(uid, None)
        found = [
            a
            for a in call["attempts"]
            if a["n"] > before and a["outcome"] == "rejected" and a["queue"] and a["target"]
        ]
        if found and call["state"] != "ended":
            self._seen[uid] = max(a["n"] for a in found)
        return [a["target"] for a in found]
