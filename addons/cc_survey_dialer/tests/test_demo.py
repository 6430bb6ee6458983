# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo has something to see on every screen of campaigns and messages."""

    def test_history(self):
        running = self.env.ref("cc_survey_dialer.demo_campaign", raise_if_not_found=False)
        if not running:
            return  # without demo data there is nobody to call
        self.assertFalse(running.entry_ids.attempt_ids)
        with patch.dict(os.environ, CC_DEMO_CALLS="1"):
            self.env["cc.demo"]._make_campaigns()
            self.env["cc.demo"]._make_campaigns()  # once is enough
        over = self.env["cc.campaign"].search([("name", "=", "Spring service offer")])
        shown = over.progress()
        self.assertEqual((over.state, shown["open"]), ("done", 0))
        self.assertGreater(shown["success"], 10)
        self.assertLess(shown["done"], shown["total"])
        answers = over.survey_id.cc_statistics(over.id)
        self.assertGreater(answers["complete"], 10)
        self.assertTrue(answers["partial"])
        now = fields.Datetime.now()
        ann = self.env.ref("cc_telephony.agent_ann")
        due = ann._cc_snapshot_extra()["cc_survey_dialer"]["callbacks"]
        self.assertEqual((due, len(ann._callbacks())), (1, 2))
        requests = self.env["cc.do.not.call"].search([])
        self.assertEqual(
            set(requests.mapped("source")), {"agent", "sms", "register", "web", "manual"}
        )
        self.assertEqual(requests.filtered("lifted_at").mapped("source"), ["manual"])
        messages = self.env["cc.sms.message"].search([])
        self.assertLess(max(messages.mapped("at")), now)
        states = set(messages.mapped("state"))
        self.assertLessEqual({"received", "sent", "delivered", "failed"}, states)
        self.assertFalse({"queued", "sending"} & states)
        jobs = self.env["cc.sms.job"].search([])
        self.assertEqual(set(jobs.mapped("state")), {"draft", "done"})
