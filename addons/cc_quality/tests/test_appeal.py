# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestAppeal(QualityCase, TransactionCase):
    """QUA-08: the agent objects, somebody who neither scored nor is rated decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def setUp(self):
        super().setUp()
        self.sheet = self.handed_out()
        self.score(self.sheet, 4, 0, 10, 10)  # 24 of 40
        self.agent = self.ann.user_id

    def appeal(self):
        """An appeal that Ann has sent, against the tone."""
        action = self.sheet.with_user(self.agent).action_appeal()
        appeal = self.env["cc.quality.appeal"].browse(action["res_id"])
        mine = appeal.with_user(self.agent)
        mine.write({"reason": "I was friendly"})
        mine.line_ids[1].write({"objection": "Listen at 0:12"})
        mine.action_send()
        return appeal

    def decide(self, appeal, user, points=6):
        one = appeal.with_user(user)
        one.line_ids[1].write({"changed": True, "points": points})
        one.write({"decision": "You were"})
        one.action_decide()

    def test_whole(self):
        """Both scores, reasons and times stay; the report uses the decided one and can show both."""
        appeal = self.appeal()
        self.assertEqual((appeal.state, appeal.number), ("open", 1))
        appeal.with_user(self.max_user).write({"decider_id": self.ian.id})
        self.decide(appeal, self.ian)
        row = self.sheet.score_ids[1]
        self.assertEqual((row.points, row.first_points, row.decided), (6, 0, True))
        # 30 of 40 after, 24 of 40 before
        self.assertEqual((self.sheet.percent, self.sheet.first_percent), (75.0, 60.0))
        self.assertEqual((appeal.percent_before, appeal.percent_after), (60.0, 75.0))
        self.assertEqual((appeal.decided_by_id, appeal.state), (self.ian, "decided"))
        self.env.flush_all()
        result = self.env["cc.quality.result"].search([("sheet_id", "=", self.sheet.id)])
        self.assertEqual((result.percent, result.first_percent), (75.0, 60.0))
        seen = appeal.with_user(self.agent)
        self.assertEqual(seen.decision, "You were")
        self.assertIn(self.agent.partner_id, appeal.message_ids.partner_ids)
        with self.assertRaises(UserError):
            appeal.with_user(self.max_user).action_decide()

    def test_who_decides(self):
        """Not who scored, not who is rated, not their leader unless the template says so."""
        appeal = self.appeal()
        self.ivy.group_ids |= self.env.ref("cc_telephony.group_manager")
        self.agent.group_ids |= self.env.ref("cc_telephony.group_manager")
        appeal.with_user(self.max_user).decision = "Because"
        for user in (self.ivy, self.agent, self.lea.user_id):
            with self.assertRaises(UserError, msg=user.login):
                appeal.with_user(user).action_decide()
        for user in (self.ivy, self.agent, self.clerk):
            with self.assertRaises(UserError, msg=user.login):
                appeal.with_user(self.max_user).assign_decider(user.id)
        self.template.leader_decides = True
        self.decide(appeal, self.lea.user_id)
        self.assertEqual(appeal.decided_by_id, self.lea.user_id)

    def test_not_named(self):
        """An inspector who was not named neither sees nor decides, nor hears the call."""
        appeal = self.appeal()
        appeals = self.env["cc.quality.appeal"].with_user(self.ian)
        self.assertFalse(appeals.search([("id", "=", appeal.id)]))
        with self.assertRaises(AccessError):
            appeal.with_user(self.ian).action_decide()
        recordings = self.env["cc.recording"].with_user(self.ian)
        mine = [("id", "in", self.sheet.call_id.recording_ids.ids)]
        self.assertFalse(recordings.search(mine))
        appeal.with_user(self.max_user).assign_decider(self.ian.id)
        self.assertTrue(recordings.search(mine))
        self.assertTrue(appeals.search([("id", "=", appeal.id)]))

    def test_scorer_left(self):
        """It works when whoever scored has left."""
        appeal = self.appeal()
        self.ivy.active = False
        self.decide(appeal, self.max_user)
        self.assertEqual(self.sheet.percent, 75.0)

    def test_limits(self):
        """A deadline, a number, and only one's own score."""
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            self.sheet.invalidate_recordset()
            with self.assertRaises(UserError):
                self.sheet.with_user(self.agent).action_appeal()
        self.sheet.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.sheet.with_user(self.ben.user_id).action_appeal()
        with self.assertRaises(AccessError):
            self.sheet.with_user(self.max_user).action_appeal()
        appeal = self.appeal()
        self.decide(appeal, self.max_user)
        self.sheet.invalidate_recordset()
        with self.assertRaises(UserError):
            self.sheet.with_user(self.agent).action_appeal()

    def test_begun_in_time_sent_late(self):
        """The deadline counts when the appeal is sent."""
        action = self.sheet.with_user(self.agent).action_appeal()
        appeal = self.env["cc.quality.appeal"].browse(action["res_id"]).with_user(self.agent)
        appeal.reason = "Late"
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            self.sheet.invalidate_recordset()
            with self.assertRaises(UserError):
                appeal.action_send()

    def test_what_the_agent_writes(self):
        """The agent writes the objection only, and nothing once it is sent."""
        action = self.sheet.with_user(self.agent).action_appeal()
        appeal = self.env["cc.quality.appeal"].browse(action["res_id"]).with_user(self.agent)
        for values in ({"state": "decided"}, {"decision": "Yes"}, {"percent_after": 100}):
            with self.assertRaises(AccessError):
                appeal.write(values)
        with self.assertRaises(AccessError):
            appeal.line_ids[0].write({"points": 4})
        with self.assertRaises(UserError):
            appeal.action_send()
        appeal.reason = "Because"
        appeal.action_send()
        with self.assertRaises(AccessError):
            appeal.write({"reason": "Another"})
        with self.assertRaises(AccessError):
            appeal.line_ids[0].write({"objection": "Another"})

    def test_what_is_decided(self):
        """New points keep to the row's maximum; a reason is needed."""
        appeal = self.appeal()
        one = appeal.with_user(self.max_user)
        one.line_ids[1].write({"changed": True, "points": 7})
        with self.assertRaises(UserError):
            one.action_decide()
        one.decision = "Yes"
        with self.assertRaises(UserError):
            one.action_decide()
        one.line_ids[1].points = 5
        one.action_decide()
        self.assertEqual(self.sheet.score_ids[1].points, 5)

    def test_withdrawn(self):
        """Withdrawn, the score stays as it was."""
        appeal = self.appeal()
        appeal.with_user(self.agent).action_withdraw()
        self.assertEqual((appeal.state, self.sheet.percent), ("withdrawn", 60.0))
        with self.assertRaises(UserError):
            appeal.with_user(self.max_user).action_decide()
