# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Channels come, change their state, and go."""

from __future__ import annotations

from cc_contract.causes import Cause

from ...events import Event
from ..channels import Channel
from ..lines import same_number
from ..outcome import by_cause, heard, refined
from ..records import Attempt, Call
from ..world import Expected, World
from .transfer import taken

# A channel that nobody has called for and that does something for this long (µs) is a call.
PATIENCE = 1_000_000
# Causes with which the PBX turns a caller away; one who hangs up has none, or normal clearing.
_REFUSED = frozenset(
    {
        Cause.UNALLOCATED_NUMBER,
        Cause.NO_ROUTE_DESTINATION,
        Cause.USER_BUSY,
        Cause.NO_USER_RESPONSE,
        Cause.NO_ANSWER,
        Cause.SUBSCRIBER_ABSENT,
        Cause.CALL_REJECTED,
        Cause.DESTINATION_OUT_OF_ORDER,
        Cause.INVALID_NUMBER_FORMAT,
        Cause.NO_CIRCUIT_AVAILABLE,
        Cause.NETWORK_OUT_OF_ORDER,
        Cause.TEMPORARY_FAILURE,
        Cause.SWITCH_CONGESTION,
        Cause.REQUESTED_CHANNEL_UNAVAILABLE,
        Cause.BEARER_CAPABILITY_UNAVAILABLE,
    }
)


def newchannel(w: World, e: Event) -> None:
    """A channel is made. A line that calls us begins a call; others wait for what they do."""
    name = e.value("Channel")
    uid = e.value("Uniqueid") or name
    if name is None or uid is None or "/" not in name:
        return
    if w.reg.by_id(uid) is not None or not w.reg.reborn(uid):
        return
    before = w.reg.by_name(name)
    if before is not None and not before.local and "<" not in name:
        _replaced(w, before)
    ch = w.reg.add(uid, name, new=True)
    ch.t = e.t
    w.reg.describe(ch, e)
    ch.wanted = ch.exten if ch.exten not in ("s", "h") else None
    if ch.nobody:
        return
    told = w.expected.pop(uid, None) or w.failed.pop(uid, None)
    if told is not None:
        expected(w, ch, told)
    elif not ch.local:
        if ch.incoming and w.reg.is_trunk(ch):
            w.begin(ch)
        else:
            w.waiting[ch.uid] = None


def _replaced(w: World, ch: Channel) -> None:
    """Its name is another's now, as of a port of a card that rings again: its end was not told."""
    call = w.call(ch)
    if call is not None and ch.uid in (call.customer, call.root):
        w.finish(call, estimated=True)
    w.gone(ch, None)


def expected(w: World, ch: Channel, told: Expected) -> None:
    """The channel of an Originate of ours: it belongs to the call that was told."""
    ch.originated = True
    if told.role == "nobody":
        ch.nobody = True
        return
    ch.agent = told.agent or ch.agent
    ch.line = told.line or ch.line
    if told.number and not told.agent:
        ch.dialled = told.number
    call = w.calls.get(told.call_uid)
    if call is not None and call.ended:
        return
    if call is None:
        call = w.begin(ch, uid=told.call_uid, direction=told.direction or "outbound")
        call.from_number = told.agent or call.from_number
        call.from_name = told.name or call.from_name
        call.to_number = told.number or call.to_number
        call.line = told.line or call.line
        if told.first:
            w.first(call, told.first)
        return
    w.attach(call, ch)
    if told.role == "supervisor":
        ch.spy = ch.spy or "listen"
    elif not ch.local:
        invited(w, ch)
        if told.confirm and (made := call.attempt_of(ch.attempt)) is not None:
            made.confirm = True


def invited(w: World, ch: Channel) -> None:
    """A party is rung to come into a call that goes on (consult, invite, a lost agent again)."""
    call = w.call(ch)
    if call is None or ch.attempt is not None or ch.local or ch.spy or ch.uid == call.root:
        return
    if ch.picks_up or ch.incoming:
        # nobody rang them: they fetched the call, or dialled into its room
        return
    if ch.up_t is not None and call.started_t is not None and ch.up_t < call.started_t:
        return  # connected before the call began
    number = w.reg.extension(ch)
    for made in call.attempts:
        his = made.by_local and made.outcome == "answered" and made.target == number
        if his and not any(x.attempt == made.n for x in w.parties(call)):
            ch.attempt = made.n  # the Local has led to a leg that was in its room already
            return
    again = any(x.gone and x.number == number and x.role == "agent" for x in call.legs)
    lost = again and not any(x.number != number for x in call.serving())
    lost = lost and not any(x.by == number for x in call.transfers)
    if not lost and call.leg_of(ch.uid) is None:
        w.attempt(call, ch, queue=None, target=number, ring_t=ch.dialled_t or ch.t)


