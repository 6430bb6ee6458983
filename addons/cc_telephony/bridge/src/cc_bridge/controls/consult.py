# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Turning to somebody else: consult, back, swap, talk together, hand over; one more party, one less."""

from collections.abc import Mapping
from typing import Any

from ..ami import AmiError
from ..ami.channels import Channel, Event, text
from ..kernel.forms import NotPossible
from .base import Place
from .record import ConsultRecord
from .situation import words


class Consult(ConsultRecord):
    """Third parties."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # channel that is rung for a customer whose agent may leave first: his channel's name, his room
        self._awaited: dict[str, tuple[str, str]] = {}
        # channel that is rung for a call: the customer's channel's name
        self._asked: dict[str, str] = {}

    def feed(self, event: Event) -> None:
        """Looks after a customer whose agent handed him to somebody who then did not answer."""
        super().feed(event)
        uid = text(event, "Uniqueid")
        if text(event, "Event") == "Hangup":
            self._asked.pop(uid, None)
            waiting = self._awaited.pop(uid, None)
            if waiting is not None:
                self._background(self._stranded(*waiting))
            name = text(event, "Channel")
            for rung, cust in list(self._asked.items()):
                channel = self._channels.get(rung)
                if cust == name and channel is not None:
                    # the customer is gone: nobody is left to be asked for
                    self._background(self._end(channel))
        elif text(event, "Event") == "ContactStatus":
            if text(event, "ContactStatus") in ("Created", "Updated"):
                self._background(self._agents.phone_is_back(text(event, "EndpointName")))
        elif text(event, "Event") == "ConfbridgeJoin":
            self._awaited.pop(uid, None)
            self._asked.pop(uid, None)

    async def _stranded(self, cust: str, room: str) -> None:
        """Nobody took him: as after a blind transfer that nobody answered."""
        channel = self._channels.named(cust)
        if channel is None or any(
            c.room == room and c.name != cust and not c.name.startswith("Local/")
            for c in self._channels.all()
        ):
            return
        if await self._getvar(cust, "ROLE") != "custx":
            # still in his queue's hands: an agent's leg is there, or the queue goes on by itself
            return
        await self._ami.action(
            {
                "Action": "Redirect",
                "Channel": cust,
                "Context": "cc-room",
                "Exten": "back",
                "Priority": "1",
            }
        )

    async def consult(self, number: str, call_uid: str | None, to: Mapping[str, Any]) -> None:
        """Customer to music, the other one is rung at once."""
        place = await self._place("consult", number, call_uid)
        target = await self._target(number, to, ready=True)
        held = place.call["state"] == "held"
        if not held:
            await self._move(place.other, place.away, None)
        try:
            channel_id = await self._invite(place, target)
        except (AmiError, NotPossible):
            if not held:
                await self._move(place.other, place.back, place.room)
            raise
        if place.mine.name == place.cust:
            return
        if await self._until(lambda: self._channels.get(channel_id)):
            rung = self._channels.get(channel_id)
            if rung is not None:
                # as long as this one is rung or there, the customer keeps the room without his agent
                await self._setvar(place.cust, "CC_XBY", number)
                await self._setvar(place.cust, "SHARED(STAY)", rung.name)
                self._awaited[channel_id] = (place.cust, place.room)

    async def invite(self, number: str, call_uid: str | None, to: Mapping[str, Any]) -> None:
        """One party more; nobody waits."""
        place = await self._place("invite", number, call_uid)
        await self._invite(place, await self._target(number, to, ready=True))

    async def uninvite(self, number: str, call_uid: str | None, n: int) -> None:
        """Whom the call rings does not answer: his phone stops.

        :param n: the ring's number on the call
        """
        place = await self._place("uninvite", number, call_uid)
        for call in self._calls.open_calls():
            if call.call_uid != place.call["call_uid"]:
                continue
            made = call.attempt_of(n)
            channel = self._channels.get(made.uid) if made and made.outcome is None else None
            if channel is not None and channel in self._rung(call.call_uid):
                await self._end(channel)
                await self._gone(channel.uniqueid)
                return
        raise NotPossible("no_call", "this phone does not ring any more")

    async def _invite(self, place: Place, target: Any) -> str:
        uid = place.call["call_uid"]
        leg = place.other if place.other.startswith("Local/") else place.cust
        channel_id, alive = await self._ring(
            target.device,
            context="cc-room",
            exten="third",
            confirm=target.confirm,
            caller=target.caller,
            call_uid=uid,
            timeout_ms=45000 if target.agent is None else 25000,
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
        channel = self._channels.get(channel_id)
        if channel is not None and channel.room is None:
            self._asked[channel_id] = place.cust
        return channel_id

    async def cancel(self, number: str, call_uid: str | None) -> None:
        """Ends the consult, whatever it has come to, and brings the customer back."""
        place = await self._place("cancel", number, call_uid)
        await self._recorded(place)
        rung = self._rung(place.call["call_uid"])
        for channel in [*rung, *self._thirds(place)]:
            self._awaited.pop(channel.uniqueid, None)
            try:
                await self._end(channel)
            except NotPossible:
                continue  # was leaving already
            await self._gone(channel.uniqueid)
        if self._waits(place):
            await self._move(place.other, place.back, place.room)

    async def _gone(self, uid: str) -> bool:
        return await self._until(lambda: self._channels.get(uid) is None)

    def _waits(self, place: Place) -> bool:
        """The other side hears music."""
        channel = self._channels.named(place.other)
        return channel is not None and channel.room is None

    def _third(self, place: Place) -> Channel:
        thirds = self._thirds(place)
        if not thirds:
            raise NotPossible("no_call", "the other party is gone")
        return thirds[-1]

    async def toggle(self, number: str, call_uid: str | None) -> None:
        """Who waits talks, who talks waits. One after the other: never all three together."""
        place = await self._place("toggle", number, call_uid)
        await self._toggle(place)

    async def _toggle(self, place: Place) -> None:
        third = self._third(place)
        await self._recorded(place)
        if words(place.call, place.number)["consult"] == "talking":
            await self._move(third.name, "wait", None)
            await self._move(place.other, place.back, place.room)
        else:
            await self._move(place.other, place.away, None)
            await self._move(third.name, "third", place.room)

    async def conference(self, number: str, call_uid: str | None) -> None:
        """All talk together."""
        place = await self._place("conference", number, call_uid)
        third = self._third(place)
        await self._recorded(place)
        if third.room is None:
            await self._move(third.name, "third", place.room)
        if self._waits(place):
            await self._move(place.other, place.back, place.room)

    async def complete(self, number: str, call_uid: str | None) -> None:
        """The agent leaves, the others stay together; who waits is put back first."""
        place = await self._place("complete", number, call_uid)
        await self._recorded(place)
        if words(place.call, number)["consult"] == "waiting":
            await self._toggle(place)
        if place.mine.name == place.cust:
            # the one who called goes: those who stay must be together before
            if self._waits(place):
                await self._move(place.other, place.back, place.room)
            await self._end(place.mine)
            return
        await self._leave(place)

    async def kick(self, number: str, call_uid: str | None, leg: int) -> None:
        """Puts a party out of a conference."""
        place = await self._place("kick", number, call_uid)
        for row in place.call["legs"]:
            if row["leg"] != leg or row["left_t"] is not None:
                continue
            if row["role"] in ("customer", "supervisor") or row["number"] == number:
                raise NotPossible("refused", "this party can't be put out")
            channel = self._live(row)
            if channel is not None and channel.name != place.cust:
                await self._end(channel)
                return
        raise NotPossible("no_call", "this party is not in the call any more")

    async def _leave(self, place: Place) -> None:
        """The agent's leg goes; the dialplan works out what that means for those who stay."""
        name = place.mine.name
        await self._ami.action(
            {
                "Action": "Redirect",
                "Channel": name,
                "Context": "cc-room",
                "Exten": "gone",
                "Priority": "1",
            }
        )
        await self._until(lambda: self._channels.named(name) is None)
