# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The words of one agent's situation in one call, read out of a fact; what they allow: ``call_controls.json``.

Server and browser work the same words out of the same fact: docs/architecture/commands.md.
"""

from collections.abc import Mapping
from typing import Any

from .controls import NO_CALL

Words = dict[str, Any]


def here(leg: Mapping[str, Any]) -> bool:
    """The party is in the call now."""
    return leg["joined_t"] is not None and leg["left_t"] is None


def my_leg(call: Mapping[str, Any], number: str) -> Mapping[str, Any] | None:
    """The agent's newest leg that has not left."""
    legs: list[Mapping[str, Any]] = call["legs"]
    for leg in reversed(legs):
        if leg["role"] == "agent" and leg["number"] == number and leg["left_t"] is None:
            return leg
    return None


def other_side(call: Mapping[str, Any], number: str) -> Mapping[str, Any] | None:
    """The party that the call is about for this agent: the customer; in an internal call the other one."""
    legs: list[Mapping[str, Any]] = call["legs"]
    for leg in legs:
        if leg["role"] == "customer" and leg["left_t"] is None:
            return leg
    for leg in legs:
        if leg["role"] == "agent" and leg["number"] != number and here(leg):
            return leg
    return None


def third_parties(call: Mapping[str, Any], number: str) -> list[Mapping[str, Any]]:
    """Everybody else who talks or waits, the oldest first; no supervisors."""
    other = other_side(call, number)
    return [
        leg
        for leg in call["legs"]
        if here(leg)
        and leg["role"] in ("agent", "outside")
        and leg["number"] != number
        and leg is not other
    ]


def words(call: Mapping[str, Any] | None, number: str) -> Words:
    """The situation of one agent in one call; None: in no call at all."""
    if call is None or call["state"] == "ended":
        return dict(NO_CALL)
    leg = my_leg(call, number)
    rung = [a for a in call["attempts"] if a["outcome"] is None and a["end_t"] is None]
    mine = "none"
    if leg is not None and here(leg):
        mine = "talking"
    elif leg is not None or any(a["target"] == number for a in rung):
        mine = "ringing"
    state = call["state"]
    supervise = None
    for one in call["legs"]:
        if one["role"] == "supervisor" and one["number"] == number and here(one):
            supervise = "barge" if one["mode"] == "talk" else one["mode"]
    found: Words = {
        "mine": mine,
        "call": state,
        "consult": None,
        "conference": False,
        "invited": False,
        "supervise": supervise,
    }
    if mine == "talking" and leg is not None:
        if _guest(call, leg):
            found["call"] = "guest"
            return found
        thirds = third_parties(call, number)
        found["consult"] = _consult(call, number, thirds, rung=bool(rung))
        others = len(thirds) + (state != "held") - (found["consult"] == "waiting")
        found["conference"] = others >= 2
        aside = any(a["queue"] is None and a["target"] != number for a in rung)
        found["invited"] = aside and found["consult"] is None and state == "talking"
    return found


def _last_hold(call: Mapping[str, Any], by: int | None = None) -> Mapping[str, Any] | None:
    """The last one, or the last that had begun by a moment."""
    holds = [h for h in call["holds"] if by is None or (h["from_t"] or 0) <= by]
    return max(holds, key=lambda h: h["from_t"] or 0, default=None)


def _consult(
    call: Mapping[str, Any], number: str, thirds: list[Mapping[str, Any]], *, rung: bool
) -> str | None:
    """How far a consult has come that this agent leads: who put the customer on hold."""
    last = _last_hold(call)
    if last is None or last["by"] not in (None, number):
        return None
    if last["to_t"] is None:
        return "talking" if thirds else "ringing" if rung else None
    if not thirds:
        return None
    since = thirds[-1]["joined_t"] or 0
    # who came before any hold was no consult's: a colleague invited, a call taken over; swaps make more holds
    asked = _last_hold(call, since)
    mine = asked is not None and asked["by"] in (None, number)
    return "waiting" if mine and not _together(call, since) else None


def _guest(call: Mapping[str, Any], leg: Mapping[str, Any]) -> bool:
    """They lead nothing: a colleague asks them for advice, or has put them on hold."""
    if _led(call, leg, _last_hold(call)) and any(h["to_t"] is None for h in call["holds"]):
        return True
    since = leg["joined_t"] or 0
    last = _last_hold(call, since)
    if last is None or not _led(call, leg, last) or _together(call, since):
        return False
    # whom they were asked about may have gone: then they are whom the call is with
    return any(x is leg for x in third_parties(call, last["by"]))


def _led(call: Mapping[str, Any], leg: Mapping[str, Any], hold: Mapping[str, Any] | None) -> bool:
    """Somebody else who is here has made this hold."""
    if hold is None or hold["by"] in (None, leg["number"]):
        return False
    return any(x["number"] == hold["by"] and here(x) for x in call["legs"])


def _together(call: Mapping[str, Any], since: int) -> bool:
    return any(
        x["how"] == "conference" and x["completed"] and (x["t"] or 0) >= since
        for x in call["transfers"]
    )
