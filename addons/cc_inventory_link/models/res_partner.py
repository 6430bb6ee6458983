# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .helpdesk_ticket import SEES


class ResPartner(models.Model):
    """Where a customer's parcels are, for whoever has them on the line."""

    _inherit = "res.partner"

    cc_delivery_count = fields.Integer(
        "Open deliveries",
        compute="_compute_cc_deliveries",
        compute_sudo=True,
        groups=SEES,
    )

    @api.depends_context("allowed_company_ids")
    def _compute_cc_deliveries(self):
        """Of the whole company that the contact belongs to, from the user's companies only."""
        counts = defaultdict(int)
        rows = self.env["stock.picking"]._read_group(
            Domain("partner_id", "child_of", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("picking_type_code", "=", "outgoing")
            & Domain("state", "not in", ["done", "cancel"]),
            ["partner_id"],
            ["__count"],
        )
        for partner, count in rows:
            counts[partner.commercial_partner_id] += count
        for partner in self:
            partner.cc_delivery_count = counts[partner.commercial_partner_id]

    def action_cc_sales_tickets(self):
        """This customer's sales tickets, with what became of their products."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cc_inventory_link.cc_ticket_line_action"
        )
        action["domain"] = [("ticket_id.partner_id", "child_of", self.commercial_partner_id.id)]
        return action
