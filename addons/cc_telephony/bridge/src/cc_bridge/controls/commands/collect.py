# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Keys from the customer."""

from collections.abc import Mapping
from typing import Any

from ... import encoder
from ...kernel.forms import NotPossible
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the control."""

    async def collect(number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Asks for keys. Returns when the customer has heard the beep; the keys come as the call's facts."""
        most = encoder.seconds(args.get("max", 32), low=1, high=32)
        seconds = encoder.seconds(args.get("seconds", 10), low=1, high=60)
        place = await desk.place("collect", number, call_uid)
        if place.mine.name == place.cust:
            raise NotPossible("refused", "you are the caller: there is no customer to ask")
        await desk.steer.setvar(place.cust, "SHARED(CMAX)", str(most))
        await desk.steer.setvar(place.cust, "SHARED(CSEC)", str(seconds))
        await desk.steer.move(place.other, "collect", None)

    desk.control("collect", collect)
