# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which phones the PBX can reach, by its device states: queues know it of their members only. Pure."""

from collections.abc import Iterable

from ..events import Event, text

_AWAY = frozenset({"UNAVAILABLE", "INVALID"})
_DEVICE = "PJSIP/"


class Phones:
    """SIP endpoints (``w1001``), and whether each is there."""

    def __init__(self) -> None:
        self._there: dict[str, bool] = {}

    def feed(self, event: Event) -> str | None:
        """Takes one event; others than device states are passed over. Returns the endpoint that came or went."""
        device = text(event, "Device")
        if text(event, "Event") != "DeviceStateChange" or not device.startswith(_DEVICE):
            return None
        endpoint, there = device.removeprefix(_DEVICE), text(event, "State") not in _AWAY
        if self._there.get(endpoint) is there:
            return None
        self._there[endpoint] = there
        return endpoint

    def reset(self, rows: Iterable[Event]) -> list[str]:
        """Takes the events of a DeviceStateList; returns the endpoints that came or went."""
        return [endpoint for row in rows if (endpoint := self.feed(row)) is not None]

    def there(self, endpoint: str) -> bool:
        """False when the PBX has said that it cannot reach this endpoint."""
        return self._there.get(endpoint, True)
