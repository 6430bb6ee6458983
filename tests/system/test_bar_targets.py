# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where the bar can send a call, whom it can bring in, and whose it can take: TEL-07 to TEL-10, at every kind of phone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from at_the_bar import Talking, asked_for_a_key, control, customers_channel, ended, pick, transfers
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer
from playwright.sync_api import expect

from cc_stack.asterisk import Ami
from cc_stack.rpc import Person
from cc_stack.stack import Stack

OUTSIDE = "138 0000 4722"
OUTSIDE_KEY = "+8613800004722"


@pytest.mark.parametrize("device", ["browser", "desk", "mobile"])
def test_to_another_queue(
    stack: Stack, talking: Callable[[str], Talking], ami: Ami, device: str
) -> None:
    """Nobody is there: the customer waits in the new queue, and is lost in that one when they give up."""
    talk = talking(device)
    ann = talk.ann
    ann.page.keyboard.press("Alt+t")
    pick(ann, "Sales", "Enter")
    ann.expect_state("wrap_up")
    eventually(
        lambda: [
            call
            for call in calls(stack, talk.who.key, talk.began)
            if (call.state, call.queue) == ("queued", "sales")
        ]
    )
    talk.customer.hang_up()
    call = ended(stack, talk)
    # completed means that somebody there answered
    assert transfers(stack, call.id) == [("blind", "1001", "sales", "f")]
    assert call.queue == "sales"
    assert call.attempts == [("1001", "answered")]


@pytest.mark.parametrize("device", ["browser", "desk"])
def test_to_a_voice_menu(
    stack: Stack, talking: Callable[[str], Talking], ami: Ami, device: str
) -> None:
    """The customer presses 2 there, and waits for sales."""
    talk = talking(device)
    ann, who = talk.ann, talk.who
    ann.page.keyboard.press("Alt+t")
    pick(ann, "Main menu", "Enter")
    ann.expect_state("wrap_up")
    eventually(lambda: asked_for_a_key(ami))
    ami.action("PlayDTMF", Channel=customers_channel(ami, who), Digit="2", Receive="true")
    [[queue]] = eventually(
        lambda: ask(
            stack,
            f"""SELECT q.code FROM cc_call c JOIN cc_phone_number n ON n.id = c.number_id
                  JOIN cc_queue q ON q.id = c.queue_id
                 WHERE n.key = '{who.key}' AND q.code = 'sales'""",
        )
    )
    assert queue == "sales"
    talk.customer.hang_up()
    call = ended(stack, talk)
    assert transfers(stack, call.id) == [("blind", "1001", "main", "t")]
    assert ask(
        stack, f"SELECT key FROM cc_call_key WHERE call_id = {call.id} AND node = 'main'"
    ) == [["2"]]


@pytest.mark.parametrize("device", ["browser", "mobile"])
def test_to_a_number_outside(
    stack: Stack, talking: Callable[[str], Talking], ami: Ami, device: str
) -> None:
    talk = talking(device)
    ann = talk.ann
    ann.page.keyboard.press("Alt+t")
    pick(ann, OUTSIDE, "Enter")
    ann.expect_state("wrap_up")
    eventually(lambda: len(in_bridges(ami)) >= 2)
    talk.customer.hang_up()
    call = ended(stack, talk)
    assert transfers(stack, call.id) == [("blind", "1001", OUTSIDE_KEY, "t")]
    assert "outside" in call.legs
    assert call.ended_by == "customer"


def test_to_the_customers_salesperson(
    stack: Stack, ben: Desk, talking: Callable[[str], Talking]
) -> None:
    """One click: the customer's own salesperson is the first that is offered."""
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")
    talk = talking("browser")
    ann, who = talk.ann, talk.who
    # a manager gives her to Ben: only then is he her owner
    boss = Person(stack.settings.url, stack.settings.database, "admin")
    [user] = boss("res.users", "search", [("login", "=", "ben")])
    boss("res.partner", "write", [who.partner_id], {"user_id": user})
    ann.page.keyboard.press("Alt+t")
    owner = ann.page.locator("[data-group=owner] .o_cc_target")
    expect(owner).to_contain_text("Ben")
    ann.page.mouse.move(1, 1)  # what has just come under a resting pointer takes no click
    owner.click()
    ben.expect_talking()
    ben.hang_up()
    assert transfers(stack, ended(stack, talk).id) == [("blind", "1001", "1002", "t")]


