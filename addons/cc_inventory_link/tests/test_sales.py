# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import StockMixin


@tagged("post_install", "-at_install")
class TestSales(StockMixin, TransactionCase):
    """INV-05, INV-06, INV-07: a sales ticket takes from stock and gives back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()

    def test_taken_when_started(self):
        """Ten are there; three are sold: ten on hand, seven free, the order's price is the ticket's."""
        ticket = self.sale([(self.headset, 3)])
        self.assertEqual(self.stock(self.headset), (10, 7))
        self.assertEqual(ticket.cc_stock_state, "reserved")
        self.assertEqual(ticket.cc_sale_amount, 267.0)
        order = ticket.cc_sale_ids
        self.assertEqual((order.state, order.partner_id), ("sale", self.partner))
        self.assertEqual(order.order_line.price_unit, 89.0)

    def test_taken_by_the_template_s_move(self):
        """Which state of the flow takes the products is a setting of the template."""
        self.template.cc_stock_when = "submit"
        ticket = self.sale([(self.headset, 3)])
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertEqual(ticket.cc_stock_state, "open")
        self.do(ticket, self.ann, "submit")
        self.assertEqual(self.stock(self.headset), (10, 7))

    def test_delivered_at_once(self):
        """What is there goes out with the move; value and quantity are what a hand counts: 7 × 52 left."""
        self.template.cc_stock_how = "deliver"
        ticket = self.sale([(self.headset, 3)])
        self.assertEqual(self.stock(self.headset), (7, 7))
        self.assertEqual(ticket.cc_stock_state, "delivered")
        self.assertAlmostEqual(self.value(self.headset), 7 * 52.0)

    def test_delivered_at_once_what_is_there(self):
        """Two of five are there: they go, three wait; nothing is below zero. 2 × 21 = 42 left the stock."""
        self.template.cc_stock_how = "deliver"
        self.put(self.kettle, 2)
        ticket = self.sale([(self.kettle, 5)])
        self.assertEqual(self.stock(self.kettle)[0], 0)
        self.assertAlmostEqual(self.value(self.kettle), 0.0)
        self.assertEqual(self.journal(self.kettle), [("normal", 2, 42.0)])
        self.assertEqual(ticket.cc_stock_state, "partial")
        line = ticket.cc_line_ids
        self.assertEqual((line.delivered_qty, line.waiting_qty), (2, 3))
        task = self.env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual((task.quantity, task.state), (3, "open"))

    def test_added_after_the_start(self):
        """A ticket that was started without products, by the panel's click, takes them with the next move."""
        ticket = self.make_ticket()
        self.env["cc.ticket.line"].with_user(self.ann.user_id).create(
            {"ticket_id": ticket.id, "product_id": self.headset.id, "quantity": 4}
        )
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.do(ticket, self.ann, "submit")
        self.assertEqual(self.stock(self.headset), (10, 6))
        self.assertEqual(ticket.cc_stock_state, "reserved")

    def test_corrected_after_send_back(self):
        """Five were sold, two were meant: what was given back can be corrected, and is sold anew."""
        ticket = self.sale([(self.headset, 5)])
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Two only")
        self.assertFalse(ticket.cc_products_fixed)
        ticket.cc_line_ids.with_user(self.ann.user_id).quantity = 2
        self.do(ticket, self.ann, "accept")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.do(ticket, self.ann, "submit")
        self.assertEqual(self.stock(self.headset), (10, 8))

    def test_sent_back_and_closed(self):
        """The customer doesn't want it any more: closing does not sell what was given back."""
        template = self.make_template(
            "Short sale",
            [
                {
                    "code": code,
                    "name": code,
                    "handler_kind": "creator",
                    "may_close": True,
                    "exit_ids": [Command.create({"condition": "[]", "target": "pack"})] * first,
                }
                for code, first in (("sell", True), ("pack", False))
            ],
            cc_sells=True,
            cc_warehouse_id=self.warehouse.id,
        )
        self.patch(type(self), "template", template)
        ticket = self.sale([(self.headset, 5)])
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ann, "send_back", text="Does not want it")
        self.do(ticket, self.ann, "close")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertEqual(ticket.cc_stock_state, "restored")

    def test_services_are_sold_along(self):
        """An installation is never delivered; with the goods the ticket is delivered all the same."""
        service = self.env["product.product"].create(
            {"name": "Installation", "type": "service", "list_price": 30.0}
        )
        both = self.sale([(self.headset, 1), (service, 1)])
        self.assertEqual(both.cc_stock_state, "reserved")
        self.deliver(both)
        self.assertEqual(both.cc_stock_state, "delivered")
        self.assertEqual(self.sale([(service, 1)]).cc_stock_state, "sold")

    def test_send_back_frees_what_was_not_delivered(self):
        ticket = self.sale([(self.headset, 3)])
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Wrong colour")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertEqual(ticket.cc_stock_state, "restored")
        self.assertEqual(ticket.cc_sale_ids.state, "cancel")

    def test_send_back_after_delivery_waits_for_the_receipt(self):
        """Three of ten are with the customer: 7 × 52 = 364; back by a receipt only: 10 × 52 = 520."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Customer refused it")
        self.assertEqual(self.stock(self.headset), (7, 7))
        self.assertAlmostEqual(self.value(self.headset), 364.0)
        self.assertEqual(ticket.cc_stock_state, "returning")
        self.open_transfers(ticket)._cc_validate()
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(ticket.cc_stock_state, "restored")
        self.assertEqual(self.journal(self.headset), [("normal", 3, 156.0), ("restored", 3, 156.0)])

    def test_send_back_after_delivery_at_once(self):
        """Where what is sold goes out at once it comes back at once, by Odoo's own return."""
        self.template.cc_stock_how = "deliver"
        ticket = self.sale([(self.headset, 3)])
        self.assertEqual(self.stock(self.headset), (7, 7))
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Customer refused it")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(ticket.cc_stock_state, "restored")

    def test_sold_again_after_send_back(self):
        """The same lines are taken anew when the flow comes to the move again."""
        self.template.cc_stock_when = "submit"
        ticket = self.sale([(self.headset, 3)])
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Address is missing")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.do(ticket, self.ann, "accept")
        self.do(ticket, self.ann, "submit")
        self.assertEqual(self.stock(self.headset), (10, 7))
        self.assertEqual(len(ticket.cc_sale_ids.filtered(lambda one: one.state == "sale")), 1)

    def test_without_stock(self):
        """Two are there, five are sold: allowed; a task for three, told to the keeper, in Odoo's own list."""
        self.put(self.kettle, 2)
        ticket = self.sale([(self.kettle, 5)])
        self.assertEqual(ticket.cc_stock_state, "waiting")
        self.assertEqual(ticket.cc_line_ids.waiting_qty, 3)
        task = self.env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual((task.quantity, task.state), (3, "open"))
        self.assertEqual(task.activity_ids.user_id, self.keeper)
        self.assertEqual(task.orderpoint_id.product_id, self.kettle)
        self.assertEqual(task.orderpoint_id.trigger, "manual")
        # Odoo's own list asks for the three that are missing
        self.assertEqual(task.orderpoint_id.qty_to_order, 3)
        self.put(self.kettle, 9)
        ticket.cc_sale_ids.picking_ids.action_assign()
        self.env["cc.replenishment"]._cron_close()
        self.assertEqual(task.state, "done")
        self.assertFalse(task.activity_ids)

    def test_units(self):
        """A dozen of what is counted in pieces: twelve."""
        self.put(self.headset, 30)
        ticket = self.sale(
            [(self.headset, 2, {"uom_id": self.env.ref("uom.product_uom_dozen").id})]
        )
        self.assertEqual(self.stock(self.headset), (30, 6))
        self.assertEqual(ticket.cc_line_ids.price_unit, 89.0 * 12)

    def test_wrong_quantities(self):
        for quantity in (0, -1):
            with self.subTest(quantity=quantity), self.assertRaises(ValidationError):
                self.sale([(self.headset, quantity)], start=False)
        with self.assertRaises(ValidationError):
            kilo = self.env.ref("uom.product_uom_kgm")
            self.sale([(self.headset, 1, {"uom_id": kilo.id})], start=False)

    def test_serial_number(self):
        """The very piece that was chosen is reserved."""
        one, two = self.env["stock.lot"].create(
            [
                {"name": name, "product_id": self.phone.id, "company_id": self.company.id}
                for name in ("SN1", "SN2")
            ]
        )
        self.put(self.phone, 1, one)
        self.put(self.phone, 1, two)
        ticket = self.sale([(self.phone, 1, {"lot_id": two.id})])
        self.assertEqual(ticket.cc_sale_ids.picking_ids.move_line_ids.lot_id, two)

    def test_archived_in_mid_sale(self):
        ticket = self.sale([(self.headset, 1)], start=False)
        self.headset.active = False
        with self.assertRaisesRegex(UserError, "no longer sold"):
            self.do(ticket, self.ann, "start")

    def test_no_customer(self):
        ticket = self.sale([(self.headset, 1)], start=False)
        ticket.sudo().partner_id = False
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            self.do(ticket, self.ann, "start")

    def test_lines_are_fixed_once_taken(self):
        ticket = self.sale([(self.headset, 1)])
        line = ticket.cc_line_ids.with_user(self.ann.user_id)
        with self.assertRaisesRegex(UserError, "taken from stock"):
            line.quantity = 5
        with self.assertRaisesRegex(UserError, "taken from stock"):
            line.unlink()

    def test_who_may(self):
        """Cai of Sales sees and touches nothing of Service's ticket; Ann does."""
        ticket = self.sale([(self.headset, 1)], start=False)
        line = ticket.cc_line_ids
        self.assertEqual(line.with_user(self.ann.user_id).free_qty, 10)
        with self.assertRaises(AccessError):
            line.with_user(self.cai.user_id).read(["quantity"])
        with self.assertRaises(AccessError):
            self.env["cc.ticket.line"].with_user(self.cai.user_id).create(
                {"ticket_id": ticket.id, "product_id": self.headset.id}
            )
        with self.assertRaises(AccessError):
            line.with_user(self.ann.user_id).sale_line_id = (
                self.env["sale.order.line"].search([], limit=1) or 1
            )

    def test_deleted_draft_frees_nothing_and_goes(self):
        ticket = self.sale([(self.headset, 1)], start=False)
        ticket.with_user(self.ann.user_id).unlink()
        self.assertEqual(self.stock(self.headset), (10, 10))

    def test_ticket_that_took_is_not_deleted(self):
        """Whether its goods were sent or only reserved: it is closed, sent back or returned, never lost."""
        reserved, sent = (self.sale([(self.headset, 2)]) for _ in range(2))
        self.deliver(sent)
        for ticket in (reserved, sent):
            with self.subTest(ticket=ticket), self.assertRaises(UserError):
                ticket.sudo().unlink()
        self.assertEqual(self.stock(self.headset), (8, 6))

    def test_negative_stock_is_put_right_by_an_inventory(self):
        """Sold and sent without being there: minus five; the inventory says four: four, of which none is promised."""
        ticket = self.sale([(self.kettle, 5)])
        self.deliver(ticket)
        self.assertEqual(self.stock(self.kettle), (-5, -5))
        self.put(self.kettle, 4)
        self.assertEqual(self.stock(self.kettle), (4, 4))
        self.assertEqual(ticket.cc_stock_state, "delivered")
