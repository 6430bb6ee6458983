# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One Chromium for all whole-system tests, one desk (a browser context) for each agent of a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from at_the_bar import Talking, conversation
from chromium import CHROMIUM
from desk import Desk, eventually
from playwright.sync_api import Browser, sync_playwright
from rpc import Person

from cc_stack.asterisk import Ami
from cc_stack.stack import Stack

#: Of the queue that all calls come to. No test here waits for a ring or a wrap-up to run out, and on a slow machine
#: they must last as long as it is looked at what they bring.
PATIENT = {"ring_s": 110, "wrap_up_s": 300, "max_wait_s": 900}


@pytest.fixture(scope="session")
def stack(stack: Stack) -> Stack:
    """The instance, with a queue that rings patiently."""
    admin = Person(stack, "admin")
    [queue] = admin.rpc("search", [("code", "=", "support")], model="cc.queue")
    admin.rpc("write", [queue], PATIENT, model="cc.queue")
    # the longest wait is told the PBX last, when it has read the other times
    wait = f"Value: {PATIENT['max_wait_s']}"
    eventually(lambda: wait in stack.asterisk.cli("database get ccqueue support"))
    return stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, with a microphone that beeps."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: scripts/install.sh does it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def desk(
    browser: Browser, stack: Stack, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Desk]]:
    """desk("ann") logs Ann in; at the test's end she is signed out, and a picture is kept if it failed."""
    desks: list[Desk] = []

    def make(login: str, **kwargs: Any) -> Desk:
        desks.append(Desk(browser, stack, login, **kwargs))
        return desks[-1]

    yield make
    pictures = Path(stack.settings.run) / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for one in desks:
        one.page.screenshot(path=pictures / f"{request.node.name}-{one.login}.png")
        one.leave()
        one.close()


@pytest.fixture
def ben(desk: Callable[..., Desk], stack: Stack) -> Desk:
    """Ben, ready, at a desk phone that rings until somebody picks it up."""
    stack.phone("2001", answer="manual")
    ben = desk("ben")
    ben.sign_in("desk", "2001")
    ben.choose_state("ready")
    return ben


@pytest.fixture
def talking(stack: Stack, desk: Callable[..., Desk], ami: Ami) -> Callable[[str], Talking]:
    """talking("desk"): Ann, at that kind of phone, talks with a known customer who came through the queue."""
    return lambda device: conversation(stack, desk, ami, device)
