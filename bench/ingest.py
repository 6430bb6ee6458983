# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How many calls a second go through bridge and Odoo, how late, and how fast an outage is caught up.

    .cache/venv-bridge/bin/python bench/ingest.py [--rates 2,10,20,30] [--seconds 30] [--agents 150]
        [--outage 60] [--outage-rate 10]

Each call is a whole recorded queue call of a real Asterisk (all its AMI events, see ami_player.py). Every row is run
twice: by the bridge as it is, and (*baseline*) by one that sends each fact in a request of its own.

*lag* is the time from a fact's own event on the PBX until PostgreSQL has committed it: the facts and their times are
read from the bridge's spool, the commits' times from PostgreSQL (`track_commit_timestamp`; a trigger notes which facts
each commit held). *grows* is the median lag of the last third of the facts less that of the first third: near nought
means sustained. *calls/s* is how fast ended calls were committed.

In the outage Odoo is stopped while calls go on. *back* is when nginx gives answers of Odoo again; *waited* the time from
then to the first commit; *caught up* when a commit first holds nothing older than a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import psutil
from parts import BenchStack
from table import percentile, show

from cc_stack.process import wait_until

T = TypeVar("T")

NUMBER = "+86139"
# cc_bridge with every fact in a request of its own and none held back
ONE_BY_ONE = """
import sys
from cc_bridge.odoo import link
link.BATCH, link.UNHURRIED = 1, frozenset()
from cc_bridge.cli import main
sys.exit(main(sys.argv[1:]))
"""
COMMITS = """
CREATE TABLE IF NOT EXISTS bench_commit (seq bigint PRIMARY KEY);
CREATE OR REPLACE FUNCTION bench_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO bench_commit VALUES (NEW.seq); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER bench_commit AFTER UPDATE ON cc_pbx_cursor FOR EACH ROW
    WHEN (NEW.seq > OLD.seq) EXECUTE FUNCTION bench_commit();
"""
LAG_CAUGHT_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that Odoo has: its number, kind, call, the event's time and the commit's, s since 1970."""

    seq: int
    kind: str
    call: str | None
    at: float
    committed: float


class Meter:
    """What is known of the run when it is over: facts from the spool, commits from PostgreSQL."""

    def __init__(self, bench: BenchStack) -> None:
        self.bench = bench

    def prepare(self) -> None:
        self.bench.ask(COMMITS)

    def last_seq(self) -> int:
        """The newest fact in the spool."""
        return self._spool("SELECT coalesce(max(seq), 0) FROM fact")[0][0]

    def applied_seq(self) -> int:
        """The newest fact that Odoo has."""
        return int(self.bench.ask("SELECT max(seq) FROM cc_pbx_cursor")[0][0])

    def _spool(self, sql: str, *values: object) -> list[tuple[int, str]]:
        db = sqlite3.connect(f"file:{self.bench.stack.bridge.spool}?mode=ro", uri=True)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def commits(self, after: int) -> list[tuple[int, float]]:
        """Last fact and time of each commit behind the fact `after`."""
        rows = self.bench.ask(
            "SELECT seq, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM bench_commit"
            f" WHERE seq > {after} ORDER BY seq"
        )
        return [(int(seq), float(at)) for seq, at in rows]

    def told(self, after: int) -> list[Told]:
        """All facts behind `after` that Odoo has, in order."""
        commits = self.commits(after)
        lasts = [seq for seq, _at in commits]
        told = []
        for seq, body in self._spool(
            "SELECT seq, body FROM fact WHERE seq > ? ORDER BY seq", after
        ):
            fact = json.loads(body)
            place = bisect_left(lasts, seq)
            if place < len(lasts) and fact["t"] is not None:
                call = fact.get("call", {}).get("call_uid")
                told.append(Told(seq, fact["kind"], call, fact["t"] / 1e6, commits[place][1]))
        return told


class Load:
    """Calls at an even rate, all of them told apart by their numbers."""

    _runs = 0

    def __init__(self, bench: BenchStack, rate: float) -> None:
        self.bench, self.rate = bench, rate
        Load._runs += 1
        self.prefix = f"{NUMBER}{int(time.time()) % 100 * 100 + Load._runs:04d}"
        self.calls = 0

    async def run(self, seconds: float) -> None:
        """Begins calls for `seconds` and returns when the last one is over."""
        begun = time.time()
        tasks = []
        while self.calls < int(self.rate * seconds):
            wait = begun + self.calls / self.rate - time.time()
            if wait > 0:
                await asyncio.sleep(wait)
            agent = self.bench.agents[self.calls % len(self.bench.agents)]
            number = f"{self.prefix}{self.calls:04d}"
            tasks.append(self.bench.player.play(agent, number, keep_s=2.0))
            self.calls += 1
        await asyncio.gather(*tasks)

    def outcome(self) -> tuple[int, int]:
        """How many of the calls Odoo has as ended, and how many rows there are beyond one a call."""
        [(ended, rows, numbers)] = self.bench.ask(
            "SELECT count(*) FILTER (WHERE c.state = 'ended'), count(*), count(DISTINCT n.key) FROM cc_call c"
            f" JOIN cc_phone_number n ON n.id = c.number_id WHERE n.key LIKE '{self.prefix}%'"
        )
        return int(ended), int(rows) - int(numbers)


def cpu(process: psutil.Process) -> float:
    """CPU seconds of a process and its children so far."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


async def in_thread(work: Callable[..., T], *args: object) -> T:
    """What blocks, beside the loop that plays the calls."""
    return await asyncio.get_running_loop().run_in_executor(None, work, *args)


