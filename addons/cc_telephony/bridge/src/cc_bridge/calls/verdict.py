# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is said of a call when it is over: who ended it, and why it was lost."""

from __future__ import annotations

from .channels import Channel
from .records import Call


def ended_by(call: Call, customer: Channel | None) -> str:
    """Who ended the conversation; without one, who ended the customer's presence.

    What follows a conversation (a rating, an announcement) does not change who ended it.
    """
    if call.over_by is not None:
        return call.over_by
    if customer is not None and customer.asked and (customer.up or customer.incoming):
        leg = call.leg_of(customer.uid)
        return "agent" if leg is not None and leg.role == "agent" else "customer"
    return "system"


def loss(call: Call, customer: Channel | None) -> str | None:
    """Where an inbound call that nobody answered was lost."""
    if call.direction != "inbound" or call.answered:
        return None
    if call.out_of_hours:
        return "out_of_hours"
    if call.overflow:
        return "overflow"
    let_go = call.left_queue_t is not None and not call.in_queue and not call.lost
    if let_go and (customer is None or not customer.asked) and call.over_by != "customer":
        # they did not hang up themselves: it was the queue's time that ended
        return "overflow"
    if call.in_queue or call.queue is not None:
        return "queue"
    if call.attempts:
        return "agent_no_answer"
    return "ivr"
