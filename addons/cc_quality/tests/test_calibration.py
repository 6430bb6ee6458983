# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestCalibration(QualityCase, TransactionCase):
    """QUA-11: blind, compared when all are in, never part of an agent's average."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def begin(self, count=3):
        calls = self.make_calls(self.ann, count)
        row = self.env["cc.quality.calibration"].create(
            {
                "name": "Together",
                "template_id": self.template.id,
                "company_id": self.company.id,
                "call_ids": [(6, 0, calls.ids)],
                "inspector_ids": [(6, 0, (self.ivy | self.ian).ids)],
            }
        )
        row.with_user(self.max_user).action_start()
        return row

    def test_blind(self):
        """Until the last sheet is in, nobody sees another's scores, the manager included."""
        row = self.begin(2)
        mine = row.sheet_ids.filtered(lambda sheet: sheet.inspector_id == self.ivy)
        theirs = row.sheet_ids - mine
        for sheet in mine:
            self.score(sheet, 4, 6, 20, 10)
        for user, seen in ((self.ivy, mine), (self.ian, theirs), (self.max_user, mine.browse())):
            found = (
                self.env["cc.quality.sheet"]
                .with_user(user)
                .search([("calibration_id", "=", row.id)])
            )
            self.assertEqual(found, seen, user.login)
        self.assertFalse(row.agreement_ids)
        self.assertEqual((row.with_user(self.max_user).done_count, row.sheet_count), (2, 4))
        for sheet in theirs:
            self.score(sheet, 4, 6, 20, 10)
        self.assertEqual(row.state, "closed")
        found = self.env["cc.quality.sheet"].with_user(self.max_user)
        self.assertEqual(len(found.search([("calibration_id", "=", row.id)])), 4)
        # the agent's score and the report know nothing of it
        self.env.flush_all()
        self.assertFalse(self.env["cc.quality.result"].search([("agent_id", "=", self.ann.id)]))
        agent = self.env["cc.quality.sheet"].with_user(self.ann.user_id)
        self.assertFalse(agent.search([("calibration_id", "=", row.id)]))

    def test_agreement(self):
        """All equal is said in words; differences have their figures."""
        row = self.begin(3)
        points = {self.ivy: (1, 3, 4), self.ian: (1, 3, 2)}
        for inspector, given in points.items():
            sheets = row.sheet_ids.filtered(lambda one, who=inspector: one.inspector_id == who)
            for sheet, name in zip(sheets.sorted("call_id"), given, strict=True):
                self.score(sheet, name, 6, 20, 10)
        name, tone, _answer, identity = row.agreement_ids.sorted("sequence")
        self.assertEqual((name.state, name.percent_text), ("defined", "67 %"))
        self.assertEqual(name.difference_text, "0.67")
        # interval, coincidences of 1 1 3 3 4 2: D_o = 2·4/6, D_e = the mean squared difference of
        # all 30 ordered pairs of (1,1,3,3,4,2) = 2·(6·40 - 14²)/30
        expected = 1 - (2 * 4 / 6) / (2 * (6 * 40 - 14**2) / 30)
        self.assertAlmostEqual(name.alpha, expected, 3)
        self.assertEqual(tone.state, "all_equal")
        self.assertEqual(tone.alpha_text, "All agree, alpha not defined")
        self.assertEqual((tone.percent_text, identity.level), ("100 %", "nominal"))

    def test_too_few(self):
        """One call only: words, no figure."""
        row = self.begin(1)
        for sheet in row.sheet_ids:
            self.score(sheet, 4, 6, "na", 10)
        states = row.agreement_ids.sorted("sequence").mapped("state")
        self.assertEqual(states, ["too_few"] * 4)
        self.assertEqual(row.agreement_ids.sorted("sequence")[2].percent_text, "–")

    def test_closed_early(self):
        """A manager compares what is there; whoever takes part finishes first."""
        row = self.begin(2)
        mine = row.sheet_ids.filtered(lambda sheet: sheet.inspector_id == self.ivy)
        for sheet in mine:
            self.score(sheet, 4, 6, 20, 10)
        with self.assertRaises(AccessError):
            row.with_user(self.ian).action_close()
        row.with_user(self.max_user).action_close()
        self.assertEqual((row.state, row.sheet_ids), ("closed", mine))
        with self.assertRaises(UserError):
            row.with_user(self.max_user).action_close()
