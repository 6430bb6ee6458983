# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
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
        wizard.line_ids.write({"quantity": quantity})
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
        self.env["cc.stock.return.line"].with_user(self.ann.user_id).create(
            {"wizard_id": wizard.id, "ticket_line_id": other.cc_line_ids.id, "quantity": 1}
        )
        wizard.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not sold with the ticket"):
            wizard.action_return()

    def test_by_two_sub_tickets(self):
        """Five sold: two and two come back by two sub-tickets; a third of two is refused, of one is not."""
        ticket = self.sale([(self.headset, 5)])
        self.deliver(ticket)
        self.close(self.back(ticket, 2))
        second = self.back(ticket, 2)
        with self.assertRaisesRegex(UserError, "Only 1 of Headset can be returned, not 2"):
            self.back(ticket, 2)
        self.close(second)
        self.close(self.back(ticket, 1))
        self.assertEqual(self.stock(self.headset), (10, 10))
        self.assertAlmostEqual(self.value(self.headset), 520.0)
        self.assertEqual(ticket.cc_stock_state, "restored")
        self.assertFalse(ticket.cc_returnable)

    def test_the_same_product_twice_in_one_return(self):
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        wizard = self.wizard(ticket, 2)
        self.env["cc.stock.return.line"].with_user(self.ann.user_id).create(
            {"wizard_id": wizard.id, "ticket_line_id": ticket.cc_line_ids.id, "quantity": 2}
        )
        wizard.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "only once"):
            wizard.action_return()

    def test_received_in_two_parts(self):
        """Of two that are expected one arrives, the rest as a backorder: not restored before both are there."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        child = self.back(ticket, 2)
        self.deliver_part(child, 1)
        self.assertEqual(self.stock(self.headset), (8, 8))
        self.assertEqual(child.cc_stock_state, "returning")
        self.assertEqual(len(child.cc_return_picking_ids), 2)
        with self.assertRaisesRegex(UserError, "Only 1 of Headset can be returned, not 2"):
            self.back(ticket, 2)
        self.close(child)
        self.assertEqual(self.stock(self.headset), (9, 9))
        self.assertAlmostEqual(self.value(self.headset), 9 * 52.0)
        self.assertEqual(child.cc_stock_state, "restored")

    def test_the_warehouse_cancels_it(self):
        """The goods never arrive: the return is over, and as much can come back again."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        child = self.back(ticket, 2)
        child.cc_return_picking_ids.action_cancel()
        self.assertEqual(child.cc_stock_state, "kept")
        self.close(child)
        self.assertEqual(self.stock(self.headset), (7, 7))
        self.close(self.back(ticket, 3))
        self.assertEqual(self.stock(self.headset), (10, 10))

    def test_which_serial_numbers(self):
        """Of three pieces the very ones that the agent names come back; each is 70 worth."""
        lots = self.env["stock.lot"].create(
            [
                {"name": name, "product_id": self.phone.id, "company_id": self.company.id}
                for name in ("R1", "R2", "R3")
            ]
        )
        for lot in lots:
            self.put(self.phone, 1, lot)
        ticket = self.sale([(self.phone, 3)])
        self.deliver(ticket)
        self.assertAlmostEqual(self.value(self.phone), 0.0)
        wizard = self.wizard(ticket, 1)
        with self.assertRaisesRegex(UserError, "which serial numbers"):
            wizard.action_return()
        wizard.line_ids.lot_ids = lots[1]
        child = self.env["helpdesk.ticket"].browse(wizard.action_return()["res_id"])
        self.close(child)
        self.assertEqual(self.stock(self.phone), (1, 1))
        self.assertAlmostEqual(self.value(self.phone), 70.0)
        here = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.phone.id),
                ("location_id", "child_of", self.warehouse.lot_stock_id.id),
                ("quantity", ">", 0),
            ]
        )
        self.assertEqual(here.lot_id, lots[1])
        again = self.wizard(ticket, 1)
        self.assertEqual(again.line_ids.out_lot_ids, lots[0] | lots[2])
        again.line_ids.lot_ids = lots[1]
        with self.assertRaisesRegex(UserError, "does not have R2"):
            again.action_return()
        # all that is left needs no choice
        self.close(self.back(ticket, 2))
        self.assertEqual(self.stock(self.phone), (3, 3))

    def test_hostile_quantities(self):
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        for quantity in (float("inf"), float("nan"), 3.01, 1e12):
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                self.back(ticket, quantity)
        self.assertFalse(ticket.cc_child_ids)

    def test_whose_sale(self):
        """Cai of Sales can't open the return of Service's sale, nor use Ann's window."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        with self.assertRaises(AccessError):
            ticket.with_user(self.cai.user_id).action_cc_return()
        wizard = self.wizard(ticket, 1)
        with self.assertRaises(AccessError):
            wizard.with_user(self.cai.user_id).action_return()
        hers = self.env["cc.stock.return"].with_user(self.cai.user_id)
        with self.assertRaises(AccessError):
            hers.create({"ticket_id": ticket.id, "reason": "Mine now"}).action_return()
        self.assertFalse(ticket.cc_child_ids)

    def test_the_window_is_no_way_to_look(self):
        """Cai learns nothing of a sale that is none of theirs by asking what of it could come back."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        hers = self.env["cc.stock.return"].with_user(self.cai.user_id)
        row = {"ticket_line_id": ticket.cc_line_ids.id}
        with self.assertRaises(AccessError):
            hers.create({"ticket_id": ticket.id, "reason": "What is there?"})
        own = self.sale([(self.headset, 1)], agent=self.cai)
        wizard = hers.create({"ticket_id": own.id, "reason": "What is there?"})
        with self.assertRaises(AccessError):
            wizard.write({"line_ids": [Command.create(row)]})
        with self.assertRaises(AccessError):
            self.env["cc.stock.return.line"].with_user(self.cai.user_id).create(
                {**row, "wizard_id": wizard.id}
            )
        asked = {"line_ids": {"fields": {"product_id": {}}}, "ticket_id": {}}
        answer = hers.onchange({"ticket_id": ticket.id}, ["ticket_id"], asked)
        self.assertFalse(answer["value"].get("line_ids"))

    def test_without_sight_of_stock(self):
        """An agent from whom the sight of stock was taken still takes goods back, by serial number too."""
        lot = self.env["stock.lot"].create({"name": "S1", "product_id": self.phone.id})
        self.put(self.phone, 1, lot)
        ticket = self.sale([(self.headset, 3), (self.phone, 1)])
        self.deliver(ticket)
        sees = self.env.ref("cc_inventory_link.group_sees_stock")
        self.env.ref("cc_telephony.group_agent").implied_ids = [Command.unlink(sees.id)]
        self.env.invalidate_all()
        self.close(self.back(ticket, 1))
        self.assertEqual(self.stock(self.headset), (8, 8))
        self.assertEqual(self.stock(self.phone), (1, 1))

    def test_it_stays_a_return(self):
        """Nobody makes a sale of a return, which would sell its goods once more."""
        ticket = self.sale([(self.headset, 3)])
        self.deliver(ticket)
        child = self.back(ticket, 2)
        with self.assertRaises(AccessError):
            child.with_user(self.ann.user_id).write({"cc_return_of_id": False})
        self.assertEqual(child.cc_return_of_id, ticket)
