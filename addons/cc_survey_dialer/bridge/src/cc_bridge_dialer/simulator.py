# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A campaign's day in a moment: agents, customers and a pacer that is asked as in life.

Customers: dialled, they answer with the day's answer rate after a lognormal time (who would take longer than
the ring limit does not answer), or are busy at once, a machine, or let it ring. A person with whom no agent
speaks within ``patience_s`` is abandoned. Agents talk and wrap up; who is called off leaves when they are free.
"""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .pacer import Snapshot


class Paces(Protocol):
    """What the simulator asks: the face of :class:`~.pacer.Pacer`."""

    def observe(self, kind: str, seconds: float, now: float) -> None:
        """Something has ended."""

    def decide(self, snapshot: Snapshot) -> int:
        """How many numbers to dial now."""


def steady(p: float) -> Callable[[float], float]:
    """The same answer rate all day."""
    return lambda _t: p


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on a day; times in seconds from its beginning.

    ``answer_rate``: share of dialled numbers that a person answers, by time. ``staff``: (time, change in the
    number of agents); a negative change takes effect as agents get free. ``wrap_share``: the part of handling
    that is wrap-up. ``machine_share``: of those who don't answer. ``busy_share``: likewise.
    ``hang_up_share``: persons who hang up within their first second. ``instant_leave``: who is called off
    leaves in the middle of a call too (its customer stays with nobody: counted as served).
    """

    agents: int = 10
    answer_rate: Callable[[float], float] = field(default_factory=lambda: steady(0.3))
    seconds: float = 8 * 3600
    handle_mean_s: float = 150
    handle_cv: float = 0.8
    wrap_share: float = 0.0
    answer_mean_s: float = 9
    answer_cv: float = 0.5
    ring_s: float = 25
    patience_s: float = 2
    machine_share: float = 0.0
    busy_share: float = 0.0
    hang_up_share: float = 0.0
    staff: tuple[tuple[float, int], ...] = ()
    tick_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """A day's sums. ``staffed_s``: agents' paid seconds, ``busy_s``: of these in talk or wrap-up."""

    dialled: int
    answered: int
    abandoned: int
    served: int
    hung_up: int
    machines: int
    busy_s: float
    staffed_s: float
    most_ringing: int

    @property
    def utilisation(self) -> float:
        """Busy part of the agents' time, 0 to 1."""
        return self.busy_s / self.staffed_s if self.staffed_s else 0.0

    @property
    def abandonment(self) -> float:
        """Abandoned of those whom a person answered, 0 to 1."""
        return self.abandoned / self.answered if self.answered else 0.0


def _lognormal(mean: float, cv: float) -> tuple[float, float]:
    s2 = math.log(1 + cv * cv)
    return math.log(mean) - s2 / 2, math.sqrt(s2)


class Simulator:
    """Runs days with one pacer, which keeps what it has learned between them."""

    def __init__(self, pacer: Paces, seed: int) -> None:
        self._pacer = pacer
        self._random = random.Random(seed)
        self._seq = 0

    def run(self, day: Day, start: float = 0.0) -> Outcome:
        """One day that begins at ``start`` on the pacer's clock; calls under way at its end are cut off."""
        return _Run(self._pacer, self._random, day, start).run()


