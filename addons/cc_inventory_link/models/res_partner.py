# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    """Where a customer's parcels are, for whoever has them on the line."""

    _inherit = "res.partner"

    cc_delivery_count = fields.Integer(
        "Open deliveries",
        compute="_compute_cc_deliveries",
        compute_sudo=True,
        groups="cc_telephony.group_agent,stock.group_stock_user",
    )

    def _compute_cc_deliveries(self):
        counts = dict(
            self.env["stock.picking"]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("picking_type_code", "=", "outgoing"),
                    ("state", "not in", ["done", "cancel"]),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.cc_delivery_count = counts.get(partner, 0)

    def action_cc_sales_tickets(self):
        """This customer's sales tickets, with what became of their products."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cc_inventory_link.cc_ticket_line_action"
        )
        action["domain"] = [("ticket_id.partner_id", "child_of", self.commercial_partner_id.id)]
        return action
