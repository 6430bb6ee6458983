# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling: who rings whom, and how each ring ends."""

from __future__ import annotations

from cc_contract.causes import Cause

from ...events import Event
from ..channels import Channel
from ..lines import same_number
from ..outcome import by_dial, heard, refined
from ..records import Attempt, Call
from ..world import World
from .transfer import taken

# Contexts of our dialplan in which a Dial rings an agent, never a customer.
_RINGS_AGENTS = frozenset({"cc-direct", "cc-room", "cc-agent", "cc-first"})

# what a dialplan does in one go, µs
_ONE_STEP_US = 1_000_000
# failed Originates whose channels may still be told of
_MOST_FAILED = 100


def dial_begin(w: World, e: Event) -> None:
    """A channel dials another; without a source it is an Originate."""
    dst = w.reg.find(e, "Dest")
    if dst is None or dst.nobody:
        return
    src = w.reg.find(e)
    dialled = e.value("DialString")
    dst.dialled = dst.dialled or dialled
    dst.dialled_t = dst.dialled_t or e.t
    dst.rung_by = src.uid if src is not None else None
    w.reg.learn(dst, dialled)
    if src is None:
        src = _on_behalf(w, e, dst)
    if src is None:
        dst.originated = True
        if dst.local:
            return
        if w.call(dst) is None:
            w.waiting[dst.uid] = None
        return
    if src.nobody or w.over(src):
        return
    if not src.local and src.dialled_t is None and not src.originated:
        src.incoming = True  # who dials and was not dialled has called us
    src.exten = e.value("Exten") or src.exten
    call = w.call(src)
    if call is None:
        if src.local and w.first_phone(src) is None and not _on_the_way(w, src):
            # an Originate to a Local: whoever it rings first is where the call begins
            _stands_for(w, src, dst)
            return
        call = w.begin_from(src)
    if call is None:
        return
    if dst.incoming and not dst.originated and dst.dialled_t == e.t and w.call(dst) is not call:
        # it had called by itself (*8, a replaced dialogue): it takes the ring of another
        rung = w.attempt_at(call, src) or _just_over(w, call) or _last_ring(call)
        if rung is not None and (rung.outcome in (None, "cancelled") or rung.provisional):
            taken(w, call, dst, rung)
            return
    outside = not (src.local or dst.local) and dst.agent is None and w.reg.is_trunk(dst)
    if src.consult and outside and call.direction == "internal":
        call = w.second_line(call, src)
    w.attach(call, dst)
    _ring(w, call, src, dst, e)


def _on_behalf(w: World, e: Event, dst: Channel) -> Channel | None:
    """Who rings without being named: *Page* tells it by nothing but the Linkedid its phones are born with."""
    by = w.reg.by_id(e.value("DestLinkedid"))
    if by is None or by is dst or dst.incoming or not by.incoming or by.local or by.bridge:
        return None
    return by


def _on_the_way(w: World, way: Channel) -> bool:
    """Whether a Local half dials for a call of which it has not been told yet: it was born in its name."""
    by, door = w.reg.by_id(way.linked), w.reg.other(way)
    if by is None or door is None or by.local or by.nobody or way.originated or w.over(by):
        return False
    call = w.call(by) or (w.begin_from(by) if by.incoming else None)
    if call is None:
        return False
    w.attach(call, door)
    # else somebody asks by a feature code: no ring is told
    if by.consult or not call.serving():
        target = w.target(door)
        w.attempt(call, door, queue=_queue(w, call, by), target=target, ring_t=w.stamp(call))
    return True


def _just_over(w: World, call: Call) -> Attempt | None:
    """The ring that the PBX ended a moment ago to give it to who takes it (Asterisk 13's order)."""
    for made in reversed(call.attempts):
        over = made.provisional and made.outcome in ("no_answer", "cancelled")
        if over and None not in (made.end_t, w.now) and w.now - made.end_t < 50_000:  # type: ignore[operator]
            return made
    return None


def _last_ring(call: Call) -> Attempt | None:
    for made in reversed(call.attempts):
        if made.outcome is None:
            return made
    return call.attempts[-1] if call.attempts else None


