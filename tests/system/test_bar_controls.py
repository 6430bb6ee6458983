# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Controls of a call by the bar itself, at every kind of phone, and what Odoo holds afterwards: TEL-01, 05 to 12, 46.

Who hears whom is measured in test_controls_*.py; here is what an agent clicks and types.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from desk import Desk, eventually
from facts_of import Known, ask, calls, known_customer
from playwright.sync_api import expect

from cc_stack.asterisk import Ami
from cc_stack.stack import Stack

MOBILE = "13900001234"


@pytest.fixture
def talking(
    stack: Stack, desk: Callable[..., Desk], ami: Ami
) -> Callable[[str], tuple[Desk, Known, float]]:
    """talking("desk"): Ann, at that kind of phone, talks with a known customer who came through the queue."""

    def begin(device: str = "browser") -> tuple[Desk, Known, float]:
        who = known_customer(stack)
        ann = desk("ann")
        phone = stack.phone("2002", answer="manual") if device == "desk" else None
        if phone:
            ann.sign_in("desk", "2002")
        elif device == "mobile":
            ann.rpc("cc.agent", "sign_in", "mobile", MOBILE)
            ann.expect_state("busy", 20)
        else:
            ann.sign_in("browser")
        ann.choose_state("ready")
        began = time.time()
        stack.customer(who.key, "100")
        ann.expect_card(who.name)
        if device == "browser":
            ann.answer()
        elif phone:
            phone.answer()
        elif device == "mobile":
            # the outside party has answered; Ann presses the key that says it is she
            leg = eventually(lambda: mobile_leg(ami))
            time.sleep(3.5)
            ami.action("PlayDTMF", Channel=leg, Digit="1", Receive="true")
        ann.expect_talking(20)
        return ann, who, began

    return begin


def mobile_leg(ami: Ami) -> str:
    """The channel to the mobile: the trunk's that was dialled, not the customer's that came in."""
    rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
    return next((r["Channel"] for r in rows if r.get("Application") == "AppDial"), "")


def control(ann: Desk, kind: str) -> None:
    """Clicks a control of the strip once it is possible."""
    button = ann.page.locator(f".o_cc_call_strip .o_cc_{kind}:not([aria-disabled])")
    expect(button).to_be_enabled(timeout=10_000)
    button.click()


def pick(ann: Desk, typed: str, key: str) -> None:
    """Types into the list of targets, takes the first with a key."""
    search = ann.page.locator(".o_cc_picker_search")
    expect(search).to_be_focused()
    ann.page.keyboard.type(typed)
    expect(ann.page.locator(".o_cc_target[aria-selected=true]")).to_contain_text(
        re.compile(typed, re.IGNORECASE)
    )
    ann.page.keyboard.press(key)


def transfers(stack: Stack, call_id: int) -> list[tuple[str, str, str, str]]:
    """How, by whom, to whom (agent number), completed: t or f."""
    return [
        (how, by, to, done)
        for how, by, to, done in ask(
            stack,
            f"""SELECT t.how, coalesce(b.number, ''), coalesce(a.number, ''), t.completed
                  FROM cc_call_transfer t LEFT JOIN cc_agent b ON b.id = t.agent_id
                  LEFT JOIN cc_agent a ON a.id = t.to_agent_id
                 WHERE t.call_id = {call_id} ORDER BY t.n""",
        )
    ]


def ended(stack: Stack, who: Known, began: float) -> int:
    """The id of the one call that came of it, over."""
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"], 30)
    assert len(calls(stack, who.key, began)) == 1
    return call.id


