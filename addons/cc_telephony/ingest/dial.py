# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Alarms: calls to the outside that the PBX refused or ended."""

from ..utils.times import from_us, now


def apply_alarm(batch, fact):
    """Write the alarm down, and tell administrators."""
    body = fact["dial"]
    numbers = batch.env["cc.phone.number"]
    asked = (body["number"], batch.country)
    number = numbers._ingest([asked])[asked] if body["number"] else numbers
    agent = batch.agent_by_number(body["agent"])
    alarm = batch.env["cc.dial.alarm"].create(
        {
            "pbx_id": batch.pbx.id,
            "at": from_us(fact["t"]) or now(),
            "why": body["why"],
            "agent_id": agent.id if agent else False,
            "extension": body["phone"],
            "number_id": number.id if number else False,
            "call_uid": body["call_uid"],
        }
    )
    batch.after_send.append(alarm._tell)