def newstate(w: World, e: Event) -> None:
    """Ringing, or answered."""
    ch = w.reg.find(e)
    if ch is None or ch.nobody:
        return
    was_up = ch.up
    w.reg.describe(ch, e)
    new = (ch.uid in w.waiting or ch.in_progress) and w.call(ch) is None and not w.over(ch)
    if new and ch.incoming and w.reg.is_trunk(ch):
        w.begin_from(ch)
    call = w.call(ch)
    if call is None:
        return
    made = w.attempt_at(call, ch)
    if made is not None and ch.rang and not ch.local:
        made.rang = True
    leg = call.leg_of(ch.uid)
    if ch.up and not was_up and leg is not None and not leg.joined and ch.uid == call.root:
        w.join(call, ch, w.stamp(call))


def new_caller_id(w: World, e: Event) -> None:
    """A caller's number, or name, that comes late: an analogue line, a header that the dialplan reads.

    Until somebody has answered a dialplan may say who calls. What it only writes in another way (a
    prefix for calling back) is the same number; the number that was dialled is nobody's who calls.
    """
    ch = w.reg.find(e)
    if ch is None or ch.nobody or ch.local:
        return
    w.reg.describe(ch, e)
    call = w.call(ch)
    if call is None or ch.uid != call.customer or call.direction != "inbound":
        return
    number, name = e.value("CallerIDNum"), e.value("CallerIDName")
    known = call.from_number if _says_who(call, call.from_number) else None
    new = known is None or not (call.answered or same_number(known, number))
    if number is not None and _says_who(call, number) and new:
        _calls_from(w, call, number)
    elif call.answered or call.from_name is not None or name in (None, call.from_number):
        return
    call.from_name = None if name == call.from_number else name
    w.touch(call, {"queued": "call.queued", "ringing": "call.ringing"}.get(call.state, "call.left"))


def _says_who(call: Call, number: str | None) -> bool:
    """Whether this is a number of somebody who calls: no word (*anonymous*), not the number dialled."""
    return sum(c.isdigit() for c in number or "") > 2 and number != call.to_number


def _calls_from(w: World, call: Call, number: str) -> None:
    leg = call.customer_leg()
    if leg is not None and leg.number in (None, call.from_number):
        leg.number = number
    call.from_before = (call.from_number, call.from_name, w.now)
    call.from_number = number


def rename(w: World, e: Event) -> None:
    """A masquerade gave the channel another name."""
    ch = w.reg.by_id(e.value("Uniqueid")) or w.reg.by_name(e.value("Channel"))
    new = e.value("Newname")
    if ch is None or not new:
        return
    clone = w.reg.by_name(f"{new}<MASQ>")
    if clone is not None and clone is not ch and ch.name != new:
        # the second step of a masquerade of which we were not told
        masquerade(w, ch, clone)
        w.reg.rename(ch, f"{new}<MASQ>")
        w.reg.rename(clone, new)
    elif w.reg.by_name(new) is None:
        w.reg.rename(ch, new)


def masquerade(w: World, original: Channel, clone: Channel) -> None:
    """The clone's phone goes on in the original's place, whose own phone is done."""
    call = w.call(original)
    made = w.attempt_at(call, original) if call is not None else None
    rung = made is not None and made.outcome is None and not original.local and not original.up
    w.reg.swap(original, clone)
    turned = {original.uid: clone.uid, clone.uid: original.uid}
    for ch in w.reg.live.values():
        # who dials from that place dials on
        ch.rung_by = turned.get(ch.rung_by or "", ch.rung_by)
    for ring in call.attempts if call is not None else ():
        ring.src = turned.get(ring.src or "", ring.src)
    clone.rang_first = clone.rang_first or original.rang_first
    if call is not None and rung and not clone.nobody and clone.attempt is None:
        taken(w, call, clone, made)
    elif call is not None and w.call(clone) is None and not w.over(clone):
        w.attach(call, clone)


def hangup_request(w: World, e: Event) -> None:
    """The channel's own far end hung up (or an action asked it to)."""
    ch = w.reg.find(e, create=not w.reg.resynced)
    w.reg.asks = True
    if ch is None or ch.asked or ch.local:
        return
    if ch.in_progress and ch.incoming and ch.up and w.call(ch) is None and w.reg.is_trunk(ch):
        w.begin_from(ch)  # a customer whose beginning we missed, alone with a machine or a queue
    if ch.incoming and not ch.up and e.number("Cause") in _REFUSED:
        return  # what the PBX itself answered the caller
    ch.asked, ch.asked_t = True, e.t
    call = w.call(ch)
    if call is not None and call.queue and not call.in_queue and ch.uid == call.customer:
        left_alone(w, ch)


def soft_hangup_request(w: World, e: Event) -> None:
    """Somebody other than the far end hung this channel up: an AMI Hangup, the dialplan, a bridge that closed.

    The serving leg that is hung up while the customer is still there was ended on purpose: its agent pressed
    *hang up* on the screen. When the customer goes first, the room or the Dial ends the agent's leg after them.
    """
    w.reg.asks = True
    if e.number("Cause") in (4, 8):
        return  # the PBX goes down, or the dialplan's own time is over
    ch = w.reg.find(e, create=False)
    call = w.call(ch) if ch is not None else None
    if ch is None or ch.asked or call is None or not call.answered or call.over_by is not None:
        return
    customer = w.reg.get(call.customer)
    theirs = call.leg_of(call.customer) if call.customer else None
    mine = call.leg_of(ch.uid)
    if (
        mine is not None
        and mine.uid == ch.uid
        and mine.role == "agent"
        and mine.joined
        and all(other is mine for other in call.serving())
        and customer is not None
        and not customer.asked
        and theirs is not None
        and theirs.role == "customer"
        and theirs.here
    ):
        call.over_by = "agent"


