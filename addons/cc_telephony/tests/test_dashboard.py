# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..utils.dashboard import Tile, make_period
from .common import S
from .test_stat import StatCase

DASHBOARD = "odoo.addons.cc_telephony.models.stat.cc_dashboard"


class TestPeriod(TransactionCase):
    """Days of a dashboard are those of the reader's zone (QS-11, QS-13)."""

    def spans(self, key, moment, tz):
        period = make_period(key, moment, tz)
        return period.begin, period.end, period.grain

    def test_far_zones(self):
        """The day in Kiritimati, in Kathmandu and in Honolulu at one moment."""
        moment = datetime(2026, 3, 2, 11, 0)
        for tz, begin, end in (
            ("Pacific/Kiritimati", datetime(2026, 3, 2, 10), datetime(2026, 3, 3, 10)),
            ("Asia/Kathmandu", datetime(2026, 3, 1, 18, 15), datetime(2026, 3, 2, 18, 15)),
            ("Pacific/Honolulu", datetime(2026, 3, 2, 10), datetime(2026, 3, 3, 10)),
        ):
            with self.subTest(tz):
                self.assertEqual(self.spans("today", moment, tz), (begin, end, "hour"))

    def test_summer_time(self):
        """The day on which summer time ends has 25 hours, the week around it 169."""
        begin, end, _grain = self.spans("today", datetime(2026, 10, 25, 12), "Europe/Berlin")
        self.assertEqual((end - begin).total_seconds() / 3600, 25)
        begin, end, grain = self.spans("week", datetime(2026, 10, 27, 12), "Europe/Berlin")
        self.assertEqual((end - begin).total_seconds() / 3600, 7 * 24 + 1)
        self.assertEqual(grain, "day")


@tagged("post_install", "-at_install")
class TestDashboard(StatCase, TransactionCase):
    """Tiles for those who may see them, with figures that the reports give too."""

    def tiles(self, user, period="today"):
        with patch(f"{DASHBOARD}.fields.Datetime.now", return_value=self.at(0)):
            answer = (
                self.env["cc.dashboard"].with_user(user).with_context(tz="UTC").get_tiles(period)
            )
        return {tile["name"]: tile for tile in answer["tiles"]}

    def figures(self, user, period="today"):
        tile = self.tiles(user, period)["cc_telephony.service"]
        return {figure["label"]: figure["value"] for figure in tile["figures"]}

    def test_figures(self):
        """One call answered in 6 s, one abandoned after 30 s; nothing in the other department."""
        self.ingest(*self.life())
        self.ingest(self.abandoned(30 * S))
        self.recompute(30)
        self.assertEqual(
            self.figures(self.lea.user_id),
            {
                "Offered": 2,
                "Answered": 1,
                "Abandoned": 1,
                "Service level": 0.5,
                "Average speed of answer": 6,
                "Longest wait": 30,
            },
        )
        nothing = {"Offered": 0, "Answered": 0, "Abandoned": 0}
        empty = dict.fromkeys(("Service level", "Average speed of answer", "Longest wait"))
        self.assertEqual(self.figures(self.lin.user_id), {**nothing, **empty})
        self.assertEqual(self.figures(self.lea.user_id, "yesterday"), {**nothing, **empty})
        tile = self.tiles(self.max.user_id)["cc_telephony.traffic"]
        self.assertEqual(tile["labels"], ["2026-03-02 08:00:00"])
        self.assertEqual([one["values"] for one in tile["series"]], [[1], [1]])

    def test_nobody_answered(self):
        """One caller gave up: nobody was served in time, and there is no speed of answer."""
        self.ingest(self.abandoned(30 * S))
        self.recompute(30)
        figures = self.figures(self.lea.user_id)
        self.assertEqual((figures["Service level"], figures["Average speed of answer"]), (0, None))

    def test_who_sees(self):
        """Agents see no tile of leaders; people outside see no dashboard."""
        ours = [name for name in self.tiles(self.ann.user_id) if name.startswith("cc_telephony.")]
        self.assertEqual(ours, ["cc_telephony.missed"])
        with self.assertRaises(AccessError):
            self.tiles(new_test_user(self.env, "outsider"))

    def test_broken_tile(self):
        """A tile that fails is told so, and the others are there."""
        dashboard = type(self.env["cc.dashboard"])
        tiles = self.env["cc.dashboard"]._cc_tiles()
        broken = {**tiles, "broken": Tile(title="Broken", data="_no_such_method")}
        with (
            patch.object(dashboard, "_cc_tiles", lambda model: broken),
            self.assertLogs(DASHBOARD, "ERROR"),
        ):
            found = self.tiles(self.lea.user_id)
        self.assertTrue(found["broken"]["failed"])
        self.assertNotIn("failed", found["cc_telephony.service"])


