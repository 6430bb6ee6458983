# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which channels exist right now: names for actions, states, rooms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..events import Event, text


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. ``state`` is Asterisk's word (Ring, Ringing, Up …), ``room`` its conference."""

    uniqueid: str
    name: str
    state: str
    room: str | None = None

    @property
    def endpoint(self) -> str:
        """``PJSIP/w1001`` of ``PJSIP/w1001-0000002a``."""
        return self.name.rsplit("-", 1)[0]


class ChannelTable:
    """Follows the events that open, rename, change and close channels."""

    def __init__(self) -> None:
        self._by_id: dict[str, Channel] = {}

    def feed(self, event: Event) -> None:
        """Takes one event; others than channel events are passed over."""
        kind, uid = text(event, "Event"), text(event, "Uniqueid")
        if kind in ("Newchannel", "Newstate"):
            old = self._by_id.get(uid)
            self._by_id[uid] = Channel(
                uid,
                text(event, "Channel"),
                text(event, "ChannelStateDesc"),
                old.room if old else None,
            )
        elif kind == "Hangup":
            self._by_id.pop(uid, None)
        elif kind == "Rename" and uid in self._by_id:
            self._by_id[uid] = replace(self._by_id[uid], name=text(event, "Newname"))
        elif kind == "ConfbridgeJoin" and uid in self._by_id:
            self._by_id[uid] = replace(self._by_id[uid], room=text(event, "Conference"))
        elif kind == "ConfbridgeLeave" and uid in self._by_id:
            self._by_id[uid] = replace(self._by_id[uid], room=None)

    def reset(self, rows: Iterable[Event], rooms: Mapping[str, str]) -> None:
        """Takes the rows of CoreShowChannels for the whole truth; ``rooms``: unique id to conference."""
        self._by_id = {
            uid: Channel(uid, text(row, "Channel"), text(row, "ChannelStateDesc"), rooms.get(uid))
            for row in rows
            if (uid := text(row, "Uniqueid"))
        }

    def clear(self) -> None:
        """Nothing is known any more."""
        self._by_id.clear()

    def get(self, uniqueid: str) -> Channel | None:
        """The channel with this unique id, if it is there."""
        return self._by_id.get(uniqueid)

    def named(self, name: str) -> Channel | None:
        """The channel with this name, if it is there."""
        return next((c for c in self._by_id.values() if c.name == name), None)

    def of_device(self, device: str) -> list[Channel]:
        """The channels of an endpoint (``PJSIP/w1001``), oldest first."""
        return [c for c in self._by_id.values() if c.endpoint == device]

    def all(self) -> list[Channel]:
        """Every channel."""
        return list(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)
