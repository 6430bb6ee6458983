# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Turning to somebody else: consult, back, swap, talk together, hand over; one more party, one less."""

from collections.abc import Mapping
from typing import Any

from cc_contract.situation import words

from ... import encoder
from ...ami import AmiError
from ...events import Event, text
from ...kernel.forms import NotPossible
from ..calls import Place
from ..desk import Desk
from ..targets import Target

#: How long a third party is rung, ms; outside it takes longer until something rings.
_COLLEAGUE_MS, _OUTSIDE_MS = 25000, 45000


def register(desk: Desk) -> None:
    """Registers the controls."""
    Consult(desk)


class Consult:
    """Third parties, and whom they are rung for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # channel that is rung for a customer whose agent may leave first: the customer's channel's name, the room
        self._awaited: dict[str, tuple[str, str]] = {}
        # channel that is rung for a call: the customer's channel's name
        self._asked: dict[str, str] = {}
        for kind, do in (
            ("consult", self.consult),
            ("cancel", self.cancel),
            ("toggle", self.toggle),
            ("conference", self.conference),
            ("complete", self.complete),
            ("invite", self.invite),
            ("uninvite", self.uninvite),
            ("kick", self.kick),
        ):
            desk.control(kind, do)
        desk.kernel.on_event("Hangup", self._hung_up)
        desk.kernel.on_event("ConfbridgeJoin", self._joined)

    # -- what happens meanwhile -----------------------------------------------------------------

    def _joined(self, event: Event) -> None:
        self._awaited.pop(text(event, "Uniqueid"), None)
        self._asked.pop(text(event, "Uniqueid"), None)

    def _hung_up(self, event: Event) -> None:
        """Looks after a customer whose agent handed them to somebody who then did not answer."""
        desk, uid = self._desk, text(event, "Uniqueid")
        self._asked.pop(uid, None)
        waiting = self._awaited.pop(uid, None)
        if waiting is not None:
            desk.background(self._stranded(*waiting), "stranded")
        name = text(event, "Channel")
        for rung, cust in list(self._asked.items()):
            channel = desk.channels.get(rung)
            if cust == name and channel is not None:
                # the customer is gone: nobody is left to be asked for
                desk.background(desk.steer.end(channel), "not-asked-any-more")

    async def _stranded(self, cust: str, room: str) -> None:
        """Nobody took the customer: as after a blind transfer that nobody answered."""
        desk = self._desk
        channel = desk.channels.named(cust)
        if channel is None or any(
            c.room == room and c.name != cust and not c.name.startswith("Local/")
            for c in desk.channels.all()
        ):
            return
        if await desk.steer.getvar(cust, "ROLE") != "custx":
            # still in the queue's hands: an agent's leg is there, or the queue goes on by itself
            return
        await desk.steer.redirect(cust, "back")

    # -- controls -------------------------------------------------------------------------------

    async def consult(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Customer to music, the other one is rung at once."""
        desk = self._desk
        place = await desk.place("consult", number, call_uid)
        target = await desk.targets.target(number, args, ready=True)
        held = place.call["state"] == "held"
        if not held:
            await desk.away(place)
        elif desk.find.waits(place):
            await desk.aside(place)
        try:
            channel_id = await self._invite(place, target)
        except (AmiError, NotPossible):
            if not held:
                await desk.back(place)
            raise
        if place.mine.name == place.cust:
            return
        if (rung := await desk.steer.there(channel_id)) is not None:
            # as long as this one is rung or there, the customer keeps the room without their agent
            await desk.steer.setvar(place.cust, "CC_XBY", number)
            await desk.steer.setvar(place.cust, "SHARED(STAY)", rung.name)
            there = desk.channels.get(channel_id)
            # who answers by itself may be in the room by now, and is awaited no more
            if there is not None and there.room != place.room:
                self._awaited[channel_id] = (place.cust, place.room)

    async def invite(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """One party more; nobody waits."""
        place = await self._desk.place("invite", number, call_uid)
        await self._invite(place, await self._desk.targets.target(number, args, ready=True))

    async def uninvite(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Whom the call rings does not answer: their phone stops. ``ring``: the ring's number on the call."""
        desk, n = self._desk, encoder.seconds(args["ring"], low=1)
        place = await desk.place("uninvite", number, call_uid)
        call = desk.calls.open(place.call["call_uid"])
        made = call.attempt_of(n) if call is not None else None
        channel = desk.channels.get(made.uid) if made and made.outcome is None else None
        if channel is not None and channel in desk.find.rung(place.call["call_uid"]):
            await desk.steer.end(channel)
            await desk.steer.gone(channel.uniqueid)
            return
        raise NotPossible("no_call", "this phone does not ring any more")

    async def _invite(self, place: Place, target: Target) -> str:
        leg = place.other if place.other.startswith("Local/") else place.cust
        channel_id, alive = await self._desk.steer.ring(
            target.device,
            context="cc-room",
            exten="third",
            confirm=target.confirm,
            caller=target.caller,
            call_uid=place.call["call_uid"],
            timeout_ms=_OUTSIDE_MS if target.agent is None else _COLLEAGUE_MS,
            variables=[
                f"ROOM={place.room}",
                f"CUST={place.cust}",
                f"CUSTLEG={leg}",
                f"AGENT={target.agent or ''}",
            ],
            agent=target.agent,
            number=target.value,
        )
        if not alive:
            raise NotPossible("failed", f"{target.value} can't be reached")
        channel = self._desk.channels.get(channel_id)
        if channel is not None and channel.room is None:
            self._asked[channel_id] = place.cust
        return channel_id

    async def cancel(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Ends the consult, whatever it has come to, and brings the customer back."""
        desk = self._desk
        place = await desk.place("cancel", number, call_uid)
        await desk.returning(place)
        rung = desk.find.rung(place.call["call_uid"])
        for channel in [*rung, *desk.find.thirds(place)]:
            self._awaited.pop(channel.uniqueid, None)
            try:
                await desk.steer.end(channel)
            except NotPossible:
                continue  # was leaving already
            await desk.steer.gone(channel.uniqueid)
        if desk.find.waits(place):
            await desk.back(place)

    async def toggle(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Who waits talks, who talks waits. One after the other: never all three together."""
        await self._toggle(await self._desk.place("toggle", number, call_uid))

    async def _toggle(self, place: Place) -> None:
        desk = self._desk
        third = desk.find.third(place)
        await desk.returning(place)
        if words(place.call, place.number)["consult"] == "talking":
            await desk.steer.move(third.name, "wait", None)
            await desk.back(place)
        else:
            await desk.away(place)
            await desk.steer.move(third.name, "third", place.room)

    async def conference(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """All talk together."""
        desk = self._desk
        place = await desk.place("conference", number, call_uid)
        third = desk.find.third(place)
        await desk.returning(place)
        if third.room is None:
            await desk.steer.move(third.name, "third", place.room)
        if desk.find.waits(place):
            await desk.back(place)

    async def complete(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """The agent leaves, the others stay together; who waits is put back first."""
        desk = self._desk
        place = await desk.place("complete", number, call_uid)
        if place.mine.name == place.cust and not desk.find.thirds(place):
            raise NotPossible("refused", "you are the caller: wait until they have answered")
        await desk.returning(place)
        if words(place.call, number)["consult"] == "waiting":
            await self._toggle(place)
        if place.mine.name == place.cust:
            # the one who called goes: those who stay must be together before; what they say is not the caller's
            if desk.find.waits(place):
                desk.calls.leaves(place.call["call_uid"], number)
                try:
                    await desk.steer.move(place.other, place.back, place.room)
                except (AmiError, NotPossible):
                    desk.calls.leaves(place.call["call_uid"], None)
                    raise
            await desk.steer.end(place.mine)
            return
        await desk.steer.leave(place.mine.name)

    async def kick(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Removes a party from a conference. ``leg``: its number on the call."""
        desk, leg = self._desk, encoder.seconds(args["leg"], low=1)
        place = await desk.place("kick", number, call_uid)
        for row in place.call["legs"]:
            if row["leg"] != leg or row["left_t"] is not None:
                continue
            if row["role"] in ("customer", "supervisor") or row["number"] == number:
                raise NotPossible("refused", "this party can't be removed")
            channel = desk.find.live(row)
            if channel is not None and channel.name != place.cust:
                await desk.steer.end(channel)
                return
        raise NotPossible("no_call", "this party is not in the call any more")
