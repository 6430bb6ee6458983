# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling out, and the test call."""

from collections.abc import Mapping
from typing import Any

from ... import encoder
from ...agents.machine import Agent
from ...events import Event, text
from ...facts import uuid7
from ...kernel.forms import NotPossible, Order, Result
from ...phones.auto_answer import AUTO_ANSWER
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the controls."""
    Dial(desk)


class Dial:
    """Rings the agent's phone first, then the customer; or the other way round."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # customer-first: the customer's channel, and the agent who waits for their answer
        self._first: dict[str, str] = {}
        desk.control("dial", self.dial)
        desk.kernel.command("echo", self.echo)
        desk.kernel.on_event("Hangup", self._hung_up)

    def _hung_up(self, event: Event) -> None:
        """An agent whose customer did not answer is free again."""
        number = self._first.pop(text(event, "Uniqueid"), None)
        if number is not None:
            self._desk.background(self._desk.agents.mark_busy(number, False), "free-again")

    async def dial(self, number: str, _call_uid: str | None, args: Mapping[str, Any]) -> str:
        """Returns the new call's id, as soon as the phone rings; the rest is told by the call's facts."""
        try:
            target = encoder.number(args["number"])
        except encoder.Refused as error:
            raise NotPossible("bad_number", str(error)) from None
        desk = self._desk
        agent = desk.find.free(number)
        device = await self._own_device(agent)
        first = desk.agents.settings.get("dial_mode") == "customer_first"
        if first and desk.agents.get(target) is None:
            return await self._customer_first(number, target)
        inside = desk.agents.get(target) is not None
        if not inside:
            desk.targets.outside(number, target)
        call_uid = uuid7()
        _, alive = await desk.steer.ring(
            device,
            context="cc-dialled" if inside else "cc-out",
            exten=target,
            confirm=agent.device == "mobile",
            caller=target,
            call_uid=call_uid,
            variables=[f"__AGENT={number}", AUTO_ANSWER],
            direction="internal" if inside else "outbound",
            agent=number,
            number=target,
        )
        if not alive:
            raise NotPossible("failed", f"{agent.extension} did not take the call")
        return call_uid

    async def _customer_first(self, number: str, target: str) -> str:
        desk = self._desk
        way = desk.targets.outside(number, target)
        desk.kernel.core.gate.made(number)
        call_uid = uuid7()
        # the queues must pass the agent over while the customer's phone rings
        await desk.agents.mark_busy(number, True)
        try:
            channel_id, alive = await desk.steer.ring(
                way.device,
                context="cc-first",
                exten=number,
                caller=way.caller_id or number,
                call_uid=call_uid,
                timeout_ms=60000,
                variables=[f"__CC_LINE={way.trunk}"],
                direction="outbound",
                number=target,
                line=way.trunk,
                first=number,
            )
        except BaseException:
            await desk.agents.mark_busy(number, False)
            raise
        if alive and desk.channels.get(channel_id) is not None:
            self._first[channel_id] = number
        else:
            await desk.agents.mark_busy(number, False)
        return call_uid

    async def echo(self, order: Order) -> Result:
        """The agent's phone is connected with an echo. Only what goes out by a line is a call."""
        number = self._desk.number(order)
        agent = self._desk.find.free(number)
        device = await self._own_device(agent)
        known: dict[str, Any] = {"role": "nobody"}
        if agent.device == "mobile":
            self._desk.targets.outside(number, agent.extension or "")
            known = {"call_uid": uuid7(), "direction": "outbound", "number": agent.extension}
        _, alive = await self._desk.steer.ring(
            device,
            context="cc-echo",
            exten="s",
            variables=[AUTO_ANSWER],
            **known,
        )
        if not alive:
            raise NotPossible("failed", f"{agent.extension} did not take the call")
        return Result()

    async def _own_device(self, agent: Agent) -> str:
        device = self._desk.agents.device(agent)
        if not device:
            raise NotPossible("not_registered", f"agent {agent.agent} has no device")
        await self._desk.steer.reachable(device, agent.extension or agent.agent)
        return device
