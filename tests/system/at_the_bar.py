# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an agent clicks and types to control a call, and what the database holds of it afterwards."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from desk import Desk, eventually
from facts_of import Call, Known, ask, calls, known_customer
from playwright.sync_api import expect

from cc_stack.asterisk import Ami
from cc_stack.customers import Customer
from cc_stack.stack import Stack

MOBILE = "13900001234"


@dataclass(frozen=True, slots=True)
class Talking:
    """Who talks at which desk with whom since when (s since 1970), and their phone."""

    ann: Desk
    who: Known
    began: float
    customer: Customer


def asked_for_a_key(ami: Ami) -> str:
    """The channel of the mobile that has answered and must press a key now; empty before."""
    rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
    return next((r["Channel"] for r in rows if r.get("Application") == "Read"), "")


def customers_channel(ami: Ami, who: Known) -> str:
    """The channel on which they came in."""
    rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
    return next(
        r["Channel"]
        for r in rows
        if r["Channel"].startswith("PJSIP/trunk-") and r["CallerIDNum"] == who.key
    )


def control(ann: Desk, kind: str) -> None:
    """Clicks a control of the strip once it is possible."""
    button = ann.page.locator(f".o_cc_call_strip .o_cc_{kind}:not([aria-disabled])")
    expect(button).to_be_enabled()
    ann.page.mouse.move(1, 1)  # what has just come under a resting pointer takes no click
    button.click()


def pick(ann: Desk, typed: str, key: str) -> None:
    """Types into the list of targets, takes the first with a key."""
    search = ann.page.locator(".o_cc_picker_search")
    expect(search).to_be_focused()
    # the list that stands there before may name them too: Enter would come between two answers of the server
    asked = f'"args":[{json.dumps(typed)},'
    with ann.page.expect_response(lambda r: asked in (r.request.post_data or "")) as answer:
        ann.page.keyboard.type(typed)
    answer.value.finished()
    expect(ann.page.locator(".o_cc_target[aria-selected=true]")).to_contain_text(
        re.compile(typed, re.IGNORECASE)
    )
    ann.page.keyboard.press(key)


def transfers(stack: Stack, call_id: int) -> list[tuple[str, str, str, str]]:
    """How, by whom, to which agent, queue, number or menu, completed: t or f."""
    return [
        (how, by, to, done)
        for how, by, to, done in ask(
            stack,
            f"""SELECT t.how, coalesce(b.number, ''), coalesce(a.number, q.code, n.key, t.to_name, ''),
                       t.completed
                  FROM cc_call_transfer t LEFT JOIN cc_agent b ON b.id = t.agent_id
                  LEFT JOIN cc_agent a ON a.id = t.to_agent_id
                  LEFT JOIN cc_queue q ON q.id = t.to_queue_id
                  LEFT JOIN cc_phone_number n ON n.id = t.to_number_id
                 WHERE t.call_id = {call_id} ORDER BY t.n""",
        )
    ]


def ended(stack: Stack, talk: Talking) -> Call:
    """The one call that came of it, over."""
    who, began = talk.who, talk.began
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert len(calls(stack, who.key, began)) == 1
    return call


def sign_in_outside(ann: Desk, ami: Ami) -> None:
    """At an outside phone, which answers and, the first time, keys in the code that Odoo shows."""
    answer = ann.rpc("cc.agent", "sign_in", "mobile", MOBILE)
    if "confirm" not in answer:
        return
    confirm = answer["confirm"]

    def asked() -> str:
        rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
        hears = (r for r in rows if (r.get("Context"), r.get("Application")) == ("cc-code", "Read"))
        return next((r["Channel"] for r in hears), "")

    leg = eventually(asked)
    for digit in confirm["code"]:
        ami.action("PlayDTMF", Channel=leg, Digit=digit, Receive="true")
        time.sleep(0.3)
    mine = [("uuid", "=", confirm["id"]), ("state", "=", "done")]
    eventually(lambda: ann.rpc("cc.command", "search_count", mine))
    assert "session" in ann.rpc("cc.agent", "sign_in", "mobile", MOBILE)


def conversation(stack: Stack, desk: Callable[..., Desk], ami: Ami, device: str) -> Talking:
    """Ann, at that kind of phone, talks with a known customer who came through the queue."""
    who = known_customer(stack)
    ann = desk("ann")
    phone = stack.phone("2002", answer="manual") if device == "desk" else None
    if phone:
        ann.sign_in("desk", "2002")
    elif device == "mobile":
        sign_in_outside(ann, ami)
        ann.expect_state("busy")
    else:
        ann.sign_in("browser")
    ann.choose_state("ready")
    began = time.time()
    customer = stack.customer(who.key, "100")
    ann.expect_card(who.name)
    if device == "browser":
        ann.answer()
    elif phone:
        phone.answer()
    elif device == "mobile":
        # the outside party has answered; Ann presses the key that says it is she
        leg = eventually(lambda: asked_for_a_key(ami))
        ami.action("PlayDTMF", Channel=leg, Digit="1", Receive="true")
    ann.expect_talking()
    return Talking(ann, who, began, customer)
