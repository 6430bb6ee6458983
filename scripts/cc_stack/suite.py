# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All tests in stages, each with its duration and its numbers: `make test`, `make test-fast`.

A stage fails on a failed test, on a skipped one, and on none at all.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from cc_stack import costs, share
from cc_stack.odoo_tests import TEST_ADDONS, addons
from cc_stack.outcome import Result, environment
from cc_stack.process import tail
from cc_stack.settings import REPO, Settings, StackError
from cc_stack.templates import our_addons, progress

REPORTS = REPO / ".run" / "reports"
COMPOSE = REPO / "tests" / "compose"
SYSTEM = REPO / "tests" / "system"
CAMPAIGNS = SYSTEM / "test_with_campaigns.py"
# `make test`: the main track, and those beside it
MAIN = ("addons", "campaigns")
TRACKS = (
    # what needs no Odoo, or brings its own
    ("lint", "images", "bridge", "upgrade", "compose"),
    ("controls", "system"),
)
# of those, what goes by no clock and no ear
PATIENT = ("lint", "images", "bridge", "upgrade")
BRIDGES = sorted(
    tests for addons in (REPO / "addons", TEST_ADDONS) for tests in addons.glob("*/bridge/tests")
)
# how tests/compose/probe.sh ends where the kernel is against it
CONTAINERS_FORBIDDEN = 3


def lint() -> Result:
    """All linters; counted as one test."""
    done = subprocess.run(
        ["bash", str(REPO / "scripts" / "lint.sh")], stdin=subprocess.DEVNULL, check=False, cwd=REPO
    )
    return (
        Result(passed=1) if done.returncode == 0 else Result(failed=1, problems=["lint complains"])
    )


def _to_its_end(argv: Sequence[str], *, cwd: Path, env: dict[str, str]) -> int:
    """Runs a program that takes down what it started when it is interrupted: so it is, when we are to end."""
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, cwd=cwd, env=env)
    try:
        return child.wait()
    except KeyboardInterrupt:
        # Ctrl-C has reached it, too
        child.wait()
        raise
    except BaseException:
        child.send_signal(signal.SIGINT)
        child.wait()
        raise


def _pytest(
    name: str,
    where: Path,
    cwd: Path,
    python: Path,
    *args: str,
    within: Sequence[str | Path] = (),
    **env: str,
) -> Result:
    """Runs pytest and counts from its report.

    :param args: more for its command line
    :param within: a program that becomes the one given to it, and its arguments
    :param env: more for its environment
    """
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    code = _to_its_end(
        [
            *map(str, within),
            str(python),
            "-m",
            "pytest",
            str(where),
            "-q" if name.startswith(("bridge", "upgrade")) else "-v",
            "--color=no",
            f"--junitxml={report}",
            "--durations=5",
            *args,
        ],
        cwd=cwd,
        env={**environment(), **env},
    )
    result = Result()
    if not report.exists():
        result.problems.append(f"pytest ended with {code} and no report")
        return result
    result.tests = costs.of_report(name, report)
    for suite in ET.parse(report).getroot().iter("testsuite"):
        count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        bad = count["failures"] + count["errors"]
        result.failed += bad + count["skipped"]
        result.passed += count["tests"] - bad - count["skipped"]
        if count["skipped"]:
            result.problems.append(f"{count['skipped']} skipped tests")
        for case in suite.iter("testcase"):
            why = next((x for x in case if x.tag in ("failure", "error")), None)
            if why is not None:
                result.broken.append(f"{case.get('name')}: {why.get('message', '')}")
    if not result.passed and not result.failed:
        result.problems.append("no tests at all")
    if code and not result.failed:
        result.problems.append(f"pytest ended with {code}")
    return result


def bridges(settings: Settings, names: Sequence[str] | None = None) -> Result:
    """The tests of every bridge, or of these addons' bridges, in the environment that sees nothing of Odoo."""
    total = Result()
    wanted = [tests for tests in BRIDGES if names is None or tests.parents[1].name in names]
    if not wanted:
        total.problems.append("no bridge has tests")
    for tests in wanted:
        one = _pytest(
            f"bridge-{tests.parents[1].name}", tests, tests.parent, settings.bridge_python
        )
        total.passed += one.passed
        total.failed += one.failed
        total.problems += one.problems
        total.broken += one.broken
        total.tests |= one.tests
    return total


def controls(settings: Settings) -> Result:
    """tests/controls: every control of a call on Asterisk and bridge, without Odoo; who hears whom is measured."""
    return _pytest("controls", REPO / "tests" / "controls", REPO, settings.bridge_python)