class _Run:
    def __init__(self, pacer: Paces, rng: random.Random, day: Day, start: float) -> None:
        self.pacer, self.random, self.day, self.start = pacer, rng, day, start
        self.events: list[tuple[float, int, str, int]] = []
        self.seq = 0
        self.ready = 0
        self.leaving = 0
        self.talking: dict[int, float] = {}
        self.wrapping: dict[int, float] = {}
        self.ringing: dict[int, float] = {}
        self.waiting: dict[int, float] = {}
        self.hangs_up: dict[int, float] = {}
        self.wraps: dict[int, float] = {}
        self.handle = _lognormal(day.handle_mean_s, day.handle_cv)
        self.answer = _lognormal(day.answer_mean_s, day.answer_cv)
        self.n = dict.fromkeys(
            ("dialled", "answered", "abandoned", "served", "hung_up", "machines"), 0
        )
        self.busy_s = 0.0
        self.staffed_s = 0.0
        self.most_ringing = 0
        self.t = 0.0

    def at(self, t: float, kind: str, uid: int = 0) -> None:
        self.seq += 1
        heapq.heappush(self.events, (t, self.seq, kind, uid))

    def run(self) -> Outcome:
        day = self.day
        self.at(0.0, "staff", day.agents)
        for t, change in day.staff:
            self.at(t, "staff", change)
        # half-second ticks are not in the heap: they are merged
        tick = 0.0
        while True:
            if self.events and self.events[0][0] <= tick:
                t, _, kind, uid = heapq.heappop(self.events)
            else:
                t, kind, uid = tick, "", 0
                tick += day.tick_s
            if t >= day.seconds:
                self.pass_time(day.seconds)
                break
            self.pass_time(t)
            if kind:
                getattr(self, f"on_{kind}")(uid)
            self.decide()
        return Outcome(
            **self.n, busy_s=self.busy_s, staffed_s=self.staffed_s, most_ringing=self.most_ringing
        )

    def pass_time(self, t: float) -> None:
        busy = len(self.talking) + len(self.wrapping)
        self.busy_s += busy * (t - self.t)
        self.staffed_s += (busy + self.ready) * (t - self.t)
        self.t = t

    def observe(self, kind: str, seconds: float) -> None:
        self.pacer.observe(kind, seconds, self.start + self.t)

    def decide(self) -> None:
        t = self.t
        n = self.pacer.decide(
            Snapshot(
                now=self.start + t,
                ready=self.ready,
                talking=tuple([t - s for s in self.talking.values()]),
                wrapping=tuple([t - s for s in self.wrapping.values()]),
                ringing=tuple([t - s for s in self.ringing.values()]),
                waiting=tuple([t - s for s in self.waiting.values()]),
            )
        )
        for _ in range(n):
            self.dial()
        if n:
            self.most_ringing = max(self.most_ringing, len(self.ringing))

    def dial(self) -> None:
        day, rng = self.day, self.random
        self.seq += 1
        uid = self.seq
        self.n["dialled"] += 1
        self.ringing[uid] = self.t
        if rng.random() < day.answer_rate(self.t):
            after = rng.lognormvariate(*self.answer)
            if after < day.ring_s:
                return self.at(self.t + after, "person", uid)
        else:
            what = rng.random()
            if what < day.machine_share:
                return self.at(
                    self.t + min(rng.lognormvariate(*self.answer), day.ring_s), "machine", uid
                )
            if what < day.machine_share + day.busy_share:
                return self.at(self.t + rng.uniform(0.3, 2.0), "busy", uid)
        return self.at(self.t + day.ring_s, "no_answer", uid)

    def on_no_answer(self, uid: int) -> None:
        self.observe("no_answer", self.t - self.ringing.pop(uid))

    def on_busy(self, uid: int) -> None:
        self.observe("busy", self.t - self.ringing.pop(uid))

    def on_machine(self, uid: int) -> None:
        self.n["machines"] += 1
        self.observe("machine", self.t - self.ringing.pop(uid))

    def on_person(self, uid: int) -> None:
        self.n["answered"] += 1
        self.observe("person", self.t - self.ringing.pop(uid))
        if self.random.random() < self.day.hang_up_share:
            self.hangs_up[uid] = self.t + self.random.uniform(0.1, 1.0)
        if self.ready:
            self.connect(uid)
            return
        self.waiting[uid] = self.t
        if uid in self.hangs_up:
            self.at(self.hangs_up[uid], "left", uid)
        self.at(self.t + self.day.patience_s, "patience", uid)

    def connect(self, uid: int) -> None:
        self.ready -= 1
        self.talking[uid] = self.t
        if (leaves := self.hangs_up.get(uid)) is not None:
            self.n["hung_up"] += 1
            self.at(max(leaves, self.t), "talked", uid)
            return
        self.n["served"] += 1
        handle = self.random.lognormvariate(*self.handle)
        self.wraps[uid] = handle * self.day.wrap_share
        self.at(self.t + handle - self.wraps[uid], "talked", uid)

    def on_left(self, uid: int) -> None:
        if self.waiting.pop(uid, None) is not None:
            self.n["hung_up"] += 1

    def on_patience(self, uid: int) -> None:
        if (since := self.waiting.pop(uid, None)) is not None:
            self.n["abandoned"] += 1
            self.observe("abandoned", self.t - since)

    def on_talked(self, uid: int) -> None:
        self.observe("talk", self.t - self.talking.pop(uid))
        wrap = self.wraps.pop(uid, 0.0)
        if wrap:
            self.wrapping[uid] = self.t
            self.at(self.t + wrap, "wrapped", uid)
        else:
            self.free()

    def on_wrapped(self, uid: int) -> None:
        self.observe("wrap_up", self.t - self.wrapping.pop(uid))
        self.free()

    def free(self) -> None:
        if self.leaving:
            self.leaving -= 1
            return
        self.ready += 1
        self.serve()

    def serve(self) -> None:
        while self.ready and self.waiting:
            uid = next(iter(self.waiting))
            del self.waiting[uid]
            self.connect(uid)

    def on_staff(self, change: int) -> None:
        if change >= 0:
            back = min(change, self.leaving)
            self.leaving -= back
            self.ready += change - back
            self.serve()
            return
        gone = min(-change, self.ready)
        self.ready -= gone
        self.leaving = min(self.leaving - change - gone, len(self.talking) + len(self.wrapping))
