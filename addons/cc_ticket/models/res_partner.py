# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A customer's tickets, counted by the database."""

    _inherit = "res.partner"

    def _cc_tickets_domain(self):
        return Domain("partner_id", "child_of", self.ids)

    def _compute_helpdesk_ticket_count(self):
        """As OCA's, without loading every ticket."""
        tickets = self.env["helpdesk.ticket"]
        for partner in self:
            domain = partner._cc_tickets_domain() if partner.ids else Domain.FALSE
            count = tickets.search_count(domain)
            active = count and tickets.search_count(domain & Domain("closed", "=", False))
            partner.helpdesk_ticket_count = count
            partner.helpdesk_ticket_active_count = active
            partner.helpdesk_ticket_count_string = f"{active} / {count}"

    def action_cc_new_ticket(self):
        """Begin a ticket of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New ticket"),
            "res_model": "helpdesk.ticket",
            "views": [[self.env.ref("cc_ticket.helpdesk_ticket_view_form").id, "form"]],
            "context": {
                "default_partner_id": self.id,
                "default_partner_name": self.name,
                "default_partner_email": self.email,
            },
        }
