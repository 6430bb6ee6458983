# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The recording of a call to a colleague rests while that colleague hears music.

Such a call is recorded on the caller's own channel, and there everything arrives that the caller asks aside. So
the recording is stopped before the colleague leaves the room, and another one begun before they come back.
Muting would not do: Asterisk mutes what it writes, not what comes in, and on a busy machine it writes up to half
a second late; what waits when the mute ends would be heard.
"""

import logging

from cc_contract.situation import other_side

from ... import encoder
from ...ami import AmiFailed
from ...calls.live import LiveChannel
from ...events import Event, text
from ...facts import CallFact
from ..calls import Place
from ..desk import Desk

log = logging.getLogger(__name__)

#: On the channel: when its recording stopped (µs). A bridge that is started meanwhile finds it there.
_RESTS = "CC_RESTS"


def register(desk: Desk) -> None:
    """Lets it hear."""
    CallerRecord(desk)


class CallerRecord:
    """Stops and begins by the steps that every control takes, never by events that follow them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # call to the caller's channel and agent number
        self._resting: dict[str, tuple[str, str]] = {}
        desk.before_away(self._rest)
        desk.before_back(self._before_back)
        desk.after_back(self._after_back)
        desk.kernel.on_call(self._call_changed)
        desk.kernel.on_event("ConfbridgeMute", self._muted)
        desk.kernel.on_event("ConfbridgeUnmute", self._muted)

    def _muted(self, event: Event) -> None:
        """Their colleague does not hear a caller who has muted themselves: nor does the recording."""
        uid, on = text(event, "Uniqueid"), text(event, "Event") == "ConfbridgeMute"
        channel, call_uid = self._desk.channels.get(uid), self._desk.calls.call_of(uid)
        if channel is not None and call_uid is not None:
            self._desk.background(self._silence(call_uid, channel, on), "caller-mute")

    async def _silence(self, call_uid: str, channel: LiveChannel, on: bool) -> None:
        steer = self._desk.steer
        async with self._desk.kernel.lock(call_uid):
            if await steer.getvar(channel.name, "CUST") == channel.name:
                await steer.silence(channel.name, await steer.getvar(channel.name, "CC_MIX"), on)

    async def _rest(self, place: Place) -> None:
        name, steer = place.mine.name, self._desk.steer
        if name != place.cust or await steer.getvar(name, _RESTS):
            return
        if not await steer.getvar(name, "CC_REC"):
            return  # nothing is recorded
        self._resting[place.call["call_uid"]] = (place.mine.uniqueid, place.number)
        await steer.setvar(name, _RESTS, str(self._desk.kernel.clock.now_us()))
        await steer.stop_recording(name, await steer.getvar(name, "CC_MIX"))

    async def _before_back(self, place: Place) -> None:
        """Nobody else is there: it begins before who comes back can say a word."""
        if place.mine.name == place.cust and not self._with_others(place):
            await self._go_on(place.call["call_uid"], place.mine)

    async def _after_back(self, place: Place) -> None:
        """Whom they asked is still there: what is said belongs to the call only now."""
        if place.mine.name == place.cust:
            await self._go_on(place.call["call_uid"], place.mine)

    def _with_others(self, place: Place) -> bool:
        return any(
            c.room == place.room and c.name != place.mine.name for c in self._desk.channels.all()
        )

    def _call_changed(self, fact: CallFact) -> None:
        """A colleague may come back, or another take their place, without any control: a takeover."""
        uid = fact.call["call_uid"]
        if uid not in self._resting:
            return
        if fact.call["state"] == "ended":
            del self._resting[uid]
        elif all(hold["to_t"] is not None for hold in fact.call["holds"]):
            self._desk.background(self._judge(uid), "caller-record")

    async def _judge(self, call_uid: str) -> None:
        # behind the control that is under way
        async with self._desk.kernel.lock(call_uid):
            call, resting = self._desk.find.open(call_uid), self._resting.get(call_uid)
            if call is None or resting is None:
                return
            channel = self._desk.channels.get(resting[0])
            other = self._desk.find.live(other_side(call, resting[1]))
            if channel is None or other is None or any(h["to_t"] is None for h in call["holds"]):
                return
            # a hold may be told a moment after it is so
            if channel.room is not None and other.room == channel.room:
                await self._go_on(call_uid, channel)

    async def _go_on(self, call_uid: str, channel: LiveChannel) -> None:
        steer, kernel = self._desk.steer, self._desk.kernel
        self._resting.pop(call_uid, None)
        stopped = await steer.getvar(channel.name, _RESTS)
        if not stopped.isdecimal():
            return
        now = kernel.clock.now_us()
        try:
            base = encoder.path(await steer.getvar(channel.name, "CC_REC"))
            more = f"{base}-r{now}-{max(now - int(stopped), 0) // 1000}"
            await steer.setvar(channel.name, _RESTS, "")
            await kernel.ami.action(
                {
                    "Action": "MixMonitor",
                    "Channel": channel.name,
                    "File": f"{base}.wav",
                    "Options": f"aSr({more}-in.wav)t({more}-out.wav)i(CC_MIX)",
                }
            )
            if await steer.muted(channel):
                await steer.silence(channel.name, await steer.getvar(channel.name, "CC_MIX"), True)
        except (AmiFailed, encoder.Refused) as error:
            # most likely they have hung up
            log.warning("the recording of %s does not go on: %s", channel.name, error)
