# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent's states and legal moves: ``agent_states.json``."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from .tables import table


def agent_states() -> dict[str, Any]:
    """The file: ``states``, ``first``, ``prolong_s`` and ``moves``."""
    found: dict[str, Any] = table("agent_states.json")
    return found


@dataclass(frozen=True, slots=True)
class States:
    """The table, ready to be asked."""

    first: str
    takes_calls: frozenset[str]
    names: frozenset[str]
    moves: frozenset[tuple[str, str, str]]
    prolong_s: int = 30

    def legal(self, old: str, new: str, by: str) -> bool:
        """Whether this move may be made by agent, call, timeout, sign_in or sign_out."""
        return (old, new, by) in self.moves or ("*", new, by) in self.moves


@cache
def load() -> States:
    """The table of the file."""
    data = agent_states()
    return States(
        first=data["first"],
        takes_calls=frozenset(n for n, s in data["states"].items() if s["takes_calls"]),
        names=frozenset(data["states"]),
        moves=frozenset((m["from"], m["to"], m["by"]) for m in data["moves"]),
        prolong_s=int(data["prolong_s"]),
    )
