# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo.tests import BaseCase

from ..utils.window import intersect, is_open, next_open, to_utc, zones_of

ALL_DAYS = [[(9 * 60, 12 * 60), (14 * 60, 18 * 60)]] * 7
SHANGHAI = ("Asia/Shanghai",)


class TestWindow(BaseCase):
    """DIA-02, DIA-08: calling hours by the number's own time."""

    def test_zones(self):
        self.assertEqual(zones_of("+8613800138000"), ("Asia/Shanghai",))
        self.assertEqual(zones_of("+12125550100"), ("America/New_York",))
        self.assertEqual(zones_of("raw:CN:10086"), ())

    def test_end_is_closed(self):
        """Nothing at 12:00:00; the last second before it is open."""
        self.assertTrue(is_open(datetime(2026, 3, 2, 3, 59, 59), SHANGHAI, ALL_DAYS))
        self.assertFalse(is_open(datetime(2026, 3, 2, 4, 0, 0), SHANGHAI, ALL_DAYS))
        self.assertFalse(is_open(datetime(2026, 3, 2, 5, 30), SHANGHAI, ALL_DAYS))
        self.assertTrue(is_open(datetime(2026, 3, 2, 6, 0), SHANGHAI, ALL_DAYS))

    def test_next(self):
        """In the noon break it goes on at 14:00 there, in the evening at 9:00 of the next day."""
        noon = datetime(2026, 3, 2, 4, 30)
        self.assertEqual(next_open(noon, SHANGHAI, ALL_DAYS), datetime(2026, 3, 2, 6, 0))
        evening = datetime(2026, 3, 2, 10, 0)
        self.assertEqual(next_open(evening, SHANGHAI, ALL_DAYS), datetime(2026, 3, 3, 1, 0))

    def test_several_zones(self):
        """A number that may lie in two zones is called when it is open in both."""
        zones = ("America/Los_Angeles", "America/New_York")
        # 9:30 in New York is 6:30 in Los Angeles
        self.assertFalse(is_open(datetime(2026, 3, 2, 14, 30), zones, ALL_DAYS))
        # 14:30 and 11:30
        self.assertTrue(is_open(datetime(2026, 3, 2, 19, 30), zones, ALL_DAYS))

    def test_daylight_saving(self):
        """9:00 in New York is 14:00 UTC before and 13:00 UTC after the clocks go forward (8 March 2026)."""
        zone = ("America/New_York",)
        self.assertFalse(is_open(datetime(2026, 3, 6, 13, 30), zone, ALL_DAYS))
        self.assertTrue(is_open(datetime(2026, 3, 9, 13, 30), zone, ALL_DAYS))
        # Sunday the 8th has 23 hours; from Saturday evening the next window is that Sunday's 9:00
        self.assertEqual(
            next_open(datetime(2026, 3, 7, 23, 30), zone, ALL_DAYS), datetime(2026, 3, 8, 13)
        )

    def test_holiday(self):
        """A day off is skipped, in the customer's own calendar."""
        monday = datetime(2026, 3, 2, 2, 30)
        off = {date(2026, 3, 2)}
        self.assertFalse(is_open(monday, SHANGHAI, ALL_DAYS, off))
        self.assertEqual(next_open(monday, SHANGHAI, ALL_DAYS, off), datetime(2026, 3, 3, 1, 0))

    def test_never(self):
        self.assertIsNone(next_open(datetime(2026, 3, 2), SHANGHAI, [[]] * 7))
        self.assertFalse(is_open(datetime(2026, 3, 2), (), ALL_DAYS))

    def test_intersect(self):
        """8:00–10:00 and 9:00–20:00 leave 9:00–10:00; a closed day stays closed."""
        week = [[(480, 600)]] * 7
        other = [[(540, 1200)]] * 6 + [[]]
        self.assertEqual(intersect(week, other), [[(540, 600)]] * 6 + [[]])

    def test_to_utc(self):
        """10:00 in Berlin is 8:00 UTC in summer and 9:00 in winter."""
        self.assertEqual(to_utc(datetime(2026, 7, 1, 10), "Europe/Berlin"), datetime(2026, 7, 1, 8))
        self.assertEqual(to_utc(datetime(2026, 1, 5, 10), "Europe/Berlin"), datetime(2026, 1, 5, 9))
