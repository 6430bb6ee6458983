# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who is where in a call: agents, their legs, live channels, the room. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cc_contract.controls import legal
from cc_contract.situation import third_parties, words

from ..agents.machine import Agent
from ..agents.service import AgentService
from ..calls import CallModel
from ..calls.live import LiveChannel, LiveChannels
from ..kernel.forms import NotPossible


@dataclass(frozen=True, slots=True)
class Place:
    """An agent in a call: their channel, the room, and how the other side is moved.

    ``cust``: name of the customer's own channel. ``other``: the channel that is put on music for the agent: the
    queue's Local half, the customer's own channel, or in an internal call the colleague's. ``away`` and
    ``back``: where that one is sent.
    """

    number: str
    call: Mapping[str, Any]
    mine: LiveChannel
    room: str
    cust: str
    other: str
    away: str
    back: str


class Finder:
    """Looks things up; every method that finds nothing raises NotPossible or returns None."""

    def __init__(self, channels: LiveChannels, agents: AgentService, calls: CallModel) -> None:
        self._channels = channels
        self._agents = agents
        self._calls = calls

    def signed_in(self, number: str) -> Agent:
        """The agent. Raises NotPossible."""
        agent = self._agents.get(number)
        if agent is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        return agent

    def free(self, number: str) -> Agent:
        """An agent without a call. Raises NotPossible."""
        agent = self.signed_in(number)
        if agent.state in ("ringing", "on_call"):
            raise NotPossible("illegal_state", "there is a call already")
        return agent

    def open(self, call_uid: str | None) -> Mapping[str, Any] | None:
        """A call by its id, as facts show it."""
        call = self._calls.open(call_uid)
        return None if call is None else call.as_dict()

    def call_for(self, number: str, call_uid: str | None) -> Mapping[str, Any]:
        """The call that a command is about: the one named, else the agent's own. Raises NotPossible."""
        call = self.open(call_uid or self._agents.call_of(number))
        if call is None:
            raise NotPossible("no_call", "there is no such call any more")
        return call

    def check(self, control: str, number: str, call: Mapping[str, Any] | None) -> None:
        """Asks the table. Raises NotPossible (illegal_state)."""
        agent = self.signed_in(number)
        situation = words(call, number)
        if not legal(control, situation, agent.device):
            shown = ", ".join(f"{k} {v}" for k, v in situation.items() if v not in (None, False))
            raise NotPossible("illegal_state", f"{control} is not possible now ({shown})")

    def live(self, leg: Mapping[str, Any] | None) -> LiveChannel | None:
        """A leg's newest channel, if it is there."""
        for uid in reversed(leg["channels"] if leg else ()):
            if channel := self._channels.get(uid):
                return channel
        return None

    def carrying(self, number: str, call_uid: str | None) -> LiveChannel | None:
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

    def talking(self, number: str, call_uid: str | None) -> LiveChannel:
        """The channel with which the agent is in a room. Raises NotPossible."""
        self.signed_in(number)
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in reversed(call.as_dict()["legs"]):
                if leg["role"] in ("agent", "supervisor") and leg["number"] == number:
                    channel = self.live(leg)
                    if channel is not None and channel.room:
                        return channel
        raise NotPossible("no_call", "there is no conversation")

    def supervising(self, number: str, call_uid: str | None) -> LiveChannel | None:
        """The supervisor's channel in a call; without an id in any."""
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in reversed(call.as_dict()["legs"]):
                if leg["role"] == "supervisor" and leg["number"] == number and not leg["left_t"]:
                    return self.live(leg)
        return None

    def thirds(self, place: Place) -> list[LiveChannel]:
        """Live channels of the third parties, the oldest first."""
        found = [self.live(leg) for leg in third_parties(place.call, place.number)]
        return [c for c in found if c is not None]

    def third(self, place: Place) -> LiveChannel:
        """The newest third party's channel. Raises NotPossible."""
        thirds = self.thirds(place)
        if not thirds:
            raise NotPossible("no_call", "the other party is gone")
        return thirds[-1]

    def waits(self, place: Place) -> bool:
        """The other side hears music."""
        channel = self._channels.named(place.other)
        return channel is not None and channel.room is None

    def rung(self, call_uid: str) -> list[LiveChannel]:
        """Channels that are being rung for a call by an Originate of ours."""
        if (call := self._calls.open(call_uid)) is None:
            return []
        found = [self._channels.get(a.uid) for a in call.attempts if a.outcome is None and a.uid]
        return [c for c in found if c is not None and c.uniqueid.startswith("cc-")]
