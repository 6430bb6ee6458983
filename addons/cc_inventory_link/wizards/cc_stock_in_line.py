# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CcStockInLine(models.TransientModel):
    """One product of a batch that comes in."""

    _name = "cc.stock.in.line"
    _description = "Product of a batch"

    wizard_id = fields.Many2one("cc.stock.in", required=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("type", "=", "consu")], ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", default=1, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    price_unit = fields.Float(
        "Cost",
        digits="Product Price",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
    )
    lots = fields.Text("Lots / serials", help="One a line.")

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            line.uom_id = line.product_id.uom_id
            line.price_unit = line.product_id.standard_price

    def _put_lots(self, moves):
        """Name the lots of what comes in. As superuser.

        :raise UserError: a tracked product without lots, or not one serial number a piece
        """
        tracking = self.product_id.tracking
        names = [name.strip() for name in (self.lots or "").splitlines() if name.strip()]
        if tracking == "none":
            return
        pieces = self.uom_id._compute_quantity(self.quantity, self.product_id.uom_id)
        if not names or (tracking == "serial" and len(names) != pieces):
            raise UserError(
                self.env._(
                    "Enter the lots or serial numbers of %(product)s, one per line.",
                    product=self.product_id.display_name,
                )
            )
        share = 1.0 if tracking == "serial" else pieces / len(names)
        for move in moves:
            move.move_line_ids.unlink()
            move.write(
                {
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": move.product_id.id,
                                "product_uom_id": move.product_id.uom_id.id,
                                "quantity": share,
                                "lot_name": name,
                                "location_id": move.location_id.id,
                                "location_dest_id": move.location_dest_id.id,
                                "picking_id": move.picking_id.id,
                            }
                        )
                        for name in names
                    ]
                }
            )
