# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What it costs to keep a call's figures: written by the ingest, or computed by Odoo and stored.

    .cache/venv-bridge/bin/python bench/recompute.py [--calls 100]

The facts are those of a recorded queue call (`cc_bridge replay`), each time with ids, times and number of its own, as
many calls interleaved as ten a second are. They are applied by the ingest itself, in Odoo without HTTP, with a commit
for each request: one fact a request, or 500 as after an outage. *computed* (the baseline) makes the waits, rings,
talks, holds and counts of `cc.call` stored computed fields that depend on the call's times, attempts, holds and
transfers, as one would write them at first; the ingest then leaves them out. Every way has calls of its own and goes
twice, in turn.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import uuid
from pathlib import Path

from parts import CALLER, RECORDING, BenchStack
from table import show

from cc_stack.bridge import SOURCES
from cc_stack.odoo import command, write_config

BATCH = 500
EVERY_S = 0.1

INSIDE = r'''
import json, time
from contextlib import contextmanager
from odoo import api, fields, models
from odoo.orm import model_classes
from odoo.orm.fields import Field
from odoo.orm.models import BaseModel
from odoo.addons.cc_telephony.ingest import call as ingest_call
from odoo.addons.cc_telephony.ingest.apply import apply_request

env = env(user=1)
pbx = env["cc.pbx"].search([("code", "=", "main")])
FIGURES = ("ring_at", "wait_s", "ring_s", "talk_s", "hold_s", "duration_s", "transfer_count",
           "hold_count", "transfer_tries")

def span(begin, end):
    return max((end - begin).total_seconds(), 0.0) if begin and end else 0.0

class Computed(models.Model):
    _name = "cc.call"
    _inherit = ["cc.call"]
    _module = "cc_bench"
    _register = False
    ring_at = fields.Datetime(compute="_compute_rings", store=True)
    ring_s = fields.Float(compute="_compute_rings", store=True)
    hold_s = fields.Float(compute="_compute_holds", store=True)
    hold_count = fields.Integer(compute="_compute_holds", store=True)
    wait_s = fields.Float(compute="_compute_times", store=True)
    talk_s = fields.Float(compute="_compute_times", store=True)
    duration_s = fields.Float(compute="_compute_times", store=True)
    transfer_count = fields.Integer(compute="_compute_transfers", store=True)
    transfer_tries = fields.Integer(compute="_compute_transfers", store=True)

    @api.depends("attempt_ids.ring_at", "attempt_ids.ring_s")
    def _compute_rings(self):
        for call in self:
            call.ring_at = min((r for r in call.attempt_ids.mapped("ring_at") if r), default=False)
            call.ring_s = sum(call.attempt_ids.mapped("ring_s"))

    @api.depends("hold_ids.from_at", "hold_ids.to_at", "ended_at")
    def _compute_holds(self):
        for call in self:
            call.hold_s = sum(span(h.from_at, h.to_at or call.ended_at) for h in call.hold_ids)
            call.hold_count = len(call.hold_ids)

    @api.depends("queued_at", "answered_at", "started_at", "ended_at", "hold_s")
    def _compute_times(self):
        for call in self:
            call.wait_s = span(call.queued_at, call.answered_at or call.ended_at)
            call.talk_s = max(span(call.answered_at, call.ended_at) - call.hold_s, 0.0)
            call.duration_s = span(call.started_at, call.ended_at)

    @api.depends("transfer_ids.completed")
    def _compute_transfers(self):
        for call in self:
            call.transfer_count = sum(call.transfer_ids.mapped("completed"))
            call.transfer_tries = len(call.transfer_ids)

spent = {"s": 0.0, "inside": False}

def timed(owner, name):
    """Adds the outermost time in owner.name to what recomputation took."""
    plain = getattr(owner, name)
    def wrapper(*args, **kwargs):
        if spent["inside"]:
            return plain(*args, **kwargs)
        spent["inside"], begun = True, time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            spent["inside"] = False
            spent["s"] += time.perf_counter() - begun
    setattr(owner, name, wrapper)

# what marks stored computed fields as due, and what computes them
for owner, name in ((BaseModel, "modified"), (BaseModel, "_recompute_recordset"),
                    (BaseModel, "_recompute_field"), (Field, "compute_value")):
    timed(owner, name)

plain_vals = ingest_call._call_vals
def without_figures(batch, call, body):
    return {k: v for k, v in plain_vals(batch, call, body).items() if k not in FIGURES}

def computed():
    model_classes.add_to_registry(env.registry, Computed)
    env.registry._setup_models__(env.cr, ["cc.call"])
    ingest_call._call_vals = without_figures

def apply(facts, size):
    """Apply in requests of `size`; (s, queries, s of recomputation)."""
    cursor = pbx.cursor_ids
    spent["s"] = 0.0
    queries, begun = env.cr.sql_log_count, time.perf_counter()
    for first in range(0, len(facts), size):
        env.cr.commit()
        env.invalidate_all()
        env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        seq, rejected = apply_request(env, pbx, cursor.epoch, facts[first:first + size], {})
        assert not rejected, rejected
        env.cr.commit()
    return time.perf_counter() - begun, env.cr.sql_log_count - queries, spent["s"]

def check(facts):
    """The figures of the last call, to see that both ways say the same."""
    uid = facts[-1]["call"]["call_uid"]
    return env["cc.call"].search([("call_uid", "=", uid)]).read(FIGURES)[0]

seq = pbx.cursor_ids.seq
def numbered(facts):
    global seq
    for fact in facts:
        seq += 1
        fact.update(seq=seq, pbx=pbx.uuid)
    return facts

groups = json.load(open(FILE))
apply(numbered(groups.pop(0)), 1)
results = []
for way in ("written", "computed"):
    if way == "computed":
        computed()
        apply(numbered(groups.pop(0)), 1)
    for size in SIZES:
        for again in range(2):
            facts = numbered(groups.pop(0))
            took, queries, recomputed = apply(facts, size)
            figures = check(facts)
            results.append([way, size, len(facts), took, queries, recomputed,
                            {k: str(figures[k])[-15:] for k in ("wait_s", "ring_s", "talk_s", "duration_s")}])
print("RESULTS", json.dumps(results))
'''


