# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A call and its parts, as ``facts.schema.json`` writes them, with what the model must remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Attempts, keys, holds of one call beyond which it is a loop, not a call.
MOST = 500


@dataclass(slots=True)
class Leg:
    """One party's presence. ``uid``: the channel that carries it now."""

    leg: int
    role: str
    number: str | None
    channels: list[str]
    joined_t: int | None = None
    left_t: int | None = None
    mode: str = "talk"
    uid: str = ""
    joined: bool = False
    gone: bool = False
    # hears music while the agent talks with the customer
    waiting: bool = False
    # has been in a bridge
    entered: bool = False
    # belongs to a call of its own, as it turned out: no longer told
    apart: bool = False

    @property
    def here(self) -> bool:
        """In the call now (answered and not left)."""
        return self.joined and not self.gone and not self.apart

    def as_dict(self) -> dict[str, Any]:
        """The leg by the schema."""
        return {
            "leg": self.leg,
            "role": self.role,
            "number": self.number,
            "channels": list(self.channels),
            "joined_t": self.joined_t,
            "left_t": self.left_t,
            "mode": self.mode,
        }


@dataclass(slots=True)
class Attempt:
    """One ring at one agent or number.

    ``uid``: the channel that was dialled (a Local half for a queue member that is one).
    ``hint``: what the phone behind a Local said, before the queue has drawn its conclusion.
    ``provisional``: the outcome is a queue's summing-up, which the phone's own word may still refine.
    ``hidden``: the Local's name says nothing to people, the target is the phone behind it.
    ``by``: who rang, where it was somebody who consults. ``src``: the channel that dialled.
    """

    n: int
    queue: str | None
    target: str | None
    ring_t: int | None
    uid: str
    end_t: int | None = None
    outcome: str | None = None
    rang: bool = False
    outside: bool = False
    by_local: bool = False
    provisional: bool = False
    hint: str | None = None
    hidden: bool = False
    # our own command breaks the ring off
    broken: bool = False
    # off hook is not enough: they must press a key, and count when they are in the room
    confirm: bool = False
    by: str | None = None
    src: str | None = None
    # the numbers of the phones that a Local has rung
    behind: list[str] = field(default_factory=list)
    # by which line to the outside
    line: str | None = None
    # goes on in another's name: what ends it for who rang first does not end it
    moved: bool = False
    # was a call of its own, as it turned out: no longer told
    apart: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The attempt by the schema."""
        return {
            "n": self.n,
            "queue": self.queue,
            "target": self.target,
            "ring_t": self.ring_t,
            "end_t": self.end_t,
            "outcome": self.outcome,
        }


@dataclass(slots=True)
class Transfer:
    """One handing over. ``pending``: waits for the other side's answer."""

    t: int | None
    how: str
    by: str | None
    to: str | None
    completed: bool
    pending: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The transfer by the schema."""
        return {
            "t": self.t,
            "how": self.how,
            "by": self.by,
            "to": self.to,
            "completed": self.completed,
        }


@dataclass(slots=True)
class Entry:
    """One stay of the customer in a queue, by the queue's own word."""

    queue: str
    from_t: int | None
    to_t: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The stay by the schema."""
        return {"queue": self.queue, "from_t": self.from_t, "to_t": self.to_t}


@dataclass(slots=True)
class Hold:
    """One stretch on hold. ``kind``: ``phone`` (its own key), ``room`` (moved to music), ``park``."""

    from_t: int | None
    by: str | None
    kind: str
    uid: str
    # the parking space's bridge
    bridge: str | None = None
    to_t: int | None = None
    open: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The hold by the schema."""
        return {"from_t": self.from_t, "to_t": self.to_t, "by": self.by}


