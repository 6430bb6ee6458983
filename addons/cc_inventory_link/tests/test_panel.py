# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.addons.cc_telephony.tests.cases import CentreMixin
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import StockMixin


@tagged("post_install", "-at_install")
class TestPanel(StockMixin, CentreMixin, TransactionCase):
    """INV-05, INV-08: selling from the call's panel; stock and deliveries for those who may see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_stock()
        cls.headset.barcode = "6900000000001"
        cls.call = cls.play_call()
        cls.call._cc_choose({"partner_id": cls.partner.id})

    def products(self, agent=None, **values):
        call = self.call.with_user((agent or self.ann).user_id)
        return call.cc_products(self.template.id, **values)

    def take_the_right_away(self):
        """The administrator takes stock from the agents."""
        sees = self.env.ref("cc_inventory_link.group_sees_stock")
        self.env.ref("cc_telephony.group_agent").implied_ids = [Command.unlink(sees.id)]

    def test_typed_and_scanned(self):
        self.headset.name = "Panel headset"
        for term in ("panel head", "6900000000001"):
            [found] = self.products(term=term)["found"]
            self.assertEqual((found["id"], found["free"]), (self.headset.id, 10))
            self.assertIn("89.00", found["price"])
        self.assertEqual(self.products(term="690000000000")["found"], [])
        self.assertEqual(self.products(term="  ")["found"], [])
        self.headset.sale_ok = False
        self.assertEqual(self.products(term="6900000000001")["found"], [])

    def test_chosen(self):
        """Eleven of ten are too many, and are said so; 11 × 89 + 2 × 39 = 1057."""
        chosen = self.products(rows=[[self.headset.id, 11], [self.kettle.id, 2]])
        self.assertEqual([row["short"] for row in chosen["rows"]], [True, True])
        self.assertIn("1,057.00", chosen["total"])

    def test_made_with_products(self):
        made = self.call.with_user(self.ann.user_id).cc_make_ticket(
            self.template.id, {"name": "Sold on the phone", "products": [[self.headset.id, 4]]}
        )
        ticket = self.env["helpdesk.ticket"].browse(made["id"])
        self.assertEqual(self.stock(self.headset), (10, 6))
        panel = self.call.with_user(self.ann.user_id).cc_tickets_panel()
        [row] = [row for row in panel["tickets"] if row["id"] == ticket.id]
        self.assertEqual(row["marks"][0]["text"], "Reserved")
        self.assertIn(ticket.cc_sale_ids.picking_ids.name, row["marks"][0]["more"])
        [template] = [row for row in panel["templates"] if row["id"] == self.template.id]
        self.assertTrue(template["sells"])

    def test_deliveries_on_the_card(self):
        """One open delivery of the customer's: on Ann's card; sent: none."""
        extra = self.env["cc.call"]._cc_card_extra(self.call, self.ann)
        self.assertEqual(extra["cc_inventory_link"], {"deliveries": 0})
        ticket = self.sale([(self.headset, 1)])
        extra = self.env["cc.call"]._cc_card_extra(self.call, self.ann)
        self.assertEqual(extra["cc_inventory_link"], {"deliveries": 1})
        self.deliver(ticket)
        self.env.invalidate_all()
        extra = self.env["cc.call"]._cc_card_extra(self.call, self.ann)
        self.assertEqual(extra["cc_inventory_link"], {"deliveries": 0})

    def test_deliveries_of_another_company(self):
        """B's deliveries to the same customer are not counted for A's agents."""
        other = self.env["res.company"].create({"name": "Company B"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": theirs.out_type_id.id,
                "location_id": theirs.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": other.id,
            }
        )
        partner = self.partner.with_user(self.ann.user_id)
        self.assertEqual(partner.cc_delivery_count, 0)

    def test_without_the_right_there_is_no_number(self):
        """An agent from whom it was taken sells, and learns nothing of what is there; by no door."""
        ticket = self.sale([(self.headset, 1)])
        self.take_the_right_away()
        ann = self.ann.user_id
        self.assertFalse(ann.has_group("cc_inventory_link.group_sees_stock"))
        extra = self.env["cc.call"]._cc_card_extra(self.call, self.ann)
        self.assertNotIn("cc_inventory_link", extra)
        answer = self.products(term="6900000000001", rows=[[self.headset.id, 1]])
        for row in answer["found"] + answer["rows"]:
            self.assertFalse({"free", "short"} & row.keys())
        hers = ticket.with_user(ann)
        self.assertEqual(hers._cc_panel_marks(), [])
        for record, name in (
            (hers, "cc_stock_state"),
            (hers, "cc_delivery_text"),
            (ticket.cc_line_ids.with_user(ann), "free_qty"),
            (ticket.cc_line_ids.with_user(ann), "waiting_qty"),
            (self.partner.with_user(ann), "cc_delivery_count"),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                record.read([name])
        self.assertTrue(self.sale([(self.headset, 1)]).cc_sale_ids)

    def test_whose_call(self):
        """Cai of Sales is no part of Service's call; a clerk sells nothing."""
        with self.assertRaises(AccessError):
            self.products(agent=self.cai, term="head")
        clerk = self.user("cc_clerk", self.env.ref("base.group_user"))
        with self.assertRaises(AccessError):
            self.call.with_user(clerk).cc_products(self.template.id, "head")

    def test_hostile_rows(self):
        """What a browser sends is no way to a product that is hidden from the agent, nor to a crash."""
        other = self.env["res.company"].create({"name": "Company B"})
        theirs = self.env["product.product"].create({"name": "Theirs", "company_id": other.id})
        with self.assertRaises(AccessError):
            self.products(rows=[[theirs.id, 1]])
        with self.assertRaises(AccessError):
            self.call.with_user(self.ann.user_id).cc_make_ticket(
                self.template.id, {"name": "x", "products": [[theirs.id, 1]]}
            )
        mine = self.headset.id
        for rows in (
            [1],
            "abc",
            [[mine]],
            [["x", 1]],
            [[mine, "many"]],
            7,
            [[float("inf"), 1]],
            [[2**40, 1]],
            [[-1, 1]],
            [[mine, float("inf")]],
            [[mine, float("nan")]],
            [[mine, 1e300]],
        ):
            with self.subTest(rows=rows), self.assertRaises(UserError), self.cr.savepoint():
                self.products(rows=rows)
