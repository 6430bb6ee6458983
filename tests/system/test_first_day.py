# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What somebody does on the first day at the desk: by keyboard alone, and thinking of what comes next."""

from __future__ import annotations

from collections.abc import Callable

from at_the_bar import Talking, control, ended
from desk import Desk
from playwright.sync_api import expect

from cc_stack.stack import Stack


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
    ann.expect_state("busy", 20)


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
