# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrder(models.Model):
    """An order that a ticket made."""

    _inherit = "sale.order"

    cc_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Ticket",
        groups="base.group_user",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
