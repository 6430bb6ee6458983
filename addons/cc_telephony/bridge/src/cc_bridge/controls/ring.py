# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A call that rings, or that ends: answer, reject, hang up, pick up a colleague's."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from .. import encoder
from ..agents.machine import Agent
from ..ami.channels import Channel, text
from ..kernel.forms import NotPossible
from ..phones.auto_answer import AUTO_ANSWER
from .situation import my_leg, words
from .talk import Talk

_RINGING = ("Ring", "Ringing")
#: Makers whose phones take "Event: talk" in the dialog of a ringing call.
_ANSWERS = re.compile(
    r"aastra|audiocodes|cisco|fanvil|grandstream|htek|mitel|panasonic|poly|snom|spectralink|yealink",
    re.IGNORECASE,
)


class Ring(Talk):
    """The beginning and the end."""

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
        if channel is None and (stays := self._agents.staying(number)) is not None:
            channel = self._channels.get(stays)
        if channel is None:
            device = self._agents.device(agent)
            mine = self._channels.of_device(device) if "@" not in device else []
            if not mine:
                raise NotPossible("no_call", "there is no call to end")
            channel = mine[-1]
        await self._end(channel, 16)

    def _ringing(self, agent: Agent) -> Channel:
        device = self._agents.device(agent)
        if "@" in device:
            return self._ringing_outside(agent)
        for channel in self._channels.of_device(device):
            if channel.state in _RINGING:
                return channel
        raise NotPossible("no_call", "no call is ringing")

    def _ringing_outside(self, agent: Agent) -> Channel:
        """A mobile's channel is one of its line's: the call that rings him knows which."""
        for call in self._calls.open_calls():
            for made in call.attempts:
                if made.outcome is None and made.target == agent.agent:
                    channel = self._channels.get(made.uid)
                    if channel is not None:
                        return channel
        raise NotPossible("no_call", "no call is ringing")

    def _leg(self, number: str, call_uid: str | None) -> Channel | None:
        """The channel that carries the agent in a call, also as supervisor; without an id in any."""
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in call.legs:
                if (
                    leg.role in ("agent", "supervisor")
                    and leg.number == number
                    and leg.left_t is None
                ):
                    for uid in reversed(leg.channels):
                        if channel := self._channels.get(uid):
                            return channel
        return None

    async def pickup(self, number: str, call_uid: str | None) -> str:
        """What rings at a colleague is taken by the agent's own phone. Returns the call's id."""
        agent = self._signed_in(number)
        if agent.state in ("ringing", "on_call"):
            raise NotPossible("illegal_state", "there is a call already")
        call = self._open(call_uid)
        if call is None:
            raise NotPossible("no_call", "this call does not ring any more")
        self._check("pickup", number, call)
        ring = self._rings_at_colleague(call)
        customer = self._customer(call)
        if customer is None or ring is None:
            raise NotPossible("no_call", "this call does not ring at a colleague")
        target, leg = ring
        room = await self._getvar(customer.name, "ROOM")
        if not room:
            raise NotPossible("refused", "this call can't be steered from here")
        device = self._agents.device(agent)
        await self._reachable(device, f"agent {number}")
        channel_id, alive = await self._ring(
            device,
            context="cc-room",
            exten="pickup",
            confirm=agent.device == "mobile",
            caller=target,
            call_uid=call["call_uid"],
            timeout_ms=15000,
            variables=[
                f"ROOM={room}",
                f"CUST={customer.name}",
                f"CUSTLEG={leg or customer.name}",
                f"AGENT={number}",
                f"CC_FROM={target}",
                AUTO_ANSWER,
            ],
            agent=number,
        )
        if not alive or (
            await self._until(lambda: self._channels.get(channel_id) is None, 0.3)
            and self._in_call(number, call["call_uid"]) is None
        ):
            raise NotPossible("no_call", "it was answered a moment before")
        return str(call["call_uid"])

    def _in_call(self, number: str, call_uid: str) -> Any:
        call = self._open(call_uid)
        return my_leg(call, number) if call and words(call, number)["mine"] == "talking" else None

    def _customer(self, call: Mapping[str, Any]) -> Channel | None:
        for one in self._calls.open_calls():
            if one.call_uid == call["call_uid"] and one.customer:
                return self._channels.get(one.customer)
        return None

    def _rings_at_colleague(self, call: Mapping[str, Any]) -> tuple[str, str] | None:
        """Who is rung, and the queue's Local half behind which he is; the newest ring first."""
        for one in self._calls.open_calls():
            if one.call_uid != call["call_uid"]:
                continue
            for made in reversed(one.attempts):
                if made.outcome is not None or not made.target or made.outside:
                    continue
                rung = self._channels.get(made.uid)
                if rung is None:
                    continue
                if not rung.name.startswith("Local/"):
                    return made.target, ""
                half = self._channels.named(rung.name[:-1] + "2")
                if half is not None:
                    return made.target, half.name
        return None