def _stands_for(w: World, src: Channel, dst: Channel) -> None:
    halves = [x for x in (src, w.reg.other(src)) if x is not None]
    dst.originated = True
    if not dst.local:
        w.waiting[dst.uid] = None
        # Locals in between may soon be optimised away
        names = {x.uid for x in halves}
        more = [x for x in w.reg.live.values() if x.local and x.rang_first in names]
        while more:
            halves += more
            names = {x.uid for x in more} | {o.uid for x in more if (o := w.reg.other(x))}
            more = [
                x
                for x in w.reg.live.values()
                if x.local and x.rang_first in names and x not in halves
            ]
    for one in halves:
        one.rang_first = dst.uid


def _ring(w: World, call: Call, src: Channel, dst: Channel, e: Event) -> None:
    hint = dst.agent_hint or src.agent_hint
    theirs = (e.value("Context") or "") in _RINGS_AGENTS
    if theirs and hint and not dst.local:
        # our dialplan names the agent it rings, also when the phone is an outside mobile
        dst.agent = dst.agent or hint
    if src.local:
        behind = w.attempt_at(call, src)
        if behind is not None and _forwarded(behind, dst, w.target(dst)):
            w.ring_over(call, behind, "cancelled", w.stamp(call))
        elif behind is not None and behind.by_local and not _goes_on(call, behind):
            # the phone behind a queue member's Local: same ring
            dst.attempt = behind.n
            if not dst.local:
                _behind(w, call, behind, dst, hint)
            return
    known = call.attempt_of(dst.attempt)
    if known is not None and known.src is None and dst.local:
        known.src, known.confirm = src.uid, src.confirm
    if known is not None or call.leg_of(dst.uid) is not None:
        return
    if call.first is not None and w.reg.extension(dst) == call.first:
        # customer-first: they asked for this call, their leg is there already
        for leg in call.legs:
            if leg.number == call.first and not leg.channels:
                leg.channels.append(dst.uid)
                leg.uid, call.first = dst.uid, None
                return
    trunk = not dst.local and w.reg.is_trunk(dst)
    if dst.agent is not None:
        trunk = False
    if call.direction == "internal" and trunk and not call.answered:
        call.direction = "outbound"
    elif call.direction == "outbound" and not trunk and not call.attempts and not call.answered:
        root = w.reg.get(call.root)
        if root is not None and not root.originated:
            call.direction = "internal"
    if trunk and call.direction == "outbound":
        _by_line(w, call, dst)
    if trunk and src.uid == call.customer and call.from_before is not None:
        _shown_outside(w, call)
    if call.to_number is None:
        number = src.exten if src.exten not in ("s", "h") else None
        named = any(c.isalpha() for c in number or "") or number == call.from_number
        if src.local and named:
            number = None  # a name inside the dialplan, or where the caller was rung instead
        call.to_number = number or w.target(dst)
    blind(w, call, src, w.target(dst))
    made = w.attempt(
        call, dst, queue=_queue(w, call, src), target=w.target(dst), ring_t=w.stamp(call)
    )
    _not_the_groups(w, call)
    if made is not None:
        made.src, made.confirm = src.uid, src.confirm
        _rung_before(w, call, made, dst)
    if made is not None and src.consult and (mine := call.leg_of(src.uid)) is not None:
        made.by = mine.number


def _rung_before(w: World, call: Call, made: Attempt, dst: Channel) -> None:
    """The way of a Local may be at its phone before it is told that the Local itself is dialled."""
    way, phone = w.reg.other(dst), w.reg.get(dst.rang_first)
    if way is None or phone is None or phone.rung_by != way.uid or phone.attempt is not None:
        return
    phone.originated, phone.attempt = False, made.n
    _behind(w, call, made, phone, phone.agent_hint)


def _shown_outside(w: World, call: Call) -> None:
    """The caller's number set just before a line is dialled is what is shown there, not who calls."""
    number, name, at = call.from_before or (None, None, None)
    call.from_before = None
    if number is None or None in (at, w.now) or w.now - at > _ONE_STEP_US:  # type: ignore[operator]
        return
    leg = call.customer_leg()
    if leg is not None and leg.number == call.from_number:
        leg.number = number
    call.from_number, call.from_name = number, name


def _not_the_groups(w: World, call: Call) -> None:
    """The number that several phones show is a group's: the rings at them are told by their own names."""
    for made in call.attempts:
        rung = w.reg.get(made.uid)
        if made.outcome is not None or made.queue is not None or rung is None or rung.local:
            continue
        if w.reg.claims.get(made.target or "", set()) > {rung.endpoint}:
            made.target = w.target(rung)