@pytest.mark.parametrize("device", ["desk", "mobile"])
def test_consult_and_hand_over(
    stack: Stack, ben: Desk, talking: Callable[[str], Talking], device: str
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")
    talk = talking(device)
    ann, who = talk.ann, talk.who
    ben.choose_state("ready")
    control(ann, "consult")
    pick(ann, "Ben", "Enter")
    expect(ann.page.locator(".o_cc_third")).to_have_attribute("data-state", "talking")
    ann.page.keyboard.press("Alt+t")
    ann.expect_state("wrap_up")
    ben.expect_talking()
    expect(ben.page.locator(".o_cc_call_strip")).to_contain_text(who.name)
    ben.hang_up()
    call = ended(stack, talk)
    assert transfers(stack, call.id) == [("attended", "1001", "1002", "t")]
    assert call.ended_by == "agent"
    [[talk]] = ask(
        stack,
        f"""SELECT count(*) FROM cc_agent_interval i JOIN cc_agent a ON a.id = i.agent_id
             WHERE a.number = '1001' AND i.state = 'on_call'
               AND extract(epoch FROM i.started_at) >= {talk.began - 2}""",
    )
    assert talk == "1"  # one time on the phone, not one for each room


@pytest.mark.parametrize("device", ["browser", "desk"])
def test_consult_outside_and_hand_over(
    stack: Stack, talking: Callable[[str], Talking], ami: Ami, device: str
) -> None:
    talk = talking(device)
    ann = talk.ann
    control(ann, "consult")
    pick(ann, OUTSIDE, "Enter")
    expect(ann.page.locator(".o_cc_third")).to_have_attribute("data-state", "talking")
    control(ann, "complete")
    ann.expect_state("wrap_up")
    eventually(lambda: len(in_bridges(ami)) >= 2)
    talk.customer.hang_up()
    call = ended(stack, talk)
    assert transfers(stack, call.id) == [("attended", "1001", OUTSIDE_KEY, "t")]
    assert (call.ended_by, "outside" in call.legs) == ("customer", True)


@pytest.mark.parametrize("device", ["browser", "mobile"])
def test_invite_and_remove(
    stack: Stack, ben: Desk, talking: Callable[[str], Talking], device: str
) -> None:
    stack.phone("2001", answer="auto")
    ben.choose_state("busy")
    talk = talking(device)
    ann = talk.ann
    ben.choose_state("ready")
    ann.page.keyboard.press("Alt+i")
    pick(ann, "Ben", "Enter")
    ben.expect_talking()
    ann.page.click(".o_cc_panel_tab_call")
    kick = ann.page.locator(".o_cc_party_row:has-text('Ben') .o_cc_kick")
    kick.click()
    ben.expect_state("wrap_up")
    expect(ann.page.locator(".o_cc_call_strip")).to_be_visible()
    ann.hang_up()
    call = ended(stack, talk)
    # it says who was brought in by whom, and that they came
    assert transfers(stack, call.id) == [("conference", "1001", "1002", "t")]
    assert sorted(call.legs) == ["agent", "agent", "customer"]
    assert call.agent == "1001"


@pytest.mark.parametrize("to", ["100", "1002"])
def test_pick_up_a_colleagues_ring(
    stack: Stack, ben: Desk, desk: Callable[..., Desk], to: str
) -> None:
    """Ben's phone rings, nobody is there; Ann sees it in the list of colleagues, Enter brings it to her."""
    who = known_customer(stack)
    ann = desk("ann")
    ann.sign_in("browser")  # busy: the queue doesn't ring her
    # open before it rings: what rings at Ben's own number gives up after 30 s
    ann.page.click(".o_cc_recent_button")
    began = time.time()
    customer = stack.customer(who.key, to)
    ben.expect_card(who.name)
    ann.page.click(".o_cc_panel_tab_team")
    ring = ann.page.locator("[data-group=ringing] .o_cc_target")
    expect(ring).to_contain_text(who.name)
    ring.click()
    # she asked for it: her browser answers by itself
    ann.expect_talking()
    expect(ann.page.locator(".o_cc_call_strip")).to_contain_text(who.name)
    ben.expect_state("ready")
    expect(ben.page.locator(".o_cc_card")).to_have_count(0)
    ann.hang_up()
    customer.wait_end(PATIENCE_S)
    call = ended(stack, Talking(ann, who, began, customer))
    assert transfers(stack, call.id) == [("pickup", "1001", "1001", "t")]
    assert call.attempts[0] == ("1002", "taken")
    assert (call.agent, call.ended_by) == ("1001", "agent")


def in_bridges(ami: Ami) -> list[str]:
    """Channels to the outside that talk with somebody."""
    rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
    return [r["Channel"] for r in rows if r["Channel"].startswith("PJSIP/trunk") and r["BridgeId"]]
