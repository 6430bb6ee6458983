# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Bridges and rooms: who is together with whom, and who hears music."""

from __future__ import annotations

from cc_contract.causes import Cause

from ...events import Event
from ..channels import Channel
from ..records import Call
from ..world import World
from .channel import invited
from .parking import left_space
from .transfer import handed

# The bridge of a room of which the PBX tells no bridge (older ones, MeetMe).
ROOM = "room:"


def entered(w: World, e: Event) -> None:
    """A channel is in a bridge."""
    w.bridges_told = True
    enter(w, e)
    again = w.early.pop(e.value("Uniqueid") or "", None)
    if again is not None and again.value("BridgeUniqueid") == e.value("BridgeUniqueid"):
        enter(w, again)
        w.reg.note(again)


def joined(w: World, e: Event) -> None:
    """A room says once more that a channel is in it, and which room that is.

    Rooms have a way of their own to AMI: on a busy PBX their word overtakes all that is told of the channel,
    also that it was made and dialled. It counts when the bridge's own word is there.
    """
    uid, bridge = e.value("Uniqueid"), e.value("BridgeUniqueid")
    ch = w.reg.find(e, create=False)
    known = ch is not None and ch.bridge == bridge
    if uid and bridge and not known and w.bridges_told and not bridge.startswith(ROOM):
        w.early[uid] = e
        return
    enter(w, e)


def left(w: World, e: Event) -> None:
    """A room says that a channel has left it."""
    w.early.pop(e.value("Uniqueid") or "", None)
    leave(w, e)


def enter(w: World, e: Event) -> None:
    """What follows when a channel is in a bridge."""
    ch, bridge = w.reg.find(e), e.value("BridgeUniqueid")
    if ch is None or ch.nobody or bridge is None:
        return
    if e.value("BridgeType") == "agent_hold":
        logged_in(w, e)
        return
    if w.over(ch) and not _next(w, ch, bridge):
        return
    again = ch.bridge == bridge
    call = w.call(ch)
    if call is not None and call.first_out == ch.uid:
        call.first_out = None
    ch.exten = e.value("Exten") or ch.exten
    w.reg.enter(ch, bridge)
    if e.value("Conference") or e.value("BridgeType") == "base":
        ch.conference = True
    if not ch.up and not ch.local:
        ch.up, ch.up_t = True, e.t
    _belong(w, ch, e.value("Conference"))
    call = w.call(ch)
    if call is None and ch.incoming and not ch.local and ch.uid in w.waiting:
        call = w.begin_from(ch)  # a phone that dialled into an empty room
    if call is None:
        return
    if call.to_number is None and ch.uid == call.root and ch.exten not in ("s", "h"):
        call.to_number = ch.exten
    if not again:
        _back(w, call, ch)
    _heard(w, call, ch)
    if ch.local:
        return
    leg = call.leg_of(ch.uid)
    if leg is not None and leg.role == "supervisor" and leg.mode != "talk":
        leg.mode = "talk"
        w.touch(call, "call.joined")
    if leg is not None and leg.waiting:
        leg.waiting = False
        talks = [x for x in call.serving() if x is not leg]
        if talks and call.open_hold() is None:
            w.transfer(call, "conference", talks[0].number, leg.number, completed=True)
        return
    if leg is None or not leg.joined:
        if leg is None and ch.spy:
            w.join(call, ch, w.stamp(call), "supervisor")
            call.legs[-1].mode, call.legs[-1].entered = "talk", True
            return
        if leg is None:
            invited(w, ch)
        made = call.attempt_of(ch.attempt)
        if made is not None and made.by_local and made.outcome is None:
            return  # behind a Local nobody hears them yet: they may have to press a key first
        w.join(call, ch, w.stamp(call))
        leg = call.leg_of(ch.uid)
    if leg is not None and not leg.entered:
        leg.entered = True
        if leg.role == "supervisor" and call.serving() == [leg]:
            # they have sent the agent away and serve themselves: the conversation goes on
            call.over_by, call.last_left = None, None
            w.touch(call)
        _together(w, call, ch)


def logged_in(w: World, e: Event) -> None:
    """A phone waits in Asterisk's pool of agents: nobody hears it there, and it is no call."""
    if (ch := w.reg.find(e, create=False)) is not None:
        w.waiting.pop(ch.uid, None)
        _let_go(w, ch)


