# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import StockMixin


@tagged("post_install", "-at_install")
class TestWithstand(StockMixin, TransactionCase):
    """INV-05 to INV-07: what happens in real warehouses, and what somebody tries who is not meant to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()

    def send_back(self, ticket):
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Not wanted")

    # ---- partly delivered (S03) ----

    def test_sent_back_after_partial_delivery(self):
        """Ten of ten ordered, six gone: four free at once, six by a receipt. 4 × 52 = 208, then 520."""
        ticket = self.sale([(self.headset, 10)])
        self.deliver_part(ticket, 6)
        self.assertEqual(self.stock(self.headset), (4, 0))
        self.assertEqual(ticket.cc_stock_state, "partial")
        self.send_back(ticket)
        self.assertEqual(self.stock(self.headset), (4, 4))
        self.assertAlmostEqual(self.value(self.headset), 208.0)
        receipt = self.open_transfers(ticket)
        self.assertEqual(receipt.picking_type_code, "incoming")
        self.assertEqual(receipt.move_ids.product_uom_qty, 6)
        receipt._cc_validate()
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(self.journal(self.headset), [("normal", 6, 312.0), ("restored", 6, 312.0)])
        self.assertFalse(self.open_transfers(ticket))

    def test_order_cancelled_after_partial_delivery(self):
        """Cancelled in Sales: the rest is free, what is gone is gone, and the ticket says so."""
        ticket = self.sale([(self.headset, 10)])
        self.deliver_part(ticket, 6)
        ticket.cc_sale_ids._action_cancel()
        self.assertEqual(self.stock(self.headset), (4, 4))
        self.assertAlmostEqual(self.value(self.headset), 208.0)
        self.assertEqual(ticket.cc_stock_state, "partial")
        self.assertFalse(self.open_transfers(ticket))
        # what is with the customer is not sold once more, and its line stays as it is
        self.do(ticket, self.ann, "submit")
        self.assertEqual(self.stock(self.headset), (4, 4))
        with self.assertRaisesRegex(UserError, "taken from stock"):
            ticket.cc_line_ids.with_user(self.ann.user_id).unlink()
        self.assertTrue(ticket.cc_returnable)

    def test_sent_back_while_a_return_is_on_its_way(self):
        """Two of six come back by a sub-ticket already: the send-back asks for the other four only."""
        ticket = self.sale([(self.headset, 6)])
        self.deliver(ticket)
        wizard = (
            self.env["cc.stock.return"]
            .with_user(self.ann.user_id)
            .create({"ticket_id": ticket.id, "reason": "Two are broken"})
        )
        wizard.line_ids.quantity = 2
        child = self.env["helpdesk.ticket"].browse(wizard.action_return()["res_id"])
        self.send_back(ticket)
        self.assertEqual(ticket.cc_return_picking_ids.move_ids.product_uom_qty, 4)
        ticket.cc_return_picking_ids._cc_validate()
        self.assertEqual(self.stock(self.headset), (8, 8))
        self.assertEqual(ticket.cc_stock_state, "returning")
        child.cc_return_picking_ids._cc_validate()
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(ticket.cc_stock_state, "restored")

    # ---- several steps, warehouses, companies (S07) ----

    def test_two_steps(self):
        """Picked, then sent: missing pieces are noticed at the first step; a send-back empties the exit."""
        self.warehouse.delivery_steps = "pick_ship"
        self.put(self.kettle, 2)
        ticket = self.sale([(self.kettle, 5)])
        self.assertEqual(ticket.cc_stock_state, "waiting")
        self.assertEqual(ticket.cc_line_ids.waiting_qty, 3)
        task = self.env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(task.quantity, 3)
        self.put(self.headset, 10)
        other = self.sale([(self.headset, 4)])
        self.open_transfers(other)._cc_validate()  # picked
        self.assertEqual(other.cc_stock_state, "reserved")
        self.assertEqual(other.cc_line_ids.free_qty, 6)
        self.send_back(other)
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertEqual(other.cc_line_ids.free_qty, 10)
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(self.journal(self.headset), [])
        self.assertEqual(other.cc_stock_state, "restored")

    def test_two_steps_at_once(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.template.cc_stock_how = "deliver"
        ticket = self.sale([(self.headset, 4)])
        self.assertEqual(ticket.cc_stock_state, "delivered")
        self.assertEqual(self.stock(self.headset), (6, 6))
        self.assertEqual(self.journal(self.headset), [("normal", 4, 208.0)])

    def test_warehouses_and_companies(self):
        """A has ten here, ten there and five that are not for sale, B has five: each is its own."""
        env = self.env
        other_warehouse = env["stock.warehouse"].create(
            {"name": "Second", "code": "W2", "company_id": self.company.id}
        )
        other_company = env["res.company"].create({"name": "Company B"})
        theirs = env["stock.warehouse"].search([("company_id", "=", other_company.id)], limit=1)
        aside = env["stock.location"].create(
            {
                "name": "Not for sale",
                "usage": "internal",
                "location_id": self.warehouse.view_location_id.id,
                "company_id": self.company.id,
            }
        )
        shared = env["product.product"].create(
            {"name": "Shared", "is_storable": True, "list_price": 5.0}
        )
        quants = env["stock.quant"].with_context(inventory_mode=True)
        for location, count in (
            (self.warehouse.lot_stock_id, 10),
            (other_warehouse.lot_stock_id, 10),
            (aside, 5),
            (theirs.lot_stock_id, 5),
        ):
            quants.with_company(location.company_id).create(
                {
                    "product_id": shared.id,
                    "location_id": location.id,
                    "inventory_quantity": count,
                }
            ).action_apply_inventory()
        ticket = self.sale([(shared, 12)], start=False)
        line = ticket.cc_line_ids
        self.assertEqual(line.free_qty, 10)
        self.template.cc_warehouse_id = other_warehouse
        self.env.invalidate_all()
        self.assertEqual(line.free_qty, 10)
        both = [self.company.id, other_company.id]
        self.ann.user_id.company_ids = [Command.set(both)]
        as_both = line.with_user(self.ann.user_id).with_context(allowed_company_ids=both)
        self.assertEqual(as_both.free_qty, 10)
        self.do(ticket, self.ann, "start")
        order = ticket.cc_sale_ids
        self.assertEqual(order.warehouse_id, other_warehouse)
        self.assertEqual(order.picking_ids.company_id, self.company)
        task = env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual((task.quantity, task.warehouse_id), (2, other_warehouse))
        self.assertEqual(task.company_id, self.company)
        here = shared.with_company(self.company).with_context(
            location=self.warehouse.lot_stock_id.id
        )
        there = shared.with_company(other_company).with_context(location=theirs.lot_stock_id.id)
        self.assertEqual((here.free_qty, there.free_qty), (10, 5))
        # a template for all companies does not make B's tickets sell from A's shelf
        self.assertEqual(self.template._cc_warehouse_of(other_company), theirs)
        with self.assertRaisesRegex(ValidationError, "different companies"):
            self.template.cc_warehouse_id = theirs
        with self.assertRaises(UserError):
            theirs_only = env["product.product"].create(
                {"name": "Theirs", "company_id": other_company.id}
            )
            self.sale([(theirs_only, 1)], start=False)

    # ---- units, lots ----

    def test_lots_of_a_batch(self):
        """Twelve of lot L1, eight of L2; a sale of L2's pieces leaves L1 whole."""
        paper = self.env["product.product"].create(
            {"name": "Paper", "is_storable": True, "tracking": "lot", "standard_price": 3.0}
        )
        one, two = self.env["stock.lot"].create(
            [
                {"name": name, "product_id": paper.id, "company_id": self.company.id}
                for name in ("L1", "L2")
            ]
        )
        self.put(paper, 12, one)
        self.put(paper, 8, two)
        ticket = self.sale([(paper, 5, {"lot_id": two.id})])
        self.assertEqual(ticket.cc_sale_ids.picking_ids.move_line_ids.lot_id, two)
        self.assertEqual((one.product_qty, two.product_qty), (12, 8))
        self.deliver(ticket)
        self.env.invalidate_all()
        self.assertEqual((one.product_qty, two.product_qty), (12, 3))
        self.assertAlmostEqual(self.value(paper), 15 * 3.0)

    def test_the_same_serial_twice(self):
        """The second sale of one very piece waits for it; it is never reserved twice."""
        lot = self.env["stock.lot"].create(
            {"name": "ONLY", "product_id": self.phone.id, "company_id": self.company.id}
        )
        self.put(self.phone, 1, lot)
        first, second = (self.sale([(self.phone, 1, {"lot_id": lot.id})]) for _ in range(2))
        self.assertEqual((first.cc_stock_state, second.cc_stock_state), ("reserved", "waiting"))
        self.assertEqual(self.stock(self.phone), (1, 0))

    def test_half_a_serial_piece(self):
        with self.assertRaisesRegex(ValidationError, "whole units"):
            self.sale([(self.phone, 1.5)], start=False)

    # ---- prices ----

    def test_price_in_the_customers_currency(self):
        """The customer's list is in another currency: the ticket says so, and so does the order."""
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [("id", "!=", self.company.currency_id.id), ("name", "in", ("EUR", "USD", "CNY"))],
                limit=1,
            )
        )
        other.active = True
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Abroad",
                "currency_id": other.id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "fixed",
                            "fixed_price": 77.0,
                        }
                    )
                ],
            }
        )
        self.partner.with_company(self.company).specific_property_product_pricelist = pricelist
        ticket = self.sale([(self.headset, 2)])
        line = ticket.cc_line_ids
        self.assertEqual((line.price_unit, line.currency_id), (77.0, other))
        self.assertEqual((ticket.cc_sale_amount, ticket.cc_currency_id), (154.0, other))
        order = ticket.cc_sale_ids
        self.assertEqual((order.currency_id, order.amount_untaxed), (other, 154.0))

    # ---- hostile values ----

    def test_hostile_numbers(self):
        for values in (
            {"quantity": float("nan")},
            {"quantity": float("inf")},
            {"quantity": 1e12},
            {"price_unit": -1},
            {"price_unit": float("nan")},
            {"price_unit": float("-inf")},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.sale([(self.headset, 1, values)], start=False)

    def test_not_for_sale(self):
        hidden = self.env["product.product"].create({"name": "Ours", "sale_ok": False})
        part = self.env["product.product"].create({"name": "Part of a set"})
        choice = self.env["product.combo"].create(
            {
                "name": "One of",
                "combo_item_ids": [Command.create({"product_id": part.id})],
            }
        )
        combo = self.env["product.product"].create(
            {"name": "Set", "type": "combo", "combo_ids": [Command.set(choice.ids)]}
        )
        for product in (hidden, combo):
            with (
                self.subTest(product=product.name),
                self.assertRaisesRegex(ValidationError, "not for sale"),
            ):
                self.sale([(product, 1)], start=False)
        ticket = self.sale([(self.headset, 1)], start=False)
        self.headset.sale_ok = False
        with self.assertRaisesRegex(UserError, "no longer sold"):
            self.do(ticket, self.ann, "start")

    def test_links_are_the_flows(self):
        """Nobody ties their ticket to another's order, line, return or transfer: by any door."""
        sold = self.sale([(self.headset, 3)])
        self.deliver(sold)
        order_line = sold.cc_line_ids.sale_line_id
        tickets = self.env["helpdesk.ticket"].with_user(self.cai.user_id)
        product = {"product_id": self.headset.id, "quantity": 1}
        base = {"cc_template_id": self.template.id, "name": "Mine", "partner_id": self.partner.id}
        for values in (
            {"cc_line_ids": [Command.create({**product, "sale_line_id": order_line.id})]},
            {"cc_line_ids": [Command.create({**product, "sold_line_id": sold.cc_line_ids.id})]},
            {"cc_line_ids": [Command.link(sold.cc_line_ids.id)]},
            {"cc_line_ids": [Command.set(sold.cc_line_ids.ids)]},
            {"cc_sale_ids": [Command.link(sold.cc_sale_ids.id)]},
            {"cc_return_of_id": sold.id},
            {"cc_return_picking_ids": [Command.link(sold.cc_sale_ids.picking_ids.id)]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                tickets.create({**base, **values})
        mine = tickets.create({**base, "cc_line_ids": [Command.create(product)]})
        for values in (
            {"cc_return_of_id": sold.id},
            {"cc_sale_ids": [Command.link(sold.cc_sale_ids.id)]},
            {"cc_line_ids": [Command.link(sold.cc_line_ids.id)]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)
        self.assertEqual(sold.cc_line_ids.ticket_id, sold)

    def test_lines_where_nothing_is_sold(self):
        complaint = self.make_template(
            "Complaint again", [{"code": "a", "name": "A", "handler_kind": "creator"}]
        )
        ticket = self.make_ticket(start=False, cc_template_id=complaint.id)
        with self.assertRaisesRegex(UserError, "sells no products"):
            self.env["cc.ticket.line"].with_user(self.ann.user_id).create(
                {"ticket_id": ticket.id, "product_id": self.headset.id}
            )

    def test_merged_with_products(self):
        """What was not taken yet goes on with the other ticket, at its price; one that can't sell is refused."""
        target, source = self.sale([(self.headset, 1)]), self.sale([(self.headset, 2)])
        later = self.env["cc.ticket.line"].with_user(self.ann.user_id)
        later = later.create(
            {
                "ticket_id": source.id,
                "product_id": self.kettle.id,
                "quantity": 1,
                "price_unit": 30,
            }
        )
        complaint = self.make_template(
            "Complaint once more", [{"code": "a", "name": "A", "handler_kind": "creator"}]
        )
        other = self.make_ticket(cc_template_id=complaint.id)
        with self.assertRaisesRegex(UserError, "sells no products"), self.cr.savepoint():
            self.do(source, self.ann, "merge", number=other.number)
        self.do(source, self.ann, "merge", number=target.number)
        self.assertEqual((later.ticket_id, later.price_unit), (target, 30))
        self.assertEqual(source.cc_line_ids.product_id, self.headset)
        self.do(target, self.ann, "submit")
        self.assertTrue(later.sudo().sale_line_id)
        self.assertEqual(self.stock(self.headset), (10, 7))

    def test_merged_ticket_takes_by_its_own_moves(self):
        """What a merged ticket did, the one that goes on has not done: its products wait for its own move."""
        template = self.make_template(
            "Sale by steps",
            [
                {
                    "code": "sell",
                    "name": "Take the order",
                    "handler_kind": "creator",
                    "may_feedback": True,
                    "exit_ids": [Command.create({"condition": "[]", "target": "pack"})],
                },
                {"code": "pack", "name": "Pack", "handler_department_id": self.service.id},
            ],
            cc_sells=True,
            cc_warehouse_id=self.warehouse.id,
            cc_stock_when="submit",
        )
        target, source = (self.make_ticket(cc_template_id=template.id) for _ in range(2))
        line = self.env["cc.ticket.line"].with_user(self.ann.user_id)
        line = line.create({"ticket_id": target.id, "product_id": self.headset.id, "quantity": 1})
        self.do(source, self.ann, "submit")
        self.do(source, self.lea, "merge", number=target.number)
        self.assertIn("submit", target.cc_move_ids.mapped("kind"))
        self.do(target, self.ann, "feedback", text="They want it")
        self.assertFalse(line.sudo().sale_line_id)
        self.do(target, self.ben, "accept")
        self.do(target, self.ben, "submit")
        self.assertTrue(line.sudo().sale_line_id)

    def test_archived_reordering_rule(self):
        """Odoo allows one rule a product and place, archived or not: the archived one is used again."""
        rule = self.env["cc.replenishment"]._cc_orderpoint(self.kettle, self.warehouse)
        rule.active = False
        ticket = self.sale([(self.kettle, 1)])
        task = self.env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(task.orderpoint_id, rule)
        self.assertTrue(rule.active)