@dataclass(slots=True)
class Call:
    """One call: the schema's fields first, then what only the model needs."""

    call_uid: str
    direction: str
    started_t: int | None
    from_number: str | None = None
    from_name: str | None = None
    # who called before the dialplan said otherwise, and when it did
    from_before: tuple[str | None, str | None, int | None] | None = None
    to_number: str | None = None
    line: str | None = None
    queue: str | None = None
    state: str = "ivr"
    rev: int = 0
    queued_t: int | None = None
    answered_t: int | None = None
    ended_t: int | None = None
    estimated: bool = False
    legs: list[Leg] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    ivr: list[dict[str, Any]] = field(default_factory=list)
    rating: dict[str, Any] | None = None
    ended_by: str | None = None
    cause: int | None = None
    loss: str | None = None

    # the channel of whoever the call is for, and the one it began with
    customer: str | None = None
    root: str | None = None
    # every live channel that is part of it, Local halves too
    channels: set[str] = field(default_factory=set)
    room: str | None = None
    answered: bool = False
    in_queue: bool = False
    overflow: bool = False
    out_of_hours: bool = False
    # who ended the conversation that was the last so far
    over_by: str | None = None
    # the party that left its bridge first and did not come back
    first_out: str | None = None
    # the queue's own word that the caller gave up
    abandoned: bool = False
    # the serving phone died; the queue's Local leg keeps the customer for its return
    lost: bool = False
    # who brings the others together only to leave
    leaves: str | None = None
    # the serving leg that left last, and whether its own phone hung up
    last_left: tuple[str | None, int | None, bool] | None = None
    last_t: int | None = None
    left_queue_t: int | None = None
    entries: list[Entry] = field(default_factory=list)
    # the queue they were sent to, which may not let them in
    wants: str | None = None
    wants_t: int | None = None
    node: str | None = None
    # the customer is asked for keys in mid-talk
    collecting: bool = False
    # customer-first: the agent whose phone is not rung yet
    first: str | None = None
    key_t: int | None = None
    rating_open: bool = False
    # the dialplan itself tells what a key means, and that its queue asks at all
    rating_told: bool = False
    rating_due: bool = False
    after_key: str | None = None

    @property
    def ended(self) -> bool:
        """Over: no fact but a correction may follow."""
        return self.state == "ended"

    def customer_leg(self) -> Leg | None:
        """The leg of the one the call is for (the caller of an internal call)."""
        for leg in reversed(self.legs):
            if leg.uid == self.customer and leg.uid:
                return leg
        return None

    def serving(self) -> list[Leg]:
        """Who is here for the customer: not they themselves, and a supervisor only when they are left alone with them.

        That is one who stands in the room: who is heard by ChanSpy goes with whom they spy on.
        """
        here = [x for x in self.legs if x.here and x.uid != self.customer]
        staff = [x for x in here if x.role != "supervisor"]
        return staff or [x for x in here if x.mode == "talk" and x.entered]

    def leg_of(self, uid: str) -> Leg | None:
        """The latest leg carried by this channel."""
        for leg in reversed(self.legs):
            if uid and uid in leg.channels:
                return leg
        return None

    def attempt_of(self, n: int | None) -> Attempt | None:
        """An attempt by its number."""
        return self.attempts[n - 1] if n and 0 < n <= len(self.attempts) else None

    def open_hold(self) -> Hold | None:
        """The hold the customer is on now."""
        for hold in reversed(self.holds):
            if hold.open:
                return hold
        return None

    def as_dict(self) -> dict[str, Any]:
        """The call by the schema, nothing shared with the model."""
        entries = {}
        # one stay is told by `queue` and `queued_t`; of several only if the first was heard of, too
        if len(self.entries) > 1 and self.entries[0].from_t == self.queued_t:
            entries["entries"] = [x.as_dict() for x in self.entries]
        return {
            **entries,
            "call_uid": self.call_uid,
            "rev": self.rev,
            "direction": self.direction,
            "from": {"number": self.from_number, "name": self.from_name},
            "to": {"number": self.to_number},
            "line": self.line,
            "queue": self.queue,
            "state": self.state,
            "started_t": self.started_t,
            "queued_t": self.queued_t,
            "answered_t": self.answered_t,
            "ended_t": self.ended_t,
            "estimated": self.estimated,
            "legs": [
                {**x.as_dict(), "leg": n}
                for n, x in enumerate((x for x in self.legs if not x.apart), 1)
            ],
            "attempts": [
                {**x.as_dict(), "n": n}
                for n, x in enumerate((x for x in self.attempts if not x.apart), 1)
            ],
            "transfers": [x.as_dict() for x in self.transfers],
            "holds": [x.as_dict() for x in self.holds],
            "ivr": [dict(x) for x in self.ivr],
            "rating": dict(self.rating) if self.rating else None,
            "ended_by": self.ended_by,
            "cause": self.cause,
            "loss": self.loss,
        }
