# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What sorts of facts there are, and what takes part in them: the words addons use to join in."""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple


class Turn(Enum):
    """When the facts of a kind are applied within a request."""

    #: all of the request at once, before what is told one by one: calls, states, queues
    TOGETHER = "together"
    #: where they stand: what was told before them is applied, what comes after them is not
    IN_TURN = "in turn"
    #: one by one, when all that is applied together is done
    AFTER = "after"


class FactKind(NamedTuple):
    """A sort of fact.

    :ivar body: key under which the fact carries its body, a dict
    :ivar check: called with the body; raises `FactError` where its form is wrong
    :ivar apply: name of a method of `cc.pbx`, called on the PBX as superuser with `(batch, fact)`, with
        `Turn.TOGETHER` with `(batch, facts)`; raises `FactError` for what can't be applied. None: nobody
        takes it
    :ivar turn: addons leave it as it is
    """

    body: str
    check: Callable[[dict], None]
    apply: str | None
    turn: Turn = Turn.IN_TURN


class Moment(NamedTuple):
    """Something that happened to a call.

    :ivar name: last word of the fact's kind: "started", "queued", "ringing", "answered", "held",
        "resumed", "transferred", "joined", "left", "dtmf", "rated", "ended", "corrected"
    :ivar t: when, µs since 1970; None where the PBX does not know
    :ivar fact: the whole fact
    :ivar body: the call as it was then (`fact["call"]`)
    :ivar call: the cc.call as superuser; its row may be further on already
    """

    name: str
    t: int | None
    fact: dict[str, Any]
    body: dict[str, Any]
    call: Any


class StateChange(NamedTuple):
    """An agent is in another state.

    :ivar since: µs since 1970
    :ivar until: when it ends by itself, µs, or None
    :ivar call_id: id of the cc.call that it belongs to, or False
    :ivar body: the agent as the fact tells it (`fact["agent"]`)
    """

    agent_id: int
    state: str
    reason: str | None
    since: int
    until: int | None
    call_id: int | bool
    body: dict[str, Any]