async def settle(load: Load, seconds: float) -> bool:
    """Waits until Odoo has all calls as ended; false when it has not within `seconds`."""
    end = time.time() + seconds
    while time.time() < end:
        if (await in_thread(load.outcome))[0] >= load.calls:
            return True
        await asyncio.sleep(0.5)
    return False


def lags(told: list[Told]) -> list[float]:
    return [(fact.committed - fact.at) * 1000 for fact in told]


def sustained(told: list[Told]) -> float:
    """Ended calls committed a second."""
    ends = sorted(fact.committed for fact in told if fact.kind == "call.ended")
    return (len(ends) - 1) / (ends[-1] - ends[0]) if len(ends) > 1 else 0.0


async def one_rate(name: str, meter: Meter, rate: float, seconds: float) -> list[object]:
    """Calls at `rate` for `seconds`; a row of the table."""
    bench = meter.bench
    bridge = bench.bridge_process()
    odoo = psutil.Process(bench.stack.odoo.pid)
    busy = os.getloadavg()[0]
    first = meter.last_seq()
    begun, begun_cpu = time.time(), (cpu(bridge), cpu(odoo))
    load = Load(bench, rate)
    await load.run(seconds)
    await settle(load, max(30.0, seconds))
    took = time.time() - begun
    ended, double = load.outcome()
    told = meter.told(first)
    values = lags(told)
    third = max(1, len(values) // 3)
    grows = percentile(values[-third:], 0.5) - percentile(values[:third], 0.5)
    return [
        f"{name}{rate:g}", load.calls, load.calls - ended, double, sustained(told), len(told),
        len(told) / max(1, len(meter.commits(first))), percentile(values, 0.5), percentile(values, 0.99),
        max(values, default=0.0), grows, (cpu(bridge) - begun_cpu[0]) / took * 100,
        (cpu(odoo) - begun_cpu[1]) / took * 100, bridge.memory_info().rss / 2**20, busy,
    ]  # fmt: skip


RATES = ["calls/s asked", "calls", "not ended", "double", "calls/s", "facts", "facts/request", "lag p50 ms",
         "lag p99 ms", "max ms", "grows ms", "bridge CPU %", "Odoo CPU %", "bridge MB", "load before"]  # fmt: skip


async def outage(name: str, meter: Meter, rate: float, away: float) -> list[object]:
    """Odoo is stopped for `away` seconds while calls go on; a row of the table."""
    bench = meter.bench
    stack = bench.stack
    busy = os.getloadavg()[0]
    first = meter.last_seq()
    load = Load(bench, rate)
    running = asyncio.create_task(load.run(away + 60))
    await asyncio.sleep(10)
    await in_thread(stack.odoo.stop)
    gone = time.time()
    await asyncio.sleep(away)
    await in_thread(stack.odoo.start)
    await in_thread(wait_until, stack.nginx.healthy, 120.0, "Odoo", 0.05)
    back = time.time()
    waiting = meter.last_seq() - meter.applied_seq()
    await running
    whole = await settle(load, 60)
    ended, double = load.outcome()
    commits = [one for one in meter.commits(first) if one[1] > back]
    told = [fact for fact in meter.told(first) if fact.committed > back]
    oldest: dict[float, float] = {}
    for fact in told:
        oldest[fact.committed] = min(fact.at, oldest.get(fact.committed, fact.at))
    done = next((c for c in sorted(oldest) if c - oldest[c] < LAG_CAUGHT_UP_S), None)
    until = done or time.time()
    caught = sum(fact.committed <= until for fact in told)
    started = commits[0][1] if commits else until
    return [
        name, load.calls, load.calls - ended, double, back - gone, waiting, started - back,
        f"{done - back:.1f}" if done else "never", caught, caught / max(until - started, 0.001),
        caught / (until - back), "yes" if whole else "no", busy,
    ]  # fmt: skip


OUTAGE = ["", "calls", "not ended", "double", "away s", "facts waiting", "waited s", "caught up s", "facts by then",
          "facts/s applying", "facts/s since back", "all ended", "load before"]  # fmt: skip


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rates", default="2,10,20,30")
    parser.add_argument("--baseline-rates", default="2,10", help="none: no baseline")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--agents", type=int, default=150)
    parser.add_argument("--outage", type=float, default=60, help="0: none")
    parser.add_argument("--outage-rate", type=float, default=10)
    options = parser.parse_args()
    bench = BenchStack(options.agents)
    meter = Meter(bench)
    rates: list[list[object]] = []
    outages: list[list[object]] = []
    try:
        bench.up()
        meter.prepare()
        server = await bench.player.start()
        await in_thread(bench.bridge_up)
        await asyncio.sleep(3)
        built = bench.stack.bridge.argv
        for name, argv, asked in (
            ("", built, options.rates),
            (
                "baseline, one by one: ",
                [built[0], "-c", ONE_BY_ONE, *built[3:]],
                options.baseline_rates,
            ),
        ):
            if not asked:
                continue
            if bench.stack.bridge.argv != argv:
                await in_thread(bench.stack.bridge.stop)
                bench.stack.bridge.argv = argv
                await in_thread(bench.stack.bridge.start)
                await asyncio.sleep(3)
            for rate in filter(None, asked.split(",")):
                rates.append(await one_rate(name, meter, float(rate), options.seconds))
                print(rates[-1], flush=True)
            if options.outage:
                outages.append(
                    await outage(name or "as it is", meter, options.outage_rate, options.outage)
                )
                print(outages[-1], flush=True)
        server.close()
    finally:
        bench.down()
    show(
        f"bridge and Odoo together, {options.agents} agents signed in, {options.seconds:g} s a rate",
        RATES,
        rates,
    )
    if outages:
        show(f"Odoo away, {options.outage_rate:g} calls/s all the time", OUTAGE, outages)


if __name__ == "__main__":
    asyncio.run(main())
