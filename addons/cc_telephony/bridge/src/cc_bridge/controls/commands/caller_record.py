# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The recording of a call to a colleague rests while that colleague hears music.

Such a call is recorded on the caller's own channel, and there everything arrives that the caller asks aside. So
the recording is stopped before the colleague leaves the room, and another one begun before they come back.
Muting would not do: Asterisk mutes what it writes, not what comes in, and on a busy machine it writes up to half
a second late; what waits when the mute ends would be heard.

When the caller goes and the others talk on, the first of them takes the caller's place: in the dialplan, so that
the rest can steer the call as before, and in the recording.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from cc_contract.situation import here, other_side

from ... import encoder
from ...ami import AmiFailed
from ...calls.live import LiveChannel
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
    """Stops and begins by the steps that every control takes; facts tell what happens without any."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # calls whose recording rests
        self._resting: set[str] = set()
        desk.before_away(self._rest_for)
        desk.before_back(self._before_back)
        desk.after_back(self._after_back)
        desk.kernel.on_call(self._call_changed)
        desk.kernel.on_connected(self._connected)

    async def _rest_for(self, place: Place) -> None:
        if place.mine.name == place.cust:
            await self._rest(place.call["call_uid"], place.mine)

    async def _rest(self, call_uid: str, channel: LiveChannel) -> None:
        name, steer = channel.name, self._desk.steer
        # of some nothing is recorded
        if await steer.getvar(name, _RESTS) or not await steer.getvar(name, "CC_REC"):
            return
        self._resting.add(call_uid)
        await steer.setvar(name, _RESTS, str(self._desk.kernel.clock.now_us()))
        await steer.stop_recording(name, await steer.getvar(name, "CC_MIX"))

    async def _before_back(self, place: Place) -> None:
        """Nobody else is there: it begins before who comes back can say a word."""
        if place.mine.name == place.cust and not self._with(place.room, place.mine):
            await self._go_on(place.call["call_uid"], place.mine)

    async def _after_back(self, place: Place) -> None:
        """Whom they asked is still there: what is said belongs to the call only now."""
        if place.mine.name == place.cust:
            await self._go_on(place.call["call_uid"], place.mine)

    def _with(self, room: str, channel: LiveChannel) -> list[LiveChannel]:
        """Who else is in the room."""
        return [c for c in self._desk.channels.all() if c.room == room and c.name != channel.name]

    # -- without any control --------------------------------------------------------------------

    async def _connected(self) -> None:
        """A control may have been left half done, and nobody has listened since."""
        for call in [one.as_dict() for one in self._desk.calls.open_calls()]:
            if call["direction"] == "internal":
                self._resting.add(call["call_uid"])
                self._desk.background(self._judge(call["call_uid"]), "caller-record")

    def _call_changed(self, fact: CallFact) -> None:
        """A colleague may come back, or another take their place or the caller's, without any control."""
        uid = fact.call["call_uid"]
        if fact.call["state"] == "ended":
            self._resting.discard(uid)
            return
        left = fact.kind == "call.left" and fact.call["direction"] == "internal"
        rests = uid in self._resting and all(h["to_t"] is not None for h in fact.call["holds"])
        if left or rests:
            self._desk.background(self._judge(uid), "caller-record")

    async def _judge(self, call_uid: str) -> None:
        # behind the control that is under way
        async with self._desk.kernel.lock(call_uid):
            call = self._desk.find.open(call_uid)
            if call is None:
                return
            legs = [leg for leg in call["legs"] if here(leg) and leg["role"] != "supervisor"]
            for leg in legs:
                if (channel := self._desk.find.live(leg)) is None:
                    continue
                cust = await self._desk.steer.getvar(channel.name, "CUST")
                if cust == channel.name:
                    await self._look(call, leg["number"], channel)
                if not cust or self._desk.channels.named(cust) is not None:
                    return  # without it they are in no room of ours
            if call["direction"] == "internal" and call["queue"] is None:
                await self._inherit(call, legs)

    async def _look(self, call: Mapping[str, Any], number: str, caller: LiveChannel) -> None:
        """Whether it rests as it should."""
        other = self._desk.find.live(other_side(call, number))
        if other is None or caller.room is None:
            return
        # a hold may be told a moment after it is so
        if other.room == caller.room:
            await self._go_on(call["call_uid"], caller)
        elif other.room is None and any(h["to_t"] is None for h in call["holds"]):
            await self._rest(call["call_uid"], caller)

    async def _inherit(self, call: Mapping[str, Any], legs: list[Mapping[str, Any]]) -> None:
        """The caller is gone; the colleague whom they called is now whom the call is for."""
        desk, steer = self._desk, self._desk.steer
        found = [(leg, channel) for leg in legs if (channel := desk.find.live(leg)) is not None]
        there = [channel for _, channel in found if channel.room is not None]
        if len(there) < 2 or found[0][0]["role"] != "agent":
            return  # the dialplan lets the last one go
        heir, room = found[0][1], str(there[0].room)
        for _, channel in found:
            for name in ("CUST", "CUSTLEG"):
                await steer.setvar(channel.name, name, heir.name)
        await self._take_over(call["call_uid"], heir, room)
        await steer.move(heir.name, "heir", room)
        if not self._with(room, heir):
            await steer.end(heir)

    async def _take_over(self, call_uid: str, heir: LiveChannel, room: str) -> None:
        """The recording goes on on another channel. The room is named after the first one's."""
        kernel, steer = self._desk.kernel, self._desk.steer
        uid = room.removeprefix("c-")
        files = [*kernel.settings.recordings.glob(f"*/{uid}-in.wav")]
        if not files or await steer.getvar(heir.name, "CC_REC"):
            return
        base = files[0].with_name(uid)
        files += base.parent.glob(f"{uid}-r*-in.wav")
        last = max(one.stat().st_mtime for one in files)
        since = kernel.clock.now_us() - max(round((time.time() - last) * 1_000_000), 0)
        await steer.setvar(heir.name, "CC_REC", str(base))
        await steer.setvar(heir.name, _RESTS, str(since))
        await self._go_on(call_uid, heir)

    async def _go_on(self, call_uid: str, channel: LiveChannel) -> None:
        steer, kernel = self._desk.steer, self._desk.kernel
        self._resting.discard(call_uid)
        stopped = await steer.getvar(channel.name, _RESTS)
        if not stopped.isdecimal():
            return
        now = kernel.clock.now_us()
        try:
            base = encoder.path(await steer.getvar(channel.name, "CC_REC"))
            more = f"{base}-r{now}-{max(now - int(stopped), 0) // 1000}"
            await steer.setvar(channel.name, _RESTS, "")
            await steer.record(channel, more, "CC_MIX", f"{base}.wav")
        except (AmiFailed, encoder.Refused) as error:
            # most likely they have hung up
            log.warning("the recording of %s does not go on: %s", channel.name, error)
