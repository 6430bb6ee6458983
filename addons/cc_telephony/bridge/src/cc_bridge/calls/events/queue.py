# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Queues: who waits, who is rung for them, who connects."""

from __future__ import annotations

from cc_contract.causes import Cause

from ...events import Event
from ..channels import Channel, local_exten
from ..records import MOST, Call, Entry
from ..world import World
from .dial import blind


def join(w: World, e: Event) -> None:
    """A caller waits in a queue."""
    w.reg.queues = True
    ch = w.reg.find(e)
    if ch is None or ch.nobody or w.over(ch):
        return
    call = w.begin_from(ch)
    name = e.value("Queue")
    if call is None or name is None:
        return
    if _consults(call, ch):
        return  # they ask for a colleague there; the customer waits elsewhere
    blind(w, call, ch, name)
    t = w.stamp(call)
    call.queue, call.in_queue = name, True
    call.left_queue_t = None
    call.over_by, call.overflow = None, False
    if call.queued_t is None:
        call.queued_t = t
    if ch.uid == call.customer and len(call.entries) < MOST:
        call.entries.append(Entry(name, t))
    w.touch(call, "call.queued")


def _consults(call: Call, ch: Channel) -> bool:
    """Whether it is about a call that somebody serves that this channel waits in a queue."""
    if ch.local and call.answered and ch.uid != call.customer and call.serving():
        ch.consult = True  # by a feature code: the way to the queue is a Local
    return ch.consult


def leave(w: World, e: Event) -> None:
    """A caller is out of the queue: connected, given up on, or gone."""
    call = w.call(w.reg.find(e, create=False))
    if call is None or not call.in_queue:
        return
    call.in_queue = False
    call.left_queue_t = w.stamp(call)
    if call.entries:
        call.entries[-1].to_t = call.left_queue_t
    customer = w.reg.get(call.customer)
    if customer is None or not customer.asked:
        w.touch(call)
    elif not call.serving() and not call.answered:
        # they hung up waiting; their channel may live on in the dialplan
        w.finish(call, cause=int(Cause.NORMAL_CLEARING))


def abandon(w: World, e: Event) -> None:
    """The caller left unanswered; fires on the queue's own timeout too, so it decides little."""
    call = w.call(w.reg.find(e, create=False))
    name = e.value("Queue")
    if call is not None and name is not None and not call.answered:
        call.abandoned = True
        if call.queue is None:
            # the queue's other events did not reach us
            call.queue, call.in_queue = name, True
            waited, t = e.number("HoldTime"), w.stamp(call)
            if t is not None and waited is not None:
                call.queued_t = max(t - waited * 1_000_000, call.started_t or 0)
    leave(w, e)


def agent_called(w: World, e: Event) -> None:
    """A member of the queue is rung."""
    src, dst = w.reg.find(e), w.reg.find(e, "Dest")
    if dst is None or src is None or dst.nobody or w.over(src):
        return
    call = w.begin_from(src)
    name = e.value("Queue")
    if call is None or dst.call not in (None, call.call_uid):
        return
    w.attach(call, dst)
    interface = e.value("Interface") or ""
    number, at, line = interface.rpartition("/")[2].partition("@")
    if dst.local or (at and line == dst.endpoint):
        pass
    elif not w.reg.is_trunk(dst) or interface.rpartition("/")[2] == dst.endpoint:
        w.reg.phones.add(dst.endpoint)
    if name and not _consults(call, src):
        call.queue = name
        if not call.in_queue and not call.answered and call.queued_t is None:
            # the queue's own event did not reach us
            call.in_queue, call.queued_t = True, w.stamp(call)
    made = call.attempt_of(dst.attempt)
    # a member may be a number outside: an agent all the same
    target = number if at and line == dst.endpoint else w.target(dst, interface)
    if made is None:
        made = w.attempt(call, dst, queue=name, target=target, ring_t=w.stamp(call))
    if made is not None:
        made.queue, made.target, made.outside = name or made.queue, target, False
        # a way of the dialplan's is nobody: the phone at its end is who is rung
        made.hidden = dst.local and any(c.isalpha() for c in target or "")