def _heard(w: World, call: Call, ch: Channel) -> None:
    """A phone behind a Local is in as soon as another party hears it, whatever was not told."""
    near = w.reg.reach(ch)
    mine = [x for x in ([*near] if ch.local else [ch, *near]) if w.call(x) is call]
    for one in mine:
        made = call.attempt_of(one.attempt)
        if made is None or not made.by_local or made.outcome is not None or not one.up:
            continue
        if any(x is not one and x.up and x.attempt != made.n for x in mine):
            w.answer(call, made, w.stamp(call))
            w.join(call, one, w.stamp(call))


def _belong(w: World, ch: Channel, room: str | None) -> None:
    """Whoever stands beside a call's channel is part of that call."""
    near = [ch, *w.reg.beside(ch)]
    if any(w.reg.is_trunk(x) for x in near):
        for one in near:
            _let_go(w, one)
    if w.call(ch) is not None:
        call = w.call(ch)
        for other in w.reg.beside(ch):
            if (
                call is not None
                and (w.call(other) is None or _alone(w, call, other))
                and w.free(other)
            ):
                w.attach(call, other)
                if not other.local and other.up:
                    invited(w, other)
                    w.join(call, other, w.stamp(call))
        return
    beside = w.reg.beside(ch)
    for other in beside:
        call = w.call(other)
        if call is not None:
            w.attach(call, ch)
            return
    if room and (call := w.calls.get(w.rooms.get(room, ""))) is not None and not call.ended:
        w.attach(call, ch)
        return
    real = [x for x in (w.reg.reach(ch) if ch.local else beside) if not x.local and w.free(x)]
    if len(real) > ch.local:
        real.sort(key=lambda x: (not w.reg.is_trunk(x), not x.incoming))
        first = real[0]
        called = ch.incoming and not first.incoming and not w.reg.is_trunk(first)
        if called or (w.reg.is_trunk(ch) and not w.reg.is_trunk(first)):
            real = [ch, *real]
        elif not ch.local:
            real.append(ch)
        call = w.begin_from(real[0]) or w.begin(real[0])
        for one in real[1:]:
            w.attach(call, one)
            if one.originated:
                invited(w, one)
            w.join(call, one, w.stamp(call))
        if call.direction == "outbound" and call.from_number is None:
            call.from_number = next((x.number for x in call.legs if x.role == "agent"), None)


def _alone(w: World, call: Call, ch: Channel) -> bool:
    """Whether an agent is left in a room by the customer whom they served, and nobody serves this call."""
    theirs = w.call(ch)
    if theirs is None or theirs is call or call.serving() or ch.local or w.reg.is_trunk(ch):
        return False
    customer = w.reg.get(theirs.customer)
    leg = theirs.leg_of(ch.uid)
    return (
        leg is not None
        and leg.here
        and ch.uid not in (theirs.customer, theirs.root)
        and (customer is None or (customer.asked and customer.bridge != ch.bridge))
    )


def _let_go(w: World, ch: Channel) -> None:
    """A phone that has only waited, alone in a room, for whom it is connected to: that was no part of theirs."""
    call = w.call(ch)
    if call is None or w.reg.is_trunk(ch) or call.attempts or call.root != ch.uid:
        return
    if [x.uid for x in call.legs] == [ch.uid] and call.channels == {ch.uid}:
        w.end(call)
        w.detach(call, ch)


def _next(w: World, ch: Channel, bridge: str) -> bool:
    """Whether an agent's leg, which has outlived one call, is brought into another."""
    there = [w.reg.get(uid) for uid in w.reg.bridges.get(bridge, ()) if uid != ch.uid]
    if not any(w.call(x) is not None for x in there):
        return False
    w.reg.enter(ch, bridge)
    if w.free(ch):
        return True
    w.reg.leave(ch)
    return False


