# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""After a gap: what the PBX says it has, against what we hold."""

from __future__ import annotations

from collections.abc import Mapping

from ..events import Event
from .channels import Channel, local_exten
from .records import Call
from .world import World


def resync(w: World, rows: list[Event], waiting: list[Event], rooms: Mapping[str, str]) -> None:
    """End what is gone, begin what is there; see ``CallModel.resync``."""
    w.reg.resynced = True
    there: dict[str, Event] = {}
    for row in rows:
        name = row.value("Channel")
        key = row.value("Uniqueid") or name
        if key and name and "/" in name:
            there[key] = row
    held = {uid: call for uid, ch in w.reg.live.items() if (call := w.call(ch)) is not None}
    _bury(w, there)
    new = [_see(w, key, row) for key, row in there.items()]
    for ch, row in new:
        ch.state = row.value("ChannelStateDesc") or ""
        ch.joined = rooms.get(row.value("Uniqueid") or "")
        if ch.joined and ch.bridge:
            ch.conference = True
    new = _without_lonely(w, _without_pool(w, new))
    _left_over(w, new, {uid: call for uid, call in held.items() if call.ended})
    queued = {e.value("Uniqueid") or e.value("Channel"): e for e in waiting}
    for ch, row in new:
        if ch.nobody or w.over(ch):
            continue
        entry = queued.get(ch.uid) or queued.get(ch.name)
        if entry is not None or (row.value("Application") or "").lower() == "queue":
            _queued(w, ch, row, entry)
    # whoever is logged in to a pool was there before those to whom they talk
    for ch, row in sorted(new, key=lambda x: (_pooled(x[1]), x[0].t or 0, x[0].uid)):
        if w.call(ch) is None and not ch.nobody and not ch.local and not w.over(ch):
            _begun(w, ch, row, new)
    for ch, _row in new:
        call = w.call(ch)
        if call is not None and ch.up and ch.bridge and not ch.local:
            w.join(call, ch, w.stamp(call))


def _bury(w: World, there: dict[str, Event]) -> None:
    """What we hold and the PBX has no more is ended, at its last evidence."""
    bury(w, [c for uid, c in w.reg.live.items() if uid not in there])
    for call in [c for c in w.calls.values() if not c.ended]:
        if not any(u in there for u in call.channels):
            w.end(call, estimated=True)


def bury(w: World, channels: list[Channel]) -> None:
    """Channels that are gone, of which we were not told: their calls are over since we heard of them last."""
    gone = {ch.uid for ch in channels}
    for ch in channels:
        call = w.call(ch)
        if call is not None and (ch.uid == call.customer or call.channels <= gone):
            w.finish(call, estimated=True)
        w.gone(ch, None)


def _left_over(w: World, seen: list[tuple[Channel, Event]], over: Mapping[str, Call]) -> None:
    """A call ends while the PBX is asked: of phones that it has rung unheard the list may still tell, and of its
    customer no more. They are together with nobody (a Local is a way, no party), and only have to hang up.

    :param over: the channels of calls that were found over just now
    """
    for ch, row in seen:
        call = over.get(row.value("Linkedid") or "")
        if call is not None and w.call(ch) is None and not w.reg.reach(ch):
            # without channels it was forgotten
            w.calls[call.call_uid] = call
            w.attach(call, ch)


def _see(w: World, key: str, row: Event) -> tuple[Channel, Event]:
    ch = w.reg.get(key)
    if ch is None:
        w.reg.gone.pop(key, None)
        ch = w.reg.add(key, row.value("Channel") or key)
        ch.in_progress = True
        w.reg.describe(ch, row)
        ch.t = _age(w.now, row.value("Duration"))
        app = (row.value("Application") or "").lower()
        ch.incoming = app not in ("appdial", "appdial2", "appqueue")
        ch.originated = app == "appdial2"
    else:
        w.reg.describe(ch, row)
    bridge = row.value("BridgeId", "BridgeID")
    if bridge:
        w.reg.enter(ch, bridge)
    else:
        w.reg.leave(ch)
    return ch, row


