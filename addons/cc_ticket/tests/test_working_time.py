# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime
from itertools import pairwise

from odoo.tests import TransactionCase, tagged

WEEKDAYS = range(5)


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


@tagged("post_install", "-at_install")
class TestWorkingTime(TransactionCase):
    """TIC-08, TIC-16: deadlines know nights, clock changes, holidays and declared working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cc.working.day"].search([]).unlink()

    def calendar(self, zone, hours=((9, 17),), days=WEEKDAYS):
        return self.env["resource.calendar"].create(
            {
                "name": "Test",
                "tz": zone,
                "company_id": self.env.company.id,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "Work",
                            "dayofweek": str(day),
                            "hour_from": one,
                            "hour_to": two,
                            "day_period": "morning",
                        },
                    )
                    for day in days
                    for one, two in hours
                ],
            }
        )

    def test_clock_change(self):
        """Berlin changes its clocks on Sunday: two hours from Friday 16:00 end on Monday at 10:00."""
        berlin = self.calendar("Europe/Berlin")
        self.assertEqual(berlin._cc_plan(at("2026-03-27 15:00"), 2 * 3600), at("2026-03-30 08:00"))
        self.assertEqual(berlin._cc_plan(at("2026-10-23 14:00"), 2 * 3600), at("2026-10-26 09:00"))

    def test_round_the_clock(self):
        """A calendar of whole days loses no minute at midnight."""
        always = self.calendar("Asia/Shanghai", hours=((0, 24),), days=range(7))
        self.assertEqual(always._cc_plan(at("2026-03-27 10:30"), 48 * 3600), at("2026-03-29 10:30"))
        self.assertEqual(
            always._cc_worked(at("2026-03-27 10:30"), at("2026-03-29 10:30")), 48 * 3600
        )

    def test_look_back(self):
        """One working hour before Monday 9:30 is Friday 16:30."""
        shanghai = self.calendar("Asia/Shanghai")
        self.assertEqual(shanghai._cc_plan(at("2026-03-30 01:30"), -3600), at("2026-03-27 08:30"))

    def test_holiday(self):
        shanghai = self.calendar("Asia/Shanghai")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Qingming",
                "calendar_id": shanghai.id,
                "company_id": self.env.company.id,
                "date_from": at("2026-04-05 16:00"),
                "date_to": at("2026-04-06 16:00"),
            }
        )
        # Friday 16:00, three hours: one on Friday, none on the holiday Monday, two on Tuesday
        self.assertEqual(
            shanghai._cc_plan(at("2026-04-03 08:00"), 3 * 3600), at("2026-04-07 03:00")
        )

    def test_declared_saturday(self):
        """调休: a Saturday that is worked counts, in the calendar's own hours of that day."""
        shanghai = self.calendar("Asia/Shanghai")
        start = at("2026-02-27 08:00")  # Friday 16:00
        self.assertEqual(shanghai._cc_plan(start, 3 * 3600), at("2026-03-02 03:00"))
        day = self.env["cc.working.day"].create(
            {"name": "Worked", "date": "2026-02-28", "hour_from": 9, "hour_to": 17}
        )
        self.assertEqual(shanghai._cc_plan(start, 3 * 3600), at("2026-02-28 03:00"))
        self.assertEqual(shanghai._cc_worked(start, at("2026-03-01 00:00")), 9 * 3600)
        # a declared day of another calendar is none of ours
        day.calendar_id = self.calendar("Europe/Berlin")
        self.assertEqual(shanghai._cc_plan(start, 3 * 3600), at("2026-03-02 03:00"))

    def test_parts_add_up(self):
        shanghai = self.calendar("Asia/Shanghai")
        times = [at("2026-03-26 03:17"), at("2026-03-27 23:00"), at("2026-03-30 04:41")]
        parts = sum(shanghai._cc_worked(one, two) for one, two in pairwise(times))
        self.assertEqual(parts, shanghai._cc_worked(times[0], times[-1]))

    def test_no_working_hour(self):
        """Nothing to work in: no deadline, and no endless search for one."""
        empty = self.calendar("Asia/Shanghai", hours=())
        self.assertIsNone(empty._cc_plan(at("2026-03-27 15:00"), 3600))
        self.assertEqual(empty._cc_worked(at("2026-03-27 15:00"), at("2026-04-27 15:00")), 0)
        nothing = self.env["resource.calendar"]
        self.assertEqual(nothing._cc_plan(at("2026-03-27 15:00"), 3600), at("2026-03-27 16:00"))
