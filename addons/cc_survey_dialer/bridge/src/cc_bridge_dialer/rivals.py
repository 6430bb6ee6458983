# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What others do, as far as they publish it: to measure the pacer against. Same face as the pacer.

The predictive rules of VICIdial are written from the description in its documents (``PREDICTIVE.txt``), not from
its code: lines wanted are a level times the agents in call or ready; each 15 s the level follows the ready agents
less the waiting calls of the last period; past a limit of drops, which counts from the 50th call of the day,
HARD_LIMIT goes to one line an agent and TAPERED lowers by the hours that are left.
"""

import math
from collections import deque

from .pacer import NEW_DAY_S, Limits, Pacer, Snapshot


class Progressive(Pacer):
    """One number for each ready agent."""

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__("progressive", limits or Limits())


class FixedRatio(Pacer):
    """The ratio that a manager sets and leaves: so many lines ring for each ready agent."""

    def __init__(self, ratio: float, limits: Limits | None = None) -> None:
        super().__init__("ratio", limits or Limits(max_per_agent=math.inf), ratio=ratio)


class Vicidial:
    """ADAPT_TAPERED or ADAPT_HARD_LIMIT.

    :param method: ``tapered`` or ``hard_limit``
    :param day_s: length of the shift, which TAPERED tapers towards
    :param only_ready: lines for ready agents only, not for those in call too
    """

    PERIOD_S = 15.0

    def __init__(
        self,
        method: str,
        *,
        limit: float = 0.03,
        most: float = 3.0,
        target: float = 0.0,
        intensity: float = 0.0,
        day_s: float = 8 * 3600,
        only_ready: bool = False,
    ) -> None:
        if method not in ("tapered", "hard_limit"):
            raise ValueError(method)
        self.method, self.limit, self.most = method, limit, most
        self.target, self.intensity, self.day_s = target, intensity, day_s
        self.only_ready = only_ready
        self.level = 1.0
        self._day = -math.inf
        self._next = 0.0
        self._seen: list[tuple[int, int]] = []
        self._answered = self._dropped = 0
        self._minute: deque[tuple[float, bool]] = deque()

    def observe(self, kind: str, seconds: float, now: float) -> None:
        """Counts answers and drops."""
        del seconds
        if kind == "person":
            self._answered += 1
        elif kind == "abandoned":
            self._dropped += 1
        if kind in ("person", "abandoned"):
            self._minute.append((now, kind == "abandoned"))

    def decide(self, s: Snapshot) -> int:
        """Lines wanted less lines there."""
        agents = s.ready + len(s.talking) + len(s.wrapping)
        if s.now - self._next > NEW_DAY_S or self._day == -math.inf:
            self._day, self._next = s.now, s.now + self.PERIOD_S
            self._answered = self._dropped = 0
            self.level = 1.0
        self._seen.append((s.ready - len(s.waiting), agents))
        if s.now >= self._next:
            self._next = s.now + self.PERIOD_S
            self._adapt(s.now)
        if not agents:
            return 0
        if self.only_ready:
            return max(math.floor(self.level * s.ready) - len(s.ringing) - len(s.waiting), 0)
        # one line for each agent in call is that call's own
        wanted = math.floor(self.level * (s.ready + len(s.talking)))
        return max(wanted - len(s.ringing) - len(s.waiting) - len(s.talking), 0)

    def _adapt(self, now: float) -> None:
        free = sum(f for f, _ in self._seen) / len(self._seen)
        agents = sum(a for _, a in self._seen) / len(self._seen)
        self._seen.clear()
        if agents:
            change = (free + self.target) / agents
            change *= 1 + self.intensity if change > 0 else 1 - self.intensity
            self.level *= 1 + change
        while self._minute and self._minute[0][0] < now - 60:
            self._minute.popleft()
        drops = sum(1 for _, dropped in self._minute if dropped)
        calls = len(self._minute) - drops
        if calls > 20 and drops * 2 > calls:
            self.level /= 2
        if self._answered > 50 and self._dropped > self.limit * self._answered:
            if self.method == "hard_limit":
                self.level = 1.0
            else:
                self.level *= min(max((self._day + self.day_s - now) / 3600, 0.0), 1.0)
        self.level = min(max(self.level, 1.0), self.most)
