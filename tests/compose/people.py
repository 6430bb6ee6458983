# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What administrator, agent and customer do, as the guide has them do it."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Browser
from site_of import Site

from cc_stack.customers import Customer
from cc_stack.rpc import Person
from cc_stack.settings import REPO

sys.path[:0] = [str(REPO / "tests" / "system"), str(REPO / "tests")]
from desk import Desk, eventually  # noqa: E402

CUSTOMER = "+8613800138000"
#: What must come is waited for so long: containers are slow to start on a busy machine; s.
PATIENCE_S = 300


def administrator(site: Site) -> Person:
    """Signed in with the password of .env."""
    secret = site.values["CC_ADMIN_PASSWORD"]
    return Person(site.settings.url, "contact_centre", "admin", secret)


def connected(site: Site, code: str = "main", since: float = 0) -> bool:
    """*Connected* at the PBX, and its bridge heard of after `since` (unix time)."""
    return site.sql(
        f"SELECT c.connected AND extract(epoch FROM c.heard_at AT TIME ZONE 'UTC') > {since}"
        f" FROM cc_pbx_cursor c JOIN cc_pbx p ON p.id = c.pbx_id WHERE p.code = '{code}'"
    ) == [["t"]]


def staff(admin: Person, code: str, login: str, number: str) -> None:
    """What the guide says after the first login: the country, a department, an agent, the queue "support"."""
    [[pbx, _name]] = admin("cc.pbx", "name_search", "", domain=[["code", "=", code]])
    china = admin("res.country", "search", [["code", "=", "CN"]])[0]
    admin("cc.pbx", "write", [pbx], {"country_id": china})
    department = admin("hr.department", "create", [{"name": f"Service {code}"}])[0]
    what = [["module", "=", "cc_telephony"], ["name", "=", "group_agent"]]
    [group] = admin("ir.model.data", "search_read", what, ["res_id"])
    user = admin(
        "res.users",
        "create",
        [
            {
                "name": login.capitalize(),
                "login": login,
                "password": login,
                "group_ids": [[4, group["res_id"]]],
            }
        ],
    )[0]
    agent = admin(
        "cc.agent",
        "create",
        [{"user_id": user, "number": number, "pbx_id": pbx, "department_id": department}],
    )[0]
    admin(
        "cc.queue",
        "create",
        [
            {
                "name": f"Support {code}",
                "code": "support",
                "pbx_id": pbx,
                "department_id": department,
                # until the test answers
                "ring_s": 120,
                "wrap_up_s": 2,
                "member_ids": [[0, 0, {"agent_id": agent}]],
            }
        ],
    )


def log_in(site: Site, browser: Browser, login: str, url: str = "") -> Desk:
    """Signed in to Odoo, no more."""
    stack: Any = SimpleNamespace(settings=SimpleNamespace(url=url or site.settings.url))
    return Desk(browser, stack, login)


def sit_down(
    site: Site, browser: Browser, login: str, *, url: str = "", pbx: str = "asterisk"
) -> Desk:
    """An agent at the browser phone, *Ready*, whom the PBX would ring."""
    desk = log_in(site, browser, login, url)
    desk.leave()  # whatever a test on a site that runs on has left
    desk.expect_state("offline", 60)
    desk.sign_in("browser")
    desk.choose_state("ready")
    eventually(lambda: rings(site, pbx), PATIENCE_S, 1)
    return desk


def rings(site: Site, pbx: str = "asterisk") -> bool:
    """Somebody is free in the queue, by the PBX's own word."""
    said = site.exec(pbx, "asterisk", "-rx", "queue show support")
    return any("(Not in use)" in line and "(paused" not in line for line in said.splitlines())


def ready(site: Site, desk: Desk) -> None:
    """*Ready* again after a call or a reload."""
    state = lambda: desk.page.get_attribute(".o_cc_bar", "data-state")  # noqa: E731
    eventually(lambda: state() in ("ready", "busy"), PATIENCE_S)
    if state() == "busy":
        desk.choose_state("ready")
    eventually(lambda: rings(site), PATIENCE_S, 1)


def go_home(desk: Desk) -> None:
    """Signs out once the last call is over, and closes the browser's window."""
    state = lambda: desk.page.get_attribute(".o_cc_bar", "data-state")  # noqa: E731
    eventually(lambda: state() in ("ready", "busy"), PATIENCE_S)
    desk.leave()
    desk.expect_state("offline", 60)
    desk.close()


def call(site: Site, desk: Desk, *, sip: int = 0) -> Customer:
    """A customer calls, the agent answers: both are in the call."""
    settings = site.settings
    if sip:
        settings = replace(settings, ports=replace(settings.ports, sip=sip))
    # longer than whatever is restarted meanwhile takes; who is left is ended with the site
    customer = Customer(settings, CUSTOMER, patience=3600).call()
    site.customers.append(customer)
    desk.page.wait_for_selector(".o_cc_card .o_cc_answer", timeout=PATIENCE_S * 1000)
    # a button that has just come under the pointer does nothing for half a second
    desk.page.wait_for_timeout(1000)
    desk.answer()
    desk.expect_talking(60)
    return customer


def hears(desk: Desk, seconds: float = 60) -> None:
    """Sound goes both ways from now on: packets in and out, and what comes is no silence."""
    before = desk.audio()

    def flows() -> bool:
        now = desk.audio()
        return (
            now["received"] - before["received"] > 100
            and now["sent"] - before["sent"] > 100
            and now["energy"] > before["energy"]
        )

    eventually(flows, seconds)
