# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from math import isfinite

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..utils import check_finite

NUMBERS = ("quantity", "price_unit")


class CcStockInLine(models.TransientModel):
    """One product of a batch that comes in."""

    _name = "cc.stock.in.line"
    _description = "Product of a batch"
    _check_company_auto = True

    wizard_id = fields.Many2one("cc.stock.in", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wizard_id.company_id")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain=[("type", "=", "consu")],
        ondelete="cascade",
        check_company=True,
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
    amount = fields.Monetary(compute="_compute_amount")
    tracking = fields.Selection(related="product_id.tracking")
    lots = fields.Text(
        "Lots / serials", help="One a line; of several lots with their quantity: LOT-7 = 12."
    )

    @api.depends("product_id", "wizard_id.currency_id")
    def _compute_from_product(self):
        for line in self:
            company = line.company_id or self.env.company
            cost = line.product_id.with_company(company).standard_price
            line.uom_id = line.product_id.uom_id
            line.price_unit = company.currency_id._convert(
                cost, line.currency_id or company.currency_id, company
            )

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.model_create_multi
    def create(self, vals_list):
        check_finite(self.env, vals_list, NUMBERS)
        return super().create(vals_list)

    def write(self, vals):
        check_finite(self.env, [vals], NUMBERS)
        return super().write(vals)

    @api.constrains("quantity", "price_unit", "uom_id", "product_id")
    def _check_numbers(self):
        for line in self:
            if line.uom_id.compare(line.quantity, 0) <= 0:
                raise ValidationError(self.env._("The quantity must be greater than zero."))
            if line.price_unit < 0:
                raise ValidationError(self.env._("The price cannot be negative."))
            if line.product_id.type != "consu":
                raise ValidationError(
                    self.env._(
                        "%(product)s is not kept in stock.", product=line.product_id.display_name
                    )
                )
            if not line.uom_id._has_common_reference(line.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be measured in %(unit)s.",
                        product=line.product_id.display_name,
                        unit=line.uom_id.name,
                    )
                )

    def _lots(self):
        """:return: `{lot's name: pieces}`, as typed; empty when what was typed doesn't add up to the quantity"""
        product = self.product_id
        pieces = self.uom_id._compute_quantity(self.quantity, product.uom_id)
        rows = [row.strip() for row in (self.lots or "").splitlines() if row.strip()]
        lots = {}
        for row in rows:
            name, equals, quantity = row.rpartition("=") if "=" in row else (row, "", "")
            try:
                share = float(quantity) if equals else 1.0
            except ValueError:
                return {}
            if product.tracking == "lot" and not equals:
                share = pieces if len(rows) == 1 else 0.0
            lots[name.strip()] = share
        right = (
            len(lots) == len(rows)
            and all(isfinite(share) and share > 0 for share in lots.values())
            and not product.uom_id.compare(sum(lots.values()), pieces)
        )
        if product.tracking == "serial":
            right = right and all(share == 1 for share in lots.values())
        return lots if right else {}

    def _put_lots(self, moves):
        """Name the lots of what comes in. As superuser.

        :raise UserError: a tracked product without lots, or not one serial number a piece
        """
        if self.product_id.tracking == "none":
            return
        lots = self._lots()
        if not lots:
            raise UserError(
                self.env._(
                    "Enter the lots or serial numbers of %(product)s, one per line: a serial number for "
                    "each unit, lots with their quantities (LOT-7 = 12).",
                    product=self.product_id.display_name,
                )
            )
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
                        for name, share in lots.items()
                    ]
                }
            )