def _goes_on(call: Call, behind: Attempt) -> bool:
    """Whether the phone behind a Local has answered and handed over: the Local dials on for the customer."""
    return behind.outcome == "answered" and any(x.pending for x in call.transfers)


def _forwarded(behind: Attempt, dst: Channel, to: str | None) -> bool:
    """The phone behind a Local has sent the caller on (SIP 302) to somebody else, who is a ring of their own."""
    return (
        behind.by_local
        and behind.queue is None
        and behind.outcome is None
        and behind.hint == "cancelled"
        and dst.local
        and to != behind.target
    )


def _by_line(w: World, call: Call, dst: Channel) -> None:
    """The line that is tried now; when the first one fails a dialplan takes the next."""
    if not call.answered and (call.line is None or call.line in w.reg.trunks | w.reg.told):
        call.line = dst.line or dst.endpoint


def _behind(w: World, call: Call, made: Attempt, dst: Channel, hint: str | None) -> None:
    """The phone behind a Local tells what the Local's name may hide."""
    number = w.reg.extension(dst)
    if hint is not None and hint == made.target:
        made.hidden = False
    way_out = made.queue is None and dst.agent is None and w.reg.is_trunk(dst)
    if way_out and same_number(number, made.target):
        # nothing but the way out: the number outside is called, not an agent's mobile
        made.outside, made.target = True, number
        made.line = dst.line or dst.endpoint
        if call.direction == "internal" and not call.answered:
            call.direction = "outbound"
        if call.direction == "outbound":
            _by_line(w, call, dst)
    if made.queue is None and hint is None and _is_group(w, made, dst):
        made.hidden = True
    if made.queue is not None and dst.agent is None and w.reg.is_trunk(dst):
        made.hidden = False  # a member's mobile: the member is who the queue says
    if made.hidden and number and made.outcome is None:
        made.target = number


def _is_group(w: World, made: Attempt, dst: Channel) -> bool:
    """Whether a Local rings several phones, at once or in turn, of which none has its number: it is nobody's."""
    if (number := w.reg.extension(dst)) and number not in made.behind:
        made.behind.append(number)
    return len(made.behind) > 1 and made.target not in made.behind


def _queue(w: World, call: Call, src: Channel) -> str | None:
    """The queue that rings: only the one in which the dialling customer stands."""
    if src.uid != call.customer:
        return None
    if call.wants and call.queue is None and not call.answered:
        # the dialplan has said so; the queue's own events did not reach us
        call.queue, call.in_queue, call.queued_t = call.wants, True, call.wants_t
        w.touch(call, "call.queued")
    return call.queue if call.in_queue else None


# an agent's phone may leave so long after the transfer that the agent has made, µs
_ONE_MOVE_US = 5_000_000


def blind(w: World, call: Call, src: Channel, to: str | None) -> None:
    """The customer's own channel goes on to somebody right after they were let go: handed over.

    A room's blind transfer has no event of its own. The one who served did not hang up
    their phone, they were taken away, and the customer's channel dials on within two seconds.
    """
    if call.last_left is None or call.serving() or src.uid != call.customer or not call.answered:
        return
    by, left_t, hung_up = call.last_left
    if hung_up or any(x.pending for x in call.transfers):
        return
    if left_t is not None and w.now is not None and w.now - left_t > 2_000_000:
        return
    call.last_left = None
    last = call.transfers[-1] if call.transfers else None
    if last is not None and last.by == by and abs((left_t or 0) - (last.t or 0)) < _ONE_MOVE_US:
        # that is how they let the customer go: what the customer does since is the customer's own way
        return
    w.transfer(call, "blind", by, to, completed=False, pending=True)


