# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A call that rings: answer and reject."""

import re
from collections.abc import Mapping
from typing import Any

from cc_contract.causes import Cause

from ... import encoder
from ...agents.machine import Agent
from ...calls.live import LiveChannel
from ...events import text
from ...kernel.forms import NotPossible
from ..desk import Desk

_RINGING = ("Ring", "Ringing")
#: How long a phone may take to go off hook; seconds.
_ANSWER_S = 3.0
#: Makers whose phones take "Event: talk" in the dialog of a ringing call.
_ANSWERS = re.compile(
    r"aastra|audiocodes|cisco|fanvil|grandstream|htek|mitel|panasonic|poly|snom|spectralink|yealink",
    re.IGNORECASE,
)


def register(desk: Desk) -> None:
    """Registers the controls."""
    Ring(desk)


class Ring:
    """At the agent's own phone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.control("answer", self.answer)
        desk.control("reject", self.reject)

    async def answer(self, number: str, _call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Lets a desk phone go off hook (SIP NOTIFY in the ringing dialog, Event: talk).

        Only phones known to understand it are asked: others answer 481, which ends the ringing call.
        """
        desk = self._desk
        agent = desk.find.signed_in(number)
        if agent.device != "desk":
            raise NotPossible("refused", f"a {agent.device} is answered where it rings")
        channel = self._ringing(agent)
        phone = await self._user_agent(encoder.extension(agent.extension))
        if not _ANSWERS.search(phone):
            raise NotPossible(
                "refused",
                f"the phone ({phone or 'unknown'}) can't be answered from here: pick it up",
            )
        await desk.kernel.ami.action(
            {"Action": "PJSIPNotify", "Channel": channel.name, "Variable": "Event=talk"}
        )
        if not await desk.steer.answered(channel.uniqueid, _ANSWER_S):
            raise NotPossible("failed", "the phone did not answer")

    async def _user_agent(self, extension: str) -> str:
        """What the phone called itself when it registered; an empty string when it isn't there."""
        reply = await self._desk.kernel.ami.action({"Action": "PJSIPShowContacts"}, multi=True)
        for row in reply.events:
            if text(row, "Endpoint") == extension or text(row, "Aor") == extension:
                return text(row, "UserAgent")
        return ""

    async def reject(self, number: str, _call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Turns away the call that rings."""
        channel = self._ringing(self._desk.find.signed_in(number))
        await self._desk.steer.end(channel, Cause.CALL_REJECTED)

    def _ringing(self, agent: Agent) -> LiveChannel:
        device = self._desk.agents.device(agent)
        if "@" in device:
            return self._ringing_outside(agent)
        for channel in self._desk.channels.of_device(device):
            if channel.state in _RINGING:
                return channel
        raise NotPossible("no_call", "no call is ringing")

    def _ringing_outside(self, agent: Agent) -> LiveChannel:
        """A mobile's channel is one of its line's: the call that rings the agent knows which."""
        for call in self._desk.calls.open_calls():
            for made in call.attempts:
                if made.outcome is None and made.target == agent.agent:
                    channel = self._desk.channels.get(made.uid)
                    if channel is not None:
                        return channel
        raise NotPossible("no_call", "no call is ringing")
