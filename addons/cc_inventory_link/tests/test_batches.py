# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import BatchMixin


@tagged("post_install", "-at_install")
class TestBatches(BatchMixin, TransactionCase):
    """INV-01, INV-04: batches come in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()

    def test_stock_in(self):
        """20 kettles at 21.5: on hand, worth 430, unpaid, its own number."""
        batch = self.batch(self.kettle, 20, 21.5)
        self.assertEqual(self.stock(self.kettle), (20, 20))
        self.assertAlmostEqual(self.kettle.with_company(self.company).total_value, 430.0)
        self.assertEqual((batch.state, batch.cc_paid), ("done", "unpaid"))
        self.assertTrue(batch.name)
        self.assertEqual(batch.cc_bill_ids.amount_untaxed, 430.0)
        self.assertEqual(batch.move_ids.cc_kind, "stock_in")

    def test_who_pays(self):
        batch = self.batch(self.kettle, 1, 10)
        with self.assertRaises(AccessError):
            batch.with_user(self.keeper).action_cc_pay()
        with self.assertRaises(AccessError):
            self.env["cc.stock.in"].with_user(self.ann.user_id).create(
                {"partner_id": self.vendor.id}
            )

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

    def test_lots_with_quantities(self):
        """Twenty of two lots, as typed; what doesn't add up is refused. 20 × 3 = 60."""
        paper = self.env["product.product"].create(
            {
                "name": "Paper",
                "is_storable": True,
                "tracking": "lot",
                "categ_id": self.category.id,
            }
        )
        for wrong in ("", "A = 12", "A = 12\nA = 8", "A\nB", "A = many", "A = -1\nB = 21"):
            with self.subTest(lots=wrong), self.assertRaisesRegex(UserError, "LOT-7 = 12"):
                self.batch(paper, 20, 3, lots=wrong)
        self.batch(paper, 20, 3, lots="A = 12\nB = 8")
        lots = self.env["stock.lot"].search([("product_id", "=", paper.id)]).sorted("name")
        self.assertEqual([(lot.name, lot.product_qty) for lot in lots], [("A", 12), ("B", 8)])
        self.assertAlmostEqual(self.value(paper), 60.0)
        self.batch(paper, 5, 3, lots="B")
        self.env.invalidate_all()
        self.assertEqual(lots[1].product_qty, 13)

    def test_in_dozens(self):
        """Two dozen at 240 the dozen: 24 pieces of 20, worth 480."""
        dozen = self.env.ref("uom.product_uom_dozen")
        batch = self.batch(self.kettle, 2, 240, uom_id=dozen.id)
        self.assertEqual(self.stock(self.kettle), (24, 24))
        self.assertAlmostEqual(self.value(self.kettle), 480.0)
        self.assertEqual(batch.cc_bill_ids.amount_untaxed, 480.0)

    def test_hostile_values(self):
        kilo = self.env.ref("uom.product_uom_kgm").id
        service = self.env["product.product"].create({"name": "Advice", "type": "service"})
        for product, quantity, cost, more in (
            (self.kettle, 0, 1, {}),
            (self.kettle, -5, 1, {}),
            (self.kettle, float("nan"), 1, {}),
            (self.kettle, float("inf"), 1, {}),
            (self.kettle, 1, -1, {}),
            (self.kettle, 1, float("nan"), {}),
            (self.kettle, 1, 1, {"uom_id": kilo}),
            (service, 1, 1, {}),
        ):
            with (
                self.subTest(product=product.name, quantity=quantity, cost=cost),
                self.assertRaises(ValidationError),
            ):
                self.batch(product, quantity, cost, **more)
        self.assertEqual(self.stock(self.kettle), (0, 0))

    def test_another_company(self):
        """A keeper of A takes nothing in for B, nor into B's warehouse, nor a product of B's."""
        other = self.env["res.company"].create({"name": "Company B"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        wizards = self.env["cc.stock.in"].with_user(self.keeper).with_company(self.company)
        line = {"product_id": self.kettle.id, "quantity": 1, "price_unit": 1}
        values = {"partner_id": self.vendor.id, "line_ids": [Command.create(line)]}
        for wrong in (
            {"company_id": other.id},
            {"company_id": other.id, "warehouse_id": theirs.id},
            {"warehouse_id": theirs.id},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                wizards.create({**values, **wrong}).action_receive()
        mine = wizards.create({**values, "warehouse_id": self.warehouse.id})
        other_keeper = self.user(
            "cc_keeper_two", self.env.ref("cc_inventory_link.group_stock_keeper")
        )
        with self.assertRaises(AccessError):
            mine.with_user(other_keeper).action_receive()

    def test_too_much_without_approval(self):
        """Where Purchase asks for an approval this door is no way around it."""
        self.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 100})
        self.batch(self.kettle, 1, 50)
        with self.assertRaisesRegex(UserError, "needs an approval"):
            self.batch(self.kettle, 10, 50)
        self.assertEqual(self.stock(self.kettle), (1, 1))
