# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


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
