# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestAssessment(QualityCase, TransactionCase):
    """Assessments (考核): rounds, rights, seventeen items by hand and three computed (QUA-09, QUA-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def make(self, **values):
        return self.env["cc.assessment"].create(
            {
                "name": "Autumn",
                "company_id": self.company.id,
                "date_from": date(2026, 11, 1),
                "date_to": date(2026, 11, 30),
                "frequency": "once",
                "agent_ids": [(6, 0, self.ann.ids)],
                **values,
            }
        )

    def score_all(self, sheet, user, points=5):
        """Everything by hand the same."""
        for line in sheet.line_ids.filtered(lambda one: not one.computed):
            line.with_user(user).write({"points": points})
        sheet.with_user(user).action_done()

    def test_out_of_the_box(self):
        """Seventeen items by hand and three computed; own ones can be added, computed ones not lost."""
        items = self.env["cc.assessment.item"].search([])
        self.assertEqual(len(items.filtered(lambda item: not item.computed)), 17)
        self.assertEqual(
            set(items.filtered("computed").mapped("computed")),
            {"answer_timeliness", "wrap_up_timeliness", "satisfaction"},
        )
        own = self.env["cc.assessment.item"].with_user(self.max_user).create({"name": "Humour"})
        self.assertIn(own, self.make().item_ids)
        with self.assertRaises(UserError):
            items.filtered("computed")[0].unlink()

    def test_rounds(self):
        """Rounds from the first day on; the 31st is not lost, the last round ends with the period."""
        row = self.make(frequency="monthly", date_from=date(2026, 1, 31), date_to=date(2026, 4, 10))
        self.assertEqual(
            row.periods(),
            [
                (date(2026, 1, 31), date(2026, 2, 27)),
                (date(2026, 2, 28), date(2026, 3, 30)),
                (date(2026, 3, 31), date(2026, 4, 10)),
            ],
        )
        row = self.make(frequency="weekly", date_from=date(2026, 3, 23), date_to=date(2026, 4, 5))
        self.assertEqual(
            row.periods(),
            [(date(2026, 3, 23), date(2026, 3, 29)), (date(2026, 3, 30), date(2026, 4, 5))],
        )
        row.action_publish()
        self.assertEqual(len(row.sheet_ids), 2)

    def test_summer_time(self):
        """The week in which summer time begins: days of the company, 23 hours on that Sunday."""
        company = self.company
        company.partner_id.tz = "Europe/Berlin"
        row = self.make(date_from=date(2026, 3, 29), date_to=date(2026, 3, 29))
        row.action_publish()
        self.assertEqual(
            row.sheet_ids._bounds(), (datetime(2026, 3, 28, 23, 0), datetime(2026, 3, 29, 22, 0))
        )

    def test_computed(self):
        """Answers in time, wrap-ups in time, customers satisfied: from the rows, by hand counted here."""
        self.company.partner_id.tz = "UTC"
        day = datetime(2026, 11, 5, 9, 0)
        for rating in ("satisfied", "satisfied", "neutral", "dissatisfied", "hung_up", False):
            self.make_calls(self.ann, 1, started_at=day, rating=rating)
        self.make_calls(self.ann, 1, started_at=datetime(2026, 12, 1), rating="dissatisfied")
        call = self.make_calls(self.ann, 1, started_at=day)
        for number, (outcome, ring_s, ring_at) in enumerate(
            (
                ("answered", 10.0, day),
                ("answered", 10.5, day),
                ("no_answer", 20.0, day),
                ("rejected", 1.0, day),
                ("cancelled", 3.0, day),
                ("answered", 1.0, datetime(2026, 12, 1)),
            )
        ):
            self.env["cc.call.attempt"].create(
                {
                    "call_id": call.id,
                    "n": number + 1,
                    "agent_id": self.ann.id,
                    "outcome": outcome,
                    "ring_s": ring_s,
                    "ring_at": ring_at,
                }
            )
        for hour, duration in ((9, 60), (10, 61), (11, 20)):
            self.env["cc.agent.interval"].create(
                {
                    "agent_id": self.ann.id,
                    "company_id": self.company.id,
                    "state": "wrap_up",
                    "started_at": datetime(2026, 11, 5, hour, 0),
                    "ended_at": datetime(2026, 11, 5, hour, duration // 60, duration % 60),
                    "duration_s": duration,
                }
            )
        row = self.make()
        row.action_publish()
        sheet = row.sheet_ids
        self.score_all(sheet, self.max_user)
        figures = {line.computed: line for line in sheet.line_ids.filtered("computed")}
        found = {key: (line.good, line.whole) for key, line in figures.items()}
        self.assertEqual(
            found,
            {"answer_timeliness": (1, 4), "wrap_up_timeliness": (2, 3), "satisfaction": (2, 4)},
        )
        # 17 × 5 of 10, and 2.5, 6.666…, 5 of 10
        self.assertAlmostEqual(sheet.percent, 100 * (85 + 2.5 + 20 / 3 + 5) / 200, 1)

    def test_no_data(self):
        """Nothing to compute from: the item drops out, it is no zero."""
        row = self.make()
        row.action_publish()
        self.score_all(row.sheet_ids, self.max_user, 10)
        self.assertEqual(row.sheet_ids.percent, 100.0)
        self.assertIn("No data yet", row.sheet_ids.line_ids.mapped("basis"))

    def test_rights(self):
        """Leaders score their people, nobody themself; the person sees it once done, colleagues never."""
        bea = self.make_agent("bea", "8105", self.service)
        row = self.make(agent_ids=[(6, 0, (self.ann | self.lea | bea).ids)])
        with self.assertRaises(AccessError):
            row.with_user(self.lea.user_id).action_publish()
        row.with_user(self.max_user).action_publish()
        ann, lea, _bea = (
            row.sheet_ids.filtered(lambda one, who=who: one.agent_id == who)
            for who in (self.ann, self.lea, bea)
        )
        sheets = self.env["cc.assessment.sheet"]
        for user in (self.ann.user_id, bea.user_id, self.lin.user_id):
            self.assertFalse(sheets.with_user(user).search([("id", "=", ann.id)]), user.login)
        with self.assertRaises(AccessError):
            ann.line_ids[0].with_user(self.lin.user_id).write({"points": 1})
        with self.assertRaises(AccessError):
            lea.with_user(self.lea.user_id).action_done()
        self.assertFalse(sheets.with_user(self.lea.user_id).search([("id", "=", lea.id)]))
        self.score_all(ann, self.lea.user_id)
        self.assertEqual((ann.state, ann.percent, ann.assessor_id), ("done", 50, self.lea.user_id))
        for user, seen in (
            (self.ann.user_id, True),
            (bea.user_id, False),
            (self.lin.user_id, False),
        ):
            for model, domain in (
                ("cc.assessment.sheet", [("id", "=", ann.id)]),
                ("cc.assessment.line", [("sheet_id", "=", ann.id)]),
            ):
                found = self.env[model].with_user(user).search(domain)
                self.assertEqual(bool(found), seen, (model, user.login))
        with self.assertRaises(AccessError):
            ann.line_ids[0].with_user(self.ann.user_id).write({"points": 10})

    def test_points(self):
        """0 to the maximum, by hand only where nothing computes them."""
        row = self.make()
        row.action_publish()
        lines = row.sheet_ids.line_ids.with_user(self.max_user)
        for points in (-1, 11):
            with self.assertRaises(UserError):
                lines[0].write({"points": points})
        with self.assertRaises(AccessError):
            lines.filtered("computed")[0].write({"points": 1})
        with self.assertRaises(UserError):
            row.sheet_ids.with_user(self.max_user).action_done()

    def test_life(self):
        """Published it is frozen; without scores it goes back or away; with scores it stays."""
        row = self.make()
        mine = row.with_user(self.max_user)
        mine.action_publish()
        with self.assertRaises(UserError):
            mine.write({"date_to": date(2026, 12, 31)})
        mine.action_draft()
        mine.write({"date_to": date(2026, 11, 29)})
        mine.action_publish()
        self.score_all(row.sheet_ids, self.max_user)
        with self.assertRaises(UserError):
            mine.action_draft()
        with self.assertRaises(UserError):
            mine.unlink()
        with self.assertRaises(AccessError):
            row.sheet_ids.with_user(self.lea.user_id).action_reopen()
        row.sheet_ids.with_user(self.max_user).action_reopen()
        self.assertEqual(row.sheet_ids.state, "open")
        mine.action_draft()
        mine.unlink()
        self.assertFalse(row.exists())
