# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import MONDAY, QualityCase

BEGIN = datetime(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestPerformance(QualityCase, TransactionCase):
    """Workload and performance with weights and a ranking (QUA-12); and the dashboard's tile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()
        cls.bea = cls.make_agent("bea", "8105", cls.service)

    def stat(self, agent, **values):
        self.env["cc.stat.agent"].create(
            {
                "agent_id": agent.id,
                "department_id": agent.department_id.id,
                "company_id": self.company.id,
                "bucket_at": BEGIN + timedelta(days=1),
                "signed_in_s": 900,
                **values,
            }
        )

    def make(self, **values):
        return self.env["cc.performance"].create(
            {
                "name": "November",
                "company_id": self.company.id,
                "date_from": BEGIN,
                "date_to": BEGIN + timedelta(days=30),
                "line_ids": [
                    (0, 0, {"metric": "handled", "target": 10, "weight": 3}),
                    (0, 0, {"metric": "satisfaction", "target": 80, "weight": 1}),
                ],
                **values,
            }
        )

    def test_ranking(self):
        """Weights, targets, what is missing, and who shares a place."""
        # Ann: 5 of 10 calls = 50 points, 3 of 4 satisfied = 75 of 80 = 93.75: (150 + 93.75) / 4
        self.stat(self.ann, handled=5, satisfied=3, dissatisfied=1)
        # Bea: 20 of 10 calls count 100, nobody rated: the figure drops out
        self.stat(self.bea, handled=20)
        # Bob: the same as Ann
        self.stat(self.ben, handled=5, satisfied=3, neutral=1)
        row = self.make()
        row.with_user(self.max_user).action_compute()
        by_agent = {result.agent_id: result for result in row.result_ids}
        self.assertEqual(by_agent[self.bea].score, 100.0)
        self.assertAlmostEqual(by_agent[self.ann].score, 60.9, 1)
        places = [by_agent[one].place for one in (self.bea, self.ann, self.ben)]
        self.assertEqual(places, [1, 2, 2])
        self.assertFalse(by_agent[self.lea].rated)
        self.assertEqual(by_agent[self.lea].score_text, "No data yet")

    def test_nothing_inspected(self):
        """Nobody looked at a call of theirs: no figure, which is not a result of 0; a real 0 is one."""
        sheet = self.handed_out()
        self.score(sheet, 4, 6, 20, 0)
        row = self.make(
            date_from=MONDAY,
            date_to=MONDAY + timedelta(days=30),
            line_ids=[
                (0, 0, {"metric": "quality", "target": 80}),
                (0, 0, {"metric": "assessment", "target": 80}),
            ],
        )
        row.with_user(self.max_user).action_compute()
        by_agent = {result.agent_id: result for result in row.result_ids}
        self.assertEqual((by_agent[self.ann].rated, by_agent[self.ann].score), (True, 0.0))
        self.assertFalse(by_agent[self.bea].rated)
        self.assertEqual(by_agent[self.bea].place, 0)
        self.assertIn("–", by_agent[self.bea].details)

    def test_departments(self):
        """Of a department the sums count, not the mean of its people."""
        self.stat(self.ann, handled=4, satisfied=1, dissatisfied=0)
        self.stat(self.bea, handled=4, satisfied=0, dissatisfied=3)
        row = self.make(
            by="department", line_ids=[(0, 0, {"metric": "satisfaction", "target": 100})]
        )
        row.with_user(self.max_user).action_compute()
        result = row.result_ids.filtered(lambda one: one.department_id == self.service)
        # 1 of 4, while the mean of 100 and 0 would be 50
        self.assertEqual((result.score, result.persons), (25.0, 3))

    def test_less_is_better(self):
        """At or below the target 100 points, twice as long half of them."""
        line = self.make(
            line_ids=[(0, 0, {"metric": "wrap_up_s", "target": 30, "less_is_better": True})]
        ).line_ids
        self.assertEqual([line._points(one) for one in (0, 30, 60)], [100.0, 100.0, 50.0])

    def test_who_sees(self):
        """A leader sees the places of their departments, an agent none."""
        self.stat(self.ann, handled=5)
        self.stat(self.ben, handled=5)
        row = self.make()
        row.with_user(self.max_user).action_compute()
        results = self.env["cc.performance.result"]
        seen = results.with_user(self.lea.user_id).search([("performance_id", "=", row.id)])
        self.assertEqual(seen.department_id, self.service)
        self.assertIn(self.ann, seen.agent_id)
        self.assertFalse(self.ann.user_id.has_group("cc_telephony.group_leader"))
        self.assertFalse(results.with_user(self.ann.user_id).has_access("read"))

    def test_tile(self):
        """The dashboard tells what was scored today; a leader only of their own departments."""
        # one and the same day, also at midnight
        moment = fields.Datetime.now()
        self.patch(fields.Datetime, "now", lambda *_args: moment)
        self.score(self.handed_out(), 4, 6, 20, 0)
        for user, count in ((self.lea.user_id, 1), (self.lin.user_id, 0)):
            data = self.env["cc.dashboard"].with_user(user).get_tiles("today")
            [tile] = [one for one in data["tiles"] if one["name"] == "cc_quality.scores"]
            self.assertEqual(tile["figures"][0]["value"], count, user.login)
            # nothing scored has no average
            self.assertEqual(len(tile["figures"]), 3 if count else 1)
        self.assertNotIn(
            "cc_quality.scores",
            [
                one["name"]
                for one in self.env["cc.dashboard"].with_user(self.ann.user_id).get_tiles()["tiles"]
            ],
        )
