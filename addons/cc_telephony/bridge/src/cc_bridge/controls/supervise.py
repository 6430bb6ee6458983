# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A supervisor in another's call: listen, whisper, join in, take over."""

from .. import encoder
from ..ami.channels import Channel
from ..kernel.forms import NotPossible
from ..phones.auto_answer import AUTO_ANSWER
from .ring import Ring
from .situation import my_leg


class Supervise(Ring):
    """Rights were checked by Odoo."""

    async def listen(self, number: str, call_uid: str | None, of: str) -> str:
        """Rings the supervisor's phone; he hears both sides, nobody hears him. Returns the call's id."""
        if call_uid and (channel := self._part(number, call_uid)) is not None:
            self._check("listen", number, self._open(call_uid))
            await self._spy(channel, "listen")
            return call_uid
        of = encoder.agent(of)
        agent = self._signed_in(number)
        if agent.state in ("ringing", "on_call"):
            raise NotPossible("illegal_state", "there is a call already")
        call = self.call_for(of, call_uid)
        self._check("listen", number, call)
        spied = self._live(my_leg(call, of))
        if spied is None or spied.room is None:
            raise NotPossible("no_call", f"agent {of} talks to nobody")
        place = await self._around(of, call, spied)
        device = self._agents.device(agent)
        await self._reachable(device, f"agent {number}")
        leg = place.other if place.other.startswith("Local/") else place.cust
        _, alive = await self._ring(
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

    async def whisper(self, number: str, call_uid: str | None) -> str:
        """The agent hears him, the customer does not."""
        uid, channel = self._supervised("whisper", number, call_uid)
        await self._spy(channel, "whisper")
        return uid

    async def barge(self, number: str, call_uid: str | None) -> str:
        """Everybody hears him."""
        uid, channel = self._supervised("barge", number, call_uid)
        room = await self._getvar(channel.name, "ROOM")
        await self._move(channel.name, "barge", room)
        return uid

    async def takeover(self, number: str, call_uid: str | None) -> str:
        """He serves the customer from now on; the agent is let go."""
        uid, channel = self._supervised("takeover", number, call_uid)
        room = await self._getvar(channel.name, "ROOM")
        spied = self._channels.named(await self._getvar(channel.name, "SPYCHAN"))
        if channel.room is None:
            await self._move(channel.name, "take", room)
        else:
            # he is in the room already: out and in again under his new part
            await self._move(channel.name, "listen", None)
            await self._move(channel.name, "take", room)
        if spied is not None:
            await self._ami.action(
                {
                    "Action": "Redirect",
                    "Channel": spied.name,
                    "Context": "cc-room",
                    "Exten": "gone",
                    "Priority": "1",
                }
            )
        return uid

    async def _spy(self, channel: Channel, how: str) -> None:
        # a supervisor who spies is in no room: there is no place to see him arrive at
        await self._move(channel.name, how, None)

    def _part(self, number: str, call_uid: str | None) -> Channel | None:
        """The supervisor's channel in a call."""
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in reversed(call.as_dict()["legs"]):
                if leg["role"] == "supervisor" and leg["number"] == number and not leg["left_t"]:
                    return self._live(leg)
        return None

    def _supervised(self, control: str, number: str, call_uid: str | None) -> tuple[str, Channel]:
        channel = self._part(number, call_uid)
        if channel is None:
            raise NotPossible("no_call", "listen in first")
        uid = self._calls.call_of(channel.uniqueid) or ""
        self._check(control, number, self._open(uid))
        return uid, channel
