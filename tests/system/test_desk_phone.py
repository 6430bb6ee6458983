# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The same job with a desk phone: TEL-01, TEL-05; the bar shows and ends what the phone does."""

from __future__ import annotations

import time

from desk import PATIENCE_S, Desk, eventually
from facts_of import calls, known_customer, recordings
from playwright.sync_api import expect

from cc_stack.stack import Stack


def test_desk_phone_answers_and_the_bar_hangs_up(stack: Stack, ben: Desk) -> None:
    phone = stack.phone("2001", answer="manual")
    who = known_customer(stack, skip=1)

    dialled = time.time()
    customer = stack.customer(who.key, "100")
    ben.expect_card(who.name)
    eventually(lambda: who.name in ben.form_name())
    phone.answer()
    ben.expect_talking()
    time.sleep(2)
    ben.hang_up()
    ben.expect_state("wrap_up")
    customer.wait_end(PATIENCE_S)

    [call] = eventually(lambda: [c for c in calls(stack, who.key, dialled) if c.state == "ended"])
    assert (call.partner, call.agent, call.ended_by) == (who.name, "1002", "agent")
    assert call.attempts == [("1002", "answered")]
    eventually(lambda: [r for r in recordings(stack, call.id) if r["state"] == "stored"])
    assert not ben.errors


def test_customer_who_gives_up_is_an_abandoned_call(stack: Stack, ben: Desk) -> None:
    phone = stack.phone("2001", answer="manual")
    who = known_customer(stack, skip=2)

    dialled = time.time()
    customer = stack.customer(who.key, "100")
    ben.expect_card(who.name)
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    ben.expect_state("ready")
    expect(ben.page.locator(".o_cc_card")).to_have_count(0)

    [call] = eventually(lambda: [c for c in calls(stack, who.key, dialled) if c.state == "ended"])
    assert (call.agent, call.answered, call.ended_by, call.loss) == ("", 0, "customer", "queue")
    assert call.attempts == [("1002", "cancelled")]
    assert phone.alive
    assert not ben.errors


def test_a_rejected_ring_is_kept_as_rejected(stack: Stack, ben: Desk) -> None:
    who = known_customer(stack, skip=3)

    dialled = time.time()
    customer = stack.customer(who.key, "100")
    ben.expect_card(who.name)

    def rings() -> list[tuple[str, str]]:
        return [ring for call in calls(stack, who.key, dialled) for ring in call.attempts]

    # the card is ahead of what Odoo knows, and who turns away what it does not know is told so
    eventually(lambda: ("1002", "") in rings())
    ben.page.click(".o_cc_card .o_cc_reject")
    # an outcome may be refined a moment later, and the queue may have tried them before their phone was back
    eventually(lambda: ("1002", "rejected") in rings())
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    assert not ben.errors
