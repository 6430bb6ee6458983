# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Keys to whom the agent talks with."""

import asyncio
from collections.abc import Mapping
from typing import Any

from cc_contract.situation import words

from ... import encoder
from ..desk import Desk

_DIGIT_MS = 120
_GAP_S = 0.1


def register(desk: Desk) -> None:
    """Registers the control."""

    async def dtmf(number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """As signalling, not as sound."""
        digits = encoder.keys(args["digits"])
        place = await desk.place("dtmf", number, call_uid)
        if words(place.call, number)["consult"] == "talking":
            name = desk.find.third(place).name
        else:
            name = place.other if place.mine.name == place.cust else place.cust
        for digit in digits:
            await desk.kernel.ami.action(
                {
                    "Action": "PlayDTMF",
                    "Channel": name,
                    "Digit": digit,
                    "Duration": str(_DIGIT_MS),
                }
            )
            await asyncio.sleep(_DIGIT_MS / 1000 + _GAP_S)

    desk.control("dtmf", dtmf)
