# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines: how many new calls a second, and whether a carrier throttles. Pure; times in seconds are given."""

from collections import deque

#: An end so soon after dialling, without ringing, is the carrier's word rather than a person's; seconds.
QUICK_S = 1.5
#: So many quick refusals within this time are a burst; seconds.
BURST, BURST_S = 4, 10.0
#: A line on which so many calls in a row had no channel at all is left alone for so long.
DEAD, DEAD_S = 3, 15.0


class LineState:
    """One trunk, for all campaigns."""

    def __init__(self) -> None:
        self._dialled: deque[float] = deque()
        self._ends: deque[tuple[float, bool]] = deque()
        self._usual = 0.05
        self._in_vain = 0
        #: part of the allowed rate that is used now
        self.share = 1.0
        self._eased = 0.0
        self.dead_until = 0.0

    def may(self, per_s: float, now: float) -> bool:
        """Whether one more number may be dialled now: never more than the rate in any second."""
        if now < self.dead_until:
            return False
        if self.share < 1 and now - self._eased > 10:
            self.share, self._eased = min(self.share * 1.5, 1.0), now
        rate = per_s * self.share
        # under one a second: that one, the fewer seconds apart
        span, most = (1.05, int(rate)) if rate >= 1 else (1.05 / rate, 1)
        while self._dialled and (now - self._dialled[0] >= 60 or now < self._dialled[0] - 1):
            self._dialled.popleft()
        return sum(1 for t in self._dialled if now - t < span) < most

    def dial(self, now: float) -> None:
        """One is dialled."""
        self._dialled.append(now)

    def ended(self, after_s: float, refused: bool, now: float) -> bool:
        """A call has ended; ``refused`` by a cause that a throttling carrier gives too.

        True when this begins a burst: the line is slowed down.
        """
        self._in_vain = 0
        quick = refused and after_s < QUICK_S
        self._ends.append((now, quick))
        while self._ends and now - self._ends[0][0] > BURST_S:
            self._usual = self._usual * 0.98 + 0.02 * self._ends.popleft()[1]
        if not quick or not self.throttled(now):
            return False
        if now - self._eased < 3:
            return False
        first = self.share == 1.0
        self.share, self._eased = max(self.share / 2, 0.05), now
        return first

    def throttled(self, now: float) -> bool:
        """Whether quick refusals are far above what is usual on this line."""
        ends = [quick for t, quick in self._ends if now - t <= BURST_S]
        refused = sum(ends)
        return (
            refused >= BURST
            and refused >= 0.5 * len(ends)
            and refused > 3 * self._usual * len(ends)
        )

    def no_channel(self, now: float) -> bool:
        """A call that had no channel. True when the line is now held for dead."""
        self._in_vain += 1
        if self._in_vain < DEAD:
            return False
        self._in_vain = 0
        return self.rest(now)

    def rest(self, now: float) -> bool:
        """It is left alone for a while. True when it was not before."""
        before, self.dead_until = self.dead_until, now + DEAD_S
        return before <= now
