# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
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
        product = self.headset.with_company(self.company)
        self.assertAlmostEqual(product.total_value, 7 * 52.0)

    def test_send_back_frees_what_was_not_delivered(self):
        ticket = self.sale([(self.headset, 3)])
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Wrong colour")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertEqual(ticket.cc_stock_state, "restored")
        self.assertEqual(ticket.cc_sale_ids.state, "cancel")

    def test_send_back_after_delivery_returns(self):
        """A return of what was delivered, by Odoo's own return; the journal has both."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        self.assertEqual(self.stock(self.headset), (7, 7))
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "send_back", text="Customer refused it")
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.headset.with_company(self.company).total_value, 520.0)
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.headset.id), ("state", "=", "done"), ("cc_kind", "!=", False)]
        )
        self.assertEqual(sorted(moves.mapped("cc_kind")), ["normal", "restored"])

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
        self.put(self.kettle, 9)
        ticket.cc_sale_ids.picking_ids.action_assign()
        self.env["cc.replenishment"]._cron_close()
        self.assertEqual(task.state, "done")
        self.assertFalse(task.activity_ids)

    def test_the_last_piece_is_held(self):
        """The products are locked while they are taken: in SQL, since another transaction must wait."""
        with self.products_are_locked():
            self.sale([(self.headset, 1)])

    def products_are_locked(self):
        case = self

        class Watch:
            def __enter__(self):
                self.seen = []
                self.execute = case.env.cr.execute

                def execute(query, *args, **kwargs):
                    self.seen.append(str(query))
                    return self.execute(query, *args, **kwargs)

                case.patch(case.env.cr, "execute", execute)

            def __exit__(self, *exc):
                if not exc[0]:
                    locks = [q for q in self.seen if "product_product" in q and "FOR UPDATE" in q]
                    case.assertTrue(locks, "the products were not locked")

        return Watch()

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
