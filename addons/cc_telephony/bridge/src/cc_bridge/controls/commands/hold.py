# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hold and resume; a phone's own hold key."""

from collections.abc import Mapping
from typing import Any

from cc_contract.situation import here

from ...events import Event, text
from ...kernel.forms import NotPossible
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the controls."""
    Hold(desk)


class Hold:
    """Customer to music and back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # legs whose phone has put the call on hold by its own key
        self._by_key: set[str] = set()
        desk.control("hold", self.hold)
        desk.control("resume", self.resume)
        desk.kernel.on_event("Hold", self._key_pressed)
        desk.kernel.on_event("Unhold", self._key_pressed)
        desk.kernel.on_event("Hangup", lambda e: self._by_key.discard(text(e, "Uniqueid")))

    async def hold(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Customer to music."""
        await self._desk.away(await self._desk.place("hold", number, call_uid))

    async def resume(self, number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Customer back."""
        place = await self._desk.place("resume", number, call_uid)
        if place.mine.uniqueid in self._by_key:
            raise NotPossible("refused", "held by the phone's own key: take it back there")
        await self._desk.back(place)

    def _key_pressed(self, event: Event) -> None:
        """A phone's own hold key does what the button does: else the customer would hear nothing."""
        on = text(event, "Event") == "Hold"
        self._desk.background(self._key(text(event, "Uniqueid"), on), "hold-key")

    async def _key(self, uid: str, on: bool) -> None:
        desk = self._desk
        channel, call_uid = desk.channels.get(uid), desk.calls.call_of(uid)
        if channel is None or channel.room is None or call_uid is None:
            return
        async with desk.kernel.lock(call_uid):
            call = desk.find.open(call_uid)
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
            place = await desk.around(leg["number"], call, channel)
            other = desk.channels.named(place.other)
            thirds = desk.find.thirds(place)
            if on and other is not None and other.room and not thirds:
                await desk.away(place)
                self._by_key.add(uid)
            elif not on and uid in self._by_key:
                self._by_key.discard(uid)
                if desk.find.waits(place) and not thirds:
                    await desk.back(place)
