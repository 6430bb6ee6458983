# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What our dialplan says of the controls: what a move of channels alone would leave to guessing."""

from __future__ import annotations

from collections.abc import Callable

from ...events import Event
from ..channels import Channel
from ..outcome import close_attempt
from ..world import World


def transfer(w: World, ch: Channel, e: Event) -> None:
    """The customer goes to somebody else, blind. A menu has no answer to wait for."""
    call = w.call(ch)
    if call is None or ch.uid != call.customer or any(x.pending for x in call.transfers):
        return
    call.last_left, call.over_by = None, None
    menu = (e.value("Kind") or "") == "ivr"
    # whom the Dial that follows rings, also on a mobile
    ch.agent_hint = e.value("To") if e.value("Kind") == "agent" else None
    ch.confirm = bool(e.value("Confirm"))
    w.transfer(call, "blind", e.value("By"), e.value("To"), completed=menu, pending=not menu)


def back(w: World, ch: Channel, e: Event) -> None:
    """Nobody took them: they go back to where they came from; whoever answers now completes no transfer."""
    call = w.call(ch)
    if call is None or ch.uid != call.customer:
        return
    for one in call.transfers:
        one.pending = False
    call.last_left = None
    ch.agent_hint = e.value("To") if e.value("Kind") == "agent" else None
    ch.confirm = bool(e.value("Confirm"))
    w.touch(call, "call.transferred")


def wait(w: World, ch: Channel, e: Event) -> None:
    """A third party hears music while the agent talks with the customer."""
    call = w.call(ch)
    leg = call.leg_of(ch.uid) if call is not None else None
    if call is None or leg is None or not leg.here:
        return
    caller = call.customer_leg()
    other = next((x for x in call.legs if x.here and x.role == "agent" and x is not caller), None)
    if call.direction == "internal" and call.answered and caller is not None and leg is other:
        # the colleague whom they called, or who has taken that one's place: that is the hold
        w.hold(call, "room", caller.number, ch.uid)
        return
    leg.waiting = True


def collect(w: World, ch: Channel, e: Event) -> None:
    """The customer is asked for keys."""
    call = w.call(ch)
    if call is not None:
        call.collecting = True


def collected(w: World, ch: Channel, e: Event) -> None:
    """The keys are in, or the time is over."""
    call = w.call(ch)
    if call is not None and call.collecting:
        call.collecting = False
        w.touch(call, "call.dtmf")


def pickup(w: World, ch: Channel, e: Event) -> None:
    """An agent's phone takes what rings at a colleague."""
    agent, rung = e.value("Agent"), e.value("Ringing")
    call = w.call(ch) or w.calls.get(w.rooms.get(e.value("Room") or "", ""))
    if call is None or call.ended or agent is None:
        return
    w.attach(call, ch)
    ch.agent, ch.picks_up = ch.agent or agent, True
    for made in reversed(call.attempts):
        if made.target == rung and made.outcome is None:
            close_attempt(made, "taken", w.stamp(call))
            w.transfer(call, "pickup", agent, agent, completed=True)
            return


def spy(w: World, ch: Channel, e: Event) -> None:
    """What a supervisor's leg is about to do."""
    mode = e.value("Mode")
    if mode not in ("listen", "whisper", "talk"):
        return
    ch.spy = mode
    call = w.call(ch)
    leg = call.leg_of(ch.uid) if call is not None else None
    if call is not None and leg is not None and leg.role == "supervisor" and leg.mode != mode:
        leg.mode = mode
        if leg.here:
            w.touch(call, "call.joined")


def takeover(w: World, ch: Channel, e: Event) -> None:
    """A supervisor serves the customer from now on."""
    call = w.call(ch)
    leg = call.leg_of(ch.uid) if call is not None else None
    if call is None or leg is None or leg.role != "supervisor":
        return
    leg.role, leg.mode = "agent", "talk"
    w.transfer(call, "pickup", leg.number, leg.number, completed=True)


USER: dict[str, Callable[[World, Channel, Event], None]] = {
    "transfer": transfer,
    "back": back,
    "wait": wait,
    "collect": collect,
    "collected": collected,
    "pickup": pickup,
    "spy": spy,
    "takeover": takeover,
}
