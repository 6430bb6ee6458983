# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

TIMES = 5


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """T01: two people take the same ticket in the same second, in transactions of their own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.users = [
                new_test_user(
                    env,
                    f"cc_same_second_{name}",
                    groups="cc_telephony.group_agent",
                    context={"no_reset_password": True},
                ).id
                for name in ("one", "two")
            ]
        self.addCleanup(self.clean)
        self.tickets = []

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", [self.tickets])
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id = ANY(%s)",
                [self.tickets],
            )
            env["res.users"].browse(self.users).unlink()

    def both(self, rev):
        """Both press the button: what each reads."""
        barrier = threading.Barrier(2)
        outcome = {}

        def take(env):
            env["helpdesk.ticket"].browse(self.tickets[-1]).cc_move("accept", {"rev": rev})

        def person(user_id):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                barrier.wait()
                try:
                    retrying(partial(take, env), env)
                    outcome[user_id] = "has it"
                except UserError as error:
                    outcome[user_id] = str(error)

        with mute_logger("odoo.service.model", "odoo.sql_db"):
            threads = [threading.Thread(target=person, args=(one,)) for one in self.users]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return outcome

    def test_accept(self):
        """One has it, the other reads who was faster; one move, no traceback, no lock left."""
        for _time in range(TIMES):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.users[0], {})
                ticket = env["helpdesk.ticket"].create(
                    {
                        "cc_template_id": env.ref("cc_ticket.template_support").id,
                        "name": "Both at once",
                    }
                )
                ticket.cc_move("start")
                self.tickets.append(ticket.id)
                # back to the role: who made it does not have it
                env["cc.ticket.turn"].sudo().search([("ticket_id", "=", ticket.id)]).user_id = False
                ticket.sudo()._cc_write({"user_id": False, "cc_state": "open"})
                rev = ticket.cc_rev
            outcome = self.both(rev)
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                ticket = env["helpdesk.ticket"].browse(self.tickets[-1])
                [loser] = [one for one in self.users if outcome[one] != "has it"]
                self.assertIn(ticket.user_id.name, outcome[loser])
                self.assertIn(ticket.user_id.id, set(self.users) - {loser})
                accepts = ticket.cc_move_ids.filtered(lambda move: move.kind == "accept")
                self.assertEqual(len(accepts), 1)
