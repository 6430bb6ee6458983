# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the model holds, and the few moves that every event handler is made of.

A handler changes calls through these methods and names the moments it saw (``touch``); when
the event is done, ``settle`` works out each touched call's state and writes the facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..facts import CallFact
from .channels import Channel, Registry, local_exten
from .outcome import close_attempt
from .records import MOST, Attempt, Call, Hold, Leg, Transfer
from .verdict import ended_by, loss


@dataclass(slots=True)
class Expected:
    """A channel that somebody told us to expect: an Originate of ours."""

    call_uid: str
    role: str | None = None
    agent: str | None = None
    number: str | None = None
    name: str | None = None
    direction: str | None = None
    line: str | None = None
    action_id: str | None = None


@dataclass(slots=True)
class World:
    """Channels, calls, and the facts of the event under way."""

    mint: Callable[[], str]
    reg: Registry
    calls: dict[str, Call] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)
    # room name -> call, for those who enter a room by themselves
    rooms: dict[str, str] = field(default_factory=dict)
    # real channels that belong to no call yet, in order of birth
    waiting: dict[str, None] = field(default_factory=dict)
    touched: dict[str, list[str]] = field(default_factory=dict)
    out: list[CallFact] = field(default_factory=list)
    # PBX time of the event under way
    now: int | None = None

    # -- which call --------------------------------------------------------------------

    def call(self, ch: Channel | None) -> Call | None:
        """The open call of a channel, for a Local half that of its pair."""
        if ch is None:
            return None
        if ch.call is None and (other := self.reg.other(ch)) is not None:
            ch.call = other.call
        found = self.calls.get(ch.call or "")
        return found if found is not None and not found.ended else None

    def over(self, ch: Channel) -> bool:
        """The channel's call has ended already; it only has to hang up."""
        found = self.calls.get(ch.call or "")
        return found is not None and found.ended

    def stamp(self, call: Call) -> int | None:
        """The event's time on this call's own clock, which never goes back."""
        if self.now is not None and (call.last_t is None or self.now > call.last_t):
            call.last_t = self.now
        return None if self.now is None else call.last_t

    def touch(self, call: Call, *kinds: str) -> None:
        """This call changed; ``kinds`` are moments to tell whatever its state becomes."""
        mine = self.touched.setdefault(call.call_uid, [])
        for kind in kinds:
            if kind not in mine:
                mine.append(kind)

    def attach(self, call: Call, ch: Channel) -> None:
        """The channel, and its Local other half, is part of this call."""
        for one in (ch, self.reg.other(ch)):
            if one is None:
                continue
            self.waiting.pop(one.uid, None)
            one.call = call.call_uid
            call.channels.add(one.uid)
            if one.line and not call.line:
                call.line = one.line
        if ch.front and (front := self.reg.get(ch.front)) and front.call is None:
            self.attach(call, front)

    # -- beginning ---------------------------------------------------------------------

    def begin(self, ch: Channel, *, uid: str | None = None, direction: str | None = None) -> Call:
        """A call begins with this channel."""
        trunk = self.reg.is_trunk(ch)
        if direction is None:
            if trunk:
                direction = "inbound" if ch.incoming else "outbound"
            else:
                digits = sum(c.isdigit() for c in ch.exten or "")
                direction = "outbound" if ch.incoming and digits > 6 else "internal"
        call = Call(call_uid=uid or self.mint(), direction=direction, started_t=ch.t or self.now)
        call.estimated = ch.midway
        call.last_t = call.started_t
        call.root = call.customer = ch.uid
        call.to_number = ch.exten if ch.exten not in ("s", "h", "") else None
        if trunk:
            call.line = ch.line or ch.endpoint
        if trunk and not ch.incoming:
            call.to_number = self.reg.outside_number(ch)
        else:
            call.from_number = ch.number if trunk else self.reg.extension(ch)
            call.from_name = ch.caller_name
        if call.from_number and call.from_name == call.from_number:
            call.from_name = None
        self.calls[call.call_uid] = call
        self.rooms["c-" + ch.uid] = call.call_uid
        self.attach(call, ch)
        self.touch(call, "call.started")
        if trunk and not ch.incoming:
            # customer first: one attempt at the customer
            self.attempt(call, ch, queue=None, target=call.to_number, ring_t=ch.dialled_t or ch.t)
        else:
            leg = self.leg(call, ch, "customer" if trunk else "agent")
            if ch.incoming:
                leg.joined, leg.joined_t = True, call.started_t
        if ch.up:
            self.join(call, ch, ch.up_t)
        return call

    def begin_from(self, ch: Channel) -> Call | None:
        """The call of a channel that has just done something of weight; begun if need be."""
        call = self.call(ch)
        if call is not None or ch.nobody or self.over(ch):
            return call
        if not ch.local:
            return self.begin(ch)
        front = self.reg.get(ch.front) or self.reg.get((self.reg.other(ch) or ch).front)
        if front is None:
            return None
        call = self.call(front) or self.begin(front)
        self.attach(call, ch)
        return call

    # -- rings and parties -------------------------------------------------------------

    def attempt(
        self, call: Call, ch: Channel, *, queue: str | None, target: str | None, ring_t: int | None
    ) -> Attempt | None:
        """One more ring, at the dialled channel ``ch``."""
        if len(call.attempts) >= MOST:
            return None
        made = Attempt(
            n=len(call.attempts) + 1,
            queue=queue,
            target=target,
            ring_t=ring_t,
            uid=ch.uid,
            outside=not ch.local and ch.agent is None and self.reg.is_trunk(ch),
            by_local=ch.local,
        )
        call.attempts.append(made)
        ch.attempt = made.n
        call.over_by = None
        call.rating_open = False
        self.touch(call, "call.ringing")
        return made

    def attempt_at(self, call: Call, ch: Channel) -> Attempt | None:
        """The attempt that a channel, or the Local pair before it, belongs to."""
        other = self.reg.other(ch)
        return call.attempt_of(ch.attempt or (other.attempt if other else None))

    def leg(self, call: Call, ch: Channel, role: str, number: str | None = None) -> Leg:
        """The channel's leg, made if it has none that is still open."""
        found = call.leg_of(ch.uid)
        if found is not None and not found.gone:
            return found
        made = Leg(
            leg=len(call.legs) + 1,
            role=role,
            number=number or self.reg.extension(ch),
            channels=[ch.uid],
            uid=ch.uid,
        )
        if role == "customer" and ch.incoming:
            made.number = ch.number
        call.legs.append(made)
        return made

    def answer(self, call: Call, made: Attempt, t: int | None) -> None:
        """The attempt was answered by whoever it rang."""
        if made.outcome in (None, "no_answer", "cancelled") and (made.outcome is None or made.weak):
            made.outcome, made.end_t, made.weak = "answered", t, False
        if made.outcome != "answered":
            return
        dialled = self.reg.get(made.uid)
        parties = [
            x
            for x in (self.reg.live.get(u) for u in sorted(call.channels))
            if x is not None and not x.local and x.attempt == made.n
        ]
        for ch in parties:
            if ch.up or ch is dialled:
                self.join(call, ch, t)
        if not parties:
            self.answered(call, t)

    def ring_over(
        self, call: Call, made: Attempt, outcome: str, t: int | None, *, weak: bool = False
    ) -> None:
        """An attempt ended without an answer."""
        known = made.outcome is not None
        if not close_attempt(made, outcome, t, weak=weak):
            return
        if known:
            # said already, now more exactly
            again = {"queued": "call.queued", "ringing": "call.ringing"}
            self.touch(call, again.get(call.state, "call.left"))
            return
        still = any(x.outcome is None for x in call.attempts)
        talking = call.state in ("talking", "held")
        self.touch(call, *(("call.ringing",) if still else ("call.left",) if talking else ()))

    def answered(self, call: Call, t: int | None) -> None:
        """A human on the side that was called has answered."""
        if not call.answered:
            call.answered, call.answered_t = True, t
        for transfer in call.transfers:
            if transfer.pending:
                transfer.pending, transfer.completed = False, True
        self.touch(call)

    def join(self, call: Call, ch: Channel, t: int | None, role: str | None = None) -> None:
        """A party is in the call: answered, or entered its bridge."""
        if ch.local or ch.nobody:
            return
        self.attach(call, ch)
        made = call.attempt_of(ch.attempt)
        if made is not None and made.outside and call.direction == "outbound" and not call.answered:
            call.customer = ch.uid
        if role is None:
            role = self._role(call, ch, made)
        leg = self.leg(call, ch, role, self._leg_number(ch, made))
        if leg.joined:
            return
        leg.joined, leg.joined_t = True, t
        call.lost = False
        if leg.role == "supervisor":
            self.touch(call, "call.joined")
            return
        first = not call.answered
        if made is not None and made.outcome is None:
            made.outcome, made.end_t = "answered", t
        # who began the call does not answer it; the one it is for does
        if ch.uid != call.root or ch.attempt:
            self.answered(call, t)
        if not first:
            self.touch(call, "call.joined")
        self.touch(call)

    def _role(self, call: Call, ch: Channel, made: Attempt | None) -> str:
        if made is not None and made.by_local and not made.outside:
            return "agent"
        if not self.reg.is_trunk(ch) or ch.agent:
            return "agent"
        if ch.uid == call.customer and call.direction != "internal":
            return "customer"
        return "outside"

    def _leg_number(self, ch: Channel, made: Attempt | None) -> str | None:
        if made is not None and made.by_local and made.target:
            return made.target
        return self.reg.extension(ch)

    # -- holding, handing over ---------------------------------------------------------

    def hold(self, call: Call, kind: str, by: str | None, uid: str) -> None:
        """The customer hears music from now on."""
        if call.open_hold() is None and len(call.holds) < MOST and call.serving():
            call.holds.append(Hold(from_t=self.stamp(call), by=by, kind=kind, uid=uid))
            self.touch(call)

    def resume(self, call: Call, kind: str | None = None) -> Hold | None:
        """The customer is back from music; the hold that ended, if any."""
        hold = call.open_hold()
        if hold is None or (kind is not None and hold.kind != kind):
            return None
        hold.open, hold.to_t = False, self.stamp(call)
        customer = self.reg.get(call.customer)
        if customer is None or not customer.asked:
            self.touch(call)
        return hold

    def transfer(
        self,
        call: Call,
        how: str,
        by: str | None,
        to: str | None,
        completed: bool,
        pending: bool = False,
    ) -> None:
        """The call was handed over, or is about to be."""
        if len(call.transfers) < MOST:
            call.transfers.append(Transfer(self.stamp(call), how, by, to, completed, pending))
            self.touch(call, "call.transferred")

    # -- leaving, ending ---------------------------------------------------------------

    def leave(self, call: Call, ch: Channel, cause: int | None = None) -> None:
        """A party's channel is gone."""
        t = self.stamp(call)
        leg = call.leg_of(ch.uid)
        if leg is None or leg.gone:
            return
        leg.gone, leg.left_t = True, t
        if not leg.joined:
            return
        customer = self.reg.get(call.customer)
        if customer is None or not customer.asked:
            # else the whole call is about to end: that says it all
            self.touch(call, "call.left")
        if leg.role == "supervisor" or leg.uid == call.customer:
            return
        call.last_left = (leg.number, t, ch.asked)
        hold = call.open_hold()
        others = [x for x in call.serving() if x.uid != ch.uid]
        if hold is not None and others and hold.kind == "room" and hold.by == leg.number:
            # he put the customer on music, called another and goes: a consult completed
            self.transfer(call, "attended", leg.number, others[-1].number, completed=True)
        if hold is not None and (hold.kind == "phone" and hold.uid == ch.uid):
            self.resume(call)
        if not call.serving():
            self.resume(call)
            call.lost = not ch.asked and cause in _LOST
            self._conversation_over(call, ch)

    def _conversation_over(self, call: Call, leaver: Channel) -> None:
        customer = self.reg.get(call.customer)
        if customer is not None and customer.asked and customer is not leaver:
            call.over_by = self._side(call, customer)
        elif leaver.asked:
            call.over_by = self._side(call, leaver)

    def _side(self, call: Call, ch: Channel) -> str:
        leg = call.leg_of(ch.uid)
        return "customer" if leg is not None and leg.role == "customer" else "agent"

    def end(self, call: Call, *, cause: int | None = None, estimated: bool = False) -> None:
        """The call is over: close all that is open and say so."""
        if call.ended:
            return
        t = call.last_t if estimated else self.stamp(call)
        for made in call.attempts:
            if made.outcome is None:
                close_attempt(made, "cancelled", t)
        if call.over_by is None and call.serving():
            asked = [
                c
                for c in (self.reg.get(x.uid) for x in [*call.legs] if x.here)
                if c is not None and c.asked
            ]
            asked.sort(key=lambda c: c.asked_t or 0)
            if asked:
                call.over_by = self._side(call, asked[0])
        customer = self.reg.get(call.customer)
        for hold in call.holds:
            if hold.open:
                hold.open, hold.to_t = False, t
        for leg in call.legs:
            if not leg.gone:
                leg.gone, leg.left_t = True, t
        for transfer in call.transfers:
            transfer.pending = False
        if call.rating_open and call.rating is None:
            call.rating = {"outcome": "hung_up", "key": None}
        call.estimated = call.estimated or estimated
        call.cause = cause if cause and 0 < cause < 128 else None
        call.ended_by = ended_by(call, customer)
        call.loss = loss(call, customer)
        call.in_queue = False
        call.ended_t = t
        self._moments(call, self.touched.pop(call.call_uid, []), before_end=True)
        call.state = "ended"
        self._say(call, "call.ended")
        self.rooms = {k: v for k, v in self.rooms.items() if v != call.call_uid}
        self._forget(call)

    def _forget(self, call: Call) -> None:
        """An ended call is kept until the last of its channels is gone."""
        call.channels = {u for u in call.channels if u in self.reg.live}
        if call.ended and not call.channels:
            self.calls.pop(call.call_uid, None)

    def gone(self, ch: Channel, cause: int | None) -> None:
        """A channel hung up: its leg, its attempt, and maybe its call are over."""
        self.waiting.pop(ch.uid, None)
        known = self.calls.get(ch.call or "")
        call = self.call(ch)
        if call is not None:
            self._gone_from(call, ch, cause)
        self.reg.drop(ch)
        if known is not None:
            known.channels.discard(ch.uid)
            self._forget(known)

    def _gone_from(self, call: Call, ch: Channel, cause: int | None) -> None:
        self.stamp(call)
        if ch.uid == call.customer and ch.asked and call.serving() and call.over_by is None:
            call.over_by = self._side(call, ch)
        if ch.uid == call.customer and call.customer != call.root:
            self.end(call, cause=cause)
            return
        if ch.uid == call.customer and call.direction == "inbound":
            self.end(call, cause=cause)
            return
        leg = call.leg_of(ch.uid)
        if (
            leg is not None
            and call.direction == "outbound"
            and ch.uid == call.customer
            and leg.role == "customer"
        ):
            self.end(call, cause=cause)
            return
        self.leave(call, ch, cause)
        rest = [
            x
            for x in (self.reg.get(u) for u in call.channels if u != ch.uid)
            if x is not None and not x.local and not x.nobody
        ]
        here = [x for x in call.legs if x.here and x.role != "supervisor"]
        root = self.reg.get(call.root)
        if not here and (root is None or root is ch or not rest):
            self.end(call, cause=cause)

    # -- telling -----------------------------------------------------------------------

    def state(self, call: Call) -> str:
        """What the call is doing, worked out from its parts."""
        ringing = any(x.outcome is None for x in call.attempts)
        side = call.customer_leg()
        if side is not None and side.here and call.serving() and call.answered:
            return "held" if call.open_hold() is not None else "talking"
        if ringing:
            return "ringing"
        if call.in_queue:
            return "queued"
        if any(not x.joined and not x.gone for x in call.legs):
            return "ringing"
        if call.direction == "outbound" and not call.attempts:
            return "ringing"  # the agent is in, the customer is about to be dialled
        if call.lost and self._kept(call):
            return "held"
        return "ivr"

    def _kept(self, call: Call) -> bool:
        """A queue's Local leg still holds the customer though nobody serves: a phone was lost."""
        for made in call.attempts:
            if made.outcome == "answered" and made.by_local and made.uid in self.reg.live:
                return True
        return False

    def settle(self) -> list[CallFact]:
        """Write the facts of the event under way."""
        for uid in list(self.touched):
            call = self.calls.get(uid)
            kinds = self.touched.pop(uid, [])
            if call is not None and not call.ended:
                self._moments(call, kinds)
        out, self.out = self.out, []
        return out

    def _moments(self, call: Call, kinds: list[str], before_end: bool = False) -> None:
        before = call.state
        if not before_end:
            call.state = self.state(call)
        if "call.started" in kinds:
            before = "ivr"
        turn = _TURN.get(call.state) if call.state != before else None
        if before == "held" and call.state == "talking":
            turn = "call.resumed"
        if turn is None and call.state != before and before in ("ringing", "queued"):
            turn = "call.left"
        if turn == "call.ringing" and "call.started" in kinds and not call.attempts:
            turn = None  # the agent's own phone rings for a call that he asked for
        # what the turn says already needs no second fact
        if turn == "call.answered" and "call.joined" in kinds:
            kinds.remove("call.joined")
        if (before_end or call.state != "ringing") and "call.ringing" in kinds and turn is not None:
            kinds.remove("call.ringing")
        if turn and turn not in kinds:
            kinds.append(turn)
        if before_end:
            kinds = [k for k in kinds if k in ("call.started", "call.transferred", "call.rated")]
        for kind in kinds:
            self._say(call, kind)

    def _say(self, call: Call, kind: str) -> None:
        call.rev += 1
        t = self.stamp(call)
        self.out.append(CallFact(kind=kind, t=t, call=call.as_dict()))

    # -- names -------------------------------------------------------------------------

    def target(self, ch: Channel, interface: str | None = None) -> str | None:
        """Who is rung: the agent's number, the extension, or the number outside."""
        if interface and (exten := local_exten(interface)):
            return exten
        if ch.local:
            return local_exten(ch.endpoint) or ch.endpoint
        return self.reg.extension(ch)


# A channel that the PBX tore down itself, its far end silent (rtp_timeout: 44).
_LOST = frozenset({27, 38, 41, 42, 44})
_TURN = {
    "queued": "call.queued",
    "ringing": "call.ringing",
    "talking": "call.answered",
    "held": "call.held",
    "ivr": "call.left",
}
