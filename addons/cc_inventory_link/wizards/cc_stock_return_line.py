# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcStockReturnLine(models.TransientModel):
    """How much of one product comes back."""

    _name = "cc.stock.return.line"
    _description = "Product of a return"

    wizard_id = fields.Many2one("cc.stock.return", required=True, ondelete="cascade")
    ticket_line_id = fields.Many2one(
        "cc.ticket.line", "Sold product", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="ticket_line_id.product_id")
    uom_id = fields.Many2one(related="ticket_line_id.uom_id")
    delivered_qty = fields.Float(related="ticket_line_id.delivered_qty")
    left_qty = fields.Float("Can come back", digits="Product Unit", compute="_compute_left_qty")
    quantity = fields.Float("Comes back", digits="Product Unit")

    def _compute_left_qty(self):
        for row in self:
            row.left_qty = row._left()

    def _moves(self):
        # sudo: stock.move - agents have no stock rights; what they learn is how much can come back
        moves_sudo = self.ticket_line_id.sudo().sale_line_id.move_ids
        return moves_sudo.filtered(lambda move: move.cc_kind == "normal" and move.state == "done")

    def _left(self):
        """:return: what was delivered and is neither back nor on its way, in the line's unit"""
        tickets = self.env["helpdesk.ticket"]
        return sum(
            move.product_uom._compute_quantity(
                move.quantity - tickets._cc_back_of(move), self.uom_id, round=False
            )
            for move in self._moves()
        )

    def _spread(self, per_move):
        """Add this row's quantity to the deliveries that it came with, the first ones first.

        :param dict per_move: stock.move → quantity in its unit, filled here
        """
        tickets = self.env["helpdesk.ticket"]
        left = self.quantity
        for move in self._moves():
            there = move.quantity - tickets._cc_back_of(move) - per_move.get(move, 0.0)
            wanted = self.uom_id._compute_quantity(left, move.product_uom, round=False)
            taken = min(there, wanted)
            if taken > 0:
                per_move[move] = per_move.get(move, 0.0) + taken
                left -= move.product_uom._compute_quantity(taken, self.uom_id, round=False)
