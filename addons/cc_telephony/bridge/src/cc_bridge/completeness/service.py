# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tails Asterisk's files, and tells Odoo what AMI did not.

What AMI was listened to for is left as it is. A **gap** is a stretch of PBX time in which nobody
listened; a call is **unsettled** when it lived through the edge of one. Only what lies in a gap is
created, only what is unsettled is corrected, once CEL has been silent about it for a while.
"""

from __future__ import annotations

import asyncio
import bisect
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..calls import CallModel
from ..clock import PbxClock
from ..facts import CallFact, uuid7
from ..outbox import Outbox
from ..spool import KEEP_S, Spool
from . import cel, queuelog, reconcile
from .events import Translator
from .groups import Group, Groups
from .reconstruct import Rebuilt, reconstruct
from .tail import Mark, Tail

log = logging.getLogger(__name__)

#: So long nothing more of a call may have been written before it is judged; AMI's facts come first.
SETTLE_S = 3.0
#: During a resync nobody else will tell of it: rows of one call are written within milliseconds.
RESYNC_S = 1.0
#: A call that the live model still holds waits so long for the PBX to be reached again.
PATIENCE_S = 60.0
EVERY_S = 0.5
AT_ONCE = 100
#: What AMI sends so long after CEL's row proves that AMI's own word on it would have come.
HEARD_AFTER_S = 1.0
#: What unsettled calls are called in the spool.
_STORED = "unsettled:"
_MICRO = 1_000_000
_SLACK = 1_000_000
_OVERLAP = 200_000


@dataclass(slots=True)
class _Verdict:
    """What is to be stored of one group."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    channels: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    new: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)


