# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How many numbers to dial now. Pure: no I/O, no clock; times come with what is told.

Predictive: for a number dialled now, the chance is worked out that its person finds no agent: at the times at
which they may answer, the answers of everything that rings already against the agents who will be free by
then. Numbers are dialled as long as that chance is below a threshold. The threshold follows what is left
of the abandonments that the limit allows, and nothing is risked once the next one would break it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .contract.abandonment import Formula
from .learned import AnswerRate, Lifetime, Window

MODES = frozenset({"preview", "progressive", "ratio", "interval", "predictive"})
#: Below this share of the limit is aimed, so that the last hour need not idle.
AIM = 0.97
PLAIN = Formula()
#: A pause in everything for so long begins another day; seconds.
NEW_DAY_S = 2 * 3600.0
#: At so many points of its ring time a number is looked at.
_POINTS = (0.125, 0.375, 0.625, 0.875)
#: How strongly the risk follows what is left of the allowance, and what is kept of it.
GAIN, RESERVE, MOST = 0.3, 0.8, 0.7
#: The part of the usual risk that is taken with nothing, and with one abandoned call, left.
CLOSED, ALMOST = 0.03, 0.3
#: How fast the risk that leads to the limit is learned, by each abandoned call.
LEARN = 0.15
#: Until so many numbers an agent have come to their end, no more than so many ring for each free one: what the first
#: seconds of a first wave tell of the answer rate says little, and all of it would be wrong at once.
YOUNG, FIRST = 2.0, 2.0
#: So many abandoned calls are allowed on trust in the beginning.
TRUST, TRUST_FOR = 2.0, 200
_STEP_S = 3
_LONGEST = 60
#: An answer is not lost at once: an agent who gets free so much later still takes it; seconds.
REACT_S = 1.5
_TALK_EDGES = (0, 2, 5, 10, 20, 35, 55, 80, 110, 150, 200, 270, 360, 480, 660, 900)
_RING_EDGES = (0, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 23, 26, 30, 40)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is never passed.

    ``max_lines``: calls at once, talking ones too. ``abandon_target``: abandoned of answered by persons,
    over ``window_s`` seconds. ``max_per_agent``: ringing numbers per agent at work.
    """

    max_lines: int = 10_000
    abandon_target: float = 0.03
    window_s: float = 86_400
    max_per_agent: float = 10


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The campaign now: ``now`` in seconds, ``ready`` agents, and for each of the others seconds elapsed.

    ``waiting``: answered by a person, no agent yet.
    """

    now: float
    ready: int
    talking: Sequence[float] = ()
    wrapping: Sequence[float] = ()
    ringing: Sequence[float] = ()
    waiting: Sequence[float] = ()


