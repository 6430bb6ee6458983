# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A supervisor in another's call: listen, whisper, barge in, take over. Rights were checked by Odoo."""

from collections.abc import Mapping
from typing import Any

from cc_contract.situation import my_leg

from ... import encoder
from ...calls.live import LiveChannel
from ...kernel.forms import NotPossible
from ...phones.auto_answer import AUTO_ANSWER
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the controls."""
    Supervise(desk)


class Supervise:
    """The supervisor's phone is rung once; then it changes its part."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.control("listen", self.listen)
        desk.control("whisper", self.whisper)
        desk.control("barge", self.barge)
        desk.control("takeover", self.takeover)

    async def listen(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> str:
        """Rings the supervisor's phone; they hear both sides, nobody hears them. Returns the call's id."""
        desk = self._desk
        if call_uid and (channel := desk.find.supervising(number, call_uid)) is not None:
            desk.find.check("listen", number, desk.find.open(call_uid))
            await self._spy(channel, "listen")
            return call_uid
        of = encoder.agent(str(args.get("of") or ""))
        agent = desk.find.free(number)
        call = desk.find.call_for(of, call_uid)
        desk.find.check("listen", number, call)
        spied = desk.find.live(my_leg(call, of))
        if spied is None or spied.room is None:
            raise NotPossible("no_call", f"agent {of} talks to nobody")
        place = await desk.around(of, call, spied)
        device = desk.agents.device(agent)
        await desk.steer.reachable(device, f"agent {number}")
        leg = place.other if place.other.startswith("Local/") else place.cust
        _, alive = await desk.steer.ring(
            device,
            context="cc-room",
            exten="listen",
            confirm=agent.device == "mobile",
            caller=of,
            call_uid=call["call_uid"],
            timeout_ms=20000,
            variables=[
                f"ROOM={place.room}",
                f"CUST={place.cust}",
                f"CUSTLEG={leg}",
                f"AGENT={number}",
                f"SPYCHAN={spied.name}",
                AUTO_ANSWER,
            ],
            agent=number,
            role="supervisor",
        )
        if not alive:
            raise NotPossible("failed", f"{agent.extension} did not take the call")
        return str(call["call_uid"])

    async def whisper(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """The agent hears the supervisor, the customer does not."""
        await self._spy(self._supervised("whisper", number, call_uid), "whisper")

    async def barge(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Everybody hears the supervisor."""
        channel = self._supervised("barge", number, call_uid)
        room = await self._desk.steer.getvar(channel.name, "ROOM")
        await self._desk.steer.move(channel.name, "barge", room)

    async def takeover(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """The supervisor serves the customer from now on; the agent is let go."""
        channel = self._supervised("takeover", number, call_uid)
        steer = self._desk.steer
        room = await steer.getvar(channel.name, "ROOM")
        spied = self._desk.channels.named(await steer.getvar(channel.name, "SPYCHAN"))
        if channel.room is not None:
            # in the room already: out and in again under the new part
            await steer.move(channel.name, "listen", None)
        await steer.move(channel.name, "take", room)
        if spied is not None:
            await steer.redirect(spied.name, "gone")

    async def _spy(self, channel: LiveChannel, how: str) -> None:
        # a supervisor who spies is in no room: there is no place to see them arrive at
        await self._desk.steer.move(channel.name, how, None)

    def _supervised(self, control: str, number: str, call_uid: str | None) -> LiveChannel:
        find = self._desk.find
        channel = find.supervising(number, call_uid)
        if channel is None:
            raise NotPossible("no_call", "listen in first")
        uid = self._desk.calls.call_of(channel.uniqueid) or ""
        find.check(control, number, find.open(uid))
        return channel
