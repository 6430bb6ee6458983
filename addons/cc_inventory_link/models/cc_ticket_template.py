# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcTicketTemplate(models.Model):
    """Which tickets sell, and when what they sell leaves the stock."""

    _inherit = "cc.ticket.template"

    cc_sells = fields.Boolean("Sells products")
    cc_stock_when = fields.Selection(
        [
            ("start", "When it is started"),
            ("accept", "When it is accepted"),
            ("submit", "When a step is submitted"),
            ("close", "When it is closed"),
        ],
        "Take from stock",
        default="start",
        required=True,
        help="The move of the ticket that takes its products from stock.",
    )
    cc_stock_how = fields.Selection(
        [
            ("reserve", "Reserve, the warehouse delivers"),
            ("deliver", "Deliver what is available at once"),
        ],
        "How",
        default="reserve",
        required=True,
    )
    cc_warehouse_id = fields.Many2one(
        "stock.warehouse", "Warehouse", check_company=True, help="Empty: the company's first."
    )

    @api.constrains("cc_warehouse_id", "company_id")
    def _check_warehouse(self):
        for template in self:
            warehouse = template.cc_warehouse_id
            if warehouse and template.company_id not in (
                warehouse.company_id,
                self.env["res.company"],
            ):
                raise ValidationError(
                    self.env._("The warehouse and the template belong to different companies.")
                )

    def _cc_warehouse_of(self, company):
        """:return: from which warehouse of a company this template's tickets sell; empty: it has none"""
        # sudo: stock.warehouse - agents need no stock rights to sell
        own_sudo = self.sudo().cc_warehouse_id
        if own_sudo.company_id == company and own_sudo:
            return own_sudo
        return own_sudo.search([("company_id", "=", company.id)], limit=1)

    def _cc_panel_row(self):
        """The call's panel asks for products if the template sells."""
        return {**super()._cc_panel_row(), "sells": self.cc_sells}