def _back(w: World, call: Call, ch: Channel) -> None:
    """The customer, or the Local half that stands for them, is among people again."""
    hold = call.open_hold()
    if hold is None or hold.kind not in ("room", "park"):
        return
    if hold.kind == "park" and not left_space(w, call, ch, ch.bridge or ""):
        return
    if ch.uid not in (hold.uid, call.customer):
        return
    if ch.uid == call.customer and hold.uid != ch.uid and hold.uid in w.reg.live:
        return
    w.resume(call)
    beside = {x.uid for x in w.reg.beside(ch)}
    here = [x for x in call.serving() if x.uid in beside]
    others = [x for x in here if x.number != hold.by]
    caller = call.customer_leg()
    mine = len(others) < len(here) or (caller is not None and caller.number == hold.by)
    if hold.kind == "room" and others and mine:
        how = "attended" if call.leaves is not None and call.leaves == hold.by else "conference"
        w.transfer(call, how, hold.by, others[-1].number, completed=True)
    elif (
        hold.kind == "room"
        and others
        and not any(x.how == "attended" and x.by == hold.by for x in call.transfers)
    ):
        # who had put them on music has left the room: those whom they consulted have them now
        w.transfer(call, "attended", hold.by, others[-1].number, completed=True)
    elif hold.kind == "room" and not here:
        w.handed_on(call, hold.by)


def _together(w: World, call: Call, ch: Channel) -> None:
    """A third party who comes in while the customer is there makes it a conference."""
    leg = call.leg_of(ch.uid)
    if leg is None or not leg.here or leg.role == "supervisor" or call.open_hold() is not None:
        return
    if ch.uid == call.customer:
        return  # the one whom the call is for is no third
    made = call.attempt_of(ch.attempt)
    others = [x for x in call.serving() if x is not leg]
    if made is None or made.by_local or not others or not ch.originated:
        return
    beside = {x.uid for x in w.reg.beside(ch)}
    if any(x.uid in beside for x in others):
        w.transfer(call, "conference", others[0].number, leg.number, completed=True)


def leave(w: World, e: Event) -> None:
    """A channel is in no bridge now."""
    ch = w.reg.find(e, create=False)
    bridge = e.value("BridgeUniqueid")
    if bridge is not None and not w.reg.resynced and (ch is None or _unmet(w, ch)):
        ch = _was_in(w, e, bridge)
    if ch is not None and (bridge is None or bridge == ch.bridge):
        w.reg.leave(ch)
        call = w.call(ch)
        leg = call.leg_of(ch.uid) if call is not None else None
        if call is None or leg is None or not leg.here:
            return
        if _handed_over(call, e.t):
            handed(w, call, ch)
            if not leg.here or not call.transfers[-1].completed:
                return
        if leg.role != "supervisor":
            call.first_out = call.first_out or (ch.uid if leg.uid == ch.uid else None)
        nobody_left(w, call)


def nobody_left(w: World, call: Call) -> None:
    """Whom the call is for has hung up and nobody is with them, nor they with anybody: it is over."""
    customer = w.reg.get(call.customer)
    if customer is None or not customer.asked or customer.bridge or not call.answered:
        return
    serving = [w.reg.get(x.uid) for x in call.serving()]
    if serving and not any(x is not None and x.bridge for x in serving):
        w.finish(call, cause=int(Cause.NORMAL_CLEARING))


def _handed_over(call: Call, t: int | None) -> bool:
    """Whether the parties move because the call has just been handed over."""
    last = call.transfers[-1] if call.transfers else None
    if last is None or last.how not in ("blind", "attended"):
        return False
    return last.pending or (t is not None and last.t is not None and t - last.t < 1_000_000)


def _unmet(w: World, ch: Channel) -> bool:
    """Its beginning was missed, and so was with whom it talks."""
    call = w.call(ch)
    return ch.in_progress and ch.bridge is None and (call is None or not call.answered)


def _was_in(w: World, e: Event, bridge: str) -> Channel | None:
    """All that we hear of a conversation, who begins to listen in its middle, may be its end.

    The oldest of those whom the PBX counts together begins the call; the others are part of it or of none:
    better a party too few than a call too many.
    """
    ch = w.reg.find(e)
    if ch is None or ch.local or ch.nobody:
        return ch
    w.reg.enter(ch, bridge)
    known = w.calls.get(w.rooms.get(f"bridge {bridge}", ""))
    beside = [call for x in w.reg.beside(ch) if (call := w.call(x)) is not None]
    if w.call(ch) is None and (beside or (known is not None and not known.ended)):
        call = beside[0] if beside else known
        if call is not None:
            w.attach(call, ch)
            w.join(call, ch, w.stamp(call))
        return ch
    oldest = ch.linked in (None, ch.uid) or (ch.incoming and w.reg.is_trunk(ch))
    call = w.begin_from(ch) if oldest else w.met_in_progress(ch)
    if call is None:
        return ch
    w.rooms[f"bridge {bridge}"] = call.call_uid
    w.join(call, ch, w.stamp(call))
    for other in [x for x in w.reg.live.values() if x.in_progress and not x.local and x is not ch]:
        if other.linked == ch.linked and other.linked is not None and w.call(other) is None:
            w.attach(call, other)
            w.join(call, other, w.stamp(call))
    # with whom it was may never be told, but there was somebody
    w.answered(call, w.stamp(call))
    return ch