def left_alone(w: World, ch: Channel) -> None:
    """The customer is still there after a queue gave up: a loss from now on is *overflow*."""
    call = w.call(ch)
    if call is not None and call.queue and not call.in_queue and not call.answered:
        call.overflow = True


def hangup(w: World, e: Event) -> None:
    """The channel is gone; its cause may say how its ring ended."""
    ch = w.reg.find(e, create=False)
    if ch is None:
        for key in (e.value("Uniqueid"), e.value("Channel")):
            if key:
                w.reg.gone[key] = w.reg.fed
        return
    call = w.call(ch)
    cause = e.number("Cause")
    if call is not None:
        _ring_ends(w, ch, cause)
        if (
            ch.uid == call.customer
            and not ch.asked
            and call.queue
            and not call.in_queue
            and call.left_queue_t is not None
            and w.now is not None
            and w.now - call.left_queue_t > 500_000
        ):
            left_alone(w, ch)
    elif ch.in_progress and w.reg.resynced:
        pass  # what is left of a call that ended before the resync
    elif ch.originated and not ch.local and not ch.nobody and not w.over(ch):
        # an Originate that came to nothing was a call all the same
        w.begin(ch)
        _ring_ends(w, ch, cause)
    elif ch.uid in w.waiting and ch.incoming and _lasted(w, ch):
        # a phone that heard a busy tone, or music, for a while
        w.begin_from(ch)
    w.gone(ch, cause)


def _lasted(w: World, ch: Channel) -> bool:
    return w.now is not None and ch.t is not None and w.now - ch.t > PATIENCE


def _ring_ends(w: World, ch: Channel, cause: int | None) -> None:
    call = w.call(ch)
    if call is not None and ch.originated and not ch.up and not ch.spy and ch.attempt is None:
        invited(w, ch)
    made = w.attempt_at(call, ch) if call is not None else None
    if call is None or made is None:
        return
    t = w.stamp(call)
    if made.outcome is None:
        heard(made, t)
    if made.uid == ch.uid:
        if made.outcome is None and not ch.up:
            outcome = by_cause(cause, made)
            if outcome == "cancelled" and _time_over(w, call, made):
                outcome, made.hint = "no_answer", None if made.hint == outcome else made.hint
            w.ring_over(call, made, outcome, t)
        elif made.outcome is None:
            w.ring_over(call, made, _off_hook(w, call, made, ch), t)
    elif not ch.local and not ch.up and made.outcome is None:
        made.hint = refined(cause, made) or made.hint
    if made.provisional and not ch.up and (better := refined(cause, made)):
        w.ring_over(call, made, better, t)


def _off_hook(w: World, call: Call, made: Attempt, ch: Channel) -> str:
    """How a ring ends that was picked up and came to no conversation: who hung up says it."""
    customer = w.reg.get(call.customer)
    if call.abandoned or (customer is not None and customer.asked):
        return "cancelled"
    return "rejected" if made.queue is not None and ch.asked and not made.confirm else "no_answer"


def _time_over(w: World, call: Call, made: Attempt) -> bool:
    """A ring that nobody speaks of ended, and who rang waits on, for nobody else: it was not answered in time."""
    src = w.reg.get(made.src)
    return (
        w.reg.asks
        and src is not None
        and not src.asked
        and src.bridge is None
        and not call.answered
        and made.rang
        and not any(x is not made and x.outcome in (None, "answered") for x in call.attempts)
    )


def booted(w: World, e: Event) -> None:
    """A PBX that began after a call's last event has no such call any more.

    Sent at each login too; only an ``Uptime`` tells one from the other.
    """
    w.reg.gone.clear()
    uptime = e.number("Uptime")
    if uptime is None or w.now is None:
        return
    # whole seconds, and the clocks of two processes
    began = w.now - (uptime + 1) * 1_000_000
    for call in [x for x in w.calls.values() if not x.ended]:
        if call.last_t is not None and call.last_t < began:
            _lost(w, call, estimated=True)


def shutdown(w: World, _e: Event) -> None:
    """The PBX goes down: so do all calls that it still has."""
    for call in [x for x in w.calls.values() if not x.ended]:
        _lost(w, call, estimated=False)


def _lost(w: World, call: Call, *, estimated: bool) -> None:
    w.end(call, estimated=estimated)
    for uid in sorted(call.channels):
        if (ch := w.reg.get(uid)) is not None:
            w.gone(ch, None)


HANDLERS = {
    "FullyBooted": booted,
    "Shutdown": shutdown,
    "Newchannel": newchannel,
    "Newstate": newstate,
    "NewCallerid": new_caller_id,
    "Rename": rename,
    "HangupRequest": hangup_request,
    "SoftHangupRequest": soft_hangup_request,
    "Hangup": hangup,
}
