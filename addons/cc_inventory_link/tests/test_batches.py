# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from .common import StockMixin


@tagged("post_install", "-at_install")
class TestBatches(StockMixin, TransactionCase):
    """INV-01 to INV-04: batches in, paid, sent back; the journal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()

    def batch(self, product, quantity, cost, bill=True, **line):
        wizard = (
            self.env["cc.stock.in"]
            .with_user(self.keeper)
            .with_company(self.company)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "warehouse_id": self.warehouse.id,
                    "make_bill": bill,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "quantity": quantity,
                                "price_unit": cost,
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        return self.env["stock.picking"].browse(wizard.action_receive()["res_id"])

    def pay(self, batches):
        action = batches.with_user(self.finance).with_company(self.company).action_cc_pay()
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.finance)
            .with_company(self.company)
            .with_context(**action["context"])
            .create({"group_payment": True})
        )
        return wizard.action_create_payments()

    def test_stock_in(self):
        """20 kettles at 21.5: on hand, worth 430, unpaid, its own number."""
        batch = self.batch(self.kettle, 20, 21.5)
        self.assertEqual(self.stock(self.kettle), (20, 20))
        self.assertAlmostEqual(self.kettle.with_company(self.company).total_value, 430.0)
        self.assertEqual((batch.state, batch.cc_paid), ("done", "unpaid"))
        self.assertTrue(batch.name)
        self.assertEqual(batch.cc_bill_ids.amount_untaxed, 430.0)
        self.assertEqual(batch.move_ids.cc_kind, "stock_in")

    def test_several_paid_at_once(self):
        """Three unpaid batches of one vendor: all preselected, one payment, date and method shown."""
        batches = self.env["stock.picking"]
        for quantity in (1, 2, 3):
            batches |= self.batch(self.kettle, quantity, 10)
        paid = self.batch(self.kettle, 1, 10, bill=False)
        self.assertEqual(paid.cc_paid, "no_bill")
        action = (
            self.env["stock.picking"]
            .with_user(self.finance)
            .with_company(self.company)
            .action_cc_pay_all()
        )
        chosen = self.env["account.move.line"].browse(action["context"]["active_ids"])
        self.assertEqual(chosen.move_id & batches.cc_bill_ids, batches.cc_bill_ids)
        self.pay(batches)
        self.assertEqual(set(batches.mapped("cc_paid")), {"paid"})
        payments = (
            batches.cc_bill_ids.reconciled_payment_ids | batches.cc_bill_ids.matched_payment_ids
        )
        self.assertEqual(len(payments), 1)
        self.assertEqual(batches[0].cc_paid_on, payments.date)
        self.assertTrue(batches[0].cc_paid_by)

    def test_paid_twice(self):
        batch = self.batch(self.kettle, 1, 10)
        self.pay(batch)
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            batch.with_user(self.finance).action_cc_pay()

    def test_who_pays(self):
        batch = self.batch(self.kettle, 1, 10)
        with self.assertRaises(AccessError):
            batch.with_user(self.keeper).action_cc_pay()
        with self.assertRaises(AccessError):
            self.env["cc.stock.in"].with_user(self.ann.user_id).create(
                {"partner_id": self.vendor.id}
            )

    def test_returned_to_the_maker(self):
        """Four of ten go back: journal, quantity, value; the credit note settles them."""
        batch = self.batch(self.kettle, 10, 20)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=batch.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 4
        back = wizard._create_return()
        back._cc_validate()
        self.assertEqual(back.move_ids.cc_kind, "returned")
        self.assertEqual(self.stock(self.kettle), (6, 6))
        self.assertAlmostEqual(self.kettle.with_company(self.company).total_value, 120.0)
        self.assertFalse(back.cc_settled)
        with self.assertRaises(AccessError):
            back.with_user(self.keeper).action_cc_settle()
        back.with_user(self.finance).with_company(self.company).action_cc_settle()
        refund = batch.purchase_id.invoice_ids.filtered(lambda one: one.move_type == "in_refund")
        self.assertEqual(refund.amount_untaxed, 80.0)
        self.assertTrue(back.cc_settled)
        with self.assertRaisesRegex(UserError, "left to settle"):
            back.with_user(self.finance).action_cc_settle()

    def test_serial_numbers(self):
        with self.assertRaisesRegex(UserError, "serial numbers"):
            self.batch(self.phone, 2, 70, lots="A1")
        self.batch(self.phone, 2, 70, lots="A1\nA2")
        lots = self.env["stock.lot"].search([("product_id", "=", self.phone.id)])
        self.assertEqual(sorted(lots.mapped("name")), ["A1", "A2"])

    def test_nothing_in_it(self):
        wizard = (
            self.env["cc.stock.in"]
            .with_user(self.keeper)
            .create({"partner_id": self.vendor.id, "warehouse_id": self.warehouse.id})
        )
        with self.assertRaisesRegex(UserError, "Add the products"):
            wizard.action_receive()
