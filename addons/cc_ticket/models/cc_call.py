# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcCall(models.Model):
    """Calls and the tickets that come of them."""

    _inherit = "cc.call"

    cc_ticket_ids = fields.Many2many(
        "helpdesk.ticket", "cc_ticket_call_rel", "call_id", "ticket_id", "Tickets"
    )
    cc_ticket_count = fields.Integer("Number of tickets", compute="_compute_cc_ticket_count")

    def _compute_cc_ticket_count(self):
        for call in self:
            call.cc_ticket_count = len(call.cc_ticket_ids)

    def _cc_ticket_defaults(self):
        """:return: values of a new ticket about this call: customer, call, what it was about"""
        self.ensure_one()
        self.check_access("read")
        call_sudo = self.sudo()  # sudo: cc.call - readable as checked; its notes are part of it
        notes = call_sudo.note_ids
        partner = notes.partner_id[:1] or call_sudo.partner_id
        purpose = call_sudo.note_ids.purpose_id[:1]
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone", False)
        return {
            "partner_id": partner.id,
            "partner_name": partner.name or "",
            "partner_email": partner.email or "",
            "name": purpose.name or "",
            "channel_id": phone.id if phone else False,
            "cc_call_ids": [(4, self.id)],
        }

    def action_cc_ticket(self):
        """Open a new ticket with customer and call filled in."""
        defaults = self._cc_ticket_defaults()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New ticket"),
            "res_model": "helpdesk.ticket",
            "views": [[self.env.ref("cc_ticket.helpdesk_ticket_view_form").id, "form"]],
            "context": {f"default_{name}": value for name, value in defaults.items() if value},
        }

    def action_cc_tickets(self):
        """Open the tickets about this call."""
        self.ensure_one()
        name = self.env._("Tickets")
        domain = [("id", "in", self.cc_ticket_ids.ids)]
        return self.env["helpdesk.ticket"]._cc_list_action(name, domain)

    def cc_make_ticket(self, template_id, values=None):
        """Make a ticket about this call and start it: the panel's one click.

        :param int template_id: a cc.ticket.template
        :param dict values: ``name``, ``text``, and what addons' parts of the panel ask for
        :return: ``{id, number}``
        """
        values = values or {}
        tickets = self.env["helpdesk.ticket"]
        defaults = {key: value for key, value in self._cc_ticket_defaults().items() if value}
        typed = {
            "name": (values.get("name") or "").strip(),
            "description": tickets._cc_text(values.get("text")),
        }
        ticket = tickets.create(
            {
                **defaults,
                **{key: value for key, value in typed.items() if value},
                "cc_template_id": template_id,
                **tickets._cc_panel_values(values),
            }
        )
        ticket.cc_move("start")
        return {"id": ticket.id, "number": ticket.number}

    @api.readonly
    def cc_tickets_panel(self):
        """:return: what the call panel shows: ``{templates, tickets}``, the call's and the customer's"""
        self.ensure_one()
        self.check_access("read")
        call_sudo = self.sudo()  # sudo: cc.call - readable as checked
        partner = call_sudo.note_ids.partner_id[:1] or call_sudo.partner_id
        tickets = self.env["helpdesk.ticket"]
        of_call = tickets.search([("cc_call_ids", "in", self.ids)], order="id desc")
        of_partner = tickets
        if partner:
            of_partner = tickets.search(
                [
                    ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                    ("cc_state", "!=", False),
                    ("id", "not in", of_call.ids),
                ],
                order="id desc",
                limit=8,
            )
        templates = self.env["cc.ticket.template"].search([("version_id", "!=", False)])
        return {
            "templates": [row._cc_panel_row() for row in templates],
            "tickets": [
                {
                    "id": row.id,
                    "number": row.number,
                    "name": row.name,
                    "state": row.cc_state,
                    "state_label": dict(
                        row._fields["cc_state"]._description_selection(self.env)
                    ).get(row.cc_state, row.stage_id.name),
                    "step": row.cc_step_id.sudo().name or "",  # sudo: cc.ticket.step - a name
                    "who": row.user_id.name or "",
                    "overdue": row.cc_overdue,
                    "of_call": row in of_call,
                    "marks": row._cc_panel_marks(),
                }
                for row in of_call | of_partner
            ],
        }

    @api.model
    def _cc_moment_handlers(self):
        return {**super()._cc_moment_handlers(), "cc_ticket": "_cc_ticket_moments"}

    @api.model
    def _cc_ticket_moments(self, moments, _batch):
        """Tie calls that were asked for from tickets to these."""
        for moment in moments:
            call = moment.call
            if call.direction == "outbound" and moment.name in ("answered", "ended"):
                asked = self.env["cc.ticket.dial"]._cc_of_call(call)
                for dial in asked:
                    if call not in dial.ticket_id.cc_call_ids:
                        dial.ticket_id._cc_write({"cc_call_ids": [(4, call.id)]})
                if moment.name == "ended":
                    asked.unlink()
