# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What somebody does on the first day at the desk: by keyboard alone, and thinking of what comes next."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from at_the_bar import Talking, control, ended
from desk import Desk, eventually
from facts_of import calls, known_customer
from playwright.sync_api import expect

from cc_stack.asterisk import Ami
from cc_stack.stack import Stack

# what the bar says of a state, by language; of a break its reason
WORDS = {
    "en_US": {"ready": "Ready", "on_call": "On call", "wrap_up": "Wrap-up", "break": "Meal"},
    "zh_CN": {"ready": "示闲", "on_call": "通话中", "wrap_up": "话后处理", "break": "用餐"},
}


def test_sign_in_by_keyboard(desk: Callable[..., Desk]) -> None:
    """From the bar into the box, to the desk phone by an arrow, signed in by Enter; no click anywhere."""
    ann = desk("ann")
    state = ann.page.locator(".o_cc_bar .o_cc_state")
    expect(state).to_be_visible()
    state.focus()
    ann.page.keyboard.press("Enter")
    chosen = ann.page.locator(".o_cc_device input:checked")
    expect(chosen).to_be_focused()
    first = chosen.get_attribute("value")
    ann.page.keyboard.press("ArrowDown")
    expect(ann.page.locator(".o_cc_device input:checked")).not_to_have_value(str(first))
    ann.page.keyboard.press("ArrowUp")
    expect(ann.page.locator(".o_cc_device input:checked")).to_have_value(str(first))
    ann.page.keyboard.press("Tab")
    expect(ann.page.locator(".o_cc_sign_in_button")).to_be_focused()
    ann.page.keyboard.press("Tab")
    expect(ann.page.locator(".o_cc_device input:checked")).to_be_focused()
    ann.page.keyboard.press("Enter")
    ann.expect_state("busy")


def test_next_state(talking: Callable[[str], Talking], stack: Stack) -> None:
    """TEL-60: a break is chosen in the call, waits through the wrap-up, and comes when that is finished."""
    talk = talking("browser")
    ann = talk.ann
    ann.page.click(".o_cc_bar .o_cc_state")
    ann.page.locator(".o_cc_state_choice[data-state=break]").first.click()
    expect(ann.page.locator(".o_cc_chip .o_cc_next")).to_be_visible()
    ann.expect_state("on_call")
    control(ann, "hangup")
    ann.expect_state("wrap_up")
    expect(ann.page.locator(".o_cc_chip .o_cc_next")).to_be_visible()
    ann.page.click(".o_cc_finish")
    ann.expect_state("break")
    expect(ann.page.locator(".o_cc_chip .o_cc_next")).to_have_count(0)
    assert ended(stack, talk).ended_by == "agent"


@pytest.mark.parametrize("lang", WORDS)
def test_a_day(desk: Callable[..., Desk], stack: Stack, lang: str) -> None:
    """From the first page to the break after a call: everything is there, in the agent's own words."""
    who = known_customer(stack)
    ann = desk("ann")
    user = ann.rpc("res.users", "context_get")["uid"]
    ann.rpc("res.users", "write", [user], {"lang": lang})
    try:
        ann.page.goto(f"{stack.settings.url}/odoo")
        ann.page.wait_for_selector(".o_cc_bar")
        # her own home
        expect(ann.page.locator(".o_cc_dashboard")).to_be_visible()
        chip = ann.page.locator(".o_cc_bar .o_cc_state")
        ann.sign_in("browser")
        ann.choose_state("ready")
        expect(chip).to_contain_text(WORDS[lang]["ready"])
        began = time.time()
        stack.customer(who.key, "100")
        ann.expect_card(who.name)
        ann.answer()
        ann.expect_talking()
        expect(chip).to_contain_text(WORDS[lang]["on_call"])
        eventually(lambda: ann.form_name() == who.name)
        ann.page.keyboard.press("Alt+h")
        expect(ann.page.locator(".o_cc_call_strip .o_cc_resume")).to_be_visible()
        ann.page.keyboard.press("Alt+h")
        expect(ann.page.locator(".o_cc_call_strip .o_cc_hold")).to_be_visible()
        ann.page.click(".o_cc_bar .o_cc_state")
        ann.page.locator(".o_cc_state_choice[data-state=break]").first.click()
        ann.hang_up()
        ann.expect_state("wrap_up")
        expect(chip).to_contain_text(WORDS[lang]["wrap_up"])
        note = ann.page.locator(".o_cc_call_note textarea")
        expect(note).to_be_focused()
        note.fill(f"first day {lang}")
        ann.page.keyboard.press("Enter")
        ann.expect_state("break")
        expect(chip).to_contain_text(WORDS[lang]["break"])
        [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
        assert ann.rpc("cc.call", "read", [call.id], ["note"])[0]["note"] == f"first day {lang}"
    finally:
        ann.rpc("res.users", "write", [user], {"lang": "en_US"})


def test_a_number_with_a_route(desk: Callable[..., Desk], stack: Stack, ami: Ami) -> None:
    """TEL-63: a route made in Odoo is at the PBX within seconds, and its number rings where it says."""
    who = known_customer(stack)
    ann, admin = desk("ann"), desk("admin")
    ann.sign_in("browser")
    ann.choose_state("ready")
    [agent] = admin.rpc("cc.agent", "search", [["number", "=", "1001"]])
    values = {"name": "Direct", "number": "4008001", "target": f"cc.agent,{agent}"}
    route = admin.rpc("cc.inbound.route", "create", values)

    def known() -> bool:
        shown = ami.action("Command", Command="dialplan show 4008001@cc-inbound")
        return "cc-routes" in str(shown)

    try:
        eventually(known)
        began = time.time()
        stack.customer(who.key, "4008001")
        ann.expect_card(who.name)
        ann.answer()
        ann.expect_talking()
        ann.hang_up()
        [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
        read = ann.rpc("cc.call", "read", [call.id], ["dialled_display", "queue_id"])
        assert read[0]["dialled_display"] == "4008001" and not read[0]["queue_id"]
    finally:
        admin.rpc("cc.inbound.route", "unlink", route)
