# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One loaded site for all faults of a session, and the table at its end.

CC_FAULT_SEED repeats a run with the same moments; CC_SOAK=1 is the long form (`make soak`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from faults import SEED, Fault
from site_under_load import Report, Site

from cc_stack.stack import Stack

REPORTS: list[Report] = []


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Everything up, ten agents ready."""
    site = Site(Stack(os.environ.get("CC_FAULTS_INSTANCE", "test-faults")))
    try:
        site.up()
        yield site
    finally:
        site.down()


@pytest.fixture
def suffer(site: Site) -> Iterator[Callable[..., Report]]:
    """suffer(fault, …, seed=) runs load with the faults in it; fails with everything that is known."""

    def run(*faults: Fault, seed: int = 0, rate: float = 5.0) -> Report:
        report = site.run(list(faults), SEED + seed, rate=rate)
        REPORTS.append(report)
        names = " + ".join(report.faults) or "load alone"
        assert report.ok, (
            f"{names}, seed {report.seed} (CC_FAULT_SEED={SEED}): {report.trouble}\n{report.verdict}"
        )
        assert report.calls, "no call at all: the load does not reach the PBX"
        return report

    yield run


def pytest_report_header() -> str:
    return f"moments of the faults: CC_FAULT_SEED={SEED}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table: each fault with the runs it was part of."""
    if not REPORTS:
        return
    write = terminalreporter.write_line
    write("")
    write(f"Faults under load, seed {SEED}. A run may hold several faults; calls, lost, double and")
    write(
        "worst lag (seconds from the last call's end until Odoo held everything) are of its runs."
    )
    head = ("fault", "repeats", "runs", "calls", "lost", "double", "worst lag s")
    write(f"{head[0]:<20}" + "".join(f"{name:>12}" for name in head[1:]))
    names = sorted({name for report in REPORTS for name in report.faults})
    for name in [*names, ""]:
        runs = [r for r in REPORTS if (name in r.faults if name else True)]
        repeats = sum(r.faults.count(name) if name else len(r.faults) for r in runs)
        row = (
            repeats,
            len(runs),
            sum(r.calls for r in runs),
            sum(len(r.verdict.lost) for r in runs),
            sum(len(r.verdict.double) for r in runs),
        )
        lag = max((r.lag_s for r in runs), default=0.0)
        write(f"{name or 'in all':<20}" + "".join(f"{n:>12}" for n in row) + f"{lag:>12.1f}")
    kills = sum(name.startswith("kill_") for r in REPORTS for name in r.faults)
    estimated = sum(r.verdict.estimated for r in REPORTS)
    recorded = sum(r.verdict.recorded for r in REPORTS)
    write(f"{kills} kills; {estimated} ends estimated; {recorded} recordings stored or listed")
