# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Handing over: transfers, pick-up, supervisors."""

from __future__ import annotations

from ...events import Event
from ..channels import Channel
from ..outcome import close_attempt
from ..records import Attempt, Call
from ..world import World


def blind(w: World, e: Event) -> None:
    """A blind transfer by the phone or by the PBX; complete when the other side answers."""
    by = w.reg.find(e, "Transferer", create=False)
    to = e.value("Extension")
    call = w.call(w.reg.find(e, "Transferee", create=False)) or w.call(by)
    if call is None or (e.value("Result") or "Success").lower() != "success":
        return
    leg = call.leg_of(by.uid) if by is not None else None
    number = leg.number if leg else call.last_left[0] if by is None and call.last_left else None
    w.resume(call, "phone")
    w.transfer(call, "blind", number, to, completed=False, pending=True)
    if by is not None and by.bridge is None:
        handed(w, call, by)


def handed(w: World, call: Call, by: Channel) -> None:
    """Who has handed over and is out of the bridge has left, however long their channel may live."""
    leg, last = call.leg_of(by.uid), call.transfers[-1]
    if leg is None or leg.uid != by.uid or leg.number != last.by or not leg.here:
        return
    if by.uid != call.customer and last.how in ("blind", "attended"):
        leg.gone, leg.left_t = True, w.stamp(call)
        w.touch(call, "call.left")


def attended(w: World, e: Event) -> None:
    """An attended transfer; before the other side has answered it waits for that."""
    first, second = (w.reg.find(e, f"{p}Transferer", create=False) for p in ("Orig", "Second"))
    call = w.call(w.reg.find(e, "Transferee", create=False)) or w.call(first) or w.call(second)
    if call is None or (e.value("Result") or "Success").lower() != "success":
        return
    by = first or second
    if second is not None and second is not first and w.call(second) is None:
        w.consulted(second)  # handed over before anything was told of their second line
    leg = call.leg_of(by.uid) if by is not None else None
    by_number = leg.number if leg else w.reg.extension(by) if by else None
    target = w.reg.find(e, "TransferTarget", create=False)
    consult = w.call(second) if second is not None else None
    if consult is None and target is not None:
        consult = w.call(target)
    if consult is not None and consult is not call:
        absorb(w, call, consult)
    to, there = _other_side(w, call, target, by)
    waits = not there
    if (e.value("DestType") or "").lower() == "app":
        to, waits = _into_app(w, call, e, second, to, waits)
    w.resume(call)
    how = "conference" if (e.value("DestType") or "").lower() == "threeway" else "attended"
    w.transfer(call, how, by_number, to, completed=there, pending=waits)
    if by is not None and by.bridge is None:
        handed(w, call, by)


def _into_app(
    w: World, call: Call, e: Event, second: Channel | None, to: str | None, waits: bool
) -> tuple[str | None, bool]:
    """The customer takes the place of the second line in what it was doing: ringing somebody, or a machine.

    :return: to whom, and whether somebody is to answer there
    """
    if second is None:
        return to, waits
    if (e.value("DestApp") or "").lower() not in ("dial", "queue", ""):
        return second.exten or to, False
    moved = w.reg.find(e, "Transferee", create=False)
    for made in call.attempts:
        if made.outcome is None and made.src == second.uid and moved is not None:
            # the PBX ends this ring and begins it again in the customer's name: it goes on
            made.src = moved.uid
            made.moved = True
    return to, waits


def _other_side(
    w: World, call: Call, target: Channel | None, by: Channel | None
) -> tuple[str | None, bool]:
    """Who the call goes to, and whether they are there already."""
    mine = by.uid if by is not None else ""
    if target is not None and not target.local:
        leg = call.leg_of(target.uid)
        if leg is not None:
            return leg.number, leg.here
    for made in reversed(call.attempts):
        if made.outcome is None:
            return made.target, False
    others = [x for x in call.serving() if x.uid != mine]
    if others:
        return others[-1].number, True
    return (w.target(target) if target is not None else None), False


