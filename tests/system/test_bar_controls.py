# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Controls of a call by the bar itself, at every kind of phone, and what Odoo holds afterwards: TEL-01, 05 to 12, 46.

Who hears whom is measured in tests/controls; here is what an agent clicks and types.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from at_the_bar import Talking, control, ended, pick, transfers
from desk import Desk, eventually
from facts_of import ask
from playwright.sync_api import expect

from cc_stack.stack import Stack


@pytest.mark.parametrize("device", ["browser", "desk", "mobile"])
def test_hold_and_blind_transfer(
    stack: Stack, ben: Desk, talking: Callable[[str], Talking], device: str
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue must not ring them; a transfer may
    talk = talking(device)
    ann, who = talk.ann, talk.who
    clicked = time.monotonic()
    control(ann, "hold")
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_be_visible()
    time.sleep(2)
    ann.page.keyboard.press("Alt+h")
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_have_count(0)
    longest = time.monotonic() - clicked
    ann.page.keyboard.press("Alt+t")
    pick(ann, "Ben", "Enter")
    ann.expect_state("wrap_up")
    ben.expect_talking()
    expect(ben.page.locator(".o_cc_call_strip")).to_contain_text(who.name)
    ben.hang_up()
    call = ended(stack, talk)
    assert transfers(stack, call.id) == [("blind", "1001", "1002", "t")]
    [[holds, seconds]] = ask(
        stack, f"SELECT count(*), sum(duration_s) FROM cc_call_hold WHERE call_id = {call.id}"
    )
    assert holds == "1"
    assert 1.5 < float(seconds) < longest + 0.5
    assert call.attempts == [("1001", "answered"), ("1002", "answered")]
    assert call.ended_by == "agent"


def test_consult_swap_talk_together_and_leave(
    stack: Stack, ben: Desk, talking: Callable[[str], Talking]
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue shall ring Ann; a colleague who is asked has to be ready
    talk = talking("browser")
    ann = talk.ann
    ben.choose_state("ready")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    third = ann.page.locator(".o_cc_third")
    expect(third).to_have_attribute("data-state", "talking")
    expect(third).to_contain_text("Ben")
    ann.page.keyboard.press("Alt+h")  # swap who waits
    expect(third).to_have_attribute("data-state", "waiting")
    ann.page.keyboard.press("Alt+h")
    expect(third).to_have_attribute("data-state", "talking")
    ann.page.keyboard.press("Alt+w")  # all three
    expect(ann.page.locator(".o_cc_call_strip.o_cc_consulting")).to_have_count(0)
    ann.page.keyboard.press("Alt+e")  # she leaves, the other two stay
    ann.expect_state("wrap_up")
    ben.expect_talking()
    ben.hang_up()
    call = ended(stack, talk)
    assert ("conference", "1001", "1002", "t") in transfers(stack, call.id)


def test_consult_and_back(stack: Stack, ben: Desk, talking: Callable[[str], Talking]) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue shall ring Ann; a colleague who is asked has to be ready
    talk = talking("browser")
    ann = talk.ann
    ben.choose_state("ready")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    expect(ann.page.locator(".o_cc_third")).to_have_attribute("data-state", "talking")
    ann.page.keyboard.press("Alt+l")
    expect(ann.page.locator(".o_cc_third")).to_have_count(0)
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_have_count(0)
    ann.hang_up()
    assert transfers(stack, ended(stack, talk).id) == []


def test_the_note_ends_the_wrap_up(stack: Stack, talking: Callable[[str], Talking]) -> None:
    talk = talking("browser")
    ann = talk.ann
    ann.hang_up()
    ann.expect_state("wrap_up")
    note = ann.page.locator(".o_cc_panel textarea, .o_cc_panel input[name=note]").first
    expect(note).to_be_focused()
    ann.page.keyboard.type("Wants the blue one")
    ann.page.keyboard.press("Enter")
    ann.expect_state("ready")
    call = ended(stack, talk)
    [[text]] = ask(stack, f"SELECT note FROM cc_call_note WHERE call_id = {call.id}")
    assert "Wants the blue one" in text


def test_echo(stack: Stack, desk: Callable[..., Desk]) -> None:
    """The test call is answered by itself, gives sound back, and is no call in the log."""
    ann = desk("ann")
    ann.sign_in("browser")
    [[before]] = ask(stack, "SELECT count(*) FROM cc_call")
    ann.page.click(".o_cc_bar .o_cc_state")
    ann.page.click(".o_cc_open_tab[data-tab=sound]")
    ann.page.click(".o_cc_echo")
    eventually(lambda: ann.audio()["received"] > 50 and ann.audio()["energy"] > 0)
    [[after]] = ask(stack, "SELECT count(*) FROM cc_call")
    assert after == before
