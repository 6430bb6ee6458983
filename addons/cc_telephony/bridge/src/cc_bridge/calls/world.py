# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls begin and end here.

A handler changes calls through these methods and names the moments it saw (``touch``); when
the event is done, ``settle`` works out each touched call's state and writes the facts.
"""

from __future__ import annotations

from dataclasses import replace

from cc_contract.causes import Cause

from .channels import Channel
from .core import Expected
from .outcome import close_attempt
from .parties import Parties
from .records import Attempt, Call, Leg
from .verdict import ended_by, loss

__all__ = ["Expected", "World"]

# A channel that the PBX tore down itself, its far end silent (rtp_timeout: 44).
_LOST = frozenset(
    {
        Cause.DESTINATION_OUT_OF_ORDER,
        Cause.NETWORK_OUT_OF_ORDER,
        Cause.TEMPORARY_FAILURE,
        Cause.SWITCH_CONGESTION,
        Cause.REQUESTED_CHANNEL_UNAVAILABLE,
    }
)

# a caller's hang-up and the end of what they rang, µs
_ONE_END_US = 1_000_000


class World(Parties):
    """Everything the model knows and can do; handlers are written in its terms."""

    __slots__ = ()

    # -- beginning ---------------------------------------------------------------------

    def begin(self, ch: Channel, *, uid: str | None = None, direction: str | None = None) -> Call:
        """A call begins with this channel."""
        # an agent's own mobile that they dial with is no customer
        trunk = self.reg.is_trunk(ch) and not (ch.agent and ch.originated)
        if direction is None:
            if trunk:
                direction = "inbound" if ch.incoming else "outbound"
            else:
                digits = sum(c.isdigit() for c in ch.wanted or ch.exten or "")
                calls = ch.incoming or ch.originated
                direction = "outbound" if calls and digits > 6 else "internal"
        call = Call(call_uid=uid or self.mint(), direction=direction, started_t=ch.t or self.now)
        call.estimated = ch.in_progress
        call.last_t = call.started_t
        call.root = call.customer = ch.uid
        call.to_number = ch.wanted or (ch.exten if ch.exten not in ("s", "h", "") else None)
        if ch.originated and ch.exten == ch.number:
            call.to_number = None  # its own number is where it was rung, not whom it calls
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
            return self.consulted(ch) or self.met_in_progress(ch) or self.begin(ch)
        phone = self.first_phone(ch)
        if phone is None:
            return None
        call = self.call(phone) or self.begin(phone)
        self.attach(call, ch)
        return call

    def second_line(self, call: Call, ch: Channel) -> Call:
        """The phone in ``call`` dials outside on its second line: that is a call of its own.

        Two colleagues have no customer about whom to ask.
        """
        self.off_the_leg(call, ch)
        return self.begin(ch)

    def split_off(self, call: Call, ch: Channel, cause: int | None) -> bool:
        """Whether what ``ch`` was part of, dialled outside on a second line, was a call of its own.

        While it lasts nobody can tell: a consult is what ends in the first call, joined or handed over, or
        what our controls ask for (theirs come with an Originate and never get here). What ends by itself
        was another call. It is told as one then, and the first call no longer tells of it.
        """
        made = call.attempt_of(ch.attempt)
        answered = made is not None and made.outcome == "answered"
        asker = ch if ch.consult else self.reg.get(made.src) if made and answered else None
        if asker is None or not asker.consult:
            return False
        tried = self._dialled_outside(call, asker)
        if not tried or not any(x.number == tried[-1].by for x in call.serving()):
            return False
        self._tell_apart(call, asker, tried, self._reached(call, tried[-1]), cause)
        return True

    def _dialled_outside(self, call: Call, asker: Channel) -> list[Attempt]:
        """Whom a second line dialled outside, unless it has become the call's: joined or handed over."""
        tried = [x for x in call.attempts if x.src == asker.uid and x.by and x.outside]
        tried = [x for x in tried if not x.apart]
        theirs = self._reached(call, tried[-1]) if tried else None
        numbers = {x.target for x in tried} | ({theirs.number} if theirs is not None else set())
        return [] if any(x.to in numbers for x in call.transfers) else tried

    def _rung_at(self, call: Call, made: Attempt) -> list[Channel]:
        """The channels of a ring, the way of a Local to its phone among them."""
        found = (self.reg.get(uid) for uid in sorted(call.channels))
        return [x for x in found if x is not None and self.attempt_at(call, x) is made]

    def _reached(self, call: Call, made: Attempt) -> Leg | None:
        """Who has answered a ring, themselves or behind a Local."""
        uids = [made.uid, *(x.uid for x in self._rung_at(call, made))]
        return next((leg for uid in uids if (leg := call.leg_of(uid)) is not None), None)

    def goes_on(self, call: Call, ch: Channel | None = None) -> None:
        """The first line is over; what its phone has dialled outside on the second goes on, as another call.

        :param ch: the phone's first channel; None when the whole call ends
        """
        for asker in self.parties(call):
            leg = call.leg_of(asker.uid)
            tried = self._dialled_outside(call, asker) if asker.consult and leg else []
            rung = self._rung_at(call, tried[-1]) if tried else []
            if not rung or leg is None or leg.gone or (ch is not None and leg.uid != ch.uid):
                continue
            near = [y for x in rung for y in self.reg.beside(x) if y not in rung]
            if any(call.leg_of(y.uid) not in (None, leg) for y in near):
                continue  # they are with the others: handed over, or in a conference
            if asker.asked or any(x.asked for x in rung):
                continue
            self.apart(call, asker, tried, rung)

    def apart(self, call: Call, asker: Channel, tried: list[Attempt], rung: list[Channel]) -> None:
        """What a second line does is a call of its own from now on, and has been."""
        theirs, t = self._reached(call, tried[-1]), tried[-1].end_t
        for made in tried:
            made.apart = True
        if theirs is not None:
            theirs.apart = True
        for one in (asker, *rung):
            self.off_the_leg(call, one)
        other = self.begin(asker, direction="outbound")
        other.line, other.to_number = tried[-1].line, tried[-1].target
        other.attempts = [replace(x, n=n, apart=False) for n, x in enumerate(tried, 1)]
        for one in rung:
            one.attempt = len(tried)
            self.attach(other, one)
        self.touch(other, "call.ringing")
        if tried[-1].outcome == "answered":
            self.answer(other, other.attempts[-1], t)
        # before the first call is: nobody is free between the two
        self._moments(other, self.touched.pop(other.call_uid, []))

    def finish(self, call: Call, *, cause: int | None = None, estimated: bool = False) -> None:
        """Whom the call is for has gone."""
        self.goes_on(call)
        self.end(call, cause=cause, estimated=estimated)
        for leg in call.legs:
            ch = self.reg.get(leg.uid)
            if ch is None or leg.role != "agent" or not ch.bridge:
                continue
            for other in self.reg.beside(ch):
                # another customer stands in the same room
                waiting = self.call(other)
                if waiting is not None and not waiting.serving() and self.free(ch):
                    self.join(waiting, ch, self.stamp(waiting))
                    break

    def _tell_apart(
        self,
        call: Call,
        asker: Channel,
        tried: list[Attempt],
        theirs: Leg | None,
        cause: int | None,
    ) -> None:
        """The call that has been, and the first call without it."""
        t = self.stamp(call)
        last = tried[-1]
        if last.outcome is None:
            close_attempt(last, "cancelled", t)
        rung = self._rung_at(call, last)
        other = Call(call_uid=self.mint(), direction="outbound", started_t=tried[0].ring_t)
        other.line = last.line
        other.from_number, other.to_number = last.by, last.target
        # without parties: it rings at nobody's screen any more
        self._say(other, "call.started")
        if last.outcome == "answered":
            other.answered, other.answered_t = True, last.end_t
        mine = Leg(leg=1, role="agent", number=last.by, channels=[asker.uid])
        mine.joined_t, mine.left_t = tried[0].ring_t, t
        other.legs = [mine]
        if theirs is not None:
            other.legs.append(replace(theirs, leg=2, role="customer", left_t=t))
            theirs.apart = True
        other.attempts = [replace(made, n=n) for n, made in enumerate(tried, 1)]
        for made in tried:
            made.apart = True
        other.last_t = other.ended_t = t
        if any(x.asked for x in rung):
            other.ended_by = "customer"
        else:
            other.ended_by = "agent" if asker.asked else "system"
        other.cause = cause if cause and 0 < cause < 128 else None
        other.state = "ended"
        for one in (asker, *rung):
            self.off_the_leg(call, one)
            one.attempt = None
        self._say(other, "call.ended")
        self.touch(call, "call.left")

    def met_in_progress(self, ch: Channel) -> Call | None:
        """Two whose beginning we missed and whom the PBX counts together are in one call."""
        if not ch.in_progress or ch.linked is None:
            return None
        for other in self.reg.live.values():
            if other is ch or not other.in_progress or other.linked != ch.linked:
                continue
            call = self.call(other)
            if call is None or not call.estimated:
                continue
            self.attach(call, ch)
            if call.direction == "internal" and self.reg.is_trunk(ch):
                self._customer_after_all(call, ch)
            if ch.up:
                self.join(call, ch, self.stamp(call))
            return call
        return None

    def _customer_after_all(self, call: Call, ch: Channel) -> None:
        """The call began, for us, with the agent; here is whom it is for."""
        call.direction = "inbound" if ch.incoming else "outbound"
        call.line = ch.line or ch.endpoint
        call.customer = ch.uid
        if ch.incoming:
            call.root, call.from_number, call.from_name = ch.uid, ch.number, ch.caller_name
        else:
            call.to_number = self.reg.outside_number(ch)
        self.touch(call)

    # -- leaving, ending ---------------------------------------------------------------

    def leave(self, call: Call, ch: Channel, cause: int | None = None) -> None:
        """A party's channel is gone."""
        t = self.stamp(call)
        leg = call.leg_of(ch.uid)
        if leg is None or leg.gone:
            return
        if leg.uid != ch.uid and leg.uid in self.reg.live:
            return  # their second channel, on which they consulted
        served = leg in call.serving()
        leg.gone, leg.left_t = True, t
        if not leg.joined:
            return
        customer = self.reg.get(call.customer)
        if customer is None or not customer.asked:
            # else the whole call is about to end: that says it all
            self.touch(call, "call.left")
        if leg.uid == call.customer or (leg.role == "supervisor" and not served):
            return
        call.last_left = (leg.number, t, ch.asked)
        hold = call.open_hold()
        others = [x for x in call.serving() if x.uid != ch.uid]
        if others and call.first_out == ch.uid:
            call.first_out = None  # they went, and the conversation goes on
        if hold is not None and others and hold.kind == "room" and hold.by == leg.number:
            # they put the customer on music, called another and go: a consult completed
            self.transfer(call, "attended", leg.number, others[-1].number, completed=True)
        elif others and customer is not None and not customer.asked:
            self._handed_over(call, leg, others)
        elif not others and hold is not None and hold.kind == "room" and hold.by == leg.number:
            self.handed_on(call, leg.number)
        if hold is not None and hold.uid == ch.uid and hold.kind != "park":
            # their phone's key made it, or it was they who heard the music: a colleague's colleague
            self.resume(call)
        if not call.serving():
            if hold is None or hold.kind != "park":
                self.resume(call)
            call.lost = not ch.asked and cause in _LOST
            if call.lost and customer is not None and not customer.asked:
                call.over_by = None  # a phone that died ended nothing, whatever the queue says
            elif not any(x.pending for x in call.transfers):
                self._conversation_over(call, ch)

    def handed_on(self, call: Call, by: str | None) -> None:
        """They go while the one whom they consult is still rung: it is a transfer once that one answers."""
        if any(x.pending for x in call.transfers):
            return
        for ch in self.parties(call):
            # tied to the call by a variable alone so far: now it is known to be a consult's ring
            if ch.originated and not (ch.up or ch.spy or ch.picks_up or ch.attempt):
                number = self.reg.extension(ch)
                self.attempt(call, ch, queue=None, target=number, ring_t=ch.dialled_t or ch.t)
        for made in reversed(call.attempts):
            rung = self.reg.get(made.uid)
            if made.outcome is None and rung is not None and rung.originated:
                self.transfer(call, "attended", by, made.target, completed=False, pending=True)
                return

    def first(self, call: Call, number: str) -> None:
        """Customer-first: the agent who asked is in the call before their phone rings."""
        call.first = call.from_number = number
        for made in call.attempts:
            made.target = call.to_number
        call.legs.insert(0, Leg(leg=1, role="agent", number=number, channels=[]))
        for n, leg in enumerate(call.legs, 1):
            leg.leg = n

    def _handed_over(self, call: Call, leg: Leg, others: list[Leg]) -> None:
        """They go and those whom they consulted stay: a transfer that had no event of its own."""
        if any(x.how == "attended" and x.by == leg.number for x in call.transfers):
            return
        for other in reversed(others):
            ch = self.reg.get(other.uid)
            made = call.attempt_of(ch.attempt) if ch is not None else None
            if made is not None and made.by is not None and made.by == leg.number:
                self.transfer(call, "attended", leg.number, other.number, completed=True)
                return

    def _conversation_over(self, call: Call, leaver: Channel) -> None:
        customer = self.reg.get(call.customer)
        if not self.reg.asks and call.first_out is not None:
            call.over_by = self._side_of(call, call.first_out)
        else:
            self._asked(call, customer, leaver)

    def _asked(self, call: Call, *parties: Channel | None) -> None:
        """The first of these who hung up has ended the conversation."""
        asked = [x for x in parties if x is not None and x.asked]
        if asked:
            call.over_by = self._side_of(call, min(asked, key=lambda x: x.asked_t or 0).uid)

    def _side_of(self, call: Call, uid: str) -> str:
        leg = call.leg_of(uid)
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
            self._asked(call, *(self.reg.get(x.uid) for x in call.legs if x.here))
        if call.over_by is None and not self.reg.asks and not estimated:
            self._untold(call)
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
        elif call.rating_due and call.answered and call.rating is None:
            call.rating = {"outcome": "not_sent", "key": None}
        call.estimated = call.estimated or estimated
        call.cause = cause if cause and 0 < cause < 128 else None
        call.ended_by = ended_by(call, customer)
        if call.wants and call.queue is None and not call.answered:
            call.queue = call.wants
        call.lost = cause in _LOST
        call.loss = loss(call, customer)
        call.in_queue = False
        call.ended_t = t
        self._moments(call, self.touched.pop(call.call_uid, []), before_end=True)
        call.state = "ended"
        self._say(call, "call.ended")
        self.rooms = {k: v for k, v in self.rooms.items() if v != call.call_uid}
        self._forget(call)

    def sweep(self) -> None:
        """A call whose last channel was found to be another's has nothing left that could end it."""
        for uid in list(self.touched):
            call = self.calls.get(uid)
            if call is not None and not call.ended and not call.channels:
                self.end(call, estimated=True)
                self.calls.pop(uid, None)

    def _untold(self, call: Call) -> None:
        """A stream without hang-up requests: the order in which things end says who ended them."""
        if call.first_out is not None and call.answered:
            call.over_by = self._side_of(call, call.first_out)
        elif not call.answered and call.abandoned and not call.overflow:
            call.over_by = "customer"
        elif call.attempts and call.attempts[-1].outcome == "cancelled":
            # nobody but the caller takes back a ring, which after a transfer is the customer
            last = call.attempts[-1]
            now = None in (last.end_t, call.last_t) or call.last_t - last.end_t < _ONE_END_US  # type: ignore[operator]
            if call.answered and call.transfers and now and last.src == call.customer:
                call.over_by = self._side_of(call, last.src or "")
            elif call.root and not call.answered and not call.queue:
                call.over_by = self._side_of(call, call.root)

    def gone(self, ch: Channel, cause: int | None) -> None:
        """A channel hung up: its leg, its attempt, and maybe its call are over."""
        self.waiting.pop(ch.uid, None)
        self.early.pop(ch.uid, None)
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
        if self.split_off(call, ch, cause):
            return
        if ch.uid == call.customer and call.serving() and call.over_by is None:
            self._asked(call, *(self.reg.get(x.uid) for x in call.legs if x.here))
        if ch.uid == call.customer and call.customer != call.root:
            self.finish(call, cause=cause)
            return
        if ch.uid == call.customer and call.direction == "inbound":
            self.finish(call, cause=cause)
            return
        leg = call.leg_of(ch.uid)
        if (
            leg is not None
            and call.direction == "outbound"
            and ch.uid == call.customer
            and leg.role == "customer"
        ):
            self.finish(call, cause=cause)
            return
        if leg is not None and leg.uid == ch.uid:
            # of two colleagues either ends it
            self.goes_on(call, None if call.direction == "internal" else ch)
        served = leg is not None and leg in call.serving()
        self.leave(call, ch, cause)
        customer = self.reg.get(call.customer)
        away = customer is not None and (customer.asked or customer.hung_up)
        if served and away and not call.serving():
            # who called has hung up and nobody serves them: their channel may live on in the dialplan
            self.finish(call, cause=cause)
            return
        rest = [
            x
            for x in (self.reg.get(u) for u in call.channels if u != ch.uid)
            if x is not None and not x.local and not x.nobody
        ]
        here = [x for x in call.legs if x.here and x.role != "supervisor"]
        if here and ch.uid == call.customer and call.direction == "internal":
            # who called has handed over; the one they had called is whom it is for now
            call.customer = here[0].uid
            if (hold := call.open_hold()) is not None and hold.uid == ch.uid:
                self.resume(call)
            if len(here) > 1:
                self.touch(call, "call.left")
        root = self.reg.get(call.root)
        if not here and (root is None or root is ch or not rest):
            self.finish(call, cause=cause)
