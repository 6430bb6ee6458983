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

from ..channels import Channel, local_exten
from ..outcome import by_dial
from ..wire import Event
from ..world import World
from .channel import masquerade

Handler = Callable[[World, Event], None]


def _like(e: Event, name: str, **headers: str | None) -> Event:
    """The event in today's words: ``headers`` over its own, None takes one away."""
    return e.like(name, headers)


def handlers(now: Mapping[str, Handler]) -> dict[str, Handler]:
    """Handlers for the older words, which hand on to today's (``now``)."""

    def pair(e: Event, n: str, name: str) -> Event:
        ids = sorted((e.get("Uniqueid1", "Channel1") or "", e.get("Uniqueid2", "Channel2") or ""))
        return _like(
            e,
            name,
            Channel=e.get(f"Channel{n}"),
            Uniqueid=e.get(f"Uniqueid{n}"),
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
            if ch is not None and ch.bridge == one.get("BridgeUniqueid"):
                w.reg.leave(ch)

    def bridge(w: World, e: Event) -> None:
        (unlink if (e.get("Bridgestate") or "").lower() == "unlink" else link)(w, e)

    def dial(w: World, e: Event) -> None:
        if (e.get("SubEvent") or "begin").lower() == "begin":
            one = _like(
                e,
                "DialBegin",
                Channel=e.get("Channel", "Source"),
                Uniqueid=e.get("UniqueID", "SrcUniqueID"),
                DestChannel=e.get("Destination"),
                DestUniqueid=e.get("DestUniqueID"),
            )
            now["DialBegin"](w, one)
        else:
            _dial_ends(w, e, now["DialEnd"])

    def hold(w: World, e: Event) -> None:
        now["Unhold" if (e.get("Status") or "").lower() == "off" else "Hold"](w, e)

    def music(w: World, e: Event) -> None:
        stop = (e.get("State") or "").lower() == "stop"
        now["MusicOnHoldStop" if stop else "MusicOnHoldStart"](w, e)

    def digit(w: World, e: Event) -> None:
        if (e.get("End") or "").lower() == "yes":
            now["DTMFEnd"](w, e)

    def transfer(w: World, e: Event) -> None:
        name, uid = e.get("TargetChannel"), e.get("TargetUniqueid")
        if (e.get("TransferType") or "").lower() == "attended":
            one = _like(
                e,
                "AttendedTransfer",
                OrigTransfererChannel=e.get("Channel"),
                OrigTransfererUniqueid=e.get("Uniqueid"),
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
            TransfererChannel=e.get("Channel"),
            TransfererUniqueid=e.get("Uniqueid"),
            TransfereeChannel=None if "<" in (name or "") else name,
            TransfereeUniqueid=uid,
            Extension=e.get("TransferExten"),
        )
        now["BlindTransfer"](w, one)

    def parked(w: World, e: Event) -> None:
        if e.get("ParkeeChannel") is None:
            parker = (e.get("From") or "").rpartition("-")[0] or e.get("From")
            e = _like(
                e,
                e.name,
                ParkeeChannel=e.get("Channel"),
                ParkeeUniqueid=e.get("Uniqueid"),
                ParkingSpace=e.get("Exten"),
                ParkerDialString=parker,
                RetrieverChannel=e.get("From") if e.name == "UnParkedCall" else None,
            )
        if e.name in now:
            now[e.name](w, e)

    def member(name: str) -> Handler:
        """An agent event, whose ``Channel`` was the member's once."""

        def handle(w: World, e: Event) -> None:
            if e.get("DestChannel") is None and e.get("Member") is not None:
                e = _like(
                    e,
                    name,
                    Channel=None,
                    DestChannel=e.get("Channel"),
                    DestUniqueid=e.get("BridgedChannel"),
                    Interface=e.get("Member"),
                )
            now[name](w, e)

        return handle

    def called(w: World, e: Event) -> None:
        if e.get("DestChannel") is None and e.get("DestinationChannel") is not None:
            e = _like(
                e,
                e.name,
                Channel=e.get("ChannelCalling"),
                DestChannel=e.get("DestinationChannel"),
                Interface=e.get("AgentCalled"),
            )
        now["AgentCalled"](w, e)

    def no_answer(w: World, e: Event) -> None:
        if e.get("DestChannel") is not None or e.get("Member") is None:
            now["AgentRingNoAnswer"](w, e)
            return
        call = w.call(w.reg.get(e.get("Uniqueid")))
        member = e.get("Member") or ""
        target = local_exten(member) or member.rpartition("/")[2]
        for made in reversed(call.attempts) if call is not None else ():
            if made.target == target and (made.outcome is None or made.provisional):
                w.ring_over(call, made, "no_answer", w.stamp(call), provisional=True)  # type: ignore[arg-type]
                return

    def room(name: str, today: str) -> Handler:
        def handle(w: World, e: Event) -> None:
            if e.get("BridgeUniqueid") is None:
                number = e.get("Conference", "Meetme")
                if number is None:
                    return
                e = _like(e, today, BridgeUniqueid="room:" + number, Conference=number)
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
    original, clone = w.reg.by_name(e.get("Original")), w.reg.by_name(e.get("Clone"))
    if original is not None and clone is not None and original is not clone:
        masquerade(w, original, clone)


def _dial_ends(w: World, e: Event, end: Handler) -> None:
    """The end of a Dial, which does not say whom it rang: those whom this channel has rung."""
    src = w.reg.find(e, create=False)
    call = w.call(src)
    if src is None or call is None:
        return
    status = (e.get("DialStatus") or "").upper()
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
