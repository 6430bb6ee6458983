# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Fixtures over the whole stack: real Asterisk, Odoo with two workers behind nginx, bridge, phones, Chromium.

The stack starts once a session, with a fresh database; CC_TEST_REUSE=1 takes one that runs already and leaves it
running (`python -m cc_stack up test`), for work on a single test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cc_stack.asterisk import Ami
from cc_stack.customers import Customer
from cc_stack.phones import Phone
from cc_stack.settings import StackError
from cc_stack.stack import Stack


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped or expected-to-fail test is a failure: what can't be tested must be said aloud."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    passed_over = [
        r for kind in ("skipped", "xfailed", "xpassed") for r in reporter.stats.get(kind, [])
    ]
    if passed_over and exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"FAILED: {len(passed_over)} skipped or expected failures", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running instance "test"."""
    reuse = bool(os.environ.get("CC_TEST_REUSE"))
    instance = Stack(os.environ.get("CC_TEST_INSTANCE", "test"))
    if not reuse:
        instance.down()
    instance.up(fresh=not reuse)
    try:
        yield instance
    finally:
        if not reuse:
            instance.down()


@pytest.fixture(autouse=True)
def _all_parts_live(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test that used the stack: nothing has died, no phone or customer is left from it."""
    yield
    if "stack" in request.fixturenames:
        instance: Stack = request.getfixturevalue("stack")
        for stray in instance.strays():
            stray.stop()
        instance.asterisk.cli("channel request hangup all")
        instance.check()


@pytest.fixture
def ami(stack: Stack) -> Iterator[Ami]:
    """An AMI connection that sees every event from here on."""
    with stack.asterisk.ami() as connection:
        yield connection


@pytest.fixture
def query(stack: Stack) -> Callable[[str], list[list[str]]]:
    """Rows of a statement in Odoo's database, as text."""

    def run(sql: str) -> list[list[str]]:
        return stack.postgres.query(sql, stack.settings.database)

    return run


@pytest.fixture
def customer(stack: Stack) -> Iterator[Callable[..., Customer]]:
    """customer("+8613800138000", to="100") dials; whoever is left on the line hangs up at the end of the test."""
    calling: list[Customer] = []

    def dial(number: str, to: str = "100", **options: Any) -> Customer:
        calling.append(stack.customer(number, to, **options))
        return calling[-1]

    yield dial
    for one in calling:
        if one.alive:
            one.hang_up()
            try:
                one.wait_end(5)
            except StackError:
                one.stop()


@pytest.fixture
def desk_phone(stack: Stack) -> Iterator[Callable[..., Phone]]:
    """desk_phone("2001", answer="manual") is a registered phone."""
    phones: list[Phone] = []

    def start(extension: str, *, answer: str = "auto") -> Phone:
        phones.append(stack.phone(extension, answer=answer))
        return phones[-1]

    yield start
    for phone in phones:
        phone.stop()