def _pooled(row: Event) -> bool:
    """Whether the channel is logged in to Asterisk's pool of agents."""
    return (row.value("Application") or "").lower() == "agentlogin"


def _without_pool(w: World, seen: list[tuple[Channel, Event]]) -> list[tuple[Channel, Event]]:
    """Those who are logged in to a pool and wait there are in no call; the others."""
    pooled = {ch.uid for ch, row in seen if _pooled(row)}
    waiting = [
        ch
        for ch, _row in seen
        if {ch.uid, *w.reg.bridges.get(ch.bridge or "", ())} <= pooled and w.call(ch) is None
    ]
    for ch in waiting:
        w.reg.leave(ch)
    return [(ch, row) for ch, row in seen if ch not in waiting]


def _without_lonely(w: World, seen: list[tuple[Channel, Event]]) -> list[tuple[Channel, Event]]:
    """Phones that are alone in a room of no call (a dialler's) wait for whom they will be connected to; the others."""
    linked = [row.value("Linkedid") for _ch, row in seen]
    waiting = [
        ch
        for ch, row in seen
        if (row.value("Application") or "").lower() in ("confbridge", "meetme")
        and ch.up
        and ch.bridge is not None
        and w.reg.bridges.get(ch.bridge) == {ch.uid}
        and linked.count(row.value("Linkedid")) <= 1
        and w.call(ch) is None
        and not (w.reg.is_trunk(ch) or ch.local or _known_room(w, row))
    ]
    for ch in waiting:
        ch.incoming, ch.originated, ch.up_t = False, True, ch.t
    return [(ch, row) for ch, row in seen if ch not in waiting]


def _age(now: int | None, duration: str | None) -> int | None:
    """``now`` less ``hh:mm:ss``."""
    parts = (duration or "").split(":")
    if (
        now is None
        or not 1 <= len(parts) <= 4
        or not all(p.isascii() and p.isdigit() and len(p) < 7 for p in parts)
    ):
        return now
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return max(0, now - seconds * 1_000_000)


def _queued(w: World, ch: Channel, row: Event, entry: Event | None) -> None:
    call = w.call(ch) or w.begin(ch)
    data = row.value("ApplicationData") or ""
    call.queue = (entry.value("Queue") if entry else None) or data.partition(",")[0] or call.queue
    if call.queued_t is None:
        call.queued_t = call.started_t
    if not ch.bridge and not call.answered:
        call.in_queue = True
    w.touch(call)


def _begun(w: World, ch: Channel, row: Event, new: list[tuple[Channel, Event]]) -> None:
    """A channel that began while we were away: with those beside it, or by itself."""
    for other in w.reg.beside(ch):
        if (call := w.call(other)) is not None:
            w.attach(call, ch)
            return
    # the PBX's own grouping is a hint good enough for a first guess
    linked = row.value("Linkedid")
    for other, its in new:
        if linked and its.value("Linkedid") == linked and (call := w.call(other)) is not None:
            w.attach(call, ch)
            if not ch.incoming and not ch.up:
                near = local_exten(row.value("Channel") or "") or w.target(ch)
                w.attempt(
                    call, ch, queue=call.queue if call.in_queue else None, target=near, ring_t=ch.t
                )
            return
    if _enters(w, ch, row):
        return
    if ch.originated and not ch.bridge:
        # an Originate on its way: what it does next tells whose it is
        w.waiting[ch.uid] = None
    elif ch.incoming or ch.up:
        w.begin(ch)
    else:
        w.waiting[ch.uid] = None


def _enters(w: World, ch: Channel, row: Event) -> bool:
    """It is about to enter a room that is known as a call's."""
    if (row.value("Application") or "").lower() != "confbridge":
        return False
    call = _known_room(w, row)
    if call is None:
        return False
    w.attach(call, ch)
    return True


def _known_room(w: World, row: Event) -> Call | None:
    """The call that goes on in the room which the channel's application names."""
    room = (row.value("ApplicationData") or "").partition(",")[0]
    call = w.calls.get(w.rooms.get(room, ""))
    return None if call is None or call.ended else call