class Pacer:
    """One campaign's pace. :meth:`observe` what ends, :meth:`decide` every half second and after each event.

    :param mode: one of :data:`MODES`; preview never dials by itself
    :param ratio: numbers per ready agent, for mode ratio
    :param interval_s: seconds between two numbers, for mode interval
    :param formula: how abandoned calls are counted against the limit; may be set anew at any time
    """

    def __init__(
        self,
        mode: str,
        limits: Limits,
        *,
        ratio: float = 1,
        interval_s: float = 10,
        formula: Formula = PLAIN,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"{mode!r} is not one of {', '.join(sorted(MODES))}")
        self.mode, self.limits = mode, limits
        self.ratio, self.interval_s = ratio, interval_s
        self.formula = formula
        self._last: float | None = None
        self._clock = 0.0
        self._dialled_at = -math.inf
        self.answers = AnswerRate(0.3, 12)
        self.ring = Lifetime(
            _RING_EDGES, believed=(4, 5, 6, 7, 8, 9, 10, 12, 14, 18), memory=1500, lean=0.2
        )
        self._silent = Lifetime(_RING_EDGES, believed=(1, 20, 25, 25, 30), memory=1500, lean=0.2)
        self.talk = Lifetime(_TALK_EDGES, believed=(30, 60, 90, 130, 200, 300), memory=1500)
        self.wrap = Lifetime(_TALK_EDGES, believed=(1, 5, 15), memory=1500)
        self._looked = 0.0
        self.window = Window(limits.window_s)
        #: answered, abandoned, detected since the day began
        self.day = [0, 0, 0]
        self._seen_at = -math.inf
        self._lean = 0.0
        self._open, self._spread = False, 1.0
        self._tabulated: tuple[float, ...] = ()
        self._points: list[float] = []
        self._new: list[float] = []
        self._rings: list[tuple[list[float], float, float]] = []
        self._talks: list[list[float]] = []
        self._wraps: list[list[float]] = []
        self._tabulate()

    # -- what is told ---------------------------------------------------------------------------

    def observe(self, kind: str, seconds: float, now: float) -> None:
        """Something has ended after ``seconds``.

        ``person``, ``machine``, ``no_answer``, ``busy``, ``failed``: it rang so long. ``abandoned``: a person
        waited so long. ``hung_up``: a person left before an agent had to be there, so that they count for
        nothing. ``talk``, ``wrap_up``: an agent's.
        """
        t = self._time(now)
        seconds = seconds if math.isfinite(seconds) and seconds > 0 else 0.0
        if kind == "person":
            self._rang(seconds, t)
            self.answers.answered()
            self.ring.observe(seconds)
            self._tally(t, answered=1)
            self._learn(-self.limits.abandon_target * AIM)
        elif kind in ("machine", "no_answer", "busy", "failed"):
            self._rang(seconds, t)
            self._silent.observe(seconds)
            if kind == "machine":
                self._tally(t, detected=1)
                lost = self.formula.of_detected
                self._learn(lost - self.limits.abandon_target * AIM * lost)
        elif kind == "abandoned":
            self._tally(t, abandoned=1)
            self._learn(1.0)
        elif kind == "hung_up":
            self._tally(t, answered=-1)
        elif kind == "talk":
            self.talk.observe(seconds)
        elif kind == "wrap_up":
            self.wrap.observe(seconds)
        else:
            raise ValueError(f"{kind!r} can't be observed")
        self._seen_at = t

    def _tally(self, t: float, answered: int = 0, abandoned: int = 0, detected: int = 0) -> None:
        """Into the window and the day, which begins anew after a long silence."""
        if t - self._seen_at > NEW_DAY_S:
            self.day = [0, 0, 0]
        self.window.add(t, answered=answered, abandoned=abandoned, detected=detected)
        self.day[0] += answered
        self.day[1] += abandoned
        self.day[2] += detected

    def _rang(self, seconds: float, t: float) -> None:
        """The last bit of its ringing, since the pacer was asked last."""
        self.answers.exposed(self._chance(seconds - min(t - self._looked, seconds), seconds))

    def _chance(self, since: float, until: float) -> float:
        """The part of a whole call's chance to be answered that lies between two times of its ringing."""
        first, last = self._rings[min(int(since), _LONGEST)], self._rings[min(int(until), _LONGEST)]
        p = self.answers.mean
        still = (p * (first[1] + last[1]) + (1 - p) * (first[2] + last[2])) / 2
        return (self._cdf(until) - self._cdf(since)) / still

    def _cdf(self, seconds: float) -> float:
        low = int(seconds)
        if low >= _LONGEST:
            return 1.0
        a, b = self._rings[low][1], self._rings[low + 1][1]
        return 1 - a + (a - b) * (seconds - low)

    def _learn(self, surplus: float) -> None:
        if self._open:
            self._lean = min(max(self._lean - LEARN / self._spread * surplus, -1.5), 1.0)

    def _time(self, now: float) -> float:
        """The pacer's own time: it never goes back, whatever the clock does."""
        if self._last is not None and math.isfinite(now) and now > self._last:
            self._clock += now - self._last
        if math.isfinite(now):
            self._last = now
        return self._clock

    # -- what is asked --------------------------------------------------------------------------

    def decide(self, snapshot: Snapshot) -> int:
        """How many numbers to dial now, 0 or more, within the limits."""
        t = self._time(snapshot.now)
        self._ring_on(snapshot, t)
        ready = _count(snapshot.ready)
        ringing, waiting = len(snapshot.ringing), len(snapshot.waiting)
        talking = len(snapshot.talking)
        agents = ready + talking + len(snapshot.wrapping)
        if not agents:
            return 0
        most = min(
            self.limits.max_lines - talking - ringing - waiting,
            math.floor(min(self.limits.max_per_agent * agents, 1e9)) - ringing,
        )
        if most <= 0:
            return 0
        if self.mode == "progressive":
            n = ready - waiting - ringing
        elif self.mode == "ratio":
            n = math.floor(self.ratio * max(ready - waiting, 0)) - ringing
        elif self.mode == "interval":
            n = int(ready > 0 and t - self._dialled_at >= self.interval_s)
        elif self.mode == "predictive":
            n = self._predict(snapshot, t, most)
        else:
            n = 0
        n = max(min(n, most), 0)
        if n:
            self._dialled_at = t
        return n

    def recall(self, now: float, counted: Iterable[tuple[float, int, int, int]]) -> None:
        """What was counted before, or otherwise than it turned out, in the window that goes on.

        :param counted: seconds ago, answered, abandoned, detected; the oldest first
        """
        t = self._time(now)
        for ago, answered, abandoned, detected in counted:
            self._tally(t - ago, answered, abandoned, detected)
            self._seen_at = max(self._seen_at, t - ago)

    def counted(self) -> tuple[int, int, int]:
        """Served or about to be, abandoned, detected as machines, in the window that ends now."""
        self.window.roll(self._clock)
        served = max(self.window.answered - self.window.abandoned, 0)
        return served, self.window.abandoned, self.window.detected

    def slack_now(self) -> float:
        """:meth:`slack` at the time that was told last."""
        return self.slack(self._clock)

    def slack(self, t: float) -> float:
        """How many more may be abandoned now without passing the limit; the closer of day and window."""
        self.window.roll(t)
        window = self._slack(self.window.answered, self.window.abandoned, self.window.detected)
        if self.limits.window_s > 2 * 86_400:
            return window
        return min(window, self._slack(*self.day))

    def _slack(self, answered: int, abandoned: int, detected: int) -> float:
        return self.formula.slack(
            self.limits.abandon_target, abandoned, answered - abandoned, detected
        )

    def _risk(self, t: float, agents: int) -> float:
        """The chance of finding no agent that a new number may have.

        It falls with what is left of the allowance and is next to nothing when nothing is: a little is
        worth far more than none, above all where few answer.
        """
        # on trust while the day is young
        trust = TRUST * max(1 - self.day[0] / TRUST_FOR, 0.0)
        left = self.slack(t) + trust
        target = self.limits.abandon_target
        # about the root of what may be abandoned in an hour
        self._spread = math.sqrt(1 + 25 * target * agents)
        want = 1 + RESERVE * self._spread
        self._open = left >= 1
        if left < 0:
            pull = CLOSED
        elif left < 1:
            pull = CLOSED + (ALMOST - CLOSED) * left
        elif left < want:
            pull = ALMOST + (1 - ALMOST) * (left - 1) / (want - 1)
        else:
            pull = math.exp(min(GAIN * (left - want) / self._spread, MOST))
        return min(target * math.exp(self._lean) * pull, 0.5)

    def _ring_on(self, s: Snapshot, t: float) -> None:
        passed, self._looked = t - self._looked, t
        self._tabulate(s.talking, s.wrapping)
        if passed > 0:
            self.answers.exposed(
                sum(self._chance(max(r - passed, 0.0), max(r, 0.0)) for r in s.ringing)
            )
            self.answers.update()

    def _predict(self, s: Snapshot, t: float, most: int) -> int:
        free = _count(s.ready) - len(s.waiting)
        one_each = free - len(s.ringing)
        agents = _count(s.ready) + len(s.talking) + len(s.wrapping)
        if self.ring.count + self._silent.count < YOUNG * agents:
            most = min(most, math.floor(FIRST * max(free, 0)) - len(s.ringing))
        risk = self._risk(t, agents)
        p = self.answers.mean
        unsure = self.answers.unsure
        # of answers less agents who get free: what is expected of both, variance, third cumulant
        looks = [[0.0, 0.0, 0.0, 0.0] for _ in self._points]
        for elapsed in s.ringing:
            soon, answers, silent = self._rings[min(int(max(elapsed, 0.0)), _LONGEST)]
            still = p * answers + (1 - p) * silent
            for look, share in zip(looks, soon, strict=True):
                x = min(p * share / still, 1.0)
                look[0] += x
                x2 = x - x * x
                look[1] += x2
                look[3] += x2 * (1 - 2 * x)
        for lasts, rows in ((s.talking, self._talks), (s.wrapping, self._wraps)):
            for elapsed in lasts:
                row = rows[min(int(max(elapsed, 0.0) / _STEP_S), len(rows) - 1)]
                for look, x in zip(looks, row, strict=True):
                    x2 = x - x * x
                    look[1] += x2
                    look[2] += x
                    look[3] -= x2 * (1 - 2 * x)
        n = 0
        while n < most:
            bad = 0.0
            for (come, var, go, third), q in zip(looks, self._new, strict=True):
                x = p * q
                x2 = x - x * x
                come, var, third = come + n * x, var + n * x2, third + n * x2 * (1 - 2 * x)
                wide = unsure * come * come
                third += wide * (3 + 2 * unsure * come)
                bad += _tail((free - 0.5 - come + go), var + wide + 1e-9, third)
            if bad > risk * len(looks) and n >= one_each:
                break
            n += 1
        return n

    def _tabulate(self, talking: Sequence[float] = (), wrapping: Sequence[float] = ()) -> None:
        """Chances by elapsed time, anew when enough has been learned meanwhile."""
        known = (
            self.ring.count // 20,
            self.talk.count // 20,
            self.wrap.count // 20,
            self._clock // (20 if self.talk.count < 100 else 300),
        )
        if known == self._tabulated:
            return
        self._tabulated = known
        self.ring.renew()
        self._silent.renew()
        self.talk.renew(talking)
        self.wrap.renew(wrapping)
        self._points = [self.ring.quantile(q) for q in _POINTS]
        self._new = [self.ring.ended_by(h) for h in self._points]
        self._rings = [
            (
                [self.ring.ended_by(r + h) - self.ring.ended_by(r) for h in self._points],
                max(1 - self.ring.ended_by(r), 1e-6),
                max(1 - self._silent.ended_by(r), 1e-6),
            )
            for r in range(_LONGEST + 1)
        ]
        self._talks, self._wraps = (
            [
                [what.ends_within(n * _STEP_S, h + REACT_S) for h in self._points]
                for n in range(int(_TALK_EDGES[-1] / _STEP_S) + 1)
            ]
            for what in (self.talk, self.wrap)
        )


def _count(ready: int | Sequence[float]) -> int:
    """How many agents are free; how long each has been does not matter."""
    return len(ready) if isinstance(ready, Sequence) else max(int(ready), 0)


def _tail(distance: float, variance: float, third: float) -> float:
    """The chance to be so far above the mean: a normal curve with its skewness (Edgeworth's first term)."""
    spread = math.sqrt(variance)
    z = distance / spread
    skew = third / (variance * spread)
    bell = math.exp(-z * z / 2) * 0.3989422804014327
    return min(max(math.erfc(z * 0.7071067811865476) / 2 + skew / 6 * (z * z - 1) * bell, 0.0), 1.0)
