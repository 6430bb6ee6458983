# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling out: by the bar, and by a click on a phone field: TEL-04, TEL-05, TEL-46."""

from __future__ import annotations

import time
from collections.abc import Callable

from at_the_bar import control, pick, transfers
from desk import Desk, eventually
from facts_of import calls, known_customer, recordings
from playwright.sync_api import expect

from cc_stack.stack import Stack


def test_typed_number(stack: Stack, desk: Callable[..., Desk]) -> None:
    ann = desk("ann")
    ann.sign_in("browser")
    began = time.time()
    ann.page.click(".o_cc_dial")
    ann.page.fill(".o_cc_dial_pad input", "138 0000 4711")
    ann.page.press(".o_cc_dial_pad input", "Enter")
    ann.expect_talking()
    ann.expect_sound()
    ann.hang_up()
    ann.expect_state("busy")

    [call] = eventually(
        lambda: [c for c in calls(stack, "+8613800004711", began) if c.state == "ended"]
    )
    assert (call.direction, call.agent, call.ended_by) == ("outbound", "1001", "agent")
    assert sorted(call.legs) == ["agent", "customer"]
    assert [outcome for _agent, outcome in call.attempts] == ["answered"]
    eventually(lambda: [r for r in recordings(stack, call.id) if r["state"] == "stored"])
    assert not ann.errors


def test_click_on_a_phone_field(stack: Stack, desk: Callable[..., Desk]) -> None:
    who = known_customer(stack, skip=4)
    ann = desk("ann")
    ann.sign_in("browser")
    ann.page.goto(f"{stack.settings.url}/odoo/res.partner/{who.partner_id}")
    eventually(lambda: who.name in ann.form_name())
    ann.expect_state("busy")
    began = time.time()
    # on a form that can be edited Odoo shows the link while the pointer is over the field
    ann.page.locator(".o_field_widget[name=phone]").first.hover()
    ann.page.locator(".o_field_widget[name=phone] .o_cc_click_to_dial").first.click()
    ann.expect_talking()
    ann.hang_up()
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert (call.direction, call.partner, call.agent) == ("outbound", who.name, "1001")
    assert not ann.errors


def test_a_dialled_call_is_handed_on(stack: Stack, desk: Callable[..., Desk]) -> None:
    """To the colleague who is asked, and then has it, it comes like a caller's: card, page, their voice."""
    who = known_customer(stack, skip=5)
    ann, ben = desk("ann"), desk("ben")
    ben.sign_in("browser")
    ben.choose_state("ready")
    ann.sign_in("browser")
    began = time.time()
    ann.page.click(".o_cc_dial")
    ann.page.fill(".o_cc_dial_pad input", who.key)
    ann.page.press(".o_cc_dial_pad input", "Enter")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    ben.expect_card(who.name)
    expect(ben.page.locator(".o_cc_card_sender")).to_contain_text("asks about")
    eventually(lambda: ben.form_name() == who.name)
    ben.answer()
    ben.expect_talking()
    control(ann, "complete")
    expect(ben.page.locator(".o_cc_call_strip .o_cc_sender")).to_contain_text("From")
    ben.expect_sound()
    ben.hang_up()
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert (call.direction, call.partner) == ("outbound", who.name)
    assert transfers(stack, call.id) == [("attended", "1001", "1002", "t")]
    assert not ben.errors
