# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import ast

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import TicketMixin


@tagged("post_install", "-at_install")
class TestReport(TicketMixin, TransactionCase):
    """TIC-13: figures of tickets, by thought, and each leader's own departments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()

    def story(self):
        """Ann makes three complaints, two of them closed, one of these urged; Cai makes one, still open."""
        closed = self.make_ticket() | self.make_ticket()
        for ticket in closed:
            self.do(ticket, self.ben, "accept")
            self.do(ticket, self.ben, "submit")
        self.do(closed[1], self.lea, "urge")
        for ticket in closed:
            self.do(ticket, self.ann, "close")
        self.make_ticket()
        self.make_ticket(self.cai)
        self.make_ticket(start=False)  # a draft is no ticket yet
        self.env.flush_all()

    def figures(self, agent, group):
        report = self.env["cc.ticket.report"].with_user(agent.user_id)
        rows = report._read_group(
            [("company_id", "=", self.company.id)],
            [group],
            ["total:sum", "open_count:sum", "done_count:sum", "done_share:avg", "urges:sum"],
        )
        return {row[0].name: row[1:] for row in rows}

    def test_by_kind(self):
        self.story()
        self.assertEqual(self.figures(self.max, "type_id"), {"Complaint": (4, 2, 2, 50.0, 1)})

    def test_by_creator(self):
        self.story()
        found = self.figures(self.max, "creator_id")
        self.assertEqual(found["Cai"], (1, 1, 0, 0.0, 0))
        self.assertEqual(found["Ann"][:3], (3, 1, 2))
        self.assertAlmostEqual(found["Ann"][3], 200 / 3)

    def test_own_departments(self):
        """Lin, who leads Sales, counts what Sales made; Lea counts what Service made or has."""
        self.story()
        self.assertEqual(set(self.figures(self.lin, "creator_id")), {"Cai"})
        # the complaint of Cai waits in Service
        self.assertEqual(self.figures(self.lea, "type_id")["Complaint"][0], 4)

    def test_steps(self):
        """Of each step, who had it: not only the last handler."""
        self.story()
        turns = self.env["cc.ticket.turn"].with_user(self.max.user_id)
        rows = turns._read_group(
            [("ended_at", "!=", False), ("company_id", "=", self.company.id)],
            ["step_name", "user_id"],
            ["__count", "urges:sum"],
        )
        self.assertEqual(
            {(step, user.name): (count, urges) for step, user, count, urges in rows},
            {("Check", "Ben"): (2, 0), ("Answer the customer", "Ann"): (2, 1)},
        )

    def test_language_added_later(self):
        """Turns from before a language came, and those of an older version, count with the newest: by the step,
        not by the words it has in the reader's language."""
        self.story()
        self.env["res.lang"]._activate_lang("zh_CN")
        self.template.with_user(self.max.user_id).action_draw()
        draft = self.template.draft_id
        check = draft.step_ids.filtered(lambda step: step.code == "check")
        check.name = "Examine"
        check.update_field_translations("name", {"zh_CN": "核查"})
        draft.with_user(self.max.user_id).action_publish()
        ticket = self.with_ben()
        self.do(ticket, self.ben, "submit")
        self.env.flush_all()
        action = self.env.ref("cc_ticket.cc_ticket_turn_action")
        context = {**ast.literal_eval(action.context), "lang": "zh_CN"}
        turns = self.env["cc.ticket.turn"].with_user(self.max.user_id).with_context(**context)
        rows = turns.formatted_read_group(
            [("ended_at", "!=", False), ("company_id", "=", self.company.id)],
            ["first_step_id"],
            ["__count"],
        )
        self.assertEqual(
            {row["first_step_id"][1]: row["__count"] for row in rows},
            {"Complaint / 核查": 3, "Complaint / Answer the customer": 2},
        )

    def test_tile(self):
        """The dashboard's tile counts what its reader may see; the to-dos are the bar's."""
        # one and the same day, also at midnight
        moment = fields.Datetime.now()
        self.patch(fields.Datetime, "now", lambda *_args: moment)
        self.story()
        dashboard = self.env["cc.dashboard"].with_user(self.ben.user_id)
        [tile] = [
            tile for tile in dashboard.get_tiles()["tiles"] if tile["name"] == "cc_ticket.tickets"
        ]
        figures = {row["label"]: row["value"] for row in tile["figures"]}
        tickets = self.env["helpdesk.ticket"].with_user(self.ben.user_id)
        self.assertEqual(figures["My to-dos"], tickets.cc_todo_count())
        # two wait in Service for somebody to take them
        self.assertEqual(figures["My to-dos"], 2)
        self.assertEqual(figures["Closed"], 2)