class Completeness:
    """Run :meth:`run` in a task; the bridge says when it listens and what it heard.

    :param recall: what is known of a channel that we originated, see :func:`reconstruct`
    :param heard: when AMI sent anything last, monotonic seconds
    :param behind: whether AMI has sent events that are not handled yet

    :param endpoints: SIP endpoint to agent number, as the live model has it
    :param on_call: told each call that was created or closed here, so that what follows from it is in
        the same commit; the flag says that it was not known before
    """

    def __init__(
        self,
        cel_file: Path | None,
        queue_log: Path | None,
        *,
        spool: Spool,
        outbox: Outbox,
        clock: PbxClock,
        calls: CallModel,
        trunks: Callable[[], Iterable[str]],
        endpoints: Mapping[str, str],
        on_call: Callable[[dict[str, Any], bool], None],
        monotonic: Callable[[], float] = time.monotonic,
        heard: Callable[[], float] = lambda: math.inf,
        behind: Callable[[], bool] = lambda: False,
        recall: Callable[[str], Mapping[str, Any] | None] = lambda _uid: None,
    ) -> None:
        self._spool = spool
        self._outbox = outbox
        self._clock = clock
        self._calls = calls
        self._trunks = trunks
        self._endpoints = endpoints
        self._on_call = on_call
        self._monotonic = monotonic
        self._heard_at = heard
        self._behind = behind
        self._recall = recall
        self._paths = (cel_file, queue_log)
        self._cel: Tail | None = None
        self._queue: Tail | None = None
        self.groups = Groups()
        self._queue_log = queuelog.Rows()
        self._loose: deque[tuple[float, queuelog.QueueRow]] = deque()
        self._queue_marks: deque[tuple[int, Mark]] = deque()
        self._saved: dict[str, Any] = {}
        self._saved_at = 0.0
        self.unsettled: dict[str, dict[str, Any]] = {
            name.removeprefix(_STORED): body for name, body in spool.states(_STORED).items()
        }
        self.gaps: list[list[int | None]] = [list(gap) for gap in spool.state("gaps") or ()]
        self._listening = False
        self._resyncing = False
        self._live: tuple[frozenset[str], int, int | None] | None = None
        # when the PBX was heard last before the gap that is open; a row of CEL for each second
        self._heard: int | None = None
        self._seconds: deque[int] = deque(maxlen=100_000)
        self._pieces = cel.Pieces()
        self.bad_lines = 0
        outbox.provide_each(_STORED, self.unsettled.get)
        outbox.provide("gaps", lambda: self.gaps)
        outbox.provide("alive", lambda: self._clock.last_us or None)

    # -- what the bridge tells ------------------------------------------------------------------

    def begin(self) -> None:
        """After the start: whatever happened since the last thing we stored was not heard."""
        resynced = [gap[1] for gap in self.gaps]
        known = [self._spool.state("alive"), self._spool.last_t(), *resynced]
        self._heard = max((t for t in known if t is not None), default=None)
        self._open_gap(self._clock.pbx_us() if self._heard is None else self._heard)
        for call in self._calls.open_calls():
            self._unsettle(call.as_dict())

    def disconnected(self) -> None:
        """The link to the PBX is lost; what was heard last counts."""
        if self._listening:
            self._heard = self._clock.last_us or None
        self._listening = self._resyncing = False
        # without any event since the start nobody knows how long the link was good for
        resynced = self.gaps[-1][1] if self.gaps else None
        self._open_gap(self._clock.last_us or resynced or self._clock.pbx_us())
        for call in self._calls.open_calls():
            self._unsettle(call.as_dict())

    def resyncing(self) -> None:
        """What the live model tells from now on comes from a list, not from events."""
        self._resyncing = True

    async def catch_up(self, boot_t: int | None = None) -> list[dict[str, str]]:
        """What CEL says of calls that go on since the live model heard of them last, as AMI would have said it.

        To be fed to the model before the resync: so their ends, and the agents' states that follow
        from them, get their own time and not that of the reconnect.
        """
        if self._cel is None:
            return []
        until = self._monotonic() + 10.0
        while self.step() and self._monotonic() < until:  # noqa: ASYNC110 (it reads files)
            await asyncio.sleep(0)
        last = {call.call_uid: call.last_t for call in self._calls.open_calls()}
        held = {uid: call_uid for call_uid in last for uid in self._calls.channels_of(call_uid)}
        events: list[tuple[float, int, dict[str, str]]] = []
        for group in self.groups:
            since = [last[held[uid]] or 0 for uid in group.channels if uid in held]
            if not since and not self._begun_unheard(group, boot_t or 0):
                continue
            for event in Translator(group.rows, self._queue_rows(group)).events():
                # a little more: what came after the last fact was not stored, and twice is no harm
                if round(float(event["Timestamp"]) * _MICRO) > min(since, default=0) - _OVERLAP:
                    events.append((float(event["Timestamp"]), len(events), event))
        return [event for _, _, event in sorted(events, key=lambda x: x[:2])]

    def _begun_unheard(self, group: Group, boot_t: int) -> bool:
        """Nobody heard how it began, and it goes on: a list of channels would tell less than CEL."""
        return (
            bool(group.open)
            and group.first_t >= boot_t
            and self._in_gap(group.first_t, group.first_t)
            and not self._spool.calls_of(group.channels)
        )

    def evidence(self, boot_t: int | None) -> int | None:
        """Until when (µs) the PBX surely had the calls of which no end was ever told.

        Whatever it said of anything counts; what it said after ``boot_t``, its newest start, does not.
        """
        heard = self._heard
        if heard is None or boot_t is None or boot_t <= heard:
            return heard
        before = bisect.bisect_left(self._seconds, boot_t)
        return max(heard, self._seconds[before - 1]) if before else heard

    def listening(
        self, live: Iterable[str], t: int, boot_t: int | None = None, *, asked: int | None = None
    ) -> None:
        """The link is back and the resync done.

        :param live: the channels (unique ids) that the PBX has
        :param t: until when nobody listened (µs)
        :param asked: when the PBX was asked for them, if not at ``t``: of channels that began since they say nothing
        """
        self._resyncing = False
        self._listening = True
        for gap in self.gaps:
            if gap[1] is None:
                gap[1] = t
        self._outbox.touch("gaps")
        died = boot_t is not None and self._heard is not None and boot_t > self._heard
        self._live = frozenset(live), asked or t, self.evidence(boot_t) if died else None

    def fact(self, fact: CallFact, channels: Iterable[str]) -> None:
        """A call's fact from the live model, and the channels it has now."""
        uid = fact.call["call_uid"]
        known = {c for leg in fact.call["legs"] for c in leg["channels"]} | set(channels)
        self._outbox.learn(uid, known, over=fact.call["state"] == "ended")
        if self._resyncing or uid in self.unsettled:
            self._unsettle(fact.call)

    def _unsettle(self, call: dict[str, Any]) -> None:
        self.unsettled[call["call_uid"]] = call
        self._outbox.touch(f"{_STORED}{call['call_uid']}")

    def _open_gap(self, since: int) -> None:
        limit = self._clock.pbx_us() - KEEP_S * _MICRO
        self.gaps = [gap for gap in self.gaps if gap[1] is None or gap[1] > limit][-1000:]
        if not self.gaps or self.gaps[-1][1] is not None:
            self.gaps.append([since, None])
        self._outbox.touch("gaps")

    # -- the loop -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled. Without a path of CEL there is nothing to do."""
        if self._paths[0] is None:
            log.warning("no CEL file is set: calls that come and go while we are away stay unknown")
            await asyncio.Event().wait()
        self.open()
        while True:
            # in steps, so that a long absence does not keep the live events waiting
            while self.step():  # noqa: ASYNC110 (it reads files; there is no event to wait for)
                await asyncio.sleep(0)
            while self.judge():  # noqa: ASYNC110 (the same)
                await asyncio.sleep(0)
            await asyncio.sleep(EVERY_S)

    def open(self) -> None:
        """Finds the files where we left them."""
        cel_file, queue_log = self._paths
        if cel_file is not None:
            self._cel = Tail(cel_file, Mark.load(self._spool.state("cel")))
        if queue_log is not None:
            self._queue = Tail(queue_log, Mark.load(self._spool.state("queue_log")))
        self._save(now=self._monotonic(), force=True)

    def step(self) -> bool:
        """Reads a piece of each file; false when there is nothing more now."""
        now = self._monotonic()
        lines = self._cel.read() if self._cel is not None else []
        # pieces of a row come at once: when nothing more has come those that are held are none
        whole = [one for line in lines for one in self._pieces.add(line)]
        if not lines:
            whole = self._pieces.rest()
        for line in whole:
            row = cel.parse(line.text)
            if row is not None:
                self.groups.add(row, line.before, now)
                self._evident(row.t)
            elif line.text:
                self.bad_lines += 1
                log.warning("CEL: a line that is none: %.80r", line.text)
        queue_lines = self._queue.read() if self._queue is not None else []
        for line, told in self._queue_log.take(queue_lines):
            self._queue_marks.append((told.t, line.before))
            self._loose.append((now, told))
        for _ in range(len(self._loose)):
            since, told = self._loose.popleft()
            if not self.groups.add_queue(told) and now - since < 10 * SETTLE_S:
                self._loose.append((since, told))
        return bool(lines or queue_lines)

    def _evident(self, t: int) -> None:
        """Keeps the last row of each second, in order."""
        if self._seconds and t - self._seconds[-1] < 0:
            return
        if self._seconds and self._seconds[-1] // _MICRO == t // _MICRO:
            self._seconds[-1] = t
        else:
            self._seconds.append(t)

    def judge(self, *, resyncing: bool = False) -> bool:
        """Decides about groups of which nothing more is to be expected; true when there are more of them.

        A hundred at a time: after a long absence there are thousands, and events must not wait for them.

        :param resyncing: the link was down until now: what is over for a while needs no more
            waiting, and agents who were in it must be told of it before their timers go on
        """
        if (self._resyncing or self._behind()) and not resyncing:
            # what the PBX has listed or told is not taken over yet: what ends now would be told twice
            return False
        # whose channels are whose is asked of the spool
        self._outbox.flush()
        now = self._monotonic()
        if self._live is not None:
            self.groups.bury(*self._live)
            self._live = None
        judged: list[Group] = []
        for group in self.groups:
            if group.open and group.dead is None:
                continue
            over_s = (self._clock.pbx_us() - group.last_t) / _MICRO if resyncing else 0.0
            if now - group.seen < SETTLE_S and over_s < RESYNC_S:
                continue
            if self._too_early(group, now) or self._maybe_unheard(group, now):
                continue
            self._store(group, self._verdict(group))
            judged.append(group)
            if len(judged) >= AT_ONCE:
                break
        for group in judged:
            self.groups.drop(group)
        self._save(now, force=False)
        return len(judged) >= AT_ONCE

    def _too_early(self, group: Group, now: float) -> bool:
        """The live model holds a call of it, and will end it itself when the PBX is reached."""
        if self._listening or now - group.seen > PATIENCE_S:
            return False
        owners = set(self._spool.calls_of(group.channels).values())
        return any(call.call_uid in owners for call in self._calls.open_calls())

    def _maybe_unheard(self, group: Group, now: float) -> bool:
        """AMI has said nothing since CEL told of it: the link may be dead, and nobody knows yet.

        A quiet PBX answers pings, so this ends soon one way or the other.
        """
        if not self._listening or now - group.seen > PATIENCE_S:
            return False
        if any((gap[0] or 0) <= group.last_t <= gap[1] for gap in self.gaps if gap[1] is not None):
            return False  # it ended while nobody listened
        return self._heard_at() < group.seen + HEARD_AFTER_S

    # -- judging --------------------------------------------------------------------------------

    def _verdict(self, group: Group) -> _Verdict:
        verdict = _Verdict()
        owners = self._spool.calls_of(group.channels)
        mine = set(owners.values())
        held = {c.call_uid: c.as_dict() for c in self._calls.open_calls() if c.call_uid in mine}
        uncertain = {uid for uid in mine if uid in self.unsettled} | set(held)
        if not uncertain and not self._in_gap(group.first_t, group.last_t):
            return verdict
        for one in self._reconstruct(group):
            if one.call["state"] != "ended":
                # its channels are all gone, whatever the model makes of it
                one = replace(one, call=reconcile.closed(one.call, group.last_t), ended=False)
            known = {owners[c] for c in one.channels if c in owners}
            if not known:
                if self._in_gap(one.call["started_t"], one.call["ended_t"]):
                    self._create(verdict, one)
                continue
            unsettled = [
                held.get(x) or self.unsettled[x] for x in known & uncertain - verdict.settled
            ]
            if unsettled:
                # several were told of, but it is one: that which began it; the others end as they are
                unsettled.sort(key=lambda x: (x["started_t"] or 0, x["call_uid"]))
                self._correct(verdict, unsettled[0], one)
        for uid in sorted(uncertain - verdict.settled):
            # CEL makes no call of it, but says that its channels are gone
            before = held.get(uid) or self.unsettled[uid]
            verdict.settled.add(uid)
            if before["state"] != "ended":
                self._tell(verdict, before, reconcile.closed(before, group.last_t))
        return verdict

    def _reconstruct(self, group: Group) -> list[Rebuilt]:
        try:
            return reconstruct(
                group.rows,
                self._queue_rows(group),
                trunks=self._trunks(),
                agent_endpoints=self._endpoints.get,
                dead=group.dead if group.open else None,
                recall=self._recall,
            )
        except Exception:
            # one odd call must not stop the others for ever
            log.exception("CEL: a group of %d rows can't be understood", len(group.rows))
            return []

    def _queue_rows(self, group: Group) -> list[queuelog.QueueRow] | None:
        return group.queue_rows if self._queue is not None and not self._queue.missing else None

    def _in_gap(self, start: int | None, end: int | None) -> bool:
        if start is None or end is None:
            return False
        return any(
            (gap[0] or 0) - _SLACK <= end and (gap[1] is None or start <= gap[1] + _SLACK)
            for gap in self.gaps
        )

    def _create(self, verdict: _Verdict, one: Rebuilt) -> None:
        known = one.call["call_uid"]
        call = reconcile.created(one.call, uuid7() if known.startswith("cel-") else known)
        if not one.ended:
            call["estimated"] = True
        verdict.channels.update(dict.fromkeys(one.channels, call["call_uid"]))
        verdict.facts.append(call)
        verdict.new.append(call)
        log.info("CEL: a call that was missed: %s", call["call_uid"])

    def _correct(self, verdict: _Verdict, before: dict[str, Any], one: Rebuilt) -> None:
        verdict.settled.add(before["call_uid"])
        verdict.channels.update(dict.fromkeys(one.channels, before["call_uid"]))
        unheard = self._in_gap(reconcile.last_talk(one.call), one.call["ended_t"])
        self._tell(
            verdict, before, reconcile.corrected(before, one.call, one.ended, unheard=unheard)
        )

    def _tell(self, verdict: _Verdict, before: dict[str, Any], call: dict[str, Any]) -> None:
        if call["rev"] == before["rev"]:
            return
        verdict.facts.append(call)
        if before["state"] != "ended":
            verdict.closed.append(call)
        log.info("CEL: corrected call %s", call["call_uid"])

    # -- storing --------------------------------------------------------------------------------

    def _store(self, group: Group, verdict: _Verdict) -> None:
        """Ids, facts and what is settled in one transaction: a crash repeats all of it or nothing."""
        if not (verdict.facts or verdict.settled):
            return
        # facts of the live model keep their place before ours
        self._outbox.flush()
        for uid in verdict.settled:
            self.unsettled.pop(uid, None)
            self._outbox.touch(f"{_STORED}{uid}")
            if self._calls.drop(uid):
                self._outbox.touch(f"call:{uid}")
        for call in verdict.facts:
            self._outbox.put("call.corrected", self._clock.now_us(), {"call": call})
        for channel, uid in verdict.channels.items():
            self._outbox.learn(uid, [channel], over=True)
        for call in verdict.new:
            self._on_call(call, True)
        for call in verdict.closed:
            self._on_call(call, False)
        self._outbox.flush()

    def _save(self, now: float, *, force: bool) -> None:
        """Where to read on after a restart: at the first line of what is not judged yet."""
        if not force and now - self._saved_at < 5.0:
            return
        states: dict[str, Any] = {}
        oldest = self.groups.oldest()
        if self._cel is not None:
            states["cel"] = (oldest.begin if oldest else self._cel.mark).dump()
        if self._queue is not None:
            first = oldest.first_t - 2 * _MICRO if oldest else self._clock.pbx_us() - 30 * _MICRO
            while self._queue_marks and self._queue_marks[0][0] < first:
                self._queue_marks.popleft()
            mark = self._queue_marks[0][1] if self._queue_marks else self._queue.mark
            states["queue_log"] = mark.dump()
        if self._clock.last_us and self._listening:
            states["alive"] = self._clock.last_us
        changed = {k: v for k, v in states.items() if self._saved.get(k) != v}
        if changed:
            # what was heard must be stored before we say that it was
            self._outbox.flush()
            self._spool.append([], states=changed)
            self._saved.update(changed)
        self._saved_at = now
