# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All tests in stages, each with its duration and its numbers: `make test`, `make test-fast`.

A stage fails on a failed test, on a skipped one, and on none at all.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cc_stack import odoo as odoo_part
from cc_stack.postgres import Postgres, home
from cc_stack.process import tail
from cc_stack.settings import REPO, Settings, StackError
from cc_stack.templates import TemplateStore, our_addons, progress

REPORTS = REPO / ".run" / "reports"
BRIDGES = sorted((REPO / "addons").glob("*/bridge/tests"))
STARTING = re.compile(r" INFO \S+ odoo\.addons\.(\w+)\.tests\.\S+: Starting (\w+)\.(\w+) ")
SKIPPED = re.compile(r"odoo\.addons\.(\w+)\.tests\S*: skipped (.*)")
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")


@dataclass(slots=True)
class Result:
    """What a stage found. `problems` are sentences; without any the stage is green."""

    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)


def _environment() -> dict[str, str]:
    """Without colours and without a reader of keys, the same everywhere."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def lint() -> Result:
    """All linters; counted as one test."""
    done = subprocess.run(
        ["bash", str(REPO / "scripts" / "lint.sh")], stdin=subprocess.DEVNULL, check=False, cwd=REPO
    )
    return (
        Result(passed=1) if done.returncode == 0 else Result(failed=1, problems=["lint complains"])
    )


def _pytest(name: str, where: Path, cwd: Path, python: Path) -> Result:
    """Runs pytest and counts from its report."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [
            str(python),
            "-m",
            "pytest",
            str(where),
            "-v" if name in ("system", "faults") else "-q",
            "--color=no",
            f"--junitxml={report}",
            "--durations=5",
        ],
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=cwd,
        env=_environment(),
    )
    result = Result()
    if not report.exists():
        result.problems.append(f"pytest ended with {done.returncode} and no report")
        return result
    for suite in ET.parse(report).getroot().iter("testsuite"):
        count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        bad = count["failures"] + count["errors"]
        result.failed += bad + count["skipped"]
        result.passed += count["tests"] - bad - count["skipped"]
        if count["skipped"]:
            result.problems.append(f"{count['skipped']} skipped tests")
    if not result.passed and not result.failed:
        result.problems.append("no tests at all")
    if done.returncode and not result.failed:
        result.problems.append(f"pytest ended with {done.returncode}")
    return result


def bridges(settings: Settings) -> Result:
    """The tests of every bridge, in the environment that sees nothing of Odoo."""
    total = Result()
    if not BRIDGES:
        total.problems.append("no bridge has tests")
    for tests in BRIDGES:
        one = _pytest(
            f"bridge-{tests.parents[1].name}", tests, tests.parent, settings.bridge_python
        )
        total.passed += one.passed
        total.failed += one.failed
        total.problems += one.problems
    return total


def system(settings: Settings) -> Result:
    """tests/system: the whole stack with phones and browser."""
    return _pytest("system", REPO / "tests" / "system", REPO, settings.bridge_python)


def faults(settings: Settings) -> Result:
    """tests/faults: parts are killed and links broken under load; the short form."""
    return _pytest("faults", REPO / "tests" / "faults", REPO, settings.bridge_python)


def addons(names: list[str]) -> Result:
    """Python, hoot and tour tests of addons, installed into a database that has only what they depend on."""
    if not shutil.which("chromium") and not shutil.which("google-chrome"):
        return Result(
            failed=1, problems=["no Chromium: Odoo would skip its browser tests in silence"]
        )
    settings = Settings.load("test-addons")
    settings.make_folders()
    store = TemplateStore(settings)
    template = store.base()
    postgres = Postgres(
        settings,
        home(settings) / "instance-test-addons",
        port=settings.ports.postgres,
        run_folder=settings.run,
        fsync=False,
    )
    postgres.stop()
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    store.copy(template, postgres.data, settings.data_dir / "filestore" / settings.database)
    log = settings.logs / "tests.log"
    log.unlink(missing_ok=True)
    try:
        postgres.up()
        postgres.copy_database(template.database, settings.database)
        config = odoo_part.write_config(
            settings, postgres, settings.database, settings.run / "odoo.conf", settings.data_dir
        )
        code = _odoo_tests(settings, config, log, names)
    finally:
        postgres.stop()
        shutil.rmtree(postgres.data, ignore_errors=True)
    return _judge(log, names, code, settings)


