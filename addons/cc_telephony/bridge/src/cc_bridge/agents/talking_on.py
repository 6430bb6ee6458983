# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who goes on talking when a call has ended: the customer has left two or more in the room."""

from collections.abc import Mapping
from typing import Any

from ..calls.live import LiveChannel, LiveChannels


def _live(channels: LiveChannels, leg: Mapping[str, Any]) -> LiveChannel | None:
    for uid in reversed(leg["channels"]):
        if channel := channels.get(uid):
            return channel
    return None


def talking_on(call: Mapping[str, Any], channels: LiveChannels) -> dict[str, str]:
    """Agent number to channel's unique id."""
    legs = [(leg, _live(channels, leg)) for leg in call["legs"] if leg["role"] != "customer"]
    there = {c.uniqueid: c.room for _, c in legs if c is not None and c.room}
    rooms = list(there.values())
    return {
        leg["number"]: channel.uniqueid
        for leg, channel in legs
        if leg["role"] == "agent"
        and channel is not None
        and channel.room
        and rooms.count(channel.room) > 1
    }
