# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Asterisk 1.4 to 11: the same news in other words, put into today's.

What differs from 12 on: one ``Dial`` event with a SubEvent, its end without a destination; ``Bridge`` and
``Unlink`` about pairs; ``Join`` and ``Leave`` of queues; agent events that name the member's channel
``Channel``; holds and music with a Status or State; ``Transfer``; masquerades, by which Locals are
optimised away and calls handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...events import Event
from ..channels import Channel, local_exten
from ..outcome import by_dial
from ..world import World
from .bridge import ROOM, nobody_left
from .channel import masquerade

Handler = Callable[[World, Event], None]


def _like(e: Event, name: str, **headers: str | None) -> Event:
    """The event in today's words: ``headers`` over its own, None takes one away."""
    return e.like(name, headers)


def handlers(now: Mapping[str, Handler]) -> dict[str, Handler]:
    """Handlers for the older words, which hand on to today's (``now``)."""

    def pair(e: Event, n: str, name: str) -> Event:
        ids = sorted(
            (e.value("Uniqueid1", "Channel1") or "", e.value("Uniqueid2", "Channel2") or "")
        )
        return _like(
            e,
            name,
            Channel=e.value(f"Channel{n}"),
            Uniqueid=e.value(f"Uniqueid{n}"),
            CallerIDNum=None,
            BridgeUniqueid="pair:" + "+".join(ids),
        )

    def link(w: World, e: Event) -> None:
        for n in "12":
            now["BridgeEnter"](w, pair(e, n, "BridgeEnter"))

    def unlink(w: World, e: Event) -> None:
        for n in "12":
            # both at once: who went first is not said
            one = pair(e, n, "BridgeLeave")
            ch = w.reg.find(one, create=False)
            if ch is not None and ch.bridge == one.value("BridgeUniqueid"):
                w.reg.leave(ch)
                if (call := w.call(ch)) is not None:
                    nobody_left(w, call)

    def bridge(w: World, e: Event) -> None:
        (unlink if (e.value("Bridgestate") or "").lower() == "unlink" else link)(w, e)

    def dial(w: World, e: Event) -> None:
        if (e.value("SubEvent") or "begin").lower() == "begin":
            one = _like(
                e,
                "DialBegin",
                Channel=e.value("Channel", "Source"),
                Uniqueid=e.value("UniqueID", "SrcUniqueID"),
                DestChannel=e.value("Destination"),
                DestUniqueid=e.value("DestUniqueID"),
            )
            now["DialBegin"](w, one)
        else:
            _dial_ends(w, e, now["DialEnd"])

    def hold(w: World, e: Event) -> None:
        now["Unhold" if (e.value("Status") or "").lower() == "off" else "Hold"](w, e)

    def music(w: World, e: Event) -> None:
        stop = (e.value("State") or "").lower() == "stop"
        now["MusicOnHoldStop" if stop else "MusicOnHoldStart"](w, e)

    def digit(w: World, e: Event) -> None:
        if (e.value("End") or "").lower() == "yes":
            now["DTMFEnd"](w, e)

    def transfer(w: World, e: Event) -> None:
        name, uid = e.value("TargetChannel"), e.value("TargetUniqueid")
        if (e.value("TransferType") or "").lower() == "attended":
            one = _like(
                e,
                "AttendedTransfer",
                OrigTransfererChannel=e.value("Channel"),
                OrigTransfererUniqueid=e.value("Uniqueid"),
                SecondTransfererChannel=name,
                SecondTransfererUniqueid=uid,
                Channel=None,
                Uniqueid=None,
            )
            now["AttendedTransfer"](w, one)
            return
        one = _like(
            e,
            "BlindTransfer",
            TransfererChannel=e.value("Channel"),
            TransfererUniqueid=e.value("Uniqueid"),
            TransfereeChannel=None if "<" in (name or "") else name,
            TransfereeUniqueid=uid,
            Extension=e.value("TransferExten"),
        )
        now["BlindTransfer"](w, one)

    def parked(w: World, e: Event) -> None:
        if e.value("ParkeeChannel") is None:
            parker = (e.value("From") or "").rpartition("-")[0] or e.value("From")
            e = _like(
                e,
                e.name,
                ParkeeChannel=e.value("Channel"),
                ParkeeUniqueid=e.value("Uniqueid"),
                ParkingSpace=e.value("Exten"),
                ParkerDialString=parker,
                RetrieverChannel=e.value("From") if e.name == "UnParkedCall" else None,
            )
        if e.name in now:
            now[e.name](w, e)

    def member(name: str) -> Handler:
        """An agent event, whose ``Channel`` was the member's once."""

        def handle(w: World, e: Event) -> None:
            if e.value("DestChannel") is None and e.value("Member") is not None:
                e = _like(
                    e,
                    name,
                    Channel=None,
                    DestChannel=e.value("Channel"),
                    DestUniqueid=e.value("BridgedChannel"),
                    Interface=e.value("Member"),
                )
            now[name](w, e)

        return handle

    def called(w: World, e: Event) -> None:
        if e.value("DestChannel") is None and e.value("DestinationChannel") is not None:
            e = _like(
                e,
                e.name,
                Channel=e.value("ChannelCalling"),
                DestChannel=e.value("DestinationChannel"),
                Interface=e.value("AgentCalled"),
            )
        now["AgentCalled"](w, e)

    def no_answer(w: World, e: Event) -> None:
        if e.value("DestChannel") is not None or e.value("Member") is None:
            now["AgentRingNoAnswer"](w, e)
            return
        call = w.call(w.reg.by_id(e.value("Uniqueid")))
        member = e.value("Member") or ""
        target = local_exten(member) or member.rpartition("/")[2]
        for made in reversed(call.attempts) if call is not None else ():
            if made.target == target and (made.outcome is None or made.provisional):
                w.ring_over(call, made, "no_answer", w.stamp(call), provisional=True)  # type: ignore[arg-type]
                return

    def room(name: str, today: str) -> Handler:
        def handle(w: World, e: Event) -> None:
            if e.value("BridgeUniqueid") is None:
                number = e.value("Conference", "Meetme")
                if number is None:
                    return
                e = _like(e, today, BridgeUniqueid=ROOM + number, Conference=number)
            now[today](w, e)

        return handle

    return {
        "Dial": dial,
        "Bridge": bridge,
        "Link": link,
        "Unlink": unlink,
        "Join": now["QueueCallerJoin"],
        "Leave": now["QueueCallerLeave"],
        "AgentCalled": called,
        "AgentConnect": member("AgentConnect"),
        "AgentComplete": member("AgentComplete"),
        "AgentDump": member("AgentDump"),
        "AgentRingNoAnswer": no_answer,
        "Hold": hold,
        "MusicOnHold": music,
        "DTMF": digit,
        "Transfer": transfer,
        "ParkedCall": parked,
        "UnParkedCall": parked,
        "ParkedCallTimeOut": parked,
        "ParkedCallGiveUp": parked,
        "ConfbridgeJoin": room("ConfbridgeJoin", "ConfbridgeJoin"),
        "ConfbridgeLeave": room("ConfbridgeLeave", "ConfbridgeLeave"),
        "MeetmeJoin": room("MeetmeJoin", "ConfbridgeJoin"),
        "MeetmeLeave": room("MeetmeLeave", "ConfbridgeLeave"),
        "Masquerade": _masquerade,
    }


def _masquerade(w: World, e: Event) -> None:
    original, clone = w.reg.by_name(e.value("Original")), w.reg.by_name(e.value("Clone"))
    if original is not None and clone is not None and original is not clone:
        masquerade(w, original, clone)


def _dial_ends(w: World, e: Event, end: Handler) -> None:
    """The end of a Dial, which does not say whom it rang: those whom this channel has rung."""
    src = w.reg.find(e, create=False)
    call = w.call(src)
    if src is None or call is None:
        return
    status = (e.value("DialStatus") or "").upper()
    for dst in [x for x in w.reg.live.values() if x.rung_by == src.uid]:
        if dst.up or status != "ANSWER":
            end(w, _dest(e, dst, status))
    if status == "ANSWER":
        return
    for made in call.attempts:
        # hung up just before, and so taken for taken back
        if made.src == src.uid and made.outcome == "cancelled":
            made.outcome = by_dial(status, made) or made.outcome


def _dest(e: Event, dst: Channel, status: str) -> Event:
    return _like(
        e, "DialEnd", DestChannel=dst.name, DestUniqueid=dst.uid, DialStatus=status, Channel=None
    )
