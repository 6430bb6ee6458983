# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rings, parties, holds, transfers: the moves that change who is in a call."""

from __future__ import annotations

from .channels import Channel
from .core import Core
from .outcome import close_attempt
from .records import MOST, Attempt, Call, Hold, Leg, Transfer

# what is told again so soon is the same news, µs
_ONE_WORD_US = 50_000


class Parties(Core):
    """Who is rung, who is in, who waits."""

    __slots__ = ()

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
            ring_t=self.within(call, ring_t),
            uid=ch.uid,
            outside=not ch.local and ch.agent is None and self.reg.is_trunk(ch),
            by_local=ch.local,
            hidden=ch.local and any(c.isalpha() for c in target or ""),
        )
        made.line = (ch.line or ch.endpoint) if made.outside else None
        call.attempts.append(made)
        ch.attempt = made.n
        call.over_by = None
        call.rating_open = call.rating_told = False
        self.touch(call, "call.ringing")
        return made

    def parties(self, call: Call) -> list[Channel]:
        """The real channels of a call, in order of their ids."""
        found = (self.reg.live.get(u) for u in sorted(call.channels))
        return [x for x in found if x is not None and not x.local]

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
        if made.outcome in (None, "no_answer", "cancelled") and (
            made.outcome is None or made.provisional
        ):
            made.outcome, made.end_t, made.provisional = "answered", t, False
        if made.outcome != "answered":
            return
        dialled = self.reg.get(made.uid)
        parties = [x for x in self.parties(call) if x.attempt == made.n]
        there = [x for x in parties if x.up or x is dialled]
        if not there and len(parties) == 1:
            there = parties  # that it answered did not reach us
        for ch in there:
            self.join(call, ch, t)
        if not there:
            self.answered(call, t)

    def ring_over(
        self, call: Call, made: Attempt, outcome: str, t: int | None, *, provisional: bool = False
    ) -> None:
        """An attempt ended without an answer."""
        if made.broken and outcome in ("no_answer", "failed"):
            outcome = "cancelled"
        known = made.outcome is not None
        if not close_attempt(made, outcome, t, provisional=provisional):
            return
        if known:
            # said already, now more exactly
            again = {"queued": "call.queued", "ringing": "call.ringing"}
            self.touch(call, again.get(call.state, "call.left"))
            return
        still = any(x.outcome is None for x in call.attempts)
        talking = call.state in ("talking", "held")
        self.touch(call, *(("call.ringing",) if still else ("call.left",) if talking else ()))

    def answered(self, call: Call, t: int | None, number: str | None = None) -> None:
        """A human on the side that was called has answered; ``number``: who."""
        if not call.answered:
            call.answered, call.answered_t = True, t
        if call.wants:
            call.wants, call.in_queue = None, False
        for transfer in call.transfers:
            if transfer.pending:
                # it may have come back to whoever handed over: nobody took it
                back = number is not None and number == transfer.by
                transfer.pending, transfer.completed = False, not back
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
        if made is not None and made.hidden and leg.number:
            made.target = leg.number
        if leg.joined:
            return
        t = self.within(call, t)
        leg.joined, leg.joined_t = True, t
        call.lost, call.first_out = False, None
        if leg.role == "supervisor":
            self.touch(call, "call.joined")
            return
        first = not call.answered
        for transfer in call.transfers:
            if transfer.pending and transfer.how == "attended" and leg.number != transfer.by:
                transfer.to = leg.number  # of all that rang, they take it
        if made is not None and made.outcome is None:
            made.outcome, made.end_t = "answered", t
        # who began the call does not answer it; the one it is for does
        if ch.uid != call.root or ch.attempt:
            self.answered(call, t, leg.number)
        if not first or any(not x.channels for x in call.legs):
            # also the customer of a call whose agent is still to be rung
            self.touch(call, "call.joined")
        self.touch(call)

    def _role(self, call: Call, ch: Channel, made: Attempt | None) -> str:
        if made is not None and (made.by_local or made.queue) and not made.outside:
            return "agent"
        if not self.reg.is_trunk(ch) or ch.agent:
            return "agent"
        if ch.uid == call.customer and call.direction != "internal":
            return "customer"
        return "outside"

    def _leg_number(self, ch: Channel, made: Attempt | None) -> str | None:
        ours = made is not None and (made.by_local or (made.queue and not made.outside))
        if made is not None and ours and made.target and not made.hidden:
            return made.target
        return self.reg.extension(ch)

    def consulted(self, ch: Channel) -> Call | None:
        """The call for which this phone calls somebody: it is in a conversation already.

        A consult belongs to the call that it serves (``facts.md``). The new channel joins the leg of
        the one who asks; whom it rings is one more party of that call.
        """
        if not ch.incoming or ch.local or ch.nobody or ch.spy or self.reg.is_trunk(ch):
            return None
        found: dict[str, tuple[Call, Leg]] = {}
        for uid in self.reg.by_endpoint.get((ch.tech, ch.endpoint), ()):
            other = self.reg.live[uid]
            call = self.call(other) if other is not ch else None
            leg = call.leg_of(uid) if call is not None else None
            if call is None or leg is None or not leg.here or other.asked or other.consult:
                continue
            if leg.role == "agent" and leg.uid == uid and call.answered:
                found[call.call_uid] = (call, leg)
        if len(found) != 1:
            return None
        call, leg = next(iter(found.values()))
        ch.consult = True
        self.attach(call, ch)
        leg.channels.append(ch.uid)
        return call

    def off_the_leg(self, call: Call, ch: Channel) -> None:
        """A phone's second channel has nothing to do with this call after all."""
        ch.consult, ch.call = False, None
        call.channels.discard(ch.uid)
        for leg in call.legs:
            if ch.uid in leg.channels and leg.uid != ch.uid:
                leg.channels.remove(ch.uid)

    # -- holding, handing over ---------------------------------------------------------

    def hold(self, call: Call, kind: str, by: str | None, uid: str, *, left: bool = False) -> None:
        """The customer hears music from now on; ``left``: who put them there has gone meanwhile."""
        if call.open_hold() is None and len(call.holds) < MOST and (call.serving() or left):
            self._no_conference(call, by)
            call.holds.append(Hold(from_t=self.stamp(call), by=by, kind=kind, uid=uid))
            self.touch(call)

    def _no_conference(self, call: Call, by: str | None) -> None:
        """Who waited came back a moment before the customer went to the music: they were swapped, no more."""
        last, t = (call.transfers[-1] if call.transfers else None), self.now
        if last is None or last.how != "conference" or last.by != by or None in (last.t, t):
            return
        if t - last.t < 500_000:  # type: ignore[operator]
            call.transfers.pop()

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
        """The call was handed over, or is about to be; said twice, it was once."""
        last, t = (call.transfers[-1] if call.transfers else None), self.now or 0
        same = last is not None and (last.how, last.by, last.to) == (how, by, to)
        if last is not None and same and t - (last.t or 0) < _ONE_WORD_US and t:
            return
        if len(call.transfers) < MOST:
            call.transfers.append(Transfer(self.stamp(call), how, by, to, completed, pending))
            self.touch(call, "call.transferred")
