# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A record of each model for the access walk: Ann's ticket, in Service."""

from odoo import fields


def make_samples(case):
    """:return: `{model: record}`; templates and what hangs on them are in work, so that managers change them"""
    env = case.env
    company = case.company.id
    kind = env.ref("cc_ticket.type_support")
    templates = env["cc.ticket.template"]
    drawn = templates.create({"name": "In work", "type_id": kind.id, "company_id": company})
    version = drawn.draft_id
    version.fields_definition = [{"name": "amount", "type": "integer", "string": "Amount"}]
    version.step_ids = [
        (
            0,
            0,
            {
                "code": "one",
                "name": "One",
                "handler_department_id": case.service.id,
                "exit_ids": [(0, 0, {"name": "on", "target": ""})],
            },
        )
    ]
    walked = drawn.copy()
    walked.draft_id.step_ids.write({"deadline_h": 4, "may_close": True})
    walked.draft_id.action_publish()
    ticket = (
        env["helpdesk.ticket"]
        .with_user(case.ann.user_id)
        .create({"cc_template_id": walked.id, "name": "Sample", "partner_id": case.partner.id})
    )
    for move, values in (
        ("start", {}),
        ("accept", {}),
        ("extend", {"hours": 2, "text": "more"}),
        ("copy", {"user_ids": case.ann.user_id.ids}),
    ):
        ticket.cc_move(move, values)
    ticket = ticket.with_env(env)
    provider = env["cc.parcel.provider"].create(
        {
            "name": "Carrier",
            "kind": "link",
            "url": "https://carrier.example/{number}",
            "secret": "k",
        }
    )
    page = env["document.page"].create(
        {
            "name": "Sample words",
            "content": "<p>words</p>",
            "company_id": company,
            "draft_name": "1",
            "draft_summary": "first",
        }
    )
    page.with_user(case.ann.user_id).cc_open()
    page.with_user(case.ann.user_id).cc_toggle_favourite()
    page.with_user(case.ann.user_id).cc_vote(True)
    page.with_user(case.ann.user_id).cc_search("sample words", log=True)
    env.flush_all()
    here = [("page_id", "=", page.id)]
    number = case.call.number_id
    return {
        "cc.ticket.template": drawn,
        "cc.ticket.template.version": version,
        "cc.ticket.step": version.step_ids,
        "cc.ticket.exit": version.step_ids.exit_ids,
        "cc.ticket.field": version.field_ids,
        "helpdesk.ticket": ticket,
        "cc.ticket.turn": ticket.cc_turn_id,
        "cc.ticket.move": ticket.cc_move_ids[0],
        "cc.ticket.reader": ticket.cc_reader_ids[0],
        "cc.ticket.extension": ticket.cc_extension_ids,
        "cc.ticket.report": env["cc.ticket.report"].browse(ticket.id),
        "cc.ticket.dial": env["cc.ticket.dial"].create(
            {
                "ticket_id": ticket.id,
                "number_id": number.id,
                "user_id": case.ann.user_id.id,
            }
        ),
        "cc.ticket.presence": env["cc.ticket.presence"].create(
            {
                "ticket_id": ticket.id,
                "user_id": case.ann.user_id.id,
                "seen_at": fields.Datetime.now(),
            }
        ),
        "cc.ticket.schedule": env["cc.ticket.schedule"].create(
            {
                "name": "Again",
                "template_id": walked.id,
                "company_id": company,
                "user_id": case.lea.user_id.id,
            }
        ),
        "cc.parcel.provider": provider,
        "cc.ticket.parcel": env["cc.ticket.parcel"].create(
            {"ticket_id": ticket.id, "number": "1", "provider_id": provider.id}
        ),
        "cc.working.day": env["cc.working.day"].create(
            {"name": "Worked", "date": "2026-02-28", "company_id": company}
        ),
        "document.page": page,
        "cc.page.index": env["cc.page.index"].search(here),
        "cc.page.read": env["cc.page.read"].search(here),
        "cc.page.favourite": env["cc.page.favourite"]
        .with_user(case.ann.user_id)
        .search(here)
        .with_env(env),
        "cc.page.vote": env["cc.page.vote"].search(here),
        "cc.page.search": env["cc.page.search"].search([("query", "=", "sample words")]),
        "cc.ticket.dispatch": env["cc.ticket.dispatch"]
        .with_user(case.ann.user_id)
        .create(
            {
                "ticket_id": ticket.id,
                "user_id": case.ben.user_id.id,
                "start": "2026-03-02 02:00:00",
                "address": "1 Long Road",
            }
        )
        .with_env(env),
    }
