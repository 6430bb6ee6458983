# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The channels as the PBX has them now, by its own names and ids: what actions need. A view, it keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .channels import Channel, Registry

TEXTS = "Message/"


@dataclass(frozen=True, slots=True)
class LiveChannel:
    """A channel as it was when it was asked for. ``state`` is Asterisk's word (Ring, Ringing, Up …),
    ``room`` the conference that it is in."""

    uniqueid: str
    name: str
    state: str
    room: str | None = None

    @property
    def endpoint(self) -> str:
        """``PJSIP/w1001`` of ``PJSIP/w1001-0000002a``."""
        return self.name.rsplit("-", 1)[0]


class LiveChannels:
    """To be read only: the call model's events and its resync are what changes it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def get(self, uniqueid: str) -> LiveChannel | None:
        """The channel with this unique id, if it is there."""
        ch = self._registry.by_id(uniqueid)
        return LiveChannel(uniqueid, ch.name, ch.state, ch.joined) if ch is not None else None

    def named(self, name: str) -> LiveChannel | None:
        """The channel with this name, if it is there."""
        ch = self._registry.by_name(name)
        return self.of(ch) if ch is not None else None

    def of_device(self, device: str) -> list[LiveChannel]:
        """The channels of an endpoint (``PJSIP/w1001``), oldest first."""
        return [c for c in self.all() if c.endpoint == device]

    def all(self) -> list[LiveChannel]:
        """Every channel but Asterisk's own for texts, which comes with the first one and stays for ever."""
        channels = self._registry.live.values()
        return [self.of(ch) for ch in channels if not ch.name.startswith(TEXTS)]

    def __len__(self) -> int:
        return len(self.all())

    def of(self, ch: Channel) -> LiveChannel:
        """A channel of the registry's."""
        return LiveChannel(self._registry.pbx_uid(ch), ch.name, ch.state, ch.joined)
