# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Mute."""

from collections.abc import Mapping
from typing import Any

from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the control."""

    async def mute(number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Silences the agent in their room, or lets them speak again."""
        channel = desk.find.talking(number, call_uid)
        on = args.get("on", True) is not False
        await desk.kernel.ami.action(
            {
                "Action": "ConfbridgeMute" if on else "ConfbridgeUnmute",
                "Conference": channel.room or "",
                "Channel": channel.name,
            }
        )

    desk.control("mute", mute)
