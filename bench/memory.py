# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a bridge keeps after many calls: its memory, the lengths of its tables, the size of its spool.

    .cache/venv-bridge/bin/python bench/memory.py [--calls 100000] [--agents 200]

Each call is all events of a recorded queue call (see ami_player.py), handed to the bridge's own handler as fast as
it goes, several at once; facts are acknowledged as Odoo would. Neither sockets nor Odoo: only what the bridge
itself holds is measured. The first row, after a tenth of the calls, is the baseline.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

HERE = Path(__file__).parent
SOURCE = HERE.parent / "addons/cc_telephony/bridge/src"
sys.path.insert(0, str(SOURCE))

from ami_player import Template  # noqa: E402
from table import show  # noqa: E402

from cc_bridge.ami import AmiSettings  # noqa: E402
from cc_bridge.bridge import Bridge  # noqa: E402
from cc_bridge.config import OdooSettings, Settings  # noqa: E402

RECORDING = HERE.parent / "addons/cc_telephony/bridge/tests/recordings/cc_answer.jsonl.gz"
CALLER, AGENT = "13800000001", "1001"
AT_ONCE = 20


def containers(thing: object, path: str = "", depth: int = 3) -> Iterator[tuple[str, int]]:
    """Lengths of the dicts, sets and lists that an object of ours holds, by name."""
    if isinstance(thing, dict | set | list):
        yield path, len(thing)
        return
    if not depth or not type(thing).__module__.startswith("cc_bridge"):
        return
    names = list(getattr(thing, "__dict__", {})) or list(getattr(thing, "__slots__", ()))
    for name in names:
        if hasattr(thing, name):
            yield from containers(getattr(thing, name), f"{path}.{name}", depth - 1)


class Stream:
    """The events of call after call, each as a new call."""

    def __init__(self, agents: int) -> None:
        self.template = Template.load(RECORDING, CALLER, AGENT)
        self.agents = [str(3000 + n) for n in range(agents)]
        self.numbers = itertools.count(1)

    def call(self) -> list[dict[str, str]]:
        """All events of the next call."""
        n = next(self.numbers)
        agent = self.agents[n % len(self.agents)]
        base = 1_800_000_000 + n
        new = {CALLER: f"139{n % 100_000_000:08d}", AGENT: agent}
        new |= {old: f"b-{base}.{n * 100 + i}" for i, old in enumerate(self.template.unique_ids)}
        new |= {
            old: f"{old.rsplit('-', 1)[0].replace(AGENT, agent)}-{n:08x}"
            for old in self.template.channel_names
        }
        new |= {
            old: f"{n:08x}-0000-4000-8000-{i:012x}" for i, old in enumerate(self.template.bridges)
        }
        return [
            {
                key: self.template.pattern.sub(lambda found: new[found[0]], value)
                for key, value in event.items()
            }
            | {"Timestamp": f"{base + offset / 1000:.6f}"}
            for offset, event in self.template.events
        ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--agents", type=int, default=200)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    stream = Stream(options.agents)
    me = psutil.Process()
    rows: list[list[object]] = []
    grown: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        bridge = Bridge(
            Settings(
                odoo=OdooSettings("http://127.0.0.1:9", "db", "pbx", "secret" * 8),
                ami=AmiSettings("127.0.0.1", 9, "u", "s"),
                spool=home / "spool",
                recordings=home / "rec",
                config_dir=None,
                log_level="ERROR",
                log_file=None,
            )
        )
        bridge.spool._db.execute("PRAGMA synchronous=OFF")
        bridge.agents.set_intent(
            {
                "agents": [
                    {
                        "agent": agent,
                        "session": n,
                        "device": "browser",
                        "extension": f"w{agent}",
                        "queues": [{"queue": "support", "penalty": 0}],
                    }
                    for n, agent in enumerate(stream.agents, 1)
                ],
                "queues": [{"queue": "support", "wrap_up_s": 0}],
            }
        )
        begun, done, events, facts = time.perf_counter(), 0, 0, 0
        while done < options.calls:
            batch = [stream.call() for _ in range(min(AT_ONCE, options.calls - done))]
            mixed = [e for es in itertools.zip_longest(*batch) for e in es if e is not None]
            before = bridge.spool.last_seq
            for start in range(0, len(mixed), 100):
                await bridge._events(mixed[start : start + 100])
                await asyncio.sleep(0)
            facts += bridge.spool.last_seq - before
            bridge.spool.acknowledge(bridge.spool.last_seq)
            # as after seven days: what Odoo has is thrown away
            bridge.spool._db.execute("DELETE FROM fact")
            done += len(batch)
            events += len(mixed)
            if done * 10 // options.calls > len(rows):
                lengths = dict(containers(bridge))
                if not rows:
                    grown = lengths
                states, uploads = (
                    bridge.spool._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                    for table in ("state", "upload")
                )
                took = time.perf_counter() - begun
                rows.append(
                    [done, events, facts, done / took, me.memory_info().rss / 2**20,
                     sum(lengths.values()), len(bridge.calls.open_calls()), states, uploads,
                     len(asyncio.all_tasks())]
                )  # fmt: skip
                print(rows[-1], flush=True)
        lengths = dict(containers(bridge))
        show(
            f"one bridge, {options.agents} agents",
            ["calls", "events", "facts", "calls/s", "MB", "entries", "open calls", "states",
             "uploads", "tasks"],
            rows,
        )  # fmt: skip
        more = {n: (grown.get(n, 0), c) for n, c in lengths.items() if c > grown.get(n, 0) + 50}
        print("\ntables that grew:", more or "none")
        await bridge.agents.close()
        bridge.spool.close()


if __name__ == "__main__":
    asyncio.run(main())
