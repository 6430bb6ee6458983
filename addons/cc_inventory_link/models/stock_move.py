# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models

#: usage of (from, to) → kind in the journal
KINDS = {
    ("supplier", "internal"): "stock_in",
    ("supplier", "transit"): "stock_in",
    ("internal", "customer"): "normal",
    ("transit", "customer"): "normal",
    ("customer", "internal"): "restored",
    ("customer", "transit"): "restored",
    ("internal", "supplier"): "returned",
    ("transit", "supplier"): "returned",
}


class StockMove(models.Model):
    """The journal of the stock: every move that crosses the company's border has one of four kinds."""

    _inherit = "stock.move"

    cc_kind = fields.Selection(
        [
            ("stock_in", "Stock-in"),
            ("normal", "Normal use"),
            ("restored", "Restored"),
            ("returned", "Returned to the vendor"),
        ],
        "Journal kind",
        compute="_compute_cc_kind",
        store=True,
        index="btree_not_null",
    )
    cc_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Ticket", related="sale_line_id.order_id.cc_ticket_id"
    )

    @api.depends("location_id.usage", "location_dest_id.usage")
    def _compute_cc_kind(self):
        for move in self:
            move.cc_kind = KINDS.get((move.location_id.usage, move.location_dest_id.usage), False)

    def _cc_put_lots(self, lots):
        """These pieces move, and no others. As superuser.

        :param lots: stock.lot, a piece each
        """
        self.ensure_one()
        self._do_unreserve()
        self.move_line_ids.unlink()
        self.move_line_ids = [
            Command.create(
                {
                    **self._prepare_move_line_vals(quantity=1),
                    "quantity": 1,
                    "product_uom_id": self.product_id.uom_id.id,
                    "lot_id": lot.id,
                }
            )
            for lot in lots
        ]
