# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import BaseCase, tagged

from ..utils.agreement import agreement
from ..utils.sampling import quota, shares
from ..utils.scoring import result


def row(points, maximum, na=False, fatal=False, bonus=False, weight=1.0):
    return {
        "points": points,
        "maximum": maximum,
        "na": na,
        "fatal": fatal,
        "bonus": bonus,
        "weight": weight,
    }


@tagged("standard", "at_install")
class TestScoring(BaseCase):
    """The sums of QUA-06; expected figures by hand (docs/quality.md, kpi 10)."""

    def test_not_applicable(self):
        """Maxima 10, 10, 20, 60; given 10, 8, N/A, 50."""
        rows = [row(10, 10), row(8, 10), row(0, 20, na=True), row(50, 60)]
        self.assertEqual(result(rows, "removed").percent, 85.0)
        self.assertEqual(result(rows, "pass").percent, 88.0)
        self.assertEqual(result(rows, "zero").percent, 68.0)

    def test_nothing_applies(self):
        """All not applicable is not rated, whatever the rule: neither 0 nor 100."""
        for rule in ("removed", "pass", "zero"):
            found = result([row(0, 10, na=True), row(0, 5, na=True)], rule)
            self.assertFalse(found.rated, rule)
            self.assertFalse(found.passed, rule)

    def test_fatal(self):
        """Nothing on a fatal row: 0, or failed with the points kept; both know the points before."""
        rows = [row(90, 90), row(0, 10, fatal=True)]
        zero = result(rows, fatal_rule="zero", pass_mark=60)
        self.assertEqual((zero.percent, zero.raw_percent, zero.passed), (0.0, 90.0, False))
        self.assertEqual((zero.given, zero.possible), (90, 100))
        fail = result(rows, fatal_rule="fail", pass_mark=60)
        self.assertEqual((fail.percent, fail.passed, fail.fatal), (90.0, False, True))
        self.assertFalse(result([row(9, 10), row(0, 10, na=True, fatal=True)]).fatal)

    def test_bonus_and_weights(self):
        """Bonus points are on top and end at 100; a weight counts in both sums."""
        self.assertEqual(result([row(80, 100), row(5, 5, bonus=True)]).percent, 85.0)
        self.assertEqual(result([row(100, 100), row(5, 5, bonus=True)]).percent, 100.0)
        # 3·10 of 3·10 and 0 of 10: 30/40
        self.assertEqual(result([row(10, 10, weight=3), row(0, 10)]).percent, 75.0)

    def test_quota(self):
        """QUA-03: the total divided by the agents is rounded; a number per agent is not."""
        self.assertEqual(quota("total", 10, 3, "up"), 4)
        self.assertEqual(quota("total", 10, 3, "down"), 3)
        self.assertEqual(quota("total", 9, 3, "up"), 3)
        self.assertEqual(quota("total", 10, 0, "up"), 0)
        self.assertEqual(quota("per_agent", 10, 3, "down"), 10)

    def test_shares(self):
        """What one agent lacks is drawn from the others, only with a total number."""
        self.assertEqual(shares(4, 12, {1: 1, 2: 10, 3: 10}, fill=False), {1: 1, 2: 4, 3: 4})
        filled = shares(4, 12, {1: 1, 2: 10, 3: 10}, fill=True, seed=5)
        self.assertEqual(filled[1], 1)
        self.assertEqual(sorted((filled[2], filled[3])), [5, 6])
        self.assertEqual(shares(4, 12, {1: 1, 2: 3}, fill=True), {1: 1, 2: 3})

    def test_agreement(self):
        """Krippendorff's alpha; where it is 0/0 words take its place, never NaN."""
        equal = agreement([[5, 5, 5], [5, 5, 5], [5, 5, 5]], "interval")
        self.assertEqual((equal.state, equal.alpha, equal.percent), ("all_equal", None, 100.0))
        self.assertEqual(agreement([[1, 2, 3]], "interval").state, "too_few")
        self.assertEqual(agreement([[1], [2]], "interval").state, "too_few")
        self.assertEqual(agreement([[None, 1], [2, None]], "nominal").state, "too_few")
        # two coders, units (1,1) (0,0) (1,0) (0,0): nominal, worked out by coincidences:
        # n=8, n0=5, n1=3, o01=1+1=2; D_o = 2/8, D_e = 2·5·3/(8·7); alpha = 1 - 0.25/0.5357 = 0.5333
        found = agreement([[1, 0, 1, 0], [1, 0, 0, 0]], "nominal")
        self.assertEqual(found.state, "defined")
        self.assertAlmostEqual(found.alpha, 1 - (2 / 8) / (30 / 56), 6)
        self.assertEqual((found.percent, found.difference), (75.0, 0.25))
        # interval: D_o = Σ(d²)·2/n = 2/8·1²; same values here, D_e the mean squared difference
        far = agreement([[1, 2, 3, 3, 2, 1], [1, 2, 3, 3, 2, 2]], "interval")
        self.assertAlmostEqual(far.difference, 1 / 6, 6)
        self.assertGreater(far.alpha, 0.8)
