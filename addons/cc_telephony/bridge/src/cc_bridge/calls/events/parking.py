# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Parking: the customer waits in a numbered space until somebody fetches them."""

from __future__ import annotations

from ...events import Event
from ..channels import Channel
from ..records import Call, Transfer
from ..world import World
from .transfer import own_is_over


def parked(w: World, e: Event) -> None:
    """The customer waits in a parking space."""
    ch = w.reg.find(e, "Parkee", create=False) or w.reg.find(e, create=False)
    call = w.call(ch)
    if call is None or ch is None:
        return
    parker = e.value("ParkerDialString")
    # the dialplan's own Park names the parked caller
    by = w.reg.named(parker) if parker != f"{ch.tech}/{ch.endpoint}" else None
    for leg in reversed(call.legs):
        if by is None and leg.role == "agent":
            by = leg.number
    space = e.value("ParkingSpace", "Exten")
    sent = any(x.pending and x.how == "blind" and not x.completed for x in call.transfers)
    if space and sent:
        # a phone's transfer to the parking extension: this is what came of it
        call.transfers = [x for x in call.transfers if not (x.pending and x.how == "blind")]
    w.resume(call, "phone")
    w.transfer(call, "park", by, space, completed=False, pending=True)
    w.hold(call, "park", by, ch.uid, left=sent and call.answered)
    for leg in call.serving():
        if leg.number == by:
            # their channel may stay up for seconds, alone; the call they have left
            leg.gone, leg.left_t = True, w.stamp(call)
            w.touch(call, "call.left")


def fetched(w: World, e: Event) -> None:
    """Somebody takes the customer out of the space. They were not rung for that: no attempt."""
    call = w.call(w.reg.find(e, "Parkee", create=False) or w.reg.find(e, create=False))
    if call is None:
        return
    by = w.reg.find(e, "Retriever")
    if by is not None and not by.nobody:
        own_is_over(w, by, call)
        by.picks_up = True
        w.attach(call, by)
    w.resume(call, "park")
    waiting = _waiting(call)
    if waiting is not None:
        waiting.pending, waiting.completed = False, True


def timed_out(w: World, e: Event) -> None:
    """Nobody came: the customer goes on, mostly to the phone of whoever parked them."""
    call = w.call(w.reg.find(e, "Parkee", create=False) or w.reg.find(e, create=False))
    if call is None:
        return
    w.resume(call, "park")
    waiting = _waiting(call)
    if waiting is not None:
        waiting.pending = False
        w.touch(call)


def left_space(w: World, call: Call, ch: Channel, bridge: str) -> bool:
    """Whether the parked customer's new bridge is another than their space (streams without the words)."""
    hold = call.open_hold()
    if hold is None or hold.kind != "park" or ch.uid not in (hold.uid, call.customer):
        return False
    if hold.bridge is None and not any(x.uid != ch.uid for x in w.reg.beside(ch)):
        hold.bridge = bridge
        return False
    return bridge != hold.bridge


def _waiting(call: Call) -> Transfer | None:
    for transfer in reversed(call.transfers):
        if transfer.how == "park" and transfer.pending:
            return transfer
    return None


HANDLERS = {
    "ParkedCall": parked,
    "UnParkedCall": fetched,
    "ParkedCallTimeOut": timed_out,
}