def destroy(w: World, e: Event) -> None:
    """A bridge is gone and nobody is in it."""
    for uid in list(w.reg.bridges.get(e.value("BridgeUniqueid") or "", ())):
        if (ch := w.reg.get(uid)) is not None:
            w.reg.leave(ch)


def merge(w: World, e: Event) -> None:
    """Everybody of one bridge is moved to another."""
    old, new = e.value("FromBridgeUniqueid"), e.value("ToBridgeUniqueid")
    if not old or not new:
        return
    for uid in list(w.reg.bridges.get(old, ())):
        if (ch := w.reg.get(uid)) is not None:
            w.reg.enter(ch, new)


def hold(w: World, e: Event) -> None:
    """A phone's own hold key."""
    ch = w.reg.find(e)
    call = w.call(ch)
    leg = call.leg_of(ch.uid) if call is not None and ch is not None else None
    if call is None or ch is None or leg is None or not leg.here:
        return
    if leg.uid == ch.uid:  # on their second channel it is a colleague who hears the music
        w.hold(call, "phone", leg.number, ch.uid)


def unhold(w: World, e: Event) -> None:
    """The same phone takes the call back."""
    ch = w.reg.find(e, create=False)
    call = w.call(ch)
    held = call.open_hold() if call is not None else None
    if call is not None and ch is not None and held is not None and held.uid == ch.uid:
        w.resume(call, "phone")


def music(w: World, e: Event) -> None:
    """Music for the customer outside of any bridge, while somebody serves: a room's hold."""
    ch = w.reg.find(e, create=False)
    call = w.call(ch)
    if ch is None or call is None:
        return
    if ch.bridge is None:
        to_music(w, ch)
        ch.mixed = False
    elif call.state == "talking" and not ch.conference and (ch.uid == call.customer or ch.local):
        # held by the phone they talk with, if its own word for it did not reach us
        near = w.reg.reach(ch)
        if ch.local and not any(x.uid == call.customer for x in near):
            return
        beside = {x.uid for x in (w.reg.beside(ch) if ch.local else near)}
        serving = call.serving()
        # who asks a third party by a feature code may have left for them already
        away = [x for x in serving if (phone := w.reg.get(x.uid)) and phone.was_in == ch.bridge]
        here = [x for x in serving if x.uid in beside] or away
        if len(here) == 1:
            w.hold(call, "phone", here[0].number, here[0].uid)


def silence(w: World, e: Event) -> None:
    """The music is over: so is a hold by a phone that was told by music alone."""
    ch = w.reg.find(e, create=False)
    call = w.call(ch)
    if call is None or ch is None or ch.consult:
        return
    if ch.uid == call.customer or ch.local:
        w.resume(call, "phone")


def to_music(w: World, ch: Channel) -> None:
    """This channel was moved to music; it is a hold if it stands for the customer.

    Music for somebody who has heard nobody since the last is none: they come into the room a moment
    before the agent does.
    """
    call = w.call(ch)
    if call is None or call.state != "talking" or ch.bridge is not None:
        return
    stands = ch.uid == call.customer
    if ch.local and ch.half == 2:
        made = w.attempt_at(call, ch)
        stands = made is not None and made.outcome in ("answered", "taken")
    serving = call.serving()
    there = any(c is not None and c.bridge for c in (w.reg.get(x.uid) for x in serving))
    if stands and there and (ch.mixed or ch.in_progress):
        w.hold(call, "room", serving[0].number, ch.uid)


HANDLERS = {
    "AgentLogin": logged_in,
    "Agentlogin": logged_in,  # to Asterisk 11
    "BridgeEnter": entered,
    "ConfbridgeJoin": joined,
    "BridgeLeave": leave,
    "ConfbridgeLeave": left,
    "BridgeDestroy": destroy,
    "BridgeMerge": merge,
    "Hold": hold,
    "Unhold": unhold,
    "MusicOnHoldStart": music,
    "MusicOnHoldStop": silence,
}
