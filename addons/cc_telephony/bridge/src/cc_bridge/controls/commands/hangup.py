# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hang up."""

from collections.abc import Mapping
from typing import Any

from ...kernel.forms import NotPossible
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the control."""

    async def hangup(number: str, call_uid: str | None, _args: Mapping[str, Any]) -> None:
        """Ends the agent's leg of a call; what happens to the customer is the dialplan's business."""
        agent = desk.find.signed_in(number)
        channel = desk.find.carrying(number, call_uid)
        if channel is None and (uid := desk.agents.talking_on(number)) is not None:
            channel = desk.channels.get(uid)
        if channel is None:
            device = desk.agents.device(agent)
            mine = desk.channels.of_device(device) if "@" not in device else []
            if not mine:
                raise NotPossible("no_call", "there is no call to end")
            channel = mine[-1]
        await desk.steer.end(channel)

    desk.control("hangup", hangup)
