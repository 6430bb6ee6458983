# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the pacer learns while it works: how long things last, how many answer, what was abandoned.

Everything forgets at a steady rate, so that a day that changes is followed. Pure: no I/O, no clock.
"""

import math
from collections import deque
from collections.abc import Sequence

#: Over so many whole calls memories of the answer rate are compared.
EVIDENCE = 300.0


class Lifetime:
    """How long something lasts: hazards by bins, each pulled towards the mean of all.

    :param edges: bounds of the bins in seconds, rising from 0; behind the last one the last hazard holds
    :param believed: what is taken for seen in the beginning
    :param memory: how many ends are remembered
    :param lean: how many ends in each bin the mean of all is worth
    """

    def __init__(
        self,
        edges: Sequence[float],
        *,
        believed: Sequence[float],
        memory: float,
        lean: float = 1.0,
    ) -> None:
        self._lean = lean
        self._edges = tuple(edges)
        self._keep = 1 - 1 / memory
        self._ends = [0.0] * len(edges)
        self._exposed = [0.0] * len(edges)
        self.count = 0
        self._hazards: list[float] = []
        self._sums: list[float] = []
        for seconds in believed:
            self.observe(seconds)
        self.count = 0
        self.renew()

    def observe(self, seconds: float) -> None:
        """One has ended after so long."""
        seconds = max(seconds, 0.0)
        for n, low in enumerate(self._edges):
            high = self._edges[n + 1] if n + 1 < len(self._edges) else math.inf
            self._ends[n] *= self._keep
            self._exposed[n] *= self._keep
            if seconds > low:
                self._exposed[n] += min(seconds, high) - low
            if low <= seconds < high:
                self._ends[n] += 1
        self.count += 1

    def renew(self, lasting: Sequence[float] = ()) -> None:
        """Works the hazards out anew; what still lasts counts as long as it has lasted.

        A bin leans on the mean of all bins.
        """
        exposed = list(self._exposed)
        for seconds in lasting:
            for n, low in enumerate(self._edges):
                if seconds <= low:
                    break
                high = self._edges[n + 1] if n + 1 < len(self._edges) else math.inf
                exposed[n] += min(seconds, high) - low
        overall = sum(self._ends) / sum(exposed)
        lean = self._lean
        self._hazards = [
            (e + lean) / (x + lean / overall) for e, x in zip(self._ends, exposed, strict=True)
        ]
        self._sums = [0.0]
        for n in range(1, len(self._edges)):
            width = self._edges[n] - self._edges[n - 1]
            self._sums.append(self._sums[-1] + self._hazards[n - 1] * width)

    def _cumulated(self, seconds: float) -> float:
        n = len(self._edges) - 1
        while n and seconds < self._edges[n]:
            n -= 1
        return self._sums[n] + self._hazards[n] * (seconds - self._edges[n])

    def ended_by(self, seconds: float) -> float:
        """The share that has ended by then."""
        return 1 - math.exp(-self._cumulated(seconds)) if seconds > 0 else 0.0

    def ends_within(self, elapsed: float, more: float) -> float:
        """The chance that one which has lasted ``elapsed`` seconds ends within ``more``."""
        if more <= 0:
            return 0.0
        elapsed = max(elapsed, 0.0)
        return 1 - math.exp(self._cumulated(elapsed) - self._cumulated(elapsed + more))

    def quantile(self, share: float) -> float:
        """When so many have ended."""
        wanted = -math.log(1 - share)
        n = len(self._sums) - 1
        while n and self._sums[n] > wanted:
            n -= 1
        return self._edges[n] + (wanted - self._sums[n]) / self._hazards[n]


class AnswerRate:
    """How many of the dialled a person answers, as it drifts.

    What rings is counted by the share of its chance that it has had (``exposed``): so neither those who
    answer early nor those who ring on in vain are seen too soon. Several memories see it; who foresaw best
    of late counts most.
    """

    def __init__(
        self, prior: float, weight: float, memories: Sequence[float] = (60, 200, 600)
    ) -> None:
        self._sees = [[prior * weight, weight, 0.0, m] for m in memories]
        self._x = 0.0
        self.count = 0
        self.mean = prior
        self.unsure = 1 / (prior * weight)
        """Square of the relative error of ``mean``."""

    def exposed(self, chances: float) -> None:
        """So much of whole calls' chance of being answered has passed."""
        self._x += chances

    def answered(self, persons: int = 1) -> None:
        """So many did."""
        self.count += persons
        self.update(persons)

    def update(self, persons: int = 0) -> None:
        """Takes in what has passed."""
        x, self._x = self._x, 0.0
        for see in self._sees:
            p = see[0] / see[1]
            see[2] = see[2] * math.exp(-x / EVIDENCE) + persons * math.log(p) - p * x
            keep = math.exp(-x / see[3])
            see[0] = see[0] * keep + persons
            see[1] = see[1] * keep + x
        best = max(see[2] for see in self._sees)
        weights = [math.exp(see[2] - best) for see in self._sees]
        total = sum(weights)
        mean = sum(w * s[0] / s[1] for w, s in zip(weights, self._sees, strict=True)) / total
        self.mean = min(max(mean, 0.003), 0.995)
        self.unsure = sum(w / (s[0] + 1) for w, s in zip(weights, self._sees, strict=True)) / total


class Window:
    """Sums over the last ``seconds``, in slices."""

    def __init__(self, seconds: float, slices: int = 288) -> None:
        self._slice_s = max(seconds / slices, 1.0)
        self._slices = max(round(seconds / self._slice_s), 1)
        self._kept: deque[list[int]] = deque()
        self.answered = 0
        self.abandoned = 0
        self.detected = 0

    def _slice(self, now: float) -> list[int]:
        self.roll(now)
        n = int(now // self._slice_s)
        if not self._kept or self._kept[-1][0] != n:
            self._kept.append([n, 0, 0, 0])
        return self._kept[-1]

    def roll(self, now: float) -> None:
        """Lets go what is past the window."""
        oldest = int(now // self._slice_s) - self._slices
        while self._kept and self._kept[0][0] <= oldest:
            _, answered, abandoned, detected = self._kept.popleft()
            self.answered -= answered
            self.abandoned -= abandoned
            self.detected -= detected

    def add(self, now: float, *, answered: int = 0, abandoned: int = 0, detected: int = 0) -> None:
        """Counts."""
        one = self._slice(now)
        one[1] += answered
        one[2] += abandoned
        one[3] += detected
        self.answered += answered
        self.abandoned += abandoned
        self.detected += detected
