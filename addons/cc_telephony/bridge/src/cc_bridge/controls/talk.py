# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""With the customer: hold, resume, mute, keys both ways; a phone's own hold key."""

import asyncio
import logging
from typing import Any

from .. import encoder
from ..ami.channels import Channel, Event, text
from ..kernel.forms import NotPossible
from .situation import here, words
from .transfer import Transfer

log = logging.getLogger(__name__)

_DIGIT_MS = 120
_GAP_S = 0.1


class Talk(Transfer):
    """What an agent does while he talks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # legs whose phone has put the call on hold by its own key
        self._by_key: set[str] = set()

    def feed(self, event: Event) -> None:
        """A phone's own hold key does what the button does: else the customer would hear nothing."""
        super().feed(event)
        kind, uid = text(event, "Event"), text(event, "Uniqueid")
        if kind in ("Hold", "Unhold"):
            self._background(self._key(uid, kind == "Hold"))
        elif kind == "Hangup":
            self._by_key.discard(uid)

    async def _key(self, uid: str, on: bool) -> None:
        channel = self._channels.get(uid)
        call_uid = self._calls.call_of(uid)
        if channel is None or channel.room is None or call_uid is None:
            return
        async with self.lock(call_uid):
            call = self._open(call_uid)
            leg = next(
                (
                    x
                    for x in reversed(call["legs"] if call else [])
                    if x["role"] == "agent" and uid in x["channels"] and here(x)
                ),
                None,
            )
            if call is None or leg is None:
                return
            place = await self._around(leg["number"], call, channel)
            other = self._channels.named(place.other)
            thirds = self._thirds(place)
            if on and other is not None and other.room and not thirds:
                await self._move(place.other, place.away, None)
                self._by_key.add(uid)
            elif not on and uid in self._by_key:
                self._by_key.discard(uid)
                if self._waits(place) and not thirds:
                    await self._move(place.other, place.back, place.room)

    async def hold(self, number: str, call_uid: str | None) -> None:
        """Customer to music."""
        place = await self._place("hold", number, call_uid)
        await self._move(place.other, place.away, None)

    async def resume(self, number: str, call_uid: str | None) -> None:
        """Customer back."""
        place = await self._place("resume", number, call_uid)
        if place.mine.uniqueid in self._by_key:
            raise NotPossible("refused", "held by the phone's own key: take it back there")
        await self._move(place.other, place.back, place.room)

    async def mute(self, number: str, call_uid: str | None, on: bool) -> None:
        """Silences the agent in his room, or lets him speak again."""
        channel = self._in_room(number, call_uid)
        await self._ami.action(
            {
                "Action": "ConfbridgeMute" if on else "ConfbridgeUnmute",
                "Conference": channel.room or "",
                "Channel": channel.name,
            }
        )

    def _in_room(self, number: str, call_uid: str | None) -> Channel:
        self._signed_in(number)
        for call in self._calls.open_calls():
            if call_uid and call.call_uid != call_uid:
                continue
            for leg in reversed(call.as_dict()["legs"]):
                if leg["role"] in ("agent", "supervisor") and leg["number"] == number:
                    channel = self._live(leg)
                    if channel is not None and channel.room:
                        return channel
        raise NotPossible("no_call", "there is no conversation")

    async def dtmf(self, number: str, call_uid: str | None, digits: str) -> None:
        """Keys to whom the agent talks with, as signalling, not as sound."""
        digits = encoder.keys(digits)
        place = await self._place("dtmf", number, call_uid)
        if words(place.call, number)["consult"] == "talking":
            name = self._third(place).name
        else:
            name = place.other if place.mine.name == place.cust else place.cust
        for digit in digits:
            await self._ami.action(
                {
                    "Action": "PlayDTMF",
                    "Channel": name,
                    "Digit": digit,
                    "Duration": str(_DIGIT_MS),
                }
            )
            await asyncio.sleep(_DIGIT_MS / 1000 + _GAP_S)

    async def collect(self, number: str, call_uid: str | None, most: int, seconds: int) -> None:
        """Asks the customer for keys. Returns when he has heard the beep; the keys come as the call's facts."""
        most = encoder.seconds(most, low=1, high=32)
        seconds = encoder.seconds(seconds, low=1, high=60)
        place = await self._place("collect", number, call_uid)
        if place.mine.name == place.cust:
            raise NotPossible("refused", "you are the caller: there is no customer to ask")
        await self._setvar(place.cust, "SHARED(CMAX)", str(most))
        await self._setvar(place.cust, "SHARED(CSEC)", str(seconds))
        await self._move(place.other, "collect", None)