def dial_end(w: World, e: Event) -> None:
    """A ring ended. Comes twice on a cancel: the first word counts."""
    dst = w.reg.find(e, "Dest", create=False)
    if dst is None or dst.nobody:
        return
    status = (e.value("DialStatus") or "").upper()
    if w.call(dst) is None and dst.rung_by is None and status == "ANSWER":
        dst.dialled_t = dst.t  # of which we were not told
        dial_begin(w, e)
    call = w.call(dst)
    if call is None:
        if status == "ANSWER" and not dst.up:
            dst.up, dst.up_t = True, e.t
        return
    made = w.attempt_at(call, dst)
    t = w.stamp(call)
    if status == "ANSWER":
        if not dst.up:
            dst.up, dst.up_t = True, t
        _answer(w, call, dst, t)
        return
    if made is None:
        return
    src = w.reg.find(e, create=False)
    if made.moved and src is not None and src.uid != made.src:
        return
    heard(made, t)
    outcome = by_dial(status, made)
    if outcome is None:
        return
    if made.uid == dst.uid:
        # the phone behind may have said why
        inner = refined(_inner_cause(made.hint), made)
        w.ring_over(call, made, inner or outcome, t, provisional=_summing_up(outcome, made))
    elif made.outcome is None:
        made.hint = made.hint or outcome


def _summing_up(outcome: str, made: Attempt) -> bool:
    """Whether the phone's own word may still say more: one that had rung was there, whatever Dial calls it."""
    return outcome in ("no_answer", "cancelled") or (outcome == "failed" and made.rang)


def _inner_cause(hint: str | None) -> int | None:
    return {"busy": Cause.USER_BUSY, "rejected": Cause.CALL_REJECTED}.get(hint or "")


def _answer(w: World, call: Call, dst: Channel, t: int | None) -> None:
    made = w.attempt_at(call, dst)
    if made is None:
        leg = call.leg_of(dst.uid)
        if not dst.local and leg is not None:
            w.join(call, dst, t)
        return
    if made.uid != dst.uid:
        # behind a Local: the queue's own word decides (a mobile may first have to press 1),
        # unless the Local had answered before its phone did
        if made.outcome == "answered":
            w.join(call, dst, t)
        return
    if dst.local:
        behind = [
            x
            for x in (w.reg.get(u) for u in call.channels)
            if x is not None and not x.local and x.attempt == made.n
        ]
        if behind and not any(x.up for x in behind):
            return
    if made.confirm:
        return  # off hook is not enough: they count when they are in the room
    if made.queue is not None and call.in_queue and w.reg.queues:
        return  # the queue may have something to say to its member first; it tells when they are together
    w.answer(call, made, t)


def dial_state(w: World, e: Event) -> None:
    """The dialled side rings."""
    dst = w.reg.find(e, "Dest", create=False)
    call = w.call(dst)
    if dst is None or call is None or dst.local:
        return
    if (e.value("DialStatus") or "").upper() == "RINGING":
        dst.rang = True
        if (made := w.attempt_at(call, dst)) is not None:
            made.rang = True


def originate_response(w: World, e: Event) -> None:
    """How an Originate went; a failed one may never have had a channel."""
    uid = e.value("Uniqueid")
    if e.value("Response") == "Failure":
        action = e.value("ActionID")
        for key, told in list(w.expected.items()):
            if key == uid or (action and told.action_id == action):
                w.failed[key] = w.expected.pop(key)
        while len(w.failed) > _MOST_FAILED:
            del w.failed[next(iter(w.failed))]
        for key in w.waiting:
            rung = w.reg.get(key)
            if rung is not None and rung.name.startswith((e.value("Channel") or "/") + "-"):
                rung.exten = e.value("Exten") or rung.exten
        return
    ch = w.reg.by_id(uid)
    if ch is None or ch.nobody:
        return
    ch.originated = True
    ch.exten = e.value("Exten") or ch.exten
    if not ch.up:
        ch.up, ch.up_t = True, e.t
    if (e.value("Application") or "").lower() in ("chanspy", "extenspy"):
        ch.spy = spy_mode(e.value("Data") or "")
    call = w.call(ch)
    if call is not None and not ch.local:
        leg = call.leg_of(ch.uid)
        if leg is not None and not leg.joined and ch.uid == call.root:
            w.join(call, ch, w.stamp(call))


def spy_mode(data: str) -> str:
    """``talk``, ``whisper`` or ``listen`` from ChanSpy's arguments ``channel,options``."""
    options = data.partition(",")[2] or data.partition("|")[2]
    plain = ""
    depth = 0
    for c in options:
        depth += (c == "(") - (c == ")")
        plain += c if not depth else ""
    return "talk" if "B" in plain else "whisper" if "w" in plain or "W" in plain else "listen"


HANDLERS = {
    "DialBegin": dial_begin,
    "DialEnd": dial_end,
    "DialState": dial_state,
    "OriginateResponse": originate_response,
}
