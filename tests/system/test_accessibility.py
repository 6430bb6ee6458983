# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""axe-core finds no serious fault in what the phone shows: TEL-01 to TEL-12, in every state with real calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe import assert_no_faults, looked_at
from desk import Desk
from facts_of import ask, known_customer
from playwright.sync_api import expect

from cc_stack.stack import Stack

#: What is ours on the page; the rest is Odoo's.
OURS = [".o_cc_bar", ".o_cc_panel", ".o_cc_cards", ".o_cc_menu", ".o_cc_shortcut_sheet"]
Check = Callable[[Desk, str], None]


@pytest.fixture
def check() -> Iterator[Check]:
    """check(desk, "ready") looks at what the desk shows now; what is wrong is told at the test's end, all of it."""
    faults: dict[str, Any] = {}

    def look(desk: Desk, state: str) -> None:
        found = looked_at(desk, OURS)
        assert found["checked"] > 5, f"{state}: axe looked at next to nothing"
        if found["faults"]:
            faults[state] = found["faults"]

    yield look
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


@pytest.fixture
def ann(desk: Callable[..., Desk]) -> Desk:
    """Ann, before she signs in."""
    return desk("ann")


def tab(desk: Desk, name: str) -> None:
    desk.page.click(f".o_cc_panel_tab_{name}")
    expect(desk.page.locator(f".o_cc_panel_tab_{name}")).to_have_attribute("aria-selected", "true")


def test_signed_out_and_idle(ann: Desk, check: Check) -> None:
    """Signing in, the menu of states, and the tabs that need no call."""
    ann.page.click(".o_cc_bar .o_cc_state")
    ann.page.wait_for_selector(".o_cc_sign_in")
    check(ann, "sign-in form")
    ann.page.keyboard.press("Escape")
    ann.sign_in("browser")
    check(ann, "busy")
    ann.choose_state("ready")
    check(ann, "ready")
    ann.page.click(".o_cc_bar .o_cc_state")
    ann.page.wait_for_selector(".o_cc_state_choice")
    check(ann, "menu of states")
    ann.page.keyboard.press("Escape")
    ann.page.click(".o_cc_recent_button")
    for name in ("recent", "announcements", "team"):
        if name != "recent":
            tab(ann, name)
        check(ann, f"tab {name}")
    ann.page.click(".o_cc_panel_fold")
    ann.page.click(".o_cc_dial")
    ann.page.wait_for_selector(".o_cc_dial_pad")
    check(ann, "dial pad")
    ann.page.keyboard.press("Escape")
    ann.page.keyboard.press("Alt+/")  # Discuss has put the cursor into its box
    ann.page.wait_for_selector(".o_cc_shortcut_sheet")
    check(ann, "keyboard shortcuts")


def test_in_a_call(ann: Desk, desk: Callable[..., Desk], stack: Stack, check: Check) -> None:
    """Ringing, talking, keypad, the list of targets, on hold, a consultation, the wrap-up."""
    who = known_customer(stack)
    ann.sign_in("browser")
    ann.choose_state("ready")
    stack.customer(who.key, "100")
    ann.expect_card(who.name)
    check(ann, "ringing")
    ann.answer()
    ann.expect_talking()
    check(ann, "talking")
    tab(ann, "call")
    ann.page.wait_for_selector(".o_cc_party_row")
    check(ann, "tab of the call")
    ann.page.click(".o_cc_keypad_button")
    ann.page.wait_for_selector(".o_cc_keypad")
    check(ann, "keypad")
    ann.page.keyboard.press("Escape")
    ann.page.keyboard.press("Alt+h")
    ann.page.wait_for_selector(".o_cc_call_strip.o_cc_held")
    check(ann, "on hold")
    ann.page.keyboard.press("Alt+h")
    ann.page.wait_for_selector(".o_cc_slot_hold.o_cc_hold:not(:disabled)")
    stack.phone("2001", answer="auto")
    ben = desk("ben")
    ben.sign_in("desk", "2001")
    ben.choose_state("ready")
    ann.page.keyboard.press("Alt+o")
    ann.page.wait_for_selector(".o_cc_picker_search:focus")
    ann.page.keyboard.type("ben")
    ann.page.wait_for_selector("[role=option][aria-selected=true]:has-text('Ben')")
    check(ann, "list of targets")
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_selector(".o_cc_third[data-state=talking]")
    check(ann, "consultation")
    ann.page.keyboard.press("Alt+w")
    ann.page.wait_for_selector(".o_cc_call_word:has-text('in conference')")
    check(ann, "conference")
    ann.page.keyboard.press("Alt+e")
    ann.expect_state("wrap_up")
    ann.page.wait_for_selector(".o_cc_finish")
    check(ann, "wrap-up")


def test_screens_of_the_other_addons(desk: Callable[..., Desk], stack: Stack) -> None:
    """A ticket with its flow, knowledge, a campaign, what its customers answered: TIC-02, DIA-12.

    What needs a call is looked at where a test has one: `test_tickets.py`, `test_quality.py`, `test_stock.py`.
    """
    url = stack.settings.url
    [[ticket]] = ask(stack, "SELECT min(id) FROM helpdesk_ticket WHERE cc_state = 'progress'")
    [[campaign]] = ask(stack, "SELECT min(id) FROM cc_campaign WHERE survey_id IS NOT NULL")
    max_ = desk("max")
    screens = {
        f"cc-tickets/{ticket}": [".o_cc_desk", ".o_cc_flow"],
        "action-cc_ticket.knowledge_action": [".o_cc_knowledge"],
        f"action-cc_survey_dialer.cc_campaign_action/{campaign}": [".o_cc_progress"],
    }
    for path, ours in screens.items():
        max_.page.goto(f"{url}/odoo/{path}")
        assert_no_faults(max_, *ours)
    max_.page.click("button[name=action_open_statistics]")
    assert_no_faults(max_, ".o_cc_survey_statistics")
