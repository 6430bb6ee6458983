# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really happened in each recording, decided by reading the stream, not by running the model.

Who hung up, where the stream does not show a person doing it: a recording's scene ends by an AMI
*Hangup* of every channel at once. Then the PBX's own word counts (``AgentComplete`` *caller*:
customer), and without one nobody ended it: *system*.
"""

from typing import Any, NamedTuple


class Leg(NamedTuple):
    """One presence."""

    role: str
    number: str | None
    mode: str = "talk"


class Ring(NamedTuple):
    """One attempt."""

    queue: str | None
    target: str
    outcome: str | None


class Handed(NamedTuple):
    """One transfer."""

    how: str
    by: str | None
    to: str | None
    completed: bool


CUSTOMER = "+44207001"
MOBILE = "13800000000"


def inbound(**more: Any) -> dict[str, Any]:
    """An inbound call of the bench's trunk, answered and ended unless told otherwise."""
    return {
        "direction": "inbound",
        "from": CUSTOMER,
        "to": "100",
        "line": "trunk",
        "queue": "support",
        "state": "ended",
        "answered": True,
        "legs": [Leg("customer", CUSTOMER), Leg("agent", "1004")],
        "attempts": [Ring("support", "1004", "answered")],
        "transfers": [],
        "holds": [],
        "keys": [],
        "rating": None,
        "loss": None,
        **more,
    }


def room(**more: Any) -> dict[str, Any]:
    """A call of the room dialplan: dialled 500, queue mq, agent 1004."""
    base: dict[str, Any] = {
        "from": MOBILE,
        "to": "500",
        "queue": "mq",
        "legs": [Leg("customer", MOBILE), Leg("agent", "1004")],
        "attempts": [Ring("mq", "1004", "answered")],
        "ended_by": "agent",
        "rating": ("hung_up", None),
    }
    return inbound(**{**base, **more})


def ours(digit: str, **more: Any) -> dict[str, Any]:
    """A call of our own dialplan from 1380000000<digit>: queue support, agent 1001."""
    number = f"1380000000{digit}"
    base: dict[str, Any] = {
        "from": number,
        "legs": [Leg("customer", number), Leg("agent", "1001")],
        "attempts": [Ring("support", "1001", "answered")],
    }
    return inbound(**{**base, **more})


def third(role: str = "agent", number: str = "1005", mode: str = "talk") -> list[Leg]:
    """Customer, agent 1004 and one more."""
    return [Leg("customer", MOBILE), Leg("agent", "1004"), Leg(role, number, mode)]


RANG_BOTH = [Ring("mq", "1004", "answered"), Ring(None, "1005", "answered")]