def recorded_facts(pbx_python: Path) -> list[dict[str, object]]:
    """The facts of the one call of the recording."""
    out = subprocess.run(
        [pbx_python, "-m", "cc_bridge", "replay", RECORDING],
        env={"PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in out.stdout.splitlines()]


def moved(value: object, us: int, number: str) -> object:
    """The same with times `us` later and the caller's number another."""
    if isinstance(value, dict):
        return {
            key: part + us
            if isinstance(part, int) and (key == "t" or key.endswith("_t"))
            else moved(part, us, number)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [moved(part, us, number) for part in value]
    return number if value == CALLER else value


def group(facts: list[dict[str, object]], calls: int, first: int) -> list[dict[str, object]]:
    """The facts of `calls` calls, in the order of their times."""
    made = []
    for n in range(first, first + calls):
        uid = str(uuid.uuid4())
        for fact in facts:
            new = moved(fact, int(n * EVERY_S * 1e6), f"139{n:08d}")
            new["call"]["call_uid"] = uid
            made.append(new)
    return sorted(made, key=lambda fact: fact["t"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=100)
    options = parser.parse_args()
    bench = BenchStack(5)
    stack, settings = bench.stack, bench.stack.settings
    sizes = [1, BATCH]
    facts = recorded_facts(settings.bridge_python)
    counts = [50, *[options.calls] * 2 * len(sizes)] * 2
    groups, first = [], 0
    for count in counts:
        groups.append(group(facts, count, first))
        first += count
    try:
        stack.down()
        stack.prepare(fresh=True)
        stack.postgres.up()
        stack._up_database()
        bench._make_agents()
        write_config(
            settings, stack.postgres, settings.database, stack.odoo.config, settings.data_dir
        )
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(groups, file)
            file.flush()
            shell = subprocess.run(
                command(settings, stack.odoo.config, "shell", "--no-http"),
                input=f"exec(compile({INSIDE.replace('FILE', repr(file.name)).replace('SIZES', repr(sizes))!r},"
                " 'recompute', 'exec'))\n",
                text=True,
                capture_output=True,
                check=False,
            )
    finally:
        stack.down()
    lines = [line for line in shell.stdout.splitlines() if line.startswith("RESULTS ")]
    if not lines:
        raise SystemExit(f"nothing was measured:\n{shell.stderr[-4000:]}")
    results = json.loads(lines[0].removeprefix("RESULTS "))
    results.sort(key=lambda row: (row[1], row[0]))
    show(
        f"{options.calls} calls of {len(facts)} facts a row",
        ["figures", "facts/request", "facts", "facts/s", "ms/fact", "queries/fact", "recompute ms/fact"],
        [
            [
                f"{way} (baseline)" if way == "computed" else way, size, count, count / took,
                f"{took / count * 1000:.2f}", f"{queries / count:.2f}", f"{again / count * 1000:.3f}",
            ]
            for way, size, count, took, queries, again, _figures in results
        ],
    )  # fmt: skip
    same = {json.dumps(figures) for *_rest, figures in results}
    print(
        "\nthe last call's figures, the same in every row:" if len(same) == 1 else "\nDIFFERENT:",
        *same,
    )


if __name__ == "__main__":
    main()