def absorb(w: World, call: Call, consult: Call) -> None:
    """A consult that had begun as a call of its own belongs to the call it served."""
    moved = [c for c in map(w.reg.get, sorted(consult.channels)) if c is not None]
    rings = {x.uid: x for x in consult.attempts}
    here = {x.uid: x for x in consult.legs if x.here}
    w.end(consult)
    for ch in moved:
        consult.channels.discard(ch.uid)
        ch.call, ch.attempt = None, None
    w.calls.pop(consult.call_uid, None)
    for ch in moved:
        w.attach(call, ch)
        old = rings.get(ch.uid)
        if old is not None:
            made = w.attempt(
                call, ch, queue=None, target=old.target, ring_t=later(old.ring_t, call)
            )
            if made is not None and ch.uid in here:
                made.outcome, made.end_t = "answered", later(old.end_t, call)
        if ch.uid in here and not _second_channel(call, ch, here[ch.uid].number):
            w.join(call, ch, w.stamp(call))


def _second_channel(call: Call, ch: Channel, number: str | None) -> bool:
    """Whether this is another line of somebody who is in the call: one person, one leg."""
    for leg in call.serving():
        if leg.number == number and leg.role == "agent":
            leg.channels.append(ch.uid)
            return True
    return False


def own_is_over(w: World, ch: Channel, call: Call) -> None:
    """What they had begun by dialling is this call's."""
    own = w.call(ch)
    if own is not None and own is not call:
        w.end(own)
        own.channels.discard(ch.uid)
        ch.call = None


def later(t: int | None, call: Call) -> int | None:
    """A time of another call's, not before this one began."""
    return t if t is None or call.started_t is None else max(t, call.started_t)


def pickup(w: World, e: Event) -> None:
    """Somebody takes a ring that was another's."""
    picker = w.reg.find(e)
    rung = w.reg.find(e, "Target", create=False)
    call = w.call(rung)
    if picker is None or call is None or picker.nobody:
        return
    made = w.attempt_at(call, rung) if rung is not None else None
    if made is not None and made.hidden and rung is not None and not rung.local:
        made.target = w.reg.extension(rung)
        w.touch(call, "call.transferred")
    leg = call.leg_of(picker.uid)
    if leg is not None and leg.here and made is not None and made.outcome == "taken":
        return  # told by the Dial that goes on with that one already
    taken(w, call, picker, made)


def taken(w: World, call: Call, picker: Channel, made: Attempt | None) -> None:
    """``picker`` answers, on a channel of their own, the ring ``made`` that was another's."""
    own_is_over(w, picker, call)
    if made is not None:
        close_attempt(made, "taken", w.stamp(call))
    w.attach(call, picker)
    number = w.reg.extension(picker)
    w.transfer(call, "pickup", number, number, completed=True)
    picker.up = True
    w.join(call, picker, w.stamp(call))


def spy_start(w: World, e: Event) -> None:
    """A supervisor listens to, or whispers into, somebody's channel."""
    spyer, spyee = w.reg.find(e, "Spyer"), w.reg.find(e, "Spyee")
    call = w.call(spyee)
    if call is None and spyee is not None and spyee.in_progress and not spyee.local:
        call = w.begin_from(spyee)  # in talk before we listened
    if spyer is None or call is None or spyer.local or spyer.nobody:
        return
    own_is_over(w, spyer, call)
    spyer.up = True
    mode = spyer.spy or "listen"
    spyer.spy = mode
    leg = call.leg_of(spyer.uid)
    if leg is None:
        w.join(call, spyer, w.stamp(call), "supervisor")
        leg = call.legs[-1]
        leg.mode = mode
    elif leg.role == "supervisor" and leg.mode != mode:
        leg.mode = mode
        w.touch(call, "call.joined")


HANDLERS = {
    "BlindTransfer": blind,
    "AttendedTransfer": attended,
    "Pickup": pickup,
    "ChanSpyStart": spy_start,
}
