# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stages and tests cost, this time and the last ones: `.run/reports/costs.json` and `costs.txt`."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import time
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from cc_stack.settings import REPO

KEPT_RUNS = 20
SLOW_TESTS = 30
#: A test is told as slower only from here on, s and times: below it is the machine's mood.
SLOWER_S, SLOWER = 2.0, 1.5
STARTING = re.compile(
    r"^(\S+ \S+) \d+ INFO \S+ odoo\.addons\.(\w+)\.tests\.\S+: Starting (\w+)\.(\w+) "
)
ENDED = re.compile(
    r"^(\S+ \S+) \d+ INFO \S+ odoo\.(?:service\.server|tests\.result|modules\.loading): "
)


@dataclass(slots=True)
class Run:
    """One run. Seconds by stage, and by test as `stage/test`."""

    at: str = ""
    commit: str = ""
    what: str = ""
    total: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    tests: dict[str, float] = field(default_factory=dict)


def of_report(stage: str, report: Path) -> dict[str, float]:
    """Seconds by test out of a JUnit file, set-up and tear-down included."""
    found: dict[str, float] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        name = f"{stage}/{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
        found[name] = found.get(name, 0.0) + float(case.get("time", 0))
    return found


def of_log(log: str) -> dict[str, float]:
    """Seconds by test out of Odoo's log: from its start to the next line of a test's start or the end.

    What a class sets up counts to the test before it.
    """
    found: dict[str, float] = {}
    name, begun = None, 0.0
    for line in log.splitlines():
        match = STARTING.match(line)
        if not match and not ENDED.match(line):
            continue
        stamp = datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").timestamp()
        if name:
            found[name] = found.get(name, 0.0) + stamp - begun
        name = f"addons/{match[2]}.{match[3]}.{match[4]}" if match else None
        begun = stamp
    return found


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _load(file: Path) -> list[Run]:
    try:
        return [Run(**run) for run in json.loads(file.read_text())]
    except (OSError, ValueError, TypeError):
        return []  # none yet, or of another form


def keep(
    folder: Path, what: str, total: float, stages: dict[str, float], tests: dict[str, float]
) -> str:
    """Add a run to the file of the last ones, and write its table.

    :return: the table's short form: stages, and what became slower
    """
    file = folder / "costs.json"
    runs = _load(file)
    now = Run(time.strftime("%Y-%m-%d %H:%M:%S"), _commit(), what, total, stages, tests)
    before = [run for run in runs if run.what == what]
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(run) for run in [*runs, now][-KEPT_RUNS:]], indent=1))
    (folder / "costs.txt").write_text(table(now, before, SLOW_TESTS))
    return table(now, before, 5)


def _usual(values: list[float]) -> str:
    return f"{statistics.median(values):>8.1f}" if values else f"{'':>8}"


def table(now: Run, before: list[Run], slow: int) -> str:
    """Stages and the slowest tests beside the last run and the median of the last ones.

    :param before: runs of the same kind, the newest last
    :param slow: how many tests are shown
    """
    last = before[-1] if before else Run()
    recent = before[-5:]
    lines = [f"{'seconds':<12}{'now':>8}{'last':>8}{'usual':>8}   {now.commit} after {last.commit}"]
    for name, took in [*now.stages.items(), ("in all", now.total)]:
        old = last.total if name == "in all" else last.stages.get(name, 0.0)
        usual = [
            run.total if name == "in all" else run.stages[name]
            for run in recent
            if name == "in all" or name in run.stages
        ]
        lines.append(f"{name:<12}{took:>8.1f}{old:>8.1f}{_usual(usual)}")
    lines.append(f"the {slow} slowest of {len(now.tests)} tests")
    for name, took in sorted(now.tests.items(), key=lambda item: -item[1])[:slow]:
        usual = [run.tests[name] for run in recent if name in run.tests]
        lines.append(f"{took:>8.1f}{_usual(usual)}  {name}")
    slower = [
        (took - statistics.median(usual), took, name)
        for name, took in now.tests.items()
        if (usual := [run.tests[name] for run in recent if name in run.tests])
        and took > SLOWER * statistics.median(usual)
        and took > SLOWER_S + statistics.median(usual)
    ]
    if slower:
        lines.append("slower than usual")
        lines += [f"{took:>8.1f}  +{more:.1f}  {name}" for more, took, name in sorted(slower)[::-1]]
    return "\n".join(lines) + "\n"
