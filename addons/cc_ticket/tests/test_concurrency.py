# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """T01: two people take the same ticket in the same second, in transactions that are really two."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.users = [
                new_test_user(
                    env,
                    f"cc_same_second_{name}",
                    name=name,
                    groups="cc_telephony.group_agent",
                    context={"no_reset_password": True},
                ).id
                for name in ("One", "Two")
            ]
            template = env.ref("cc_ticket.template_support").id
            mine = api.Environment(cr, self.users[0], {})["helpdesk.ticket"]
            ticket = mine.create({"cc_template_id": template, "name": "Both at once"})
            ticket.cc_move("start")
            self.ticket, self.rev = ticket.id, ticket.cc_rev

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            domain = [("login", "=like", "cc_same_second_%")]
            users = env["res.users"].with_context(active_test=False).search(domain)
            cr.execute(
                """DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id IN
                   (SELECT id FROM helpdesk_ticket WHERE cc_creator_id = ANY(%s))""",
                [users.ids],
            )
            cr.execute("DELETE FROM helpdesk_ticket WHERE cc_creator_id = ANY(%s)", [users.ids])
            users.unlink()

    def page(self, cr, user):
        """The ticket as one of the two has it open."""
        return api.Environment(cr, user, {})["helpdesk.ticket"].browse(self.ticket)

    def race(self, kind, first_user, second_user):
        """Two transactions that begin before either is through do the same move.

        Odoo repeats a request that could not be serialized; the repeated one reads what happened.
        """
        with self.registry.cursor() as cr:
            seen = self.page(cr, first_user).cc_rev
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.page(first, first_user).cc_move(kind, {"rev": seen, "text": "Mine"})
            # the second comes while the first is not through: they wait for the row, and do nothing
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                second.execute("SET LOCAL lock_timeout = '200ms'")
                self.page(second, second_user).cc_move(kind, {"rev": seen, "text": "Mine too"})
            second.rollback()
            second.execute("SELECT 1 FROM helpdesk_ticket LIMIT 1")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.page(second, second_user).cc_move(kind, {"rev": seen, "text": "Mine too"})
            second.rollback()
            with self.assertRaisesRegex(UserError, "One has changed"):
                self.page(second, second_user).cc_move(kind, {"rev": seen, "text": "Mine too"})
            second.rollback()

    def test_save_and_move(self):
        """Who moves while the other saves, and the other way round: the second reads what the first has done."""
        one, _two = self.users
        with self.registry.cursor() as cr:
            self.page(cr, one).cc_move("accept")
            seen = self.page(cr, one).cc_rev

        def save(cr, rev):
            self.page(cr, one).write({"priority": "3", "cc_seen_rev": rev})
            cr.flush()

        def submit(cr, rev):
            self.page(cr, one).cc_move("submit", {"rev": rev})

        for first_does, second_does, words in (
            (save, submit, r"One has changed .* \(saved other values\)"),
            (submit, save, r"One has changed .* \(Submitted → Answer the customer\)"),
        ):
            with self.registry.cursor() as first, self.registry.cursor() as second:
                second.execute("SELECT 1 FROM helpdesk_ticket LIMIT 1")
                first_does(first, seen)
                first.commit()
                with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                    second_does(second, seen)
                second.rollback()
                with self.assertRaisesRegex(UserError, words):
                    second_does(second, seen)
                second.rollback()
            with self.registry.cursor() as cr:
                seen = self.page(cr, one).cc_rev

    def test_accept(self):
        """One has it; the other reads who was faster. One move, no lock left."""
        one, two = self.users
        self.race("accept", one, two)
        with self.registry.cursor() as cr:
            ticket = self.page(cr, SUPERUSER_ID)
            self.assertEqual(ticket.user_id.id, one)
            kinds = ticket.cc_move_ids.sorted("id").mapped("kind")
            self.assertEqual(kinds, ["create", "start", "accept"])

    def test_submit(self):
        """The same step is submitted once, though its handler has it open twice."""
        one, _two = self.users
        with self.registry.cursor() as cr:
            self.page(cr, one).cc_move("accept")
        self.race("submit", one, one)
        with self.registry.cursor() as cr:
            moves = self.page(cr, SUPERUSER_ID).cc_move_ids
            self.assertEqual(moves.mapped("kind").count("submit"), 1)
            self.assertNotIn("Mine too", "".join(text or "" for text in moves.mapped("text")))
