# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import CampaignCase


class TestDoNotCall(CampaignCase):
    """DIA-08: a request is in force at once, survives everything, and only a named right lifts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dnc = cls.env["cc.do.not.call"]
        cls.number = cls.number_of("13800138001")

    def listed(self, channel="call", campaign=None):
        return bool(self.dnc._stops(self.number, channel, campaign or self.campaign))

    def test_scopes(self):
        """A request for messages does not stop calls; one for a campaign not another."""
        self.dnc._add(self.number, source="sms", channel="sms")
        self.assertFalse(self.listed())
        self.assertTrue(self.listed("sms"))
        other = self.make_campaign(name="Second")
        self.dnc._add(
            self.number, source="agent", channel="call", scope="campaign", campaign_id=other.id
        )
        self.assertFalse(self.listed())
        self.assertTrue(self.listed(campaign=other))

    def test_expiry(self):
        self.dnc._add(
            self.number, source="agent", expires_at=fields.Datetime.now() + timedelta(days=1)
        )
        self.assertTrue(self.listed())
        self.dnc.search([]).sudo().with_context(cc_lifting=True).write(
            {"expires_at": fields.Datetime.now() - timedelta(seconds=1)}
        )
        self.assertFalse(self.listed())

    def test_typed_number(self):
        """Any written form is understood; what is no number is refused, and nobody else is listed."""
        entry = self.dnc.with_user(self.lea.user_id).create({"number": "138-0013-8001"})
        self.assertEqual(entry.number_id, self.number)
        self.assertEqual(entry.user_id, self.lea.user_id)
        with self.assertRaises(ValidationError):
            self.dnc.with_user(self.lea.user_id).create({"number": "rubbish"})

    def test_mirror(self):
        """Odoo's own list for messages follows; a short code is never passed to it."""
        self.dnc._add(self.number, source="agent")
        blacklist = self.env["phone.blacklist"]
        self.assertTrue(blacklist.search_count([("number", "=", "+8613800138001")]))
        count = blacklist.search_count([])
        self.dnc._add(self.number_of("95588"), source="agent")
        self.assertEqual(blacklist.search_count([]), count)

    def test_cannot_be_changed(self):
        """Neither leader nor manager can change, shorten or delete a request."""
        entry = self.dnc._add(self.number, source="agent").with_user(self.max.user_id)
        for vals in ({"channel": "sms"}, {"scope": "company"}, {"number": "13800138002"}):
            with self.assertRaises(UserError):
                entry.write(vals)
        with self.assertRaises(AccessError):
            entry.write({"expires_at": fields.Datetime.now()})
        with self.assertRaises(AccessError):
            entry.write({"lifted_at": fields.Datetime.now()})
        with self.assertRaises(AccessError):
            entry.unlink()
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        self.assertTrue(self.listed())

    def test_lift(self):
        """Only who has the right lifts, with a reason that stays; managers without it can't."""
        entry = self.dnc._add(self.number, source="agent")
        with self.assertRaises(AccessError):
            entry.with_user(self.max.user_id).lift("please")
        with self.assertRaises(ValidationError):
            entry.with_user(self.ada).lift(" ")
        entry.with_user(self.ada).lift("Asked in writing to be called")
        self.assertFalse(self.listed())
        self.assertEqual(entry.lifted_by_id, self.ada)
        self.assertEqual(entry.lift_reason, "Asked in writing to be called")
        self.assertFalse(
            self.env["phone.blacklist"].search_count([("number", "=", "+8613800138001")])
        )

    def test_survives_later_results(self):
        """Do-not-call, then any other disposition, a new import and a second round: it still holds."""
        self.start()
        attempt = self.campaign.sudo()._grant(1, agent=self.ann)
        agents = self.env["cc.agent"].with_user(self.ann.user_id)
        ref = self.env.ref
        agents.campaign_result(
            attempt.id,
            {"disposition_id": ref("cc_survey_dialer.disposition_do_not_call").id},
        )
        self.assertTrue(self.listed())
        agents.campaign_result(
            attempt.id,
            {"disposition_id": ref("cc_survey_dialer.disposition_not_interested").id},
        )
        self.assertTrue(self.listed())
        self.assertEqual(self.why("13800138001"), "do_not_call")
        self.campaign.action_pause()
        self.campaign.action_second_round()
        self.assertEqual(self.why("13800138001"), "do_not_call")
        other = self.start(self.make_campaign(name="Again"))
        self.assertEqual(self.why("13800138001", other), "do_not_call")
        [entry] = self.dnc.search([("number_id", "=", self.number.id)])
        self.assertEqual((entry.source, entry.user_id), ("agent", self.ann.user_id))
