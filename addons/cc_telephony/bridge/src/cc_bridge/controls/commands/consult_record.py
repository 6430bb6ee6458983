# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recording of a consultation: what agent and third party say while the customer hears music.

It is made on the asking agent's channel, a file a stretch: what they say on the left, whom they asked on the
right. So it ends by itself when they leave, before the dialplan brings the customer to the third party;
every command that brings the customer back ends it first. What is going on stands on the channel too
(``CC_CONSULT``), for a bridge that is started again in between.
"""

import time
from collections.abc import Mapping
from typing import Any

from cc_contract.situation import here, my_leg, third_parties, words

from ... import encoder
from ...calls.live import LiveChannel
from ...facts import CallFact
from ..calls import Place
from ..desk import Desk


def register(desk: Desk) -> None:
    """Lets it hear."""
    ConsultRecord(desk)


class ConsultRecord:
    """Starts by what the call's facts say, ends by them or by a command."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # call to the channel that is recorded and the leg of who is asked
        self._going: dict[str, tuple[str, int]] = {}
        desk.before_return(self._stop_for)
        desk.kernel.on_call(self._call_changed)
        desk.kernel.on_connected(self._connected)

    async def _connected(self) -> None:
        """What runs was begun by the bridge before this one; the consultation may be over since."""
        desk = self._desk
        for call in [one.as_dict() for one in desk.calls.open_calls()]:
            for leg in call["legs"]:
                channel = desk.find.live(leg) if leg["role"] == "agent" else None
                if channel is not None and await desk.steer.getvar(channel.name, "CC_CONSULT"):
                    going = self._wanted(call) or (channel.uniqueid, 0)
                    self._going.setdefault(call["call_uid"], going)
                    desk.background(self._judge(call["call_uid"]), "consult-record")

    def _call_changed(self, fact: CallFact) -> None:
        uid = fact.call["call_uid"]
        if self._wanted(fact.call) != self._going.get(uid):
            self._desk.background(self._judge(uid), "consult-record")

    async def _judge(self, call_uid: str) -> None:
        # behind the command that is under way: nobody is recorded whom it is about to bring together
        async with self._desk.kernel.lock(call_uid):
            call = self._desk.find.open(call_uid)
            wanted = self._wanted(call) if call is not None else None
            going = self._going.get(call_uid)
            if wanted == going:
                return
            channels = self._desk.channels
            if going is not None:
                del self._going[call_uid]
                if (channel := channels.get(going[0])) is not None:
                    await self._stop(channel)
            if wanted is not None and (channel := channels.get(wanted[0])) is not None:
                self._going[call_uid] = wanted
                await self._start(channel, wanted[1])

    def _wanted(self, call: Mapping[str, Any]) -> tuple[str, int] | None:
        """The channel of who consults and talks, and the leg of whom they asked."""
        if call["state"] == "ended" or not any(h["to_t"] is None for h in call["holds"]):
            return None
        for leg in call["legs"]:
            number = leg["number"]
            if leg["role"] != "agent" or not here(leg) or leg is not my_leg(call, number):
                continue
            if words(call, number)["consult"] == "talking":
                channel = self._desk.find.live(leg)
                asked = third_parties(call, number)[-1]
                return (channel.uniqueid, asked["leg"]) if channel is not None else None
        return None

    async def _stop_for(self, place: Place) -> None:
        """The customer is about to come back, or to leave with the third party: that is not to be heard here."""
        self._going.pop(place.call["call_uid"], None)
        await self._stop(place.mine)

    async def _start(self, channel: LiveChannel, leg: int) -> None:
        steer, kernel = self._desk.steer, self._desk.kernel
        if await steer.getvar(channel.name, "CC_CONSULT"):
            return  # by the bridge that ran before this one
        settings = self._desk.agents.settings
        if not (settings.get("record") and settings.get("record_consults")):
            return
        now = kernel.clock.now_us()
        day = time.strftime("%Y%m%d", time.gmtime(now // 1_000_000))
        folder = encoder.path(kernel.settings.recordings)
        base = f"{folder}/{day}/{channel.uniqueid}-c{leg}-{now}"
        await steer.record(channel, base, "CC_CONSULT")

    async def _stop(self, channel: LiveChannel) -> None:
        monitor = await self._desk.steer.getvar(channel.name, "CC_CONSULT")
        if not monitor:
            return
        await self._desk.steer.setvar(channel.name, "CC_CONSULT", "")
        await self._desk.steer.stop_recording(channel.name, monitor)
