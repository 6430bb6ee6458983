# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Python, hoot and tour tests of addons, on a database of their own; what Odoo's log says of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from cc_stack import costs, share
from cc_stack import odoo as odoo_part
from cc_stack.outcome import Result, environment
from cc_stack.process import tail
from cc_stack.settings import REPO, Settings
from cc_stack.templates import TemplateStore, our_addons, progress, scratch

# addons that are installed in tests only
TEST_ADDONS = REPO / "tests" / "addons"
STARTING = re.compile(r" INFO \S+ odoo\.addons\.(\w+)\.tests\.\S+: Starting (\w+)\.(\w+) ")
SKIPPED = re.compile(r"odoo\.addons\.(\w+)\.tests\S*: skipped (.*)")
# a failed test of Odoo's, and all lines up to the next one of the log
BROKEN = re.compile(
    r"(?:FAIL|ERROR): (\w+\.\w+)[^\n]*\n((?:(?!\d{4}-\d\d-\d\d )[^\n]*\n)*)", re.MULTILINE
)
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")


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
    postgres = scratch(settings)
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    store.copy(template, postgres.data, settings.data_dir / "filestore" / settings.database)
    log = settings.logs / "tests.log"
    log.unlink(missing_ok=True)
    try:
        postgres.up()
        postgres.copy_database(template.database, settings.database)
        config = odoo_part.write_config(
            settings,
            postgres,
            settings.database,
            settings.run / "odoo.conf",
            settings.data_dir,
            more_addons=(TEST_ADDONS,),
        )
        code = _odoo_tests(settings, config, log, names)
    finally:
        postgres.stop()
        shutil.rmtree(postgres.data, ignore_errors=True)
    return _judge(log, names, code, settings)


def _reason(text: str) -> str:
    """The last line of a traceback: what was wrong."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _odoo_tests(settings: Settings, config: Path, log: Path, names: list[str]) -> int:
    """Installs and tests; tells now and then which test is running."""
    tags = [f"/{name}" for name in names]
    if "cc_telephony" in names:
        # its access walk is of all our addons; each one's own is for when it is tested alone
        ours = [name for name in our_addons() if name in names and name != "cc_telephony"]
        tags += [f"-/{name}:TestAccessWalk" for name in ours]
    args = [
        *("-i", ",".join(names), "--test-tags", ",".join(tags)),
        *("--with-demo", "--workers=0", "--max-cron-threads=0", "--stop-after-init"),
        *("--screenshots", str(settings.run / "screenshots")),
    ]
    with log.open("w") as out:
        child = subprocess.Popen(
            odoo_part.command(settings, config, *args),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment(),
            start_new_session=True,
        )
        # those that may run beside it go by clocks and ears
        share.yields(child.pid)
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
    result = Result(tests=costs.of_log(text))
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
    result.broken = [f"{match[1]}: {_reason(match[2])}" for match in BROKEN.finditer(text)]
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
        lines = [
            line for line in text.splitlines() if re.search(r"^\S+ \S+ \d+ (WARN|ERR|CRIT)", line)
        ]
        result.broken += [line[24:] for line in lines if not re.search(r": (FAIL|ERROR): ", line)][
            :10
        ]
        sys.stdout.write((checked.stdout + checked.stderr)[-12000:] + "\n")
    if code and not result.problems and not result.failed:
        result.problems.append(f"Odoo ended with {code}")
    if result.problems or result.failed:
        print(f"  whole log: {log}")
    return result
