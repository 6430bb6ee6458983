# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How many calls a second go through bridge and Odoo without a growing lag, and what the bridge costs.

    .cache/venv-bridge/bin/python bench/ingest.py [--rates 5,10,20,30,40] [--seconds 30] [--agents 50]

Each call is a whole recorded queue call of a real Asterisk (all its AMI events, see ami_player.py). The baseline in
the same run is the lowest rate. *lag* is the time from a call's last event until Odoo has the call as ended;
*grows* is the lag of the last third of the calls less that of the first third: near nought means sustained.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from parts import BenchStack
from table import percentile, show


async def one_rate(bench: BenchStack, rate: float, seconds: float) -> list[object]:
    """Plays `rate` calls a second for `seconds`; a row of the table."""
    bridge = bench.bridge_process()
    begun_cpu = sum(bridge.cpu_times()[:2])
    begun = time.time()
    events = bench.player.events_sent
    ends: dict[str, float] = {}
    tasks = []
    total = int(rate * seconds)
    stamp = int(begun) % 100000
    for n in range(total):
        wait = begun + n / rate - time.time()
        if wait > 0:
            await asyncio.sleep(wait)
        caller = f"+86139{stamp:05d}{n:03d}"
        agent = bench.agents[n % len(bench.agents)]

        async def play(caller: str = caller, agent: str = agent) -> None:
            await bench.player.play(agent, caller, keep_s=2.0)
            ends[caller] = time.time()

        tasks.append(asyncio.create_task(play()))
    await asyncio.gather(*tasks)
    sent = time.time()
    loop = asyncio.get_running_loop()
    query = (
        "SELECT n.key, extract(epoch FROM c.write_date), c.state FROM cc_call c"
        f" JOIN cc_phone_number n ON n.id = c.number_id WHERE n.key LIKE '+86139{stamp:05d}%'"
    )
    rows: list[tuple[str, ...]] = []
    while time.time() < sent + 120:
        rows = await loop.run_in_executor(None, bench.ask, query)
        if sum(row[2] == "ended" for row in rows) >= total:
            break
        await asyncio.sleep(0.2)
    caught_up = time.time()
    lags = [
        (ends[key], (float(written) - ends[key]) * 1000)
        for key, written, state in rows
        if state == "ended" and key in ends
    ]
    lags.sort()
    third = max(1, len(lags) // 3)
    values = [lag for _end, lag in lags]
    grows = percentile(values[-third:], 0.5) - percentile(values[:third], 0.5)
    cpu = (sum(bridge.cpu_times()[:2]) - begun_cpu) / (caught_up - begun) * 100
    memory = bridge.memory_info().rss / 2**20
    done = sum(row[2] == "ended" for row in rows)
    return [
        f"{rate:g}", total, done, total - done, bench.player.events_sent - events,
        percentile(values, 0.5), percentile(values, 0.99), grows, caught_up - sent, cpu, memory,
    ]  # fmt: skip


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rates", default="2,10,20,30,40")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--agents", type=int, default=50)
    options = parser.parse_args()
    bench = BenchStack(options.agents)
    try:
        bench.up()
        server = await bench.player.start()
        await asyncio.get_running_loop().run_in_executor(None, bench.bridge_up)
        rows = [
            await one_rate(bench, float(rate), options.seconds) for rate in options.rates.split(",")
        ]
        show(
            f"bridge and Odoo together, {options.agents} agents signed in, {options.seconds:g} s a rate (first row: baseline)",
            ["calls/s", "calls", "in Odoo", "lost", "AMI events", "lag p50 ms", "lag p99 ms",
             "grows ms", "catch-up s", "bridge CPU %", "bridge MB"],
            rows,
        )  # fmt: skip
        server.close()
    finally:
        bench.down()


if __name__ == "__main__":
    asyncio.run(main())
