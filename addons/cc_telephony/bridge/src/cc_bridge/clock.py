# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX's clock as seen from here, in microseconds since 1970 UTC; it never goes back."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping

log = logging.getLogger(__name__)

_MICRO = 1_000_000


class PbxClock:
    """Learns the PBX's time from the events' Timestamp header (``timestampevents=yes``).

    Between events the machine's monotonic clock counts, so a step of the bridge's own clock changes
    nothing. An event can only arrive late: of the last seconds the one that came earliest is right.

    A PBX whose clock is set back would give calls that end before they begin. So times go on where they
    were and come to the PBX's new time slowly: lengths are wrong by a tenth at most meanwhile. One of
    over an hour is no step but a clock that was never set: it is taken at once. A clock that is set
    ahead looks like events that were late before, and is followed at once; so is one that is set right again.
    """

    #: The year 2200: what says more is no time.
    _LAST_US = 7_258_118_400_000_000
    _STEP_US = 2 * _MICRO
    _MOST_US = 3600 * _MICRO
    _WINDOW_US = 20 * _MICRO
    _BUCKET_US = 2 * _MICRO
    _SLEW = 10

    def __init__(
        self,
        wall_us: Callable[[], int] = lambda: time.time_ns() // 1000,
        mono_us: Callable[[], int] = lambda: time.monotonic_ns() // 1000,
    ) -> None:
        self._wall_us = wall_us
        self._mono_us = mono_us
        # [begin of the bucket, largest difference of PBX time and monotonic time in it]
        self._window: deque[list[int]] = deque()
        self._last = 0
        # what is added to the PBX's time after a step, and when it was made smaller last
        self._slewing = 0
        self._slewed_at = 0
        self._told = 0

    def learn(self, event: Mapping[str, str | list[str]]) -> int:
        """Takes an event; returns its time by the PBX, or now when it carries none."""
        t = self._stamp(event)
        if t is None:
            return self.now_us()
        mono = self._mono_us()
        if self._window:
            self._stepped(t, mono)
        offset = t - mono
        if not self._window or mono - self._window[-1][0] >= self._BUCKET_US:
            self._window.append([mono, offset])
        else:
            self._window[-1][1] = max(self._window[-1][1], offset)
        while mono - self._window[0][0] > self._WINDOW_US:
            self._window.popleft()
        self._last = t
        self._told = max(self._told, t + self._correction(mono))
        return t

    def begin(self, reply: Mapping[str, str | list[str]]) -> None:
        """Takes the time of a reply while no event has told it: our own clock may be wrong by any amount."""
        t = self._stamp(reply)
        if t is not None and not self._window:
            mono = self._mono_us()
            self._window.append([mono, t - mono])

    def adjust(self, event: MutableMapping[str, str | list[str]]) -> None:
        """Learns, and writes into the event the time that fits what was told before."""
        t = self.learn(event)
        if self._slewing and self._stamp(event) is not None:
            t += self._slewing
            event["Timestamp"] = f"{t // _MICRO}.{t % _MICRO:06d}"

    @property
    def last_us(self) -> int:
        """The PBX's own time of the newest event, steps and all; 0 before the first."""
        return self._last

    @property
    def is_known(self) -> bool:
        """Whether the PBX has told its time, by an event or a reply."""
        return bool(self._window)

    def pbx_us(self) -> int:
        """The PBX's own time now, steps and all: what it writes into its files."""
        return self._mono_us() + self._offset() if self._window else self._wall_us()

    def now_us(self) -> int:
        """The PBX's time now; never before the newest event, never going back."""
        if not self._window:
            return self._wall_us()
        mono = self._mono_us()
        now = mono + self._offset() + self._correction(mono)
        self._told = max(now, self._told)
        return self._told

    def _offset(self) -> int:
        return max(offset for _, offset in self._window)

    def _stamp(self, event: Mapping[str, str | list[str]]) -> int | None:
        stamp = event.get("Timestamp")
        try:
            t = round(float(stamp) * _MICRO) if isinstance(stamp, str) else None
        except (ValueError, OverflowError):
            return None
        return t if t is not None and 0 <= t < self._LAST_US else None

    def _stepped(self, t: int, mono: int) -> None:
        """Events come in order: one that is older than the last tells of a clock that was set back.

        One that is set ahead while we still come down from such a step takes its part of it back.
        """
        if self._last - t < self._STEP_US:
            ahead = t - mono - self._offset()
            if self._slewing and ahead >= self._STEP_US:
                self._slewing = max(self._correction(mono) - ahead, 0)
            return
        back = max(mono + self._offset(), self._last) - t
        log.warning("the PBX's clock was set back by %.3f s", back / _MICRO)
        if back > self._MOST_US:
            self._slewing = self._told = 0
        else:
            self._slewing = self._correction(mono) + back
        self._slewed_at = mono
        self._window.clear()

    def _correction(self, mono: int) -> int:
        """What is left of a step by now."""
        less = (mono - self._slewed_at) // self._SLEW
        if self._slewing and less > 0:
            self._slewed_at = mono
            self._slewing = max(self._slewing - less, 0)
        return self._slewing
