# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, models
from odoo.exceptions import UserError

from ..utils import hold

#: moves by which a ticket goes on: what was added after the taking move is taken with the next of them
LATER = ("feedback", "visit", "close")


class HelpdeskTicketStock(models.Model):
    """How a sales ticket takes its products from stock, and gives them back when it is sent back."""

    _inherit = "helpdesk.ticket"

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
        elif move.kind == "send_back":
            ticket._cc_restore()
        else:
            ticket._cc_take(ticket._cc_lines_to_take(move))

    def _cc_lines_to_take(self, move):
        """:return: the lines that this move takes from stock

        Those that have never been taken: with the template's move, and with every later one by which the
        ticket goes on, when products were added meanwhile. Those that a send-back gave back: when the
        corrected ticket comes to the template's move again, or else is submitted.
        """
        kinds = self._cc_own_moves().mapped("kind")
        when = self.cc_template_id.cc_stock_when
        new = self.cc_line_ids.filtered(lambda line: not line.sale_line_id)
        given_back = self.cc_line_ids.browse()
        if "send_back" in kinds:
            given_back = (self.cc_line_ids - new).filtered(lambda line: not line._is_taken())
        # who accepts what was sent back to them has still to correct it
        if move.kind == when and not (when == "accept" and given_back):
            return new | given_back
        if when in kinds and move.kind == "submit":
            return new | given_back
        if when in kinds and move.kind in LATER:
            return new
        return self.cc_line_ids.browse()

    def _cc_give_rows(self, target):
        """What a merged ticket has not taken yet is sold by the one that goes on.

        :raise UserError: that one sells nothing
        """
        super()._cc_give_rows(target)
        lines = self.cc_line_ids.filtered(lambda line: not (line.sale_line_id or line.sold_line_id))
        if not self.cc_sells or not lines:
            return
        if not target.cc_sells or target.cc_return_of_id:
            raise UserError(
                self.env._("Ticket %(number)s sells no products.", number=target.number)
            )
        for line in lines:
            # with its price: another ticket's would be reckoned anew
            line.write({"ticket_id": target.id, "price_unit": line.price_unit})

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

    def _cc_take(self, lines):
        """Sell these lines: an order, its delivery, tasks for what is missing."""
        if not lines:
            return
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer before selling."))
        gone = lines.product_id.filtered(lambda product: not product.active or not product.sale_ok)
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
        # Odoo's own reservation does not wait for another's, it makes a new line instead
        hold(lines.product_id)
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
        """What is reserved goes out, through all the steps of its warehouse; the rest waits as a backorder."""
        done = order.picking_ids.browse()
        while ready := (order.picking_ids - done).filtered(
            lambda one: one.state in ("assigned", "confirmed")
            and any(one.move_ids.mapped("quantity"))
        ):
            for picking in ready:
                picking.move_ids.filtered("quantity").picked = True
                picking.with_context(skip_backorder=True, skip_sms=True)._action_done()
            done |= ready
            order.invalidate_recordset(["picking_ids"])

    # ---- giving back ----

    def _cc_restore(self):
        """Everything that this ticket took goes back.

        What has not left is free at once. What was delivered comes back by a receipt: booked at once where
        the template delivers at once, else by the warehouse when the goods are there.
        """
        at_once = self.cc_template_id.cc_stock_how == "deliver"
        for order in self.cc_sale_ids.filtered(lambda one: one.state != "cancel"):
            hold(order.order_line.product_id)
            order.with_context(cc_keep_returns=True)._action_cancel()
            for picking in order.picking_ids.filtered(lambda one: one.state == "done"):
                moves = picking.move_ids.filtered(lambda move: move.state == "done")
                delivered = moves.filtered(lambda move: move.cc_kind == "normal")
                left = {move: move.quantity - self._cc_back_of(move) for move in delivered}
                receipt = self._cc_return_picking(picking, left)
                if at_once:
                    receipt._cc_validate()
                # picked, but not gone: back to the shelf
                aside = {
                    move: self._cc_set_aside(move)
                    for move in moves
                    if move.location_final_id.usage == "customer" and not move.cc_kind
                }
                self._cc_return_picking(picking, aside)._cc_validate()
        open_tasks = self.env["cc.replenishment"].search(
            [("ticket_id", "in", self.ids), ("state", "=", "open")]
        )
        open_tasks._cc_finish("cancelled")

    @api.model
    def _cc_set_aside(self, move):
        """:return: how much of a move to the exit stands there still, in the move's unit"""
        gone = sum(
            after.product_uom._compute_quantity(after.quantity, move.product_uom, round=False)
            for after in move.move_dest_ids
            if after.state == "done" and after.location_dest_id.usage == "customer"
        )
        return move.quantity - gone - self._cc_back_of(move)

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

    def _cc_return_picking(self, picking, quantities, lots=None):
        """A native return.

        :param dict quantities: delivered stock.move → quantity in its unit
        :param dict lots: delivered stock.move → the stock.lot that come back of it, a piece each
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
        for move in back.move_ids:
            if chosen := (lots or {}).get(move.origin_returned_move_id):
                move._cc_put_lots(chosen)
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