def ring_no_answer(w: World, e: Event) -> None:
    """The queue gave up ringing a member (also when their phone said no)."""
    dst = w.reg.find(e, "Dest", create=False)
    call = w.call(dst)
    if dst is None or call is None:
        return
    made = call.attempt_of(dst.attempt)
    if made is not None:
        behind = any(
            x is not None and not x.local and x.attempt == made.n
            for x in map(w.reg.get, call.channels)
        )
        if made.by_local and not behind and not (e.number("RingTime") or 0) // 1000:
            # nothing was rung at all: no phone to ring
            w.ring_over(call, made, "failed", w.stamp(call))
        made.hint = None if made.hint in ("no_answer", "cancelled") else made.hint
        w.ring_over(call, made, "no_answer", w.stamp(call), provisional=True)


def dump(w: World, e: Event) -> None:
    """A member picked up, heard the queue's announcement and hung up before the caller was there."""
    dst = w.reg.find(e, "Dest", create=False)
    call = w.call(dst)
    made = w.attempt_at(call, dst) if call is not None and dst is not None else None
    if call is not None and made is not None and made.outcome is None:
        w.ring_over(call, made, "rejected", w.stamp(call))


def connect(w: World, e: Event) -> None:
    """Caller and member are together."""
    w.reg.queues = True
    src, dst = w.reg.find(e), w.reg.find(e, "Dest")
    if src is None or w.over(src):
        return
    call = w.begin_from(src)
    if call is None:
        return
    t = w.stamp(call)
    if not _consults(call, src):
        call.in_queue = False
        call.queue = e.value("Queue") or call.queue
    if dst is None or dst.nobody:
        w.answered(call, t)
        return
    w.attach(call, dst)
    made = call.attempt_of(dst.attempt)
    if made is None:
        if call.leg_of(dst.uid) is not None:
            # picked up by another: the channel here is theirs, the credit the rung member's
            return
        # the ring did not reach us; RingTime tells when it began
        ring = e.number("RingTime")
        start = None if t is None or ring is None else t - ring * 1_000_000
        target = w.target(dst, e.value("Interface"))
        made = w.attempt(call, dst, queue=call.queue, target=target, ring_t=start)
    if made is not None:
        if not dst.up and not dst.local:
            dst.up, dst.up_t = True, t
        w.answer(call, made, t)


def complete(w: World, e: Event) -> None:
    """The member's part is over; ``Reason`` tells who ended it when no hang-up did."""
    call = w.call(w.reg.find(e, create=False))
    if call is None and e.value("DestChannel") is not None:
        # the whole conversation passed before we listened; its parties have yet to hang up
        connect(w, e)
        call = w.call(w.reg.find(e, create=False))
    if call is None or call.over_by is not None or any(x.pending for x in call.transfers):
        return
    customer = w.reg.get(call.customer)
    if any(c is not None and c.asked for c in [customer, *map(w.reg.get, call.channels)]):
        return
    member = e.value("Interface", "MemberName") or ""
    number = local_exten(member) or member.rpartition("/")[2]
    theirs = w.reg.find(e, "Dest", create=False)
    mine = e.value("DestUniqueid") if theirs is None else theirs.uid
    # with others still serving it was not the conversation that ended
    if not any(x.number != number and x.uid != mine for x in call.serving()):
        reason = (e.value("Reason") or "").lower()
        call.over_by = {"caller": "customer", "agent": "agent"}.get(reason)


HANDLERS = {
    "QueueCallerJoin": join,
    "QueueCallerLeave": leave,
    "QueueCallerAbandon": abandon,
    "AgentCalled": agent_called,
    "AgentRingNoAnswer": ring_no_answer,
    "AgentConnect": connect,
    "AgentDump": dump,
    "AgentComplete": complete,
}
