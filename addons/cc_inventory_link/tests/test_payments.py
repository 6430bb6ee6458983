# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import BatchMixin


@tagged("post_install", "-at_install")
class TestPayments(BatchMixin, TransactionCase):
    """INV-02, INV-03: batches are paid, together and once; what went back to the maker is settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()
        # bills without taxes: what a batch costs is what is due
        cls.company.account_purchase_tax_id = False
        (cls.headset | cls.kettle | cls.phone).supplier_taxes_id = False

    def payments(self):
        return self.env["account.payment"].search([("company_id", "=", self.company.id)])

    def test_several_paid_at_once(self):
        """Three unpaid batches: all preselected, one payment of 10 + 20 + 30, date and method shown."""
        batches = self.env["stock.picking"]
        for quantity in (1, 2, 3):
            batches |= self.batch(self.kettle, quantity, 10)
        unbilled = self.batch(self.kettle, 1, 10, bill=False)
        self.assertEqual(unbilled.cc_paid, "no_bill")
        action = (
            self.env["stock.picking"]
            .with_user(self.finance)
            .with_company(self.company)
            .action_cc_pay_all()
        )
        chosen = self.env["account.move.line"].browse(action["context"]["active_ids"])
        self.assertEqual(chosen.move_id, batches.cc_bill_ids)
        self.pay(batches)
        self.assertEqual(set(batches.mapped("cc_paid")), {"paid"})
        payment = self.payments()
        self.assertEqual(payment.mapped("amount"), [60.0])
        self.assertEqual(batches[0].cc_paid_on, payment.date)
        self.assertEqual(batches[0].cc_paid_by, payment.payment_method_line_id.name)

    def test_two_vendors(self):
        """Batches of two vendors in one window: a payment each, of what is due to each."""
        first = self.batch(self.kettle, 2, 10)
        self.vendor = self.env["res.partner"].create({"name": "Other maker", "supplier_rank": 1})
        second = self.batch(self.kettle, 3, 10)
        self.payment(first | second).action_create_payments()
        self.assertEqual((first.cc_paid, second.cc_paid), ("paid", "paid"))
        self.assertEqual(sorted(self.payments().mapped("amount")), [20.0, 30.0])

    def test_paid_twice(self):
        batch = self.batch(self.kettle, 1, 10)
        self.pay(batch)
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            batch.with_user(self.finance).action_cc_pay()

    def test_two_windows(self):
        """Two people have the window open, or one clicks twice: the second reads who paid when; one payment."""
        batches = self.batch(self.kettle, 1, 10) | self.batch(self.kettle, 2, 10)
        one, two = self.payment(batches), self.payment(batches[0])
        one.action_create_payments()
        for late in (two, one):
            with self.assertRaisesRegex(UserError, f"(?s)paid meanwhile.*{self.finance.name}"):
                late.action_create_payments()
        payment = self.payments()
        self.assertEqual(payment.mapped("amount"), [30.0])
        open_lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "liability_payable" and not line.reconciled
        )
        self.assertFalse(open_lines, "money that belongs to no bill")

    def test_the_window_says_what_it_showed(self):
        """The form sends back what was due when it was opened: a part paid meanwhile is noticed, too."""
        batch = self.batch(self.kettle, 10, 10)
        self.payment(
            batch, amount=40.0, payment_difference_handling="open"
        ).action_create_payments()
        self.assertEqual(batch.cc_paid, "partial")
        stale = self.payment(batch, amount=100.0, cc_due=-100.0)
        with self.assertRaisesRegex(UserError, "paid meanwhile"):
            stale.action_create_payments()
        self.pay(batch)
        self.assertEqual(batch.cc_paid, "paid")
        self.assertEqual(sorted(self.payments().mapped("amount")), [40.0, 60.0])

    def test_who_pays_and_settles(self):
        batch = self.batch(self.kettle, 10, 10)
        back = self.send_to_maker(batch, 1)
        for user in (self.keeper, self.ann.user_id):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    batch.with_user(user).action_cc_pay()
                with self.assertRaises(AccessError):
                    self.env["stock.picking"].with_user(user).action_cc_pay_all()
                with self.assertRaises(AccessError):
                    back.with_user(user).action_cc_settle()

    def test_returned_to_the_maker(self):
        """Four of ten at 20 go back: 6 × 20 = 120 in stock; 80 are taken off the bill, 120 are due and paid."""
        batch = self.batch(self.kettle, 10, 20)
        back = self.send_to_maker(batch, 4)
        self.assertEqual(back.move_ids.cc_kind, "returned")
        self.assertEqual(self.stock(self.kettle), (6, 6))
        self.assertAlmostEqual(self.value(self.kettle), 120.0)
        self.assertEqual(
            self.journal(self.kettle), [("stock_in", 10, 200.0), ("returned", 4, 80.0)]
        )
        self.assertEqual((back.cc_to_vendor, back.cc_settled), (True, False))
        finance = back.with_user(self.finance).with_company(self.company)
        # dated as it is where they are, which need not be where we are
        before = fields.Date.context_today(finance)
        finance.action_cc_settle()
        after = fields.Date.context_today(finance)
        self.assertTrue(back.cc_settled)
        refund = back.cc_refund_ids
        self.assertEqual((refund.amount_total, refund.state), (80.0, "posted"))
        self.assertTrue(before <= refund.invoice_date <= after, refund.invoice_date)
        self.assertEqual(batch.cc_bill_ids.amount_residual, 120.0)
        self.assertEqual(batch.cc_paid, "partial")
        with self.assertRaisesRegex(UserError, "left to settle"):
            finance.action_cc_settle()
        self.pay(batch)
        self.assertEqual(self.payments().mapped("amount"), [120.0])
        self.assertEqual(batch.cc_paid, "paid")
        self.assertIn(refund.name, batch.cc_paid_by)

    def test_returned_after_it_was_paid(self):
        """The bill is paid: the credit note is what the maker owes, and the next batch is paid less it."""
        batch = self.batch(self.kettle, 10, 20)
        self.pay(batch)
        back = self.send_to_maker(batch, 4)
        back.with_user(self.finance).with_company(self.company).action_cc_settle()
        self.assertEqual((batch.cc_paid, back.cc_refund_ids.amount_residual), ("paid", 80.0))
        following = self.batch(self.kettle, 15, 20)
        self.pay(batch | following)
        self.assertEqual(sorted(self.payments().mapped("amount")), [200.0, 220.0])
        self.assertEqual(following.cc_paid, "paid")
        self.assertEqual(back.cc_refund_ids.amount_residual, 0.0)

    def test_billed_afterwards(self):
        """A batch without a bill: finance makes it, for what came in, once."""
        batch = self.batch(self.kettle, 10, 20, bill=False)
        with self.assertRaises(AccessError):
            batch.with_user(self.keeper).action_cc_bill()
        finance = batch.with_user(self.finance).with_company(self.company)
        finance.action_cc_bill()
        bill = batch.purchase_id.invoice_ids
        self.assertEqual((bill.amount_total, bill.state), (200.0, "draft"))
        with self.assertRaises(UserError):
            finance.action_cc_bill()
        bill.invoice_date = fields.Date.context_today(batch)
        bill.action_post()
        self.pay(batch)
        self.assertEqual(batch.cc_paid, "paid")

    def test_nothing_was_billed(self):
        """What went back before there was a bill needs no credit note."""
        batch = self.batch(self.kettle, 10, 20, bill=False)
        back = self.send_to_maker(batch, 4)
        with self.assertRaisesRegex(UserError, "left to settle"):
            back.with_user(self.finance).action_cc_settle()

    def test_the_vendors_currency(self):
        """A vendor who bills in another currency: the bill is in it, the stock's value in the company's."""
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [
                    ("id", "!=", self.company.currency_id.id),
                    ("name", "in", ("EUR", "USD", "CNY")),
                ],
                limit=1,
            )
        )
        other.active = True
        other.rate_ids.unlink()
        other.rate_ids = [
            Command.create({"name": "2020-01-01", "rate": 0.5, "company_id": self.company.id})
        ]
        self.vendor.with_company(self.company).property_purchase_currency_id = other
        batch = self.batch(self.kettle, 10, 7)
        bill = batch.cc_bill_ids
        self.assertEqual((bill.currency_id, bill.amount_total), (other, 70.0))
        # one of ours is half a foreign one: 70 of theirs are 140 of ours
        self.assertAlmostEqual(self.value(self.kettle), 140.0)
        self.pay(batch)
        self.assertEqual(batch.cc_paid, "paid")
        # what is offered as cost is the product's own, in the vendor's currency: 21 / 2
        wizard = self.env["cc.stock.in"].with_user(self.keeper).with_company(self.company)
        line = {"product_id": self.headset.id, "quantity": 1}
        offered = wizard.create(
            {"partner_id": self.vendor.id, "line_ids": [Command.create(line)]}
        ).line_ids
        self.assertEqual((offered.currency_id, offered.price_unit), (other, 26.0))

    def test_two_companies(self):
        """Only what the company of the moment owes is preselected; two companies are not paid in one go."""
        mine = self.batch(self.kettle, 1, 10)
        other = self.env["res.company"].create({"name": "Company B"})
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=other, install_demo=False
        )
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        both = [self.company.id, other.id]
        (self.keeper | self.finance).company_ids = [Command.set(both)]
        company, warehouse = self.company, self.warehouse
        self.kettle.company_id = False
        type(self).company, type(self).warehouse = other, theirs
        try:
            of_b = self.batch(self.kettle, 1, 33)
        finally:
            type(self).company, type(self).warehouse = company, warehouse
        finance = self.env["stock.picking"].with_user(self.finance)
        action = finance.with_context(allowed_company_ids=both).action_cc_pay_all()
        chosen = self.env["account.move.line"].browse(action["context"]["active_ids"])
        self.assertEqual(chosen.move_id, mine.cc_bill_ids)
        with self.assertRaisesRegex(UserError, "several companies"):
            (mine | of_b).with_user(self.finance).with_context(
                allowed_company_ids=both
            ).action_cc_pay()

    def test_many_batches(self):
        """A page of batches costs the database no more questions when there are more of them."""

        def questions(batches):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batches.with_user(self.finance).read(["cc_paid", "cc_paid_on", "cc_paid_by"])
            return self.cr.sql_log_count - before

        batches = [self.batch(self.kettle, 1, 10) for _ in range(6)]
        pickings = self.env["stock.picking"].browse(batch.id for batch in batches)
        self.pay(pickings)
        questions(pickings)
        self.assertLessEqual(questions(pickings), questions(pickings[:2]))

    def test_search_by_payment(self):
        """The filters of the batches' page find what they say."""
        paid, unpaid = self.batch(self.kettle, 1, 10), self.batch(self.kettle, 1, 10)
        unbilled = self.batch(self.kettle, 1, 10, bill=False)
        self.pay(paid)
        all_three = paid | unpaid | unbilled
        for word, expected in (("paid", paid), ("unpaid", unpaid), ("no_bill", unbilled)):
            found = (
                self.env["stock.picking"]
                .with_user(self.keeper)
                .search([("cc_paid", "=", word), ("id", "in", all_three.ids)])
            )
            self.assertEqual(found, expected, word)
