# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestSameSecond(BaseCase):
    """S01, S05: two people, the same second, in transactions that are really two."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean)
        mark = uuid.uuid4().hex[:8]  # what was committed stays, archived
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.users = [
                new_test_user(
                    env,
                    f"cc_same_second_{mark}_{name}",
                    name=name,
                    groups=f"cc_telephony.group_agent,cc_inventory_link.group_{role}",
                    context={"no_reset_password": True},
                ).id
                for name, role in (
                    ("One", "finance"),
                    ("Two", "finance"),
                    ("Keeper", "stock_keeper"),
                )
            ]
            template = env["cc.ticket.template"].create(
                {
                    "name": "Same second",
                    "type_id": env.ref("cc_ticket.type_sale").id,
                    "company_id": env.company.id,
                    "cc_sells": True,
                }
            )
            template.draft_id.step_ids = [
                Command.create(
                    {
                        "sequence": 1,
                        "code": "sell",
                        "name": "Sell",
                        "handler_kind": "creator",
                        "may_close": True,
                    }
                )
            ]
            template.draft_id.action_publish()
            self.template = template.id
            self.partner = env["res.partner"].create({"name": "Same second", "supplier_rank": 1}).id
            self.product = (
                env["product.product"]
                .create({"name": "The last one", "is_storable": True, "list_price": 10.0})
                .id
            )
            self.warehouse = (
                env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1).id
            )
            self.stock_up(env, 1)

    def stock_up(self, env, count):
        place = env["stock.warehouse"].browse(self.warehouse).lot_stock_id
        env["stock.quant"].with_context(inventory_mode=True).create(
            {"product_id": self.product, "location_id": place.id, "inventory_quantity": count}
        ).action_apply_inventory()

    def clean(self):
        """Moves that are done can't be unlinked: what was committed goes by SQL, the last made first."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env["helpdesk.ticket"].search([("cc_template_id", "=", self.template)])
            cr.execute("SELECT id FROM stock_picking WHERE partner_id = %s", [self.partner])
            pickings = [row[0] for row in cr.fetchall()]
            for query, ids in (
                ("DELETE FROM cc_replenishment WHERE product_id = ANY(%s)", [self.product]),
                ("DELETE FROM stock_move_line WHERE product_id = ANY(%s)", [self.product]),
                ("DELETE FROM stock_move WHERE product_id = ANY(%s)", [self.product]),
                ("DELETE FROM stock_picking WHERE id = ANY(%s)", pickings),
                ("DELETE FROM stock_quant WHERE product_id = ANY(%s)", [self.product]),
                (
                    "DELETE FROM stock_warehouse_orderpoint WHERE product_id = ANY(%s)",
                    [self.product],
                ),
                (
                    "UPDATE cc_ticket_line SET sold_line_id = NULL WHERE ticket_id = ANY(%s)",
                    tickets.ids,
                ),
                ("DELETE FROM cc_ticket_line WHERE ticket_id = ANY(%s)", tickets.ids),
                ("DELETE FROM sale_order WHERE partner_id = ANY(%s)", [self.partner]),
                ("DELETE FROM helpdesk_ticket WHERE cc_return_of_id = ANY(%s)", tickets.ids),
                ("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", tickets.ids),
            ):
                cr.execute(query, [ids])
            cr.execute("DELETE FROM mail_activity WHERE user_id = ANY(%s)", [self.users])
            env["res.users"].browse(self.users).active = False
            env["product.product"].browse(self.product).active = False
            env["cc.ticket.template"].browse(self.template).active = False

    def a_sale(self, user, start=False, count=1):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user, {})
            ticket = env["helpdesk.ticket"].create(
                {
                    "cc_template_id": self.template,
                    "name": "The last one",
                    "partner_id": self.partner,
                    "cc_line_ids": [
                        Command.create({"product_id": self.product, "quantity": count})
                    ],
                }
            )
            if start:
                ticket.cc_move("start")
            return ticket.id

    def in_the_same_second(self, first_does, second_does, then):
        """The second begins before the first is through: waits, is refused by PostgreSQL, is repeated.

        :param first_does: called with a cursor, its work is committed
        :param second_does: called with a cursor, three times
        :param then: called with the cursor in which the repeated request is made
        """
        with self.registry.cursor() as first, self.registry.cursor() as second:
            first_does(first)
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                second.execute("SET LOCAL lock_timeout = '200ms'")
                second_does(second)
            second.rollback()
            second.execute("SELECT 1 FROM product_product LIMIT 1")  # its picture is of now
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second_does(second)
            second.rollback()
            then(second)
            second.commit()

    def test_the_last_piece(self):
        """One has it. The other is told that it waits, and the keeper what to buy; none is reserved twice."""
        one, two = self.users[:2]
        tickets = {user: self.a_sale(user) for user in (one, two)}

        def start(user):
            return lambda cr: (
                api.Environment(cr, user, {})["helpdesk.ticket"]
                .browse(tickets[user])
                .cc_move("start")
            )

        self.in_the_same_second(start(one), start(two), start(two))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            states = (
                env["helpdesk.ticket"].browse([tickets[one], tickets[two]]).mapped("cc_stock_state")
            )
            self.assertEqual(states, ["reserved", "waiting"])
            quants = env["stock.quant"].search(
                [("product_id", "=", self.product), ("location_id.usage", "=", "internal")]
            )
            self.assertEqual(
                (sum(quants.mapped("quantity")), sum(quants.mapped("reserved_quantity"))), (1, 1)
            )
            task = env["cc.replenishment"].search([("product_id", "=", self.product)])
            self.assertEqual((task.ticket_id.id, task.quantity), (tickets[two], 1))
            self.assertIn(self.users[2], task.activity_ids.user_id.ids)

    def test_the_first_aborts(self):
        """Who was first changes their mind: the piece is the second's, and no lock is left."""
        one, two = self.users[:2]
        mine, theirs = self.a_sale(one), self.a_sale(two)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            api.Environment(first, one, {})["helpdesk.ticket"].browse(mine).cc_move("start")
            first.rollback()
            ticket = api.Environment(second, two, {})["helpdesk.ticket"].browse(theirs)
            ticket.cc_move("start")
            self.assertEqual(ticket.cc_stock_state, "reserved")
            second.rollback()

    def test_returned_by_two(self):
        """Two sold; each of two people wants both back: the second reads that none is left."""
        one = self.users[0]
        with self.registry.cursor() as cr:
            self.stock_up(api.Environment(cr, SUPERUSER_ID, {}), 2)
        sold = self.a_sale(one, start=True, count=2)
        with self.registry.cursor() as cr:
            ticket = api.Environment(cr, SUPERUSER_ID, {})["helpdesk.ticket"].browse(sold)
            ticket.cc_sale_ids.picking_ids._cc_validate()

        def give_back(cr):
            env = api.Environment(cr, one, {})
            wizard = env["cc.stock.return"].create({"ticket_id": sold, "reason": "Both"})
            wizard.line_ids.quantity = 2
            wizard.action_return()

        def refused(cr):
            with self.assertRaisesRegex(UserError, "Only 0 of The last one can be returned, not 2"):
                give_back(cr)
            cr.rollback()

        self.in_the_same_second(give_back, give_back, refused)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            children = env["helpdesk.ticket"].search([("cc_return_of_id", "=", sold)])
            self.assertEqual(sum(children.cc_line_ids.mapped("quantity")), 2)