@pytest.mark.parametrize("device", ["browser", "desk", "mobile"])
def test_hold_and_blind_transfer(
    stack: Stack, ben: Desk, talking: Callable[[str], tuple[Desk, Known, float]], device: str
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue must not ring him; a transfer may
    ann, who, began = talking(device)
    control(ann, "hold")
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_be_visible()
    time.sleep(2)
    ann.page.keyboard.press("Alt+h")
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_have_count(0)
    ann.page.keyboard.press("Alt+t")
    pick(ann, "Ben", "Enter")
    ann.expect_state("wrap_up", 15)
    ben.expect_talking(20)
    expect(ben.page.locator(".o_cc_call_strip")).to_contain_text(who.name)
    ben.hang_up()
    call = ended(stack, who, began)
    assert transfers(stack, call) == [("blind", "1001", "1002", "t")]
    [[holds, seconds]] = ask(
        stack, f"SELECT count(*), sum(duration_s) FROM cc_call_hold WHERE call_id = {call}"
    )
    assert holds == "1"
    assert 1.5 < float(seconds) < 10
    [found] = [c for c in calls(stack, who.key, began) if c.id == call]
    assert found.attempts == [("1001", "answered"), ("1002", "answered")]
    assert found.ended_by == "agent"


def test_consult_swap_talk_together_and_leave(
    stack: Stack, ben: Desk, talking: Callable[[str], tuple[Desk, Known, float]]
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue shall ring Ann; a colleague who is asked has to be ready
    ann, who, began = talking("browser")
    ben.choose_state("ready")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    third = ann.page.locator(".o_cc_third")
    expect(third).to_have_attribute("data-state", "talking", timeout=15_000)
    expect(third).to_contain_text("Ben")
    ann.page.keyboard.press("Alt+h")  # swap who waits
    expect(third).to_have_attribute("data-state", "waiting")
    ann.page.keyboard.press("Alt+h")
    expect(third).to_have_attribute("data-state", "talking")
    ann.page.keyboard.press("Alt+w")  # all three
    expect(ann.page.locator(".o_cc_call_strip.o_cc_consulting")).to_have_count(0, timeout=10_000)
    ann.page.keyboard.press("Alt+e")  # she leaves, the other two stay
    ann.expect_state("wrap_up", 15)
    ben.expect_talking()
    ben.hang_up()
    call = ended(stack, who, began)
    assert ("conference", "1001", "1002", "t") in transfers(stack, call)


def test_consult_and_back(
    stack: Stack, ben: Desk, talking: Callable[[str], tuple[Desk, Known, float]]
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")  # the queue shall ring Ann; a colleague who is asked has to be ready
    ann, who, began = talking("browser")
    ben.choose_state("ready")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    expect(ann.page.locator(".o_cc_third")).to_have_attribute(
        "data-state", "talking", timeout=15_000
    )
    ann.page.keyboard.press("Alt+l")
    expect(ann.page.locator(".o_cc_third")).to_have_count(0)
    expect(ann.page.locator(".o_cc_call_strip.o_cc_held")).to_have_count(0)
    ann.hang_up()
    assert transfers(stack, ended(stack, who, began)) == []


def test_the_note_ends_the_wrap_up(
    stack: Stack, talking: Callable[[str], tuple[Desk, Known, float]]
) -> None:
    ann, who, began = talking("browser")
    ann.hang_up()
    ann.expect_state("wrap_up")
    note = ann.page.locator(".o_cc_panel textarea, .o_cc_panel input[name=note]").first
    expect(note).to_be_focused(timeout=10_000)
    ann.page.keyboard.type("Wants the blue one")
    ann.page.keyboard.press("Enter")
    ann.expect_state("ready")
    call = ended(stack, who, began)
    [[text]] = ask(stack, f"SELECT note FROM cc_call_note WHERE call_id = {call}")
    assert "Wants the blue one" in text


def test_echo(stack: Stack, desk: Callable[..., Desk]) -> None:
    """The test call is answered by itself, gives sound back, and is no call in the log."""
    ann = desk("ann")
    ann.sign_in("browser")
    [[before]] = ask(stack, "SELECT count(*) FROM cc_call")
    ann.page.click(".o_cc_bar .o_cc_state")
    ann.page.click(".o_cc_open_tab[data-tab=sound]")
    ann.page.click(".o_cc_echo")
    eventually(lambda: ann.audio()["received"] > 50 and ann.audio()["energy"] > 0, 20)
    [[after]] = ask(stack, "SELECT count(*) FROM cc_call")
    assert after == before
