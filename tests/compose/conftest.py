# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One site for all tests of this folder, made by the guide's first steps; each step stands on the one before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from chromium import CHROMIUM
from people import PATIENCE_S, administrator, connected, eventually, staff
from playwright.sync_api import Browser, Playwright, sync_playwright
from site_of import Site

from cc_stack.rpc import Person
from cc_stack.settings import Settings

_failed: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        _failed.append(item.name)
    return report


@pytest.fixture(autouse=True)
def _stands_on_the_steps_before() -> None:
    if _failed:
        pytest.fail(f"not tried, since {_failed[0]} failed", pytrace=False)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Steps 1 to 3 of the guide: everything is up, the bridge connected, an agent and a queue are made.

    CC_COMPOSE_REUSE=1 takes a site that runs, and leaves it running.
    """
    settings = Settings.load("compose")
    settings.make_folders()
    site = Site(settings)
    try:
        if site.reuse and site.runs:
            yield site
            return
        site.prepare()
        site.configure()
        site.up()
        eventually(lambda: connected(site), PATIENCE_S, 1)
        staff(administrator(site), "main", "ann", "1001")
        yield site
    finally:
        site.end()


@pytest.fixture
def admin(site: Site) -> Person:
    return administrator(site)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: scripts/install.sh does it"
    return path


@pytest.fixture
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
    yield browser
    browser.close()
