# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the model holds: channels, calls, and the facts of the event under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..events import Event
from ..facts import CallFact
from .channels import Channel, Registry, local_exten
from .records import Call

_TURN = {
    "queued": "call.queued",
    "ringing": "call.ringing",
    "talking": "call.answered",
    "held": "call.held",
    "ivr": "call.left",
}


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
    # customer-first: the agent who is rung when the customer has answered
    first: str | None = None
    # it must press a key before it counts
    confirm: bool = False


@dataclass(slots=True)
class Core:
    """The memory, and how it is told: ``touch`` while an event is worked on, ``settle`` after it."""

    mint: Callable[[], str]
    reg: Registry
    calls: dict[str, Call] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)
    # of Originates that failed, the last ones: the word of it overtakes what is told of the channel
    failed: dict[str, Expected] = field(default_factory=dict)
    # room name -> call, for those who enter a room by themselves
    rooms: dict[str, str] = field(default_factory=dict)
    # real channels that belong to no call yet, in order of birth
    waiting: dict[str, None] = field(default_factory=dict)
    # what rooms have told of channels before the PBX said that they are in: uniqueid -> event
    early: dict[str, Event] = field(default_factory=dict)
    # whether this PBX tells of bridges (since Asterisk 12, unless it is filtered)
    bridges_told: bool = False
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

    def free(self, ch: Channel) -> bool:
        """Whether it may belong to a new call. An agent's leg may outlive its calls in its room."""
        found = self.calls.get(ch.call or "")
        if found is None or not found.ended:
            return True
        if ch.local or not ch.bridge or ch.uid in (found.customer, found.root):
            return False
        self.detach(found, ch)
        return True

    def detach(self, call: Call, ch: Channel) -> None:
        """The channel is no part of this call any more, which is over."""
        ch.call, ch.attempt = None, None
        call.channels.discard(ch.uid)
        self._forget(call)

    def stamp(self, call: Call) -> int | None:
        """The event's time on this call's own clock, which never goes back."""
        if self.now is not None and (call.last_t is None or self.now > call.last_t):
            call.last_t = self.now
        return None if self.now is None else call.last_t

    @staticmethod
    def within(call: Call, t: int | None) -> int | None:
        """A time that a channel carries from an event of its own, on the call's clock: they may come in
        another order, and what a call tells never lies before its beginning nor after its last event.
        """
        if t is None:
            return None
        if call.started_t is not None:
            t = max(t, call.started_t)
        call.last_t = max(t, call.last_t or t)
        return t

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
            before = self.calls.get(one.call or "")
            if before is not None and before is not call and not before.ended:
                # it was taken for another call's; there it is no more
                leg = before.leg_of(one.uid)
                if leg is not None and not leg.gone:
                    leg.gone, leg.left_t = True, self.stamp(before)
                before.channels.discard(one.uid)
                self.touch(before)
            one.call = call.call_uid
            call.channels.add(one.uid)
            if one.line and not call.line:
                call.line = one.line
        if ch.rang_first and (phone := self.reg.get(ch.rang_first)) and phone.call is None:
            self.attach(call, phone)

    # -- names -------------------------------------------------------------------------

    def target(self, ch: Channel, interface: str | None = None) -> str | None:
        """Who is rung: the agent's number, the extension, or the number outside."""
        if interface and (exten := local_exten(interface)):
            return exten
        if ch.local:
            return local_exten(ch.endpoint) or ch.endpoint
        return self.reg.extension(ch)

    def first_phone(self, ch: Channel) -> Channel | None:
        """The phone for which an originated Local stands, as soon as it has rung one."""
        seen: set[str] = set()
        at: Channel | None = ch
        while at is not None and at.local and at.uid not in seen:
            seen.add(at.uid)
            at = self.reg.get(at.rang_first) or self.reg.get((self.reg.other(at) or at).rang_first)
        return None if at is None or at.local else at

    # -- telling -----------------------------------------------------------------------

    def state(self, call: Call) -> str:
        """What the call is doing, worked out from its parts."""
        ringing = any(x.outcome is None for x in call.attempts)
        side = call.customer_leg()
        hold = call.open_hold()
        if hold is not None and hold.kind == "park":
            return "held"
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
            if (
                made.outcome in ("answered", "taken")
                and made.by_local
                and made.uid in self.reg.live
            ):
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
            turn = None  # the agent's own phone rings for a call that they asked for
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

    def _forget(self, call: Call) -> None:
        """An ended call is kept until the last of its channels is gone."""
        call.channels = {u for u in call.channels if u in self.reg.live}
        if call.ended and not call.channels:
            self.calls.pop(call.call_uid, None)
