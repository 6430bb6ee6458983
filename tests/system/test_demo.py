# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What `make demo` promises: whoever signs in and presses Ready gets a customer. CRM-01."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer

from cc_stack.process import Part
from cc_stack.settings import REPO
from cc_stack.stack import Stack


def test_a_customer_calls_soon_after_ready(stack: Stack, desk: Callable[..., Desk]) -> None:
    customers = Part(
        "callers",
        stack.settings.run,
        [sys.executable, "-m", "cc_stack", "callers", stack.settings.name],
        env={"PYTHONPATH": str(REPO / "scripts"), "PYTHONUNBUFFERED": "1"},
    )
    customers.start()
    try:
        ann = desk("ann")
        ann.sign_in("browser")
        ann.choose_state("ready")
        ann.expect_state("ringing")
        ann.answer()
        ann.expect_talking()
    finally:
        customers.stop()
    assert not ann.errors


def test_a_customer_dials_her_own_number(stack: Stack, desk: Callable[..., Desk]) -> None:
    """No queue between: the agent's own number rings her in the browser, whatever she does else."""
    who = known_customer(stack, skip=5)
    ann = desk("ann")
    ann.sign_in("browser")
    began = time.time()
    customer = stack.customer(who.key, "1001")
    ann.expect_card(who.name)
    ann.answer()
    ann.expect_talking()
    ann.expect_sound()
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    ann.expect_state("busy")
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert (call.direction, call.agent, call.queue, call.ended_by) == (
        "inbound",
        "1001",
        "",
        "customer",
    )
    assert call.attempts == [("1001", "answered")]
    assert ask(stack, "SELECT count(*) FROM cc_fact_rejected WHERE state = 'open'") == [["0"]]
    assert not ann.errors
