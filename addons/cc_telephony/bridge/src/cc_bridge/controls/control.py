# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All controls; dialling out, the test call and the test of the link."""

from typing import Any

from ..agents.machine import Agent
from ..ami import AmiError
from ..ami.channels import Event, text
from ..facts import uuid7
from ..kernel.forms import NotPossible
from ..phones.auto_answer import AUTO_ANSWER
from .supervise import Supervise


class CallControl(Supervise):
    """Everything that an agent can do with calls. One method a control."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # customer-first: the customer's channel, and the agent who waits for his answer
        self._first: dict[str, str] = {}

    def feed(self, event: Event) -> None:
        """An agent whose customer did not answer is free again."""
        super().feed(event)
        if text(event, "Event") == "Hangup":
            number = self._first.pop(text(event, "Uniqueid"), None)
            if number is not None:
                self._background(self._agents.mark_busy(number, False))

    async def dial(self, number: str, target: str) -> str:
        """Rings the agent's phone first, then the customer; or the other way round. Returns the new call's id.

        Returns as soon as the phone rings; the rest is told by the call's facts.
        """
        agent = self._free(number)
        device = await self._own_device(agent)
        way = self._outside(target)
        call_uid = uuid7()
        if self._agents.settings.get("dial_mode") == "customer_first":
            # the queues must pass him over while the customer's phone rings
            await self._agents.mark_busy(number, True)
            try:
                channel_id, alive = await self._ring(
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
                await self._agents.mark_busy(number, False)
                raise
            if alive and self._channels.get(channel_id) is not None:
                self._first[channel_id] = number
            else:
                await self._agents.mark_busy(number, False)
            return call_uid
        _, alive = await self._ring(
            device,
            context="cc-out",
            exten=target,
            confirm=agent.device == "mobile",
            caller=target,
            call_uid=call_uid,
            variables=[f"__AGENT={number}", AUTO_ANSWER],
            direction="outbound",
            agent=number,
            number=target,
        )
        if not alive:
            raise NotPossible("failed", f"{agent.extension} did not take the call")
        return call_uid

    async def echo(self, number: str) -> None:
        """The agent's phone is connected with an echo; no call comes of it."""
        agent = self._free(number)
        device = await self._own_device(agent)
        _, alive = await self._ring(
            device,
            context="cc-echo",
            exten="s",
            variables=[AUTO_ANSWER],
            role="nobody",
        )
        if not alive:
            raise NotPossible("failed", f"{agent.extension} did not take the call")

    def _free(self, number: str) -> Agent:
        agent = self._signed_in(number)
        if agent.state in ("ringing", "on_call"):
            raise NotPossible("illegal_state", "there is a call already")
        return agent

    async def _own_device(self, agent: Agent) -> str:
        device = self._agents.device(agent)
        if not device:
            raise NotPossible("not_registered", f"agent {agent.agent} has no device")
        await self._reachable(device, agent.extension or agent.agent)
        return device

    async def check(self) -> tuple[str, str]:
        """Tries the link: a word of ok, network, login, permission, and a sentence."""
        try:
            await self._ami.action({"Action": "Ping"})
            reply = await self._ami.action({"Action": "CoreSettings"})
        except AmiError as error:
            code = "network" if error.code in ("ami_down", "failed") else error.code
            return code, str(error)
        return "ok", f"Asterisk {reply.get('AsteriskVersion')}"
