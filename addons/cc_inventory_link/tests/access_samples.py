# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A record of each model for the access walk: Ann's, of Service."""


def make_samples(case):
    """:return: `{model: record}`: a draft that sells, and the task of a sale without stock"""
    env = case.env
    template = env["cc.ticket.template"].create(
        {
            "name": "Walk: sale",
            "type_id": env.ref("cc_ticket.type_sale").id,
            "company_id": case.company.id,
            "owner_id": case.max.user_id.id,
            "cc_sells": True,
        }
    )
    template.draft_id.step_ids = [
        (
            0,
            0,
            {
                "sequence": 1,
                "code": "sell",
                "name": "Sell",
                "handler_kind": "creator",
                "may_close": True,
            },
        )
    ]
    template.draft_id.action_publish()
    product = env["product.product"].create({"name": "Walked", "is_storable": True})

    def ticket():
        made = (
            env["helpdesk.ticket"]
            .with_user(case.ann.user_id)
            .create(
                {
                    "name": "Walked",
                    "description": "x",
                    "cc_template_id": template.id,
                    "partner_id": case.partner.id,
                }
            )
        )
        line = (
            env["cc.ticket.line"]
            .with_user(case.ann.user_id)
            .create({"ticket_id": made.id, "product_id": product.id, "quantity": 1})
        )
        return made, line

    sold, sold_line = ticket()
    sold.cc_move("start")
    _draft, line = ticket()
    task = env["cc.replenishment"].search([("ticket_line_id", "=", sold_line.id)])
    return {"cc.ticket.line": line.with_env(env), "cc.replenishment": task}
