# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an agent does with calls, as AMI actions. Names no thing that it has not seen on the PBX."""

import asyncio
import re
import uuid

from . import encoder
from .agents.machine import Agent
from .agents.service import AgentService
from .ami import AmiError, AmiFailed, AmiTransport
from .ami.channels import Channel, ChannelTable, Event, text
from .calls import CallModel
from .facts import uuid7

_RINGING = ("Ring", "Ringing")
#: Makers whose phones take "Event: talk" in the dialog of a ringing call.
_ANSWERS = re.compile(
    r"aastra|audiocodes|cisco|fanvil|grandstream|htek|mitel|panasonic|poly|snom|spectralink|yealink",
    re.IGNORECASE,
)
#: Makes a phone answer by itself; docs/architecture.md, "In the browser".
AUTO_ANSWER = "PJSIP_HEADER(add,Alert-Info)=<cc:auto>;info=auto-answer"


class NotPossible(Exception):
    """The command can't be done now; ``code`` is the result's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CallControl:
    """Dial, answer, reject, hang up, mute."""

    def __init__(
        self, ami: AmiTransport, channels: ChannelTable, agents: AgentService, calls: CallModel
    ) -> None:
        self._ami = ami
        self._channels = channels
        self._agents = agents
        self._calls = calls
        self._originated: dict[str, asyncio.Future[bool]] = {}

    def feed(self, event: Event) -> None:
        """Sees how an Originate went (a failed one may carry no unique id: then its Hangup tells)."""
        kind = text(event, "Event")
        if kind in ("OriginateResponse", "Hangup"):
            waiting = self._originated.get(text(event, "Uniqueid"))
            if waiting is not None and not waiting.done():
                waiting.set_result(text(event, "Response") == "Success")

    async def dial(self, number: str, target: str) -> str:
        """Rings the agent's phone first, then the customer. Returns the new call's id.

        Returns as soon as the phone rings; the rest is told by the call's facts.
        """
        agent = self._signed_in(number)
        if agent.state in ("ringing", "on_call"):
            raise NotPossible("illegal_state", "there is a call already")
        device = self._agents.device(agent)
        if not device:
            raise NotPossible("not_registered", f"agent {number} has no device")
        reply = await self._ami.action(
            {"Action": "Getvar", "Variable": f"DEVICE_STATE({device.partition('@')[0]})"}
        )
        if reply.get("Value") in ("UNAVAILABLE", "INVALID") and "@" not in device:
            raise NotPossible("not_registered", f"{agent.extension} is not registered")
        call_uid, channel_id = uuid7(), f"cc-{uuid.uuid4()}"
        self._calls.adopt(call_uid, channel_id, direction="outbound", agent=number, number=target)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._originated[channel_id] = done
        try:
            await self._ami.originate(
                device,
                context="cc-out",
                exten=target,
                channel_id=channel_id,
                caller=target,
                timeout_ms=25000,
                variables=(
                    f"__CC_CALL={call_uid}",
                    f"__AGENT={number}",
                    AUTO_ANSWER,
                    f"PJSIP_HEADER(add,X-CC-Call)={call_uid}",
                ),
            )
        except AmiError:
            self._calls.forget(channel_id)
            raise
        else:
            await self._rang(agent, done)
        finally:
            self._originated.pop(channel_id, None)
        return call_uid

    @staticmethod
    async def _rang(agent: Agent, done: "asyncio.Future[bool]") -> None:
        """A phone that can't be rung says so at once; one that rings says nothing yet."""
        try:
            async with asyncio.timeout(1.5):
                taken = await done
        except TimeoutError:
            return
        if not taken:
            raise NotPossible("failed", f"{agent.extension} did not take the call")

    async def answer(self, number: str) -> None:
        """Lets a desk phone go off hook (SIP NOTIFY in the ringing dialog, Event: talk).

        Only phones known to understand it are asked: others answer 481, which ends the ringing call.
        """
        agent = self._signed_in(number)
        if agent.device != "desk":
            raise NotPossible("refused", f"a {agent.device} is answered where it rings")
        channel = self._ringing(agent)
        phone = await self._user_agent(encoder.extension(agent.extension))
        if not _ANSWERS.search(phone):
            raise NotPossible(
                "refused",
                f"the phone ({phone or 'unknown'}) can't be answered from here: pick it up",
            )
        await self._ami.action(
            {"Action": "PJSIPNotify", "Channel": channel.name, "Variable": "Event=talk"}
        )
        for _ in range(30):
            await asyncio.sleep(0.1)
            now = self._channels.get(channel.uniqueid)
            if now is None:
                raise NotPossible("no_call", "the call stopped ringing")
            if now.state == "Up":
                return
        raise NotPossible("failed", "the phone did not answer")

    async def _user_agent(self, extension: str) -> str:
        """What the phone called itself when it registered; an empty string when it isn't there."""
        reply = await self._ami.action({"Action": "PJSIPShowContacts"}, multi=True)
        for row in reply.events:
            if text(row, "Endpoint") == extension or text(row, "Aor") == extension:
                return text(row, "UserAgent")
        return ""

    async def reject(self, number: str) -> None:
        """Turns away the call that rings (Q.850 cause 21)."""
        await self._end(self._ringing(self._signed_in(number)), 21)

    async def hangup(self, number: str, call_uid: str | None) -> None:
        """Ends the agent's leg of a call; what happens to the customer is the dialplan's business."""
        agent = self._signed_in(number)
        channel = self._leg(number, call_uid)
        if channel is None:
            mine = self._channels.of_device(self._agents.device(agent))
            if not mine:
                raise NotPossible("no_call", "there is no call to end")
            channel = mine[-1]
        await self._end(channel, 16)

    async def mute(self, number: str, on: bool) -> None:
        """Silences the agent in his room, or lets him speak again."""
        self._signed_in(number)
        channel = self._leg(number, None)
        if channel is None or channel.room is None:
            raise NotPossible("no_call", "there is no conversation")
        await self._ami.action(
            {
                "Action": "ConfbridgeMute" if on else "ConfbridgeUnmute",
                "Conference": channel.room,
                "Channel": channel.name,
            }
        )

    async def check(self) -> tuple[str, str]:
        """Tries the link: a word of ok, network, login, permission, and a sentence."""
        try:
            await self._ami.action({"Action": "Ping"})
            reply = await self._ami.action({"Action": "CoreSettings"})
        except AmiError as error:
            code = "network" if error.code in ("ami_down", "failed") else error.code
            return code, str(error)
        return "ok", f"Asterisk {reply.get('AsteriskVersion')}"

    def _signed_in(self, number: str) -> Agent:
        agent = self._agents.get(number)
        if agent is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        return agent

    def _ringing(self, agent: Agent) -> Channel:
        for channel in self._channels.of_device(self._agents.device(agent)):
            if channel.state in _RINGING:
                return channel
        raise NotPossible("no_call", "no call is ringing")

    def _leg(self, number: str, call_uid: str | None) -> Channel | None:
        """The channel that carries the agent in a call; without an id in any."""
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in call.legs:
                if leg.role == "agent" and leg.number == number and leg.left_t is None:
                    for uid in reversed(leg.channels):
                        if channel := self._channels.get(uid):
                            return channel
        return None

    async def _end(self, channel: Channel, cause: int) -> None:
        try:
            await self._ami.action(
                {"Action": "Hangup", "Channel": channel.name, "Cause": str(cause)}
            )
        except AmiFailed as error:
            raise NotPossible("no_call", str(error)) from None
