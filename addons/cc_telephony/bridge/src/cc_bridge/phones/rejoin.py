# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An agent's phone died in a call: call it back when it is there again, else give the customer back.

The dialplan says CCAgentLost; the customer meanwhile hears music in their room.
"""

import asyncio
import logging
import uuid
from dataclasses import dataclass
from functools import partial

from cc_contract.causes import Cause

from .. import encoder
from ..agents.service import AgentService
from ..ami import AmiError, AmiTransport
from ..calls import CallModel
from ..calls.live import LiveChannels
from ..events import Event, text
from ..kernel.changes import Changes
from ..kernel.forms import Plugin
from ..kernel.kernel import CoreKernel
from ..tasks import Tasks
from .auto_answer import AUTO_ANSWER

log = logging.getLogger(__name__)

#: How long the customer waits for the lost agent; seconds.
WAIT_S = 30.0
#: Their phone is looked at when the PBX tells something of it; and so often, should it not tell.
LOOK_S = 3.0
#: How soon a ring that was asked for has its channel.
APPEAR_S = 0.5
#: How long their phone may take to be in the room: it is rung for 8 seconds.
JOIN_S = 9.0


@dataclass(frozen=True, slots=True)
class Lost:
    """Channel names of one room without its agent."""

    room: str
    agent: str
    cust_leg: str
    cust: str


class Rejoin(Plugin):
    """Feed it every UserEvent."""

    def __init__(
        self,
        ami: AmiTransport,
        channels: LiveChannels,
        agents: AgentService,
        calls: CallModel,
        tasks: Tasks,
        changes: Changes,
        *,
        wait_s: float = WAIT_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._ami = ami
        self._channels = channels
        self._agents = agents
        self._calls = calls
        self._wait_s = wait_s
        self._look_s = look_s
        self._tasks = tasks
        self._changes = changes

    @classmethod
    def plugin(cls, kernel: CoreKernel) -> "Rejoin":
        """As a part of the bridge."""
        core = kernel.core
        own = cls(core.ami, core.channels, core.agents, core.calls, core.tasks, core.changes)
        kernel.on_event("UserEvent", own.feed)
        return own

    def feed(self, event: Event) -> None:
        """Starts looking for a lost agent."""
        if text(event, "UserEvent") == "CCAgentLost":
            lost = Lost(
                text(event, "Room"),
                text(event, "Agent"),
                text(event, "CustLeg"),
                text(event, "Cust"),
            )
            self._tasks.spawn("rejoin", self._run(lost), f"rejoin-{lost.agent}")

    async def close(self) -> None:
        """Gives up; a customer who waits is found again by nobody but the next agent's hang-up."""
        await self._tasks.cancel("rejoin")

    async def _run(self, lost: Lost) -> None:
        log.warning("agent %s was lost in room %s", lost.agent, lost.room)
        try:
            async with asyncio.timeout(self._wait_s):
                while self._waits(lost):
                    if await self._registered(lost.agent) and await self._call_back(lost):
                        return
                    await self._changes.event(partial(self._tells, lost), self._look_s)
                return
        except TimeoutError:
            pass
        except AmiError as error:
            log.error("agent %s can't be called back: %s", lost.agent, error)
        if self._waits(lost):
            await self._give_back(lost)

    def _tells(self, lost: Lost, event: Event) -> bool:
        """Whether it is news of the agent's phone, or of the customer who waits."""
        if text(event, "Event") != "DeviceStateChange":
            return not self._waits(lost)
        agent = self._agents.get(lost.agent)
        return agent is not None and text(event, "Device") == self._agents.device(agent)

    def _waits(self, lost: Lost) -> bool:
        return self._channels.named(lost.cust) is not None

    async def _registered(self, number: str) -> bool:
        agent = self._agents.get(number)
        device = self._agents.device(agent) if agent else ""
        if not device:
            return False
        reply = await self._ami.action({"Action": "Getvar", "Variable": f"DEVICE_STATE({device})"})
        return reply.get("Value") == "NOT_INUSE"

    async def _call_back(self, lost: Lost) -> bool:
        """Rings the phone, which answers by itself; true once it is in the room."""
        agent = self._agents.get(lost.agent)
        if agent is None:
            return False
        channel_id = f"cc-{uuid.uuid4()}"
        call_uid = self._calls.call_of(lost.cust)
        if call_uid:
            self._calls.adopt(call_uid, channel_id, agent=lost.agent)
        variables = [
            f"ROOM={lost.room}",
            f"CUST={lost.cust}",
            f"CUSTLEG={lost.cust_leg}",
            f"AGENT={encoder.agent(lost.agent)}",
            AUTO_ANSWER,
        ]
        if call_uid:
            variables.append(f"PJSIP_HEADER(add,X-CC-Call)={call_uid}")
        await self._ami.originate(
            self._agents.device(agent),
            context="cc-room",
            exten="agent",
            channel_id=channel_id,
            timeout_ms=8000,
            variables=variables,
        )
        find = self._channels.get
        await self._changes.until(lambda: find(channel_id), APPEAR_S)
        await self._changes.until(
            lambda: (now := find(channel_id)) is None or now.room == lost.room, JOIN_S
        )
        channel = find(channel_id)
        if channel is None or channel.room != lost.room:
            return False
        log.info("agent %s is back in room %s", lost.agent, lost.room)
        return True

    async def _give_back(self, lost: Lost) -> None:
        """First again in the queue; from a call without a queue there is no way but its end."""
        log.warning("agent %s did not come back to room %s", lost.agent, lost.room)
        queued = lost.cust_leg != lost.cust and self._channels.named(lost.cust_leg) is not None
        with_others = any(
            c.room == lost.room and c.name not in (lost.cust, lost.cust_leg)
            for c in self._channels.all()
        )
        try:
            if with_others and not queued:
                await self._setvar(lost.cust, "SHARED(LOST)", "")
                return
            # a third party who is with them keeps them
            await self._setvar(lost.cust, "SHARED(NEXT)", "custx" if with_others else "again")
            if queued:
                await self._ami.action(
                    {
                        "Action": "Hangup",
                        "Channel": lost.cust_leg,
                        "Cause": str(int(Cause.NORMAL_CLEARING)),
                    }
                )
            else:
                await self._ami.action(
                    {
                        "Action": "Redirect",
                        "Channel": lost.cust,
                        "Context": "cc-room",
                        "Exten": "next",
                        "Priority": "1",
                    }
                )
        except AmiError as error:
            log.error("room %s: %s", lost.room, error)

    async def _setvar(self, channel: str, name: str, value: str) -> None:
        await self._ami.action(
            {"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}
        )
