# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls that people register by hand, where no telephony saw them. The ingest stays the only writer."""

import uuid
from datetime import timedelta


def register_call(env, *, agent, direction, number, partner, started_at, duration_s):
    """Write a call that is over.

    :param env: environment of the superuser: who may register what was checked before
    :param agent: the cc.agent whose call it was
    :param str direction: "inbound" or "outbound"
    :param number: cc.phone.number, may be empty
    :param partner: res.partner, may be empty
    :param started_at: naive UTC datetime
    :param float duration_s: 0: nobody answered
    :return: the cc.call
    """
    ended_at = started_at + timedelta(seconds=duration_s)
    call = env["cc.call"].create(
        {
            "call_uid": str(uuid.uuid4()),
            "manual": True,
            "rev": 1,
            "pbx_id": agent.pbx_id.id,
            "company_id": agent.company_id.id,
            "department_id": agent.department_id.id,
            "direction": direction,
            "state": "ended",
            "number_id": number.id,
            "number_display": number.display,
            "partner_id": partner.id,
            "partner_by_id": partner and env.uid,
            # whoever registers a call says whom it was with
            "partner_sure": bool(partner),
            "agent_id": agent.id,
            "started_at": started_at,
            "answered_at": started_at if duration_s else False,
            "ended_at": ended_at,
            "talk_s": duration_s,
            "duration_s": duration_s,
        }
    )
    env["cc.call.leg"].create(
        {
            "call_id": call.id,
            "leg": 1,
            "role": "agent",
            "agent_id": agent.id,
            "joined_at": started_at if duration_s else False,
            "left_at": ended_at,
            "mode": "talk",
        }
    )
    return call