@tagged("post_install", "-at_install")
class TestReportQueue(StatCase, TransactionCase):
    """Ratios of sums, by convention and in the reader's zone (TEL-41, TEL-45)."""

    def group(self, groupby, *aggregates, tz="UTC", user=None):
        report = self.env["cc.report.queue"].with_user(user or self.max.user_id)
        return report.with_context(tz=tz, allowed_company_ids=self.company.ids)._read_group(
            [("queue_id", "=", self.queue.id)], groupby, aggregates
        )

    def test_service_level(self):
        """QS-17 with 10 answered in time, 2 later, 1 abandoned in time, 3 later."""
        self.env["cc.stat.queue"].sudo().create(
            [
                {
                    "queue_id": self.queue.id,
                    "company_id": self.company.id,
                    "department_id": self.service.id,
                    "bucket_at": self.at(900 * n),
                    **counts,
                }
                for n, counts in enumerate(
                    (
                        {"offered": 12, "answered": 12, "answered_within": 10},
                        {"offered": 4, "abandoned": 4, "abandoned_within": 1},
                    )
                )
            ]
        )
        for convention, expected in (
            ("against", 10 / 16),
            ("ignored", 10 / 15),
            ("favour", 11 / 16),
        ):
            with self.subTest(convention):
                self.company.cc_service_level = convention
                self.env.flush_all()
                self.assertAlmostEqual(self.group([], "service_level:avg")[0][0], expected)
        # a mean of the quarters' ratios would be 0.5
        self.assertAlmostEqual(self.group([], "answer_rate:avg")[0][0], 12 / 16)

    def test_nothing_offered(self):
        """Nothing below the line: empty, not 0 and not 100 %."""
        self.assertFalse(self.group([], "service_level:avg")[0][0])
        self.ingest(self.abandoned(S))
        self.recompute(30)
        self.assertFalse(self.group([], "answer_wait_s:avg")[0][0])

    def test_days(self):
        """A call at 08:00 UTC is of the day before in Honolulu at 21:59, and rows say so."""
        self.ingest(*self.life())
        self.recompute(30)
        rows = self.group(["date:day"], "offered:sum", tz="Pacific/Honolulu")
        self.assertEqual([(f"{day:%Y-%m-%d}", count) for day, count in rows], [("2026-03-01", 1)])
        rows = self.group(["date:day"], "offered:sum", tz="Asia/Kathmandu")
        self.assertEqual([(f"{day:%Y-%m-%d}", count) for day, count in rows], [("2026-03-02", 1)])
        report = self.env["cc.report.queue"].with_user(self.max.user_id)
        row = report.with_context(tz="Asia/Kathmandu").search([("queue_id", "=", self.queue.id)])
        self.assertEqual(row.date, datetime(2026, 3, 1, 18, 15))
        self.assertEqual(row._span(), (datetime(2026, 3, 1, 18, 15), datetime(2026, 3, 2, 18, 15)))
        visits = self.env["cc.call.visit"].with_user(self.max.user_id)
        self.assertEqual(visits.search_count(row.action_visits()["domain"]), 1)

    def test_rows_by_hour(self):
        """Rows by hour, day and month come from the same figures."""
        for at in (0, 20, 90):
            self.ingest(self.abandoned(S, at * 60 * S))
        self.recompute(300)
        report = self.env["cc.report.queue"].with_user(self.max.user_id).with_context(tz="UTC")
        for period, expected in (("hour", [1, 2]), ("day", [3]), ("month", [3])):
            with self.subTest(period):
                # a row's id says nothing about its period
                self.env.invalidate_all()
                rows = report.with_context(cc_period=period).search(
                    [("queue_id", "=", self.queue.id)]
                )
                self.assertEqual(rows.mapped("offered"), expected)
                self.assertEqual(set(rows.mapped("abandon_rate")), {1.0})

    def test_who_sees(self):
        """Leaders see the report of their departments only, agents none."""
        self.ingest(*self.life())
        self.recompute(30)
        for user, count in ((self.lea, 1), (self.lin, 0), (self.max, 1)):
            with self.subTest(user.name):
                rows = self.env["cc.report.queue"].with_user(user.user_id).search([])
                self.assertEqual(len(rows), count)
        with self.assertRaises(AccessError):
            self.env["cc.report.queue"].with_user(self.ann.user_id).search([])
