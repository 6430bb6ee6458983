# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..utils import check_finite
from .helpdesk_ticket import MOST, SEES

NUMBERS = ("quantity", "price_unit")


class CcTicketLine(models.Model):
    """A product that a ticket sells, or that a return ticket brings back.

    Price, availability and what became of it stand beside it. Once taken from stock a line stays as it is.
    """

    _name = "cc.ticket.line"
    _description = "Product of a ticket"
    _order = "ticket_id, sequence, id"
    _check_company_auto = True

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
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True, help="Of the price."
    )
    amount = fields.Monetary(compute="_compute_amount")
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot / serial",
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
        check_company=True,
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
        "Available",
        digits="Product Unit",
        compute="_compute_free_qty",
        compute_sudo=True,
        groups=SEES,
    )
    delivered_qty = fields.Float(
        "Delivered",
        digits="Product Unit",
        compute="_compute_stock",
        compute_sudo=True,
        groups=SEES,
    )
    waiting_qty = fields.Float(
        "Waiting",
        digits="Product Unit",
        compute="_compute_stock",
        compute_sudo=True,
        groups=SEES,
        help="Sold, and not in stock yet.",
    )
    returned_qty = fields.Float(
        "Returned",
        digits="Product Unit",
        compute="_compute_stock",
        compute_sudo=True,
        groups=SEES,
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "uom_id", "quantity", "ticket_id.partner_id")
    def _compute_price_unit(self):
        for line in self:
            # what was agreed on stays, also when the customer is changed afterwards
            if line._is_taken() or line.sold_line_id:
                line.price_unit = line.price_unit
            else:
                line.price_unit = line.ticket_id._cc_price(
                    line.product_id, line.quantity, line.uom_id
                )

    @api.depends("ticket_id.partner_id", "sale_line_id", "sold_line_id")
    def _compute_currency_id(self):
        for line in self:
            sold = line.sale_line_id or line.sold_line_id.sale_line_id
            line.currency_id = sold.currency_id or line.ticket_id._cc_price_currency()

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends("product_id", "uom_id", "ticket_id.cc_template_id")
    def _compute_free_qty(self):
        """What may be promised now, in the line's unit; agents see it whatever stock rights they have."""
        for line in self:
            line.free_qty = line.ticket_id._cc_free(line.product_id, line.uom_id)

    @api.depends(
        "uom_id",
        "sale_line_id.move_ids.state",
        "sale_line_id.move_ids.quantity",
        "sale_line_id.move_ids.product_uom_qty",
    )
    def _compute_stock(self):
        for line in self:
            moves = line.sale_line_id.move_ids
            done = moves.filtered(lambda move: move.state == "done")
            line.delivered_qty = line._in_unit(
                done.filtered(lambda move: move.location_dest_id.usage == "customer")
            )
            line.returned_qty = line._in_unit(
                done.filtered(lambda move: move.location_id.usage == "customer")
            )
            # what has to leave the shelf: the first of several steps, what comes after it waits for it only
            leaving = moves.filtered(
                lambda move: move.state not in ("done", "cancel")
                and not move.move_orig_ids
                and (move.location_final_id or move.location_dest_id).usage == "customer"
            )
            wanted = line._in_unit(leaving, "product_uom_qty")
            line.waiting_qty = max(wanted - line._in_unit(leaving), 0.0)

    def _in_unit(self, moves, field="quantity"):
        """:return: the moves' quantity in this line's unit"""
        return sum(
            move.product_uom._compute_quantity(move[field], self.uom_id, round=False)
            for move in moves
        )

    @api.constrains("quantity", "price_unit")
    def _check_numbers(self):
        for line in self:
            if line.uom_id.compare(line.quantity, 0) <= 0:
                raise ValidationError(self.env._("The quantity must be greater than zero."))
            if line.quantity > MOST:
                raise ValidationError(self.env._("The quantity cannot exceed %(most)s.", most=MOST))
            if line.price_unit < 0:
                raise ValidationError(self.env._("The price cannot be negative."))

    @api.constrains("quantity", "uom_id", "product_id", "lot_id")
    def _check_product(self):
        for line in self:
            product = line.product_id
            if not line.sold_line_id and (not product.sale_ok or product.type == "combo"):
                raise ValidationError(
                    self.env._("%(product)s is not for sale.", product=product.display_name)
                )
            if product.uom_id and not line.uom_id._has_common_reference(product.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be measured in %(unit)s.",
                        product=product.display_name,
                        unit=line.uom_id.name,
                    )
                )
            if line.lot_id and line.lot_id.product_id != product:
                raise ValidationError(self.env._("This lot belongs to another product."))
            pieces = line.uom_id._compute_quantity(line.quantity, product.uom_id, round=False)
            if product.tracking == "serial":
                if line.lot_id and product.uom_id.compare(pieces, 1):
                    raise ValidationError(self.env._("Each serial number stands for one unit."))
                if product.uom_id.compare(pieces, round(pieces)):
                    raise ValidationError(
                        self.env._(
                            "%(product)s is tracked by serial number. Enter whole units only.",
                            product=product.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        check_finite(self.env, vals_list, NUMBERS)
        self._check_guarded(*vals_list)
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        check_finite(self.env, [vals], NUMBERS)
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

    def _is_taken(self):
        """:return: whether this line's goods are reserved, or with the customer"""
        line_sudo = self.sudo()  # sudo: sale.order.line - agents have no sales rights
        sold = line_sudo.sale_line_id
        return bool(sold) and (
            sold.order_id.state != "cancel"
            or line_sudo.uom_id.compare(line_sudo.delivered_qty, line_sudo._given_back()) > 0
        )

    def _given_back(self):
        """:return: how much of what was delivered is back or on its way, in the line's unit"""
        ticket = self.ticket_id
        return sum(
            move.product_uom._compute_quantity(ticket._cc_back_of(move), self.uom_id, round=False)
            for move in self.sale_line_id.move_ids
            if move.cc_kind == "normal" and move.state == "done"
        )

    def _check_open(self):
        """:raise UserError: the products have been taken from stock, or the ticket sells nothing"""
        if self.env.su:
            return
        if any(line.sold_line_id or line._is_taken() for line in self):
            raise UserError(
                self.env._(
                    "These products have been taken from stock. Make a return, or another ticket."
                )
            )
        for ticket in self.ticket_id:
            ticket.check_access("write")
            if not ticket.cc_sells or ticket.cc_return_of_id:
                raise UserError(
                    self.env._("Ticket %(number)s sells no products.", number=ticket.number)
                )
