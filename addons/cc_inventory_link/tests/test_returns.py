# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import StockMixin


@tagged("post_install", "-at_install")
class TestReturns(StockMixin, TransactionCase):
    """INV-06: a return sub-ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()

    def wizard(self, ticket, quantity):
        wizard = (
            self.env["cc.stock.return"]
            .with_user(self.ann.user_id)
            .create({"ticket_id": ticket.id, "reason": "Too loud"})
        )
        wizard.line_ids.quantity = quantity
        return wizard

    def back(self, ticket, quantity):
        action = self.wizard(ticket, quantity).action_return()
        return self.env["helpdesk.ticket"].browse(action["res_id"])

    def close(self, ticket):
        self.do(ticket, self.ann, "submit")
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "close")

    def test_part_of_it(self):
        """Three sold and sent, two come back when the return is closed; one more may."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        child = self.back(ticket, 2)
        self.assertEqual(child.cc_parent_id, ticket)
        self.assertEqual(child.cc_stock_state, "returning")
        self.assertEqual(self.stock(self.headset)[0], 7)
        self.close(child)
        self.assertEqual(child.cc_stock_state, "restored")
        self.assertEqual(self.stock(self.headset), (9, 9))
        self.assertAlmostEqual(self.headset.with_company(self.company).total_value, 9 * 52.0)
        self.assertEqual(ticket.cc_line_ids.returned_qty, 2)
        with self.assertRaisesRegex(UserError, "Only 1 of Headset can be returned, not 2"):
            self.back(ticket, 2)

    def test_more_than_was_sold(self):
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        with self.assertRaisesRegex(UserError, "Only 3 of Headset can be returned, not 4"):
            self.back(ticket, 4)

    def test_what_is_on_its_way_counts(self):
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        self.back(ticket, 2)
        with self.assertRaisesRegex(UserError, "Only 1 of Headset can be returned, not 3"):
            self.back(ticket, 3)

    def test_in_dozens(self):
        """One dozen sold; returned in the unit in which it was sold, half of it."""
        self.put(self.headset, 12)
        dozen = self.env.ref("uom.product_uom_dozen")
        ticket = self.sale([(self.headset, 1, {"uom_id": dozen.id})])
        self.deliver(ticket)
        self.close(self.back(ticket, 0.5))
        self.assertEqual(self.stock(self.headset), (6, 6))

    def test_nothing_or_less_than_nothing(self):
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        with self.assertRaisesRegex(UserError, "how much"):
            self.back(ticket, 0)
        with self.assertRaisesRegex(UserError, "greater than zero"):
            self.back(ticket, -1)

    def test_another_tickets_product(self):
        """A line of another sale can't be slipped into the wizard."""
        mine, other = (self.sale([(self.headset, 2)]) for _ in range(2))
        self.deliver(mine)
        self.deliver(other)
        wizard = self.wizard(mine, 1)
        wizard.write({"line_ids": [Command.clear()]})
        self.env["cc.stock.return.line"].create(
            {"wizard_id": wizard.id, "ticket_line_id": other.cc_line_ids.id, "quantity": 1}
        )
        wizard.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not sold with the ticket"):
            wizard.action_return()
