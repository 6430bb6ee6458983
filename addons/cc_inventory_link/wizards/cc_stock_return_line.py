# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import check_finite


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
    tracking = fields.Selection(related="product_id.tracking")
    out_lot_ids = fields.Many2many(
        "stock.lot", string="With the customer", compute="_compute_left_qty", compute_sudo=True
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "cc_stock_return_line_lot_rel",
        string="Serial numbers",
        domain="[('id', 'in', out_lot_ids)]",
        help="Which pieces come back; all that were delivered if empty.",
    )
    delivered_qty = fields.Float(related="ticket_line_id.delivered_qty")
    left_qty = fields.Float(
        "Can come back", digits="Product Unit", compute="_compute_left_qty", compute_sudo=True
    )
    quantity = fields.Float("Comes back", digits="Product Unit")

    @api.model_create_multi
    def create(self, vals_list):
        check_finite(self.env, vals_list, ["quantity"])
        return super().create(vals_list)

    def write(self, vals):
        check_finite(self.env, [vals], ["quantity"])
        return super().write(vals)

    @api.constrains("ticket_line_id")
    def _check_ticket_line(self):
        # Odoo checks as superuser; whoever may read the sale may see what of it can come back
        self.ticket_line_id.ticket_id.sudo(False).check_access("read")

    def _compute_left_qty(self):
        for row in self:
            row.left_qty = row._left()
            row.out_lot_ids = row._lots_out()

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

    def _lots_out(self):
        """:return: the stock.lot of this sale that are with the customer"""
        moves_sudo = self._moves()
        back_sudo = moves_sudo.returned_move_ids.filtered(lambda move: move.state != "cancel")
        return moves_sudo.move_line_ids.lot_id - back_sudo.move_line_ids.lot_id

    def _check_lots(self):
        """:raise UserError: it isn't said which pieces come back"""
        if self.tracking != "serial":
            return
        pieces = self.uom_id._compute_quantity(self.quantity, self.product_id.uom_id, round=False)
        out = self._lots_out()
        # sudo: stock.lot - agents from whom the sight of stock was taken still take goods back
        row_sudo = self.sudo()
        if not row_sudo.lot_ids and self.product_id.uom_id.compare(pieces, len(out)) == 0:
            row_sudo.lot_ids = out
        if row_sudo.lot_ids - out:
            raise UserError(
                self.env._(
                    "The customer does not have %(numbers)s.",
                    numbers=", ".join((row_sudo.lot_ids - out).sudo(False).mapped("name")),
                )
            )
        if self.product_id.uom_id.compare(pieces, len(row_sudo.lot_ids)):
            raise UserError(
                self.env._(
                    "Choose which serial numbers of %(product)s are returned.",
                    product=self.product_id.display_name,
                )
            )

    def _spread(self, per_move, lots):
        """Add this row's quantity to the deliveries that it came with, the first ones first.

        :param dict per_move: stock.move → quantity in its unit, filled here
        :param dict lots: stock.move → the stock.lot that come back of it, filled here
        """
        tickets = self.env["helpdesk.ticket"]
        if self.tracking == "serial":
            for move in self._moves():
                if chosen := move.move_line_ids.lot_id & self.sudo().lot_ids:  # sudo: as `_moves`
                    lots[move] = chosen
                    per_move[move] = move.product_id.uom_id._compute_quantity(
                        len(chosen), move.product_uom, round=False
                    )
            return
        left = self.quantity
        for move in self._moves():
            there = move.quantity - tickets._cc_back_of(move) - per_move.get(move, 0.0)
            wanted = self.uom_id._compute_quantity(left, move.product_uom, round=False)
            taken = min(there, wanted)
            if taken > 0:
                per_move[move] = per_move.get(move, 0.0) + taken
                left -= move.product_uom._compute_quantity(taken, self.uom_id, round=False)
