# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: agents see what they sell, stock users what they send; portal users read tickets, but none of this
SEES = "cc_telephony.group_agent,stock.group_stock_user"


class HelpdeskTicket(models.Model):
    """A sales ticket takes its products from stock, and gives them back when it is sent back."""

    _inherit = "helpdesk.ticket"

    cc_sells = fields.Boolean(related="cc_template_id.cc_sells", groups=SEES)
    cc_line_ids = fields.One2many(
        "cc.ticket.line", "ticket_id", "Products", copy=False, groups=SEES
    )
    cc_sale_ids = fields.One2many("sale.order", "cc_ticket_id", "Orders", groups=SEES)
    cc_return_of_id = fields.Many2one(
        "helpdesk.ticket",
        "Return of",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups=SEES,
    )
    cc_return_picking_ids = fields.One2many(
        "stock.picking", "cc_return_ticket_id", "Returns", groups=SEES
    )
    cc_sale_amount = fields.Monetary(
        "Total",
        compute="_compute_cc_sale_amount",
        currency_field="cc_currency_id",
        groups=SEES,
    )
    cc_currency_id = fields.Many2one(related="company_id.currency_id", groups=SEES)
    cc_stock_state = fields.Selection(
        [
            ("open", "Not taken"),
            ("waiting", "Waiting for stock"),
            ("reserved", "Reserved"),
            ("partial", "Partly delivered"),
            ("delivered", "Delivered"),
            ("restored", "Back in stock"),
            ("returning", "Return expected"),
        ],
        "Stock",
        compute="_compute_cc_stock_state",
        compute_sudo=True,
        groups=SEES,
    )
    cc_delivery_text = fields.Char(
        "Delivery", compute="_compute_cc_stock_state", compute_sudo=True, groups=SEES
    )

    @api.depends("cc_line_ids.amount")
    def _compute_cc_sale_amount(self):
        for ticket in self:
            ticket.cc_sale_amount = sum(ticket.cc_line_ids.mapped("amount"))

    @api.depends("cc_line_ids.sale_line_id.move_ids.state", "cc_line_ids.sold_line_id")
    def _compute_cc_stock_state(self):
        for ticket in self:
            ticket.cc_stock_state = ticket._cc_stock_word()
            pickings = ticket._cc_pickings()
            words = dict(pickings._fields["state"]._description_selection(self.env))
            ticket.cc_delivery_text = ", ".join(
                f"{picking.name}: {words[picking.state]}" for picking in pickings
            )

    def _cc_stock_word(self):
        lines = self.cc_line_ids
        if not lines:
            return False
        if self.cc_return_of_id:
            back = self.cc_return_picking_ids
            return "restored" if back and set(back.mapped("state")) == {"done"} else "returning"
        taken = lines.filtered("sale_line_id")
        if not taken:
            return "open"

        def all_of(done):
            return all(line.uom_id.compare(done(line), line.quantity) >= 0 for line in taken)

        if all(order.state == "cancel" for order in taken.sale_line_id.order_id) or all_of(
            lambda line: line.returned_qty
        ):
            return "restored"
        if all_of(lambda line: line.delivered_qty):
            return "delivered"
        if any(line.delivered_qty for line in taken):
            return "partial"
        if any(not line.uom_id.is_zero(line.waiting_qty) for line in taken):
            return "waiting"
        return "reserved"

    def _cc_pickings(self):
        return (
            self.cc_line_ids.sale_line_id.move_ids.picking_id | self.cc_return_picking_ids
        ).sorted("id")

    def _cc_warehouse(self):
        """:return: where this ticket's products come from"""
        # sudo: cc.ticket.template, stock.warehouse - agents need no stock rights to sell
        template = self.sudo().cc_template_id
        company = self.company_id or self.env.company
        return template.cc_warehouse_id or self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", company.id)], limit=1
        )  # sudo: as above

    # ---- moves of the ticket ----

    def _cc_after_move(self, move):
        """The stock follows the flow. As superuser, see cc_ticket."""
        super()._cc_after_move(move)
        ticket = self
        if not ticket.cc_sells or not ticket.cc_line_ids:
            return
        if ticket.cc_return_of_id:
            if move.kind == "close":
                ticket._cc_bring_back()
            return
        if move.kind == "send_back":
            ticket._cc_restore()
        elif move.kind == ticket.cc_template_id.cc_stock_when:
            ticket._cc_take()

    @api.ondelete(at_uninstall=False)
    def _unlink_with_stock(self):
        """A deleted ticket's goods stay in stock; what was delivered comes back by a return only."""
        for (
            ticket
        ) in self.sudo():  # sudo: sale.order, stock.picking - who may delete it may free its goods
            if ticket.cc_line_ids.filtered("delivered_qty"):
                raise UserError(
                    self.env._(
                        "The goods of ticket %(number)s were delivered. Make a return instead.",
                        number=ticket.number,
                    )
                )
            ticket._cc_restore()
            ticket.cc_sale_ids.write({"cc_ticket_id": False})

    # ---- taking ----

    def _cc_lock_products(self, products):
        """Hold these products until the end of the transaction: the last piece is sold once.

        Odoo's own reservation does not wait for another's, it makes a new line instead.
        """
        if products:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM product_product WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    products.ids,
                )
            )
            self.env["stock.quant"].invalidate_model()

    def _cc_take(self):
        """Sell the lines that have not been taken: an order, its delivery, tasks for what is missing."""
        lines = self.cc_line_ids.filtered(
            lambda line: not line.sale_line_id or line.sale_line_id.order_id.state == "cancel"
        )
        if not lines:
            return
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer before selling."))
        gone = lines.product_id.filtered(lambda product: not product.active)
        if gone:
            raise UserError(
                self.env._(
                    "%(products)s is no longer sold. Remove it from the ticket.",
                    products=", ".join(gone.mapped("display_name")),
                )
            )
        warehouse = self._cc_warehouse()
        if not warehouse:
            raise UserError(self.env._("This company has no warehouse."))
        self._cc_lock_products(lines.product_id)
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "warehouse_id": warehouse.id,
                    "cc_ticket_id": self.id,
                    "origin": self.number,
                    "user_id": self.env.uid,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_uom_qty": line.quantity,
                                "product_uom_id": line.uom_id.id,
                                "price_unit": line.price_unit,
                                "sequence": line.sequence,
                            }
                        )
                        for line in lines
                    ],
                }
            )
        )
        for line, sold in zip(lines, order.order_line, strict=True):
            line.sale_line_id = sold
        order.action_confirm()
        self._cc_reserve(lines)
        lines.invalidate_recordset()
        short = [
            (line, line.waiting_qty)
            for line in lines
            if line.product_id.is_storable and not line.uom_id.is_zero(line.waiting_qty)
        ]
        if self.cc_template_id.cc_stock_how == "deliver":
            self._cc_deliver(order)
        if short:
            self.env["cc.replenishment"]._cc_make(short)

    def _cc_reserve(self, lines):
        """Reserve now what the lines sell, of the lot that was chosen."""
        for line in lines:
            moves = line.sale_line_id.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            if line.lot_id and moves:
                moves._do_unreserve()
                for move in moves:
                    move._update_reserved_quantity(
                        move.product_qty, move.location_id, lot_id=line.lot_id
                    )
                moves._recompute_state()
            else:
                moves._action_assign()

    def _cc_deliver(self, order):
        """Validate what is reserved; the rest waits as a backorder."""
        for picking in order.picking_ids.filtered(
            lambda one: one.state in ("assigned", "confirmed")
        ):
            if any(picking.move_ids.mapped("quantity")):
                picking.move_ids.filtered("quantity").picked = True
                picking.with_context(skip_backorder=True, skip_sms=True)._action_done()

    # ---- giving back ----

    def _cc_restore(self):
        """Everything that this ticket took goes back: freed at once, or by a return if delivered."""
        for order in self.cc_sale_ids.filtered(lambda one: one.state != "cancel"):
            self._cc_lock_products(order.order_line.product_id)
            for picking in order.picking_ids.filtered(lambda one: one.state == "done"):
                left = {
                    move: move.quantity - self._cc_back_of(move)
                    for move in picking.move_ids
                    if move.cc_kind == "normal" and move.state == "done"
                }
                self._cc_return_picking(picking, left)._cc_validate()
            order.with_context(disable_cancel_warning=True)._action_cancel()
        open_tasks = self.env["cc.replenishment"].search(
            [("ticket_id", "in", self.ids), ("state", "=", "open")]
        )
        open_tasks._cc_finish("cancelled")

    @api.model
    def _cc_back_of(self, move):
        """:return: how much of a delivered move is back, or on its way, in the move's unit"""
        return sum(
            back.product_uom._compute_quantity(
                back.quantity if back.state == "done" else back.product_uom_qty,
                move.product_uom,
                round=False,
            )
            for back in move.returned_move_ids
            if back.state != "cancel"
        )

    def _cc_return_picking(self, picking, quantities):
        """A native return.

        :param dict quantities: delivered stock.move → quantity in its unit
        :return: the return's stock.picking, empty when there is nothing to return
        """
        quantities = {
            move: quantity
            for move, quantity in quantities.items()
            if move.product_uom.compare(quantity, 0) > 0
        }
        if not quantities:
            return self.env["stock.picking"]
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
            .create({"picking_id": picking.id})
        )
        for row in wizard.product_return_moves:
            row.quantity = quantities.get(row.move_id, 0.0)
        back = wizard._create_return()
        back.cc_return_ticket_id = self
        return back

    def _cc_bring_back(self):
        """A return ticket is closed: its goods are in stock again."""
        self.cc_return_picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )._cc_validate()

    def action_cc_return(self):
        """Ask what of a delivered sale comes back."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return"),
            "res_model": "cc.stock.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
