# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX's clock as seen from here, in microseconds since 1970 UTC."""

import time
from collections.abc import Callable, Mapping


class PbxClock:
    """Learns from the events' Timestamp header (``timestampevents=yes``) how far the PBX's clock is off.

    An event can only arrive late, so the largest difference seen is the best; it fades slowly (1 ms a
    second) so that a clock that was set back is followed.
    """

    _FADE = 1000
    #: The year 2200: what says more is no time.
    _LAST_US = 7_258_118_400_000_000

    def __init__(self, wall_us: Callable[[], int] = lambda: time.time_ns() // 1000) -> None:
        self._wall_us = wall_us
        self._offset: int | None = None
        self._learnt = 0
        self._last = 0

    def learn(self, event: Mapping[str, str | list[str]]) -> int:
        """Takes an event; returns its time, or now when it carries none."""
        stamp = event.get("Timestamp")
        try:
            t = round(float(stamp) * 1_000_000) if isinstance(stamp, str) else None
        except (ValueError, OverflowError):
            t = None
        if t is None or not 0 <= t < self._LAST_US:
            return self.now_us()
        wall = self._wall_us()
        offset = t - wall
        if self._offset is None:
            self._offset = offset
        else:
            faded = self._offset - (wall - self._learnt) * self._FADE // 1_000_000
            self._offset = max(faded, offset)
        self._learnt = wall
        self._last = t
        return t

    @property
    def last_us(self) -> int:
        """The time of the newest event; 0 before the first."""
        return self._last

    def now_us(self) -> int:
        """The PBX's time now; never before the newest event."""
        return max(self._wall_us() + (self._offset or 0), self._last)
