# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import T0, FactsMixin


@tagged("post_install", "-at_install")
class TestRegister(FactsMixin, TransactionCase):
    """Calls that no telephony saw, and calling back from the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.partner = cls.env["res.partner"].create({"name": "Zoltan Li"})
        cls.env["cc.phone.link"].create({"number": "+8613912345678", "partner_id": cls.partner.id})

    def form(self, agent):
        return Form(self.env["cc.call.register"].with_user(agent.user_id))

    def register(self, agent, **values):
        wizard = (
            self.env["cc.call.register"]
            .with_user(agent.user_id)
            .create({"number": "139 1234 5678", "duration": 0.05, **values})
        )
        return self.env["cc.call"].browse(wizard.action_register()["res_id"])

    def test_story(self):
        """The number finds its customer; the call is the agent's, with its note."""
        purpose = self.env["cc.call.purpose"].search([], limit=1)
        form = self.form(self.ann)
        form.direction = "outbound"
        form.number = "139-1234-5678"
        self.assertEqual(form.partner_id, self.partner)
        form.started_at = datetime(2026, 3, 2, 8, 0)
        form.duration = 0.05
        form.purpose_id = purpose
        form.note = "Called from home"
        action = form.save().action_register()
        call = self.env["cc.call"].browse(action["res_id"])
        self.assertRecordValues(
            call,
            [
                {
                    "manual": True,
                    "direction": "outbound",
                    "state": "ended",
                    "number_display": "+86 139 1234 5678",
                    "partner_id": self.partner.id,
                    "agent_id": self.ann.id,
                    "department_id": self.service.id,
                    "company_id": self.company.id,
                    "started_at": datetime(2026, 3, 2, 8, 0),
                    "answered_at": datetime(2026, 3, 2, 8, 0),
                    "ended_at": datetime(2026, 3, 2, 8, 3),
                    "talk_s": 180.0,
                    "duration_s": 180.0,
                    "purpose_id": purpose.id,
                    "note": "Called from home",
                }
            ],
        )
        self.assertTrue(call.with_user(self.ann.user_id).has_access("read"))
        self.assertFalse(call.with_user(self.ben.user_id).has_access("read"))
        with self.assertRaises(AccessError):
            call.with_user(self.ann.user_id).talk_s = 5
        recent = self.env["cc.agent"].with_user(self.ann.user_id).recent_calls()["calls"]
        self.assertEqual([row["id"] for row in recent], [call.id])

    def test_nobody_answered(self):
        call = self.register(self.ann, direction="outbound", duration=0)
        self.assertFalse(call.answered_at)
        self.assertEqual((call.talk_s, call.note_ids.ids), (0.0, []))

    def test_refused(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        for why, values in (
            ("number or select", {"number": False}),
            ("in the future", {"started_at": later}),
            ("between 0 minutes and 24 hours", {"duration": -1}),
            ("between 0 minutes and 24 hours", {"duration": 25}),
        ):
            with self.subTest(why=why), self.assertRaisesRegex(UserError, why):
                self.register(self.ann, **values)
        with self.assertRaisesRegex(ValidationError, "“hello” is not a phone number"):
            self.register(self.ann, number="hello")

    def test_whose(self):
        """Agents register their own, leaders those of their departments."""
        for agent in (self.ann, self.lin):
            with self.assertRaises(AccessError):
                self.register(agent, agent_id=self.ben.id)
        self.assertEqual(self.register(self.lea, agent_id=self.ben.id).agent_id, self.ben)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create({"name": "Far", "company_id": elsewhere.id})
        with self.assertRaises(AccessError):
            self.register(self.ann, partner_id=hidden.id)

    # ---- calling back ----

    def test_call_back(self):
        """From the log, without a number being seen; by whom the call may be read."""
        facts = self.life()
        self.ingest(*facts)
        call = self.call_of(facts)
        with self.assertRaisesRegex(UserError, "Sign in first"):
            call.with_user(self.ann.user_id).action_call_back()
        for agent in (self.ann, self.ben):
            answer = self.env["cc.agent"].with_user(agent.user_id).sign_in("browser")
            self.ingest(self.agent_fact(agent, "busy", T0, session=answer["session"]))
        call.with_user(self.ann.user_id).action_call_back()
        command = self.env["cc.command"].sudo().search([("kind", "=", "dial")])
        self.assertEqual((command.agent_id, command.number_id), (self.ann, call.number_id))
        with self.assertRaises(AccessError):
            call.with_user(self.ben.user_id).action_call_back()