def _odoo_tests(settings: Settings, config: Path, log: Path, names: list[str]) -> int:
    """Installs and tests; tells now and then which test is running."""
    args = [
        *("-i", ",".join(names), "--test-tags", ",".join(f"/{name}" for name in names)),
        *("--with-demo", "--workers=0", "--max-cron-threads=0", "--stop-after-init"),
        *("--screenshots", str(settings.run / "screenshots")),
    ]
    with log.open("w") as out:
        child = subprocess.Popen(
            odoo_part.command(settings, config, *args),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,
        )
        try:
            told = time.monotonic()
            while child.poll() is None:
                time.sleep(0.2)
                if time.monotonic() - told > 20:
                    told = time.monotonic()
                    progress(tail(log, 1)[24:170])
        except BaseException:
            child.terminate()
            child.wait()
            raise
    return child.returncode


def _judge(log: Path, names: list[str], code: int, settings: Settings) -> Result:
    """Counts tests an addon, failures and skips from Odoo's log, and lets checklog-odoo look for warnings."""
    text = log.read_text(errors="replace")
    result = Result()
    started = Counter(match[1] for match in STARTING.finditer(text))
    for name in names:
        progress(f"{name}: {started[name]} tests")
        if not started[name]:
            result.problems.append(f"{name} has run no tests")
    for match in SKIPPED.finditer(text):
        result.failed += 1
        result.problems.append(f"skipped in {match[1]}: {match[2]}")
    totals = TOTAL.findall(text)
    if not totals:
        result.problems.append(f"Odoo ended with {code} before its tests were over")
        sys.stdout.write(tail(log, 60) + "\n")
    bad = sum(int(failed) + int(errors) for failed, errors, _count in totals)
    result.failed += bad
    result.passed = max(sum(started[name] for name in names) - result.failed, 0)
    checked = subprocess.run(
        [str(settings.bridge_python.parent / "checklog-odoo"), str(log)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if checked.returncode:
        result.problems.append("warnings or errors in Odoo's log")
        sys.stdout.write((checked.stdout + checked.stderr)[-12000:] + "\n")
    if code and not result.problems and not result.failed:
        result.problems.append(f"Odoo ended with {code}")
    if result.problems or result.failed:
        print(f"  whole log: {log}")
    return result


def main() -> int:
    """Runs the stages asked for; exit code 0 when all are green."""
    parser = argparse.ArgumentParser(prog="cc_stack.suite", description=__doc__)
    parser.add_argument(
        "what", choices=["all", "fast", "lint", "bridge", "addons", "system", "faults"]
    )
    parser.add_argument("addon", nargs="*")
    options = parser.parse_args()
    settings = Settings.load("test")
    names = options.addon or our_addons()
    if unknown := set(names) - set(our_addons()):
        parser.error(f"no such addon: {', '.join(sorted(unknown))}")
    stages: dict[str, Callable[[], Result]] = {
        "lint": lint,
        "bridge": lambda: bridges(settings),
        "addons": lambda: addons(names),
        "system": lambda: system(settings),
        "faults": lambda: faults(settings),
    }
    wanted = {"all": list(stages), "fast": ["bridge", "addons"]}.get(options.what, [options.what])
    begun = time.monotonic()
    results: dict[str, tuple[Result, float]] = {}
    for name in wanted:
        print(f"\033[1m==> {name}\033[0m", flush=True)
        before = time.monotonic()
        try:
            result = stages[name]()
        except StackError as error:
            result = Result(failed=1, problems=[str(error)])
        if result.problems and not result.failed:
            result.failed = 1
        results[name] = (result, time.monotonic() - before)
    print(f"\n{'stage':<10}{'passed':>8}{'failed':>8}{'seconds':>10}")
    for name, (result, seconds) in results.items():
        print(f"{name:<10}{result.passed:>8}{result.failed:>8}{seconds:>10.0f}")
        for problem in result.problems:
            print(f"    {problem[:1500]}")
    passed = sum(result.passed for result, _ in results.values())
    failed = sum(result.failed for result, _ in results.values())
    print(f"in all {time.monotonic() - begun:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
