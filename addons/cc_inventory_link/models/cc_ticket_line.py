# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class CcTicketLine(models.Model):
    """A product that a ticket sells, or that a return ticket brings back.

    Price, availability and what became of it stand beside it. Once taken from stock a line stays as it is.
    """

    _name = "cc.ticket.line"
    _description = "Product of a ticket"
    _order = "ticket_id, sequence, id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade", copy=False
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("sale_ok", "=", True), ("type", "!=", "combo")],
        check_company=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        "Unit price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount")
    lot_id = fields.Many2one(
        "stock.lot", "Lot / serial", domain="[('product_id', '=', product_id)]", ondelete="restrict"
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", ondelete="set null", readonly=True, copy=False
    )
    sold_line_id = fields.Many2one(
        "cc.ticket.line",
        "Sold with",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Of a return: the line that was sold.",
    )
    free_qty = fields.Float(
        "Available", digits="Product Unit", compute="_compute_free_qty", compute_sudo=True
    )
    delivered_qty = fields.Float(
        "Delivered", digits="Product Unit", compute="_compute_stock", compute_sudo=True
    )
    waiting_qty = fields.Float(
        "Waiting",
        digits="Product Unit",
        compute="_compute_stock",
        compute_sudo=True,
        help="Sold, and not in stock yet.",
    )
    returned_qty = fields.Float(
        "Returned", digits="Product Unit", compute="_compute_stock", compute_sudo=True
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "uom_id", "quantity")
    def _compute_price_unit(self):
        for line in self:
            if not line.product_id:
                line.price_unit = 0.0
                continue
            pricelist = line.ticket_id.partner_id.property_product_pricelist
            if pricelist:
                line.price_unit = pricelist._get_product_price(
                    line.product_id, line.quantity or 1.0, uom=line.uom_id
                )
            else:
                line.price_unit = line.product_id.uom_id._compute_price(
                    line.product_id.lst_price, line.uom_id or line.product_id.uom_id
                )

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends("product_id", "uom_id")
    def _compute_free_qty(self):
        """What may be promised now, in the line's unit; agents see it whatever stock rights they have."""
        for line in self:
            product = line.product_id.with_company(line.company_id or self.env.company)
            warehouse = line.ticket_id._cc_warehouse()
            free = product.with_context(warehouse_id=warehouse.id).free_qty if product else 0.0
            line.free_qty = (
                line.product_id.uom_id._compute_quantity(free, line.uom_id)
                if product and line.uom_id
                else free
            )

    @api.depends(
        "uom_id",
        "sale_line_id.move_ids.state",
        "sale_line_id.move_ids.quantity",
        "sale_line_id.move_ids.product_uom_qty",
    )
    def _compute_stock(self):
        for line in self:
            moves = line.sale_line_id.move_ids
            out = moves.filtered(lambda move: move.location_dest_id.usage == "customer")
            back = moves.filtered(lambda move: move.location_id.usage == "customer")
            line.delivered_qty = line._in_unit(out.filtered(lambda move: move.state == "done"))
            line.returned_qty = line._in_unit(back.filtered(lambda move: move.state == "done"))
            open_moves = out.filtered(lambda move: move.state not in ("done", "cancel"))
            wanted = line._in_unit(open_moves, "product_uom_qty")
            line.waiting_qty = max(wanted - line._in_unit(open_moves), 0.0)

    def _in_unit(self, moves, field="quantity"):
        """:return: the moves' quantity in this line's unit"""
        return sum(
            move.product_uom._compute_quantity(move[field], self.uom_id, round=False)
            for move in moves
        )

    @api.constrains("quantity", "uom_id", "product_id", "lot_id")
    def _check_quantity(self):
        for line in self:
            if line.uom_id.compare(line.quantity, 0) <= 0:
                raise ValidationError(self.env._("The quantity must be greater than zero."))
            if line.product_id.uom_id and not line.uom_id._has_common_reference(
                line.product_id.uom_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be measured in %(unit)s.",
                        product=line.product_id.display_name,
                        unit=line.uom_id.name,
                    )
                )
            if line.lot_id and line.lot_id.product_id != line.product_id:
                raise ValidationError(self.env._("This lot belongs to another product."))
            if line.product_id.tracking == "serial" and line.lot_id and line.quantity != 1:
                raise ValidationError(self.env._("Each serial number stands for one unit."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_guarded(*vals_list)
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_guarded(vals)
            self._check_open()
            if "ticket_id" in vals:
                raise AccessError(self.env._("A product line cannot be moved to another ticket."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        if not self.env.su:
            self._check_open()

    def _check_guarded(self, *vals_list):
        """:raise AccessError: somebody writes what only the flow does"""
        guarded = {"sale_line_id", "sold_line_id"}
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in guarded):
            raise AccessError(
                self.env._("Only the ticket's flow can record what was sold or returned.")
            )

    def _check_open(self):
        """:raise UserError: the products have been taken from stock"""
        if self.env.su:
            return
        if any(line.sale_line_id or line.sold_line_id for line in self):
            raise UserError(
                self.env._(
                    "These products have been taken from stock. Make a return, or another ticket."
                )
            )
        for ticket in self.ticket_id:
            ticket.check_access("write")
