# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields

from ..utils.times import now_us
from .common import S


def make_samples(case):
    """Rows of Service, as far as they belong to anybody: Ann's where they are a person's."""
    env, call = case.env, case.call
    recording = case.record(call)
    # just now: figures are counted up to the present
    case.sign_in(case.ann, t=now_us() - 60 * S)
    case.apply(case.agent_fact(case.ann, "busy", now_us()))
    while env["cc.stat.dirty"]._recompute():
        pass
    notes = env["cc.call.note"].with_user(case.ann.user_id)
    note = notes.create({"call_id": call.id, "note": "secret"})
    env["cc.recording.listen"].with_user(case.ann.user_id)._log(
        recording.with_user(case.ann.user_id), "192.0.2.1"
    )
    announcement = (
        env["cc.announcement"]
        .with_user(case.lea.user_id)
        .create(
            {"title": "Hours", "body": "<p>Nine</p>", "department_ids": [(6, 0, case.service.ids)]}
        )
    )
    announcement.action_publish()
    announcement.with_user(case.ann.user_id)._mark_read()
    case.partner._cc_give(case.ann.user_id, "leader")
    env["cc.fact.rejected"].create(
        {"pbx_id": case.pbx.id, "fact": {"kind": "?"}, "error": "no such kind", "kind": "?"}
    )
    of_call = {
        model: env[model].search([("call_id", "=", call.id)], limit=1)
        for model in (
            "cc.call.attempt",
            "cc.call.leg",
            "cc.call.hold",
            "cc.call.transfer",
            "cc.call.key",
        )
    }
    first = {
        model: env[model].search([("pbx_id", "=", case.pbx.id)], limit=1)
        for model in ("cc.pbx.cursor", "cc.fact.rejected")
    }
    figures = {
        model: env[model].search(domain, limit=1)
        for model, domain in (
            ("cc.call.visit", [("call_id", "=", call.id)]),
            ("cc.stat.agent", [("agent_id", "=", case.ann.id)]),
            ("cc.stat.queue", [("queue_id", "=", case.queue.id)]),
            ("cc.report.queue", [("queue_id", "=", case.queue.id)]),
            ("cc.report.agent", [("agent_id", "=", case.ann.id)]),
            ("cc.report.call", [("call_id", "=", call.id)]),
        )
    }
    env["cc.phone.number"].browse(call.number_id.id)._assign_region()
    missed = env["cc.missed.call"].create(
        {
            "call_id": call.id,
            "company_id": call.company_id.id,
            "department_id": case.service.id,
            "number_id": call.number_id.id,
            "agent_id": case.ann.id,
            "missed_at": fields.Datetime.now(),
        }
    )
    trunk = env["cc.trunk"].create({"name": "Line", "code": "line", "pbx_id": case.pbx.id})
    return {
        "res.partner": case.partner,
        "cc.call": call.sudo(False),
        "cc.call.note": note.with_env(env),
        "cc.recording": recording.with_env(env),
        "cc.recording.listen": env["cc.recording.listen"].search(
            [("recording_id", "=", recording.id)]
        ),
        "cc.agent": case.ann,
        "cc.agent.session": env["cc.agent.session"].search(
            [("agent_id", "=", case.ann.id)], limit=1
        ),
        "cc.agent.interval": env["cc.agent.interval"].search(
            [("agent_id", "=", case.ann.id)], limit=1
        ),
        "cc.agent.memory": env["cc.agent.memory"].search([("agent_id", "=", case.ann.id)], limit=1),
        "cc.command": env["cc.command"].search([("agent_id", "=", case.ann.id)], limit=1),
        "cc.customer.owner": env["cc.customer.owner"].search(
            [("partner_id", "=", case.partner.id), ("user_id", "=", case.ann.user_id.id)]
        ),
        "cc.announcement": announcement.with_env(env),
        "cc.announcement.read": env["cc.announcement.read"].search(
            [("announcement_id", "=", announcement.id)]
        ),
        "cc.break.reason": env["cc.break.reason"].search([], limit=1),
        "cc.call.purpose": env["cc.call.purpose"].create({"name": "Question"}),
        "cc.call.source": env["cc.call.source"].create({"name": "Web site"}),
        "cc.pbx": case.pbx,
        "cc.queue": case.queue,
        "cc.queue.member": case.queue.member_ids[:1],
        "cc.queue.live": env["cc.queue.live"].create(
            {"queue_id": case.queue.id, "waiting": 1, "told_at": fields.Datetime.now()}
        ),
        "cc.extension.live": env["cc.extension.live"].create(
            {"extension_id": case.desk.id, "there": True, "told_at": fields.Datetime.now()}
        ),
        "cc.inbound.route": env["cc.inbound.route"].create(
            {
                "name": "Hotline",
                "pbx_id": case.pbx.id,
                "target": f"cc.queue,{case.queue.id}",
            }
        ),
        "cc.ivr.menu": env["cc.ivr.menu"].create(
            {"name": "Main", "code": "main", "pbx_id": case.pbx.id}
        ),
        "cc.extension": case.desk,
        "cc.trunk": trunk,
        "cc.dial.destination": env["cc.dial.destination"].create(
            {"name": "Here", "pbx_id": case.pbx.id, "prefix": "86"}
        ),
        "cc.dial.alarm": env["cc.dial.alarm"].create(
            {
                "pbx_id": case.pbx.id,
                "at": fields.Datetime.now(),
                "why": "destination",
                "agent_id": case.ann.id,
                "number_id": call.number_id.id,
            }
        ),
        "cc.dial.rule": env["cc.dial.rule"].create(
            {"name": "All", "pbx_id": case.pbx.id, "trunk_id": trunk.id}
        ),
        "cc.phone.number": call.number_id,
        "cc.phone.link": case.partner.phone_link_ids[:1],
        "cc.call.register": env["cc.call.register"]
        .with_user(case.ann.user_id)
        .create({"number": "13900139000"})
        .with_env(env),
        "cc.agent.create": env["cc.agent.create"]
        .with_user(case.max.user_id)
        .create({"pbx_id": case.pbx.id, "user_ids": [case.ann.user_id.id]})
        .with_env(env),
        "cc.extension.setup": env["cc.extension.setup"]
        .with_user(case.ada)
        ._for(case.desk.with_user(case.ada))
        .with_env(env),
        "cc.call.stop": env["cc.call.stop"]
        .with_user(case.lea.user_id)
        .create({"call_id": call.id, "reason": "test"})
        .with_env(env),
        "cc.dial.try": env["cc.dial.try"]
        .with_user(case.max.user_id)
        .create({"pbx_id": case.pbx.id})
        .with_env(env),
        **of_call,
        **first,
        **figures,
        "cc.missed.call": missed,
        "cc.phone.region": env["cc.phone.number"].browse(call.number_id.id).region_id,
        "cc.stat.clock": env["cc.stat.clock"]._only(),
        "cc.stat.dirty": env["cc.stat.dirty"].create(
            {
                "agent_id": case.ann.id,
                "from_at": fields.Datetime.now(),
                "to_at": fields.Datetime.now(),
            }
        ),
    }