def system(settings: Settings) -> Result:
    """tests/system: the whole stack with phones and browser; all but the campaigns."""
    return _pytest("system", SYSTEM, REPO, settings.bridge_python, f"--ignore={CAMPAIGNS}")


def campaigns(settings: Settings) -> Result:
    """A day of campaigns on a whole stack of its own: it waits for people who are called."""
    return _pytest(
        "campaigns", CAMPAIGNS, REPO, settings.bridge_python, CC_TEST_INSTANCE="test-campaigns"
    )


def upgrade(settings: Settings) -> Result:
    """tests/upgrade: a database of the version before, upgraded."""
    return _pytest("upgrade", REPO / "tests" / "upgrade", REPO, settings.bridge_python)


def faults(settings: Settings) -> Result:
    """tests/faults: parts are killed and links broken under load; the short form."""
    return _pytest("faults", REPO / "tests" / "faults", REPO, settings.bridge_python)


def _script(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A shell script of ours, with what it says."""
    return subprocess.run(
        ["bash", *(str(word) for word in words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=REPO,
    )


def _containers() -> Result:
    """Whether a container runs here at all. A kernel that forbids it is a note and no failure; all else is one."""
    for name, script in (
        ("Podman can't be installed", REPO / "scripts" / "install" / "containers.sh"),
        ("a container that only says a word", COMPOSE / "probe.sh"),
    ):
        done = _script(script)
        if done.returncode == CONTAINERS_FORBIDDEN:
            said = done.stdout.strip()
            return Result(notes=[f"containers: this machine cannot run them: {said}"])
        if done.returncode:
            return Result(failed=1, problems=[f"{name}: {done.stdout[-1200:].strip()}"])
    return Result(passed=1)


def images() -> Result:
    """The images of docker-compose.yml, ready for the stage `compose`; counted as one test."""
    result = _containers()
    if result.passed and (done := _script(COMPOSE / "images.sh")).returncode:
        return Result(failed=1, problems=[f"no images: {done.stdout[-1200:].strip()}"])
    return result


def compose(settings: Settings) -> Result:
    """docker-compose.yml as it is, under Podman, from nothing to calls, restarts, a restored backup; its profiles."""
    result = _containers()
    if not result.passed:
        return result
    network = ("bash", COMPOSE / "network.sh")
    return _pytest("compose", COMPOSE, REPO, settings.bridge_python, within=network)


def stages_of(settings: Settings, names: list[str]) -> dict[str, Callable[[], Result]]:
    """All stages by name."""
    return {
        "lint": lint,
        "bridge": lambda: bridges(settings, names or None),
        "controls": lambda: controls(settings),
        "addons": lambda: addons(names),
        "system": lambda: system(settings),
        "campaigns": lambda: campaigns(settings),
        "upgrade": lambda: upgrade(settings),
        "faults": lambda: faults(settings),
        "images": images,
        "compose": lambda: compose(settings),
    }


def run(
    wanted: Sequence[str], stages: dict[str, Callable[[], Result]], *, beside: bool = False
) -> dict[str, tuple[Result, float]]:
    """These stages one after the other: name → what it found, and how long it took (s).

    :param beside: others run at the same time, and the session is theirs alone
    """
    results: dict[str, tuple[Result, float]] = {}
    for name in wanted:
        print(f"\033[1m==> {name}\033[0m", flush=True)
        before = time.monotonic()
        if beside:
            share.session(yields=name in PATIENT)
        try:
            result = stages[name]()
        except StackError as error:
            result = Result(failed=1, problems=[str(error)])
        if result.problems and not result.failed:
            result.failed = 1
        results[name] = (result, time.monotonic() - before)
    return results


class Aside:
    """Stages (then addons) that run beside others, in a session of their own; what they print is shown at their end."""

    def __init__(self, wanted: Sequence[str], settings: Settings) -> None:
        REPORTS.mkdir(parents=True, exist_ok=True)
        self._wanted = wanted
        self._answer = REPORTS / f"aside-{wanted[0]}.json"
        self._answer.unlink(missing_ok=True)
        self._log = REPORTS / f"aside-{wanted[0]}.log"
        with self._log.open("w") as out:
            self._process = subprocess.Popen(
                [
                    str(settings.bridge_python),
                    "-m",
                    "cc_stack.suite",
                    *wanted,
                    f"--answer={self._answer}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=REPO,
                env=environment(),
                start_new_session=True,
            )

    def results(self) -> dict[str, tuple[Result, float]]:
        """Waits for the end, telling now and then how far they are; shows what was printed."""
        while True:
            try:
                self._process.wait(20)
                break
            except subprocess.TimeoutExpired:
                progress(tail(self._log, 1)[:150])
        sys.stdout.write(self._log.read_text(errors="replace"))
        if not self._answer.exists():
            broken = Result(failed=1, problems=[f"ended with {self._process.returncode}"])
            return dict.fromkeys(self._wanted[:1], (broken, 0.0))
        return {
            name: (Result(**result), seconds)
            for name, (result, seconds) in json.loads(self._answer.read_text()).items()
        }

    def stop(self) -> None:
        """Ends them where they are, if they still run; they take down what they started."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def _in_short(text: str, most: int = 250) -> str:
    """Its beginning and its end: what a command said last is often the reason."""
    return text if len(text) <= 2 * most else f"{text[:most]} … {text[-most:]}"


def show(results: dict[str, tuple[Result, float]], seconds: float) -> int:
    """The table; 1 when something is not green."""
    print(f"\n{'stage':<10}{'passed':>8}{'failed':>8}{'seconds':>10}")
    for name, (result, took) in results.items():
        print(f"{name:<10}{result.passed:>8}{result.failed:>8}{took:>10.0f}")
        for line in (*result.problems, *result.notes):
            print(f"    {line[:1500]}")
    print(f"in all {seconds:.0f} s")
    for name, (result, _took) in results.items():
        told: set[str] = set()
        for line in result.broken:
            test, _, why = " ".join(line.split()).partition(": ")
            print(f"  {name}: {test}: {'the same' if why in told else _in_short(why)}")
            told.add(why)
    return 1 if any(result.failed for result, _ in results.values()) else 0


def _end_orderly(*, with_parent: bool) -> None:
    """Whoever ends us, or an aside's parent, lets us take down what we started."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    # a shell's background job ignores it, and so would all that it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if with_parent:
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def main() -> int:
    """Runs the stages asked for; exit code 0 when all are green."""
    settings = Settings.load("test")
    known = stages_of(settings, [])
    parser = argparse.ArgumentParser(prog="cc_stack.suite", description=__doc__)
    parser.add_argument("what", nargs="+", help=f"all, fast, or of {', '.join(known)}; then addons")
    parser.add_argument("--answer", type=Path, help="a file for the results, instead of the table")
    options = parser.parse_args()
    _end_orderly(with_parent=bool(options.answer))
    wanted = [word for word in options.what if word in (*known, "all", "fast")]
    testable = [*our_addons(), *(p.parent.name for p in TEST_ADDONS.glob("*/__manifest__.py"))]
    names = [word for word in options.what if word not in wanted] or testable
    if unknown := set(names) - set(testable):
        parser.error(f"no such stage or addon: {', '.join(sorted(unknown))}")
    stages = stages_of(settings, names)
    begun = time.monotonic()
    if wanted == ["all"]:
        # what measures delays by itself, when all else is over
        asides = [Aside(track, settings) for track in TRACKS]
        try:
            results = run(MAIN, stages)
            for aside in asides:
                results |= aside.results()
            results |= run(("faults",), stages)
        finally:
            for aside in asides:
                aside.stop()
    elif wanted in ([], ["fast"]):
        # an addon without a bridge has nothing to do with the bridge's tests
        of_bridge = {tests.parents[1].name for tests in BRIDGES}.intersection(names)
        beside = Aside(("bridge", *sorted(of_bridge)), settings) if of_bridge else None
        try:
            found = run(("addons",), stages)
            results = {**(beside.results() if beside else {}), **found}
        finally:
            if beside:
                beside.stop()
    else:
        results = run(wanted, stages, beside=bool(options.answer))
    if options.answer:
        plain = {name: (asdict(result), took) for name, (result, took) in results.items()}
        options.answer.write_text(json.dumps(plain))
        return 0
    total = time.monotonic() - begun
    code = show(results, total)
    tests = {name: took for result, _ in results.values() for name, took in result.tests.items()}
    print(
        costs.keep(
            REPORTS,
            " ".join(options.what),
            total,
            {name: took for name, (_result, took) in results.items()},
            tests,
        )
    )
    # the last line counts, also for whoever reads only that
    passed, failed = (
        sum(getattr(result, word) for result, _ in results.values())
        for word in ("passed", "failed")
    )
    print(f"{passed} passed, {failed} failed", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
