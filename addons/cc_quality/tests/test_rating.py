# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.common import T0, S
from odoo.tests import TransactionCase, tagged

from .common import MONDAY, QualityCase

OUTCOMES = {
    "satisfied": "1",
    "neutral": "2",
    "dissatisfied": "3",
    "wrong_key": "7",
    "hung_up": None,
    "not_sent": None,
}


@tagged("post_install", "-at_install")
class TestRating(QualityCase, TransactionCase):
    """TEL-27: six outcomes told apart, and whose they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def rated(self, outcome, **more):
        rating = {"outcome": outcome, "key": OUTCOMES[outcome]}
        return self.play_call(start=MONDAY, rating=rating, **more)

    def test_outcomes(self):
        """Each is kept as it was told, and each can be inspected apart from the others."""
        calls = {outcome: self.rated(outcome) for outcome in OUTCOMES}
        everything = self.env["cc.call"].concat(*calls.values(), self.play_call(start=MONDAY))
        kinds = self.env["cc.quality.rating"].search([])
        self.assertEqual(set(kinds.mapped("code")), set(OUTCOMES))
        for kind in kinds:
            self.assertEqual(
                (calls[kind.code].rating, calls[kind.code].agent_id), (kind.code, self.ann)
            )
            row = self.make_list(rating_ids=[(6, 0, kind.ids)], recorded=False)
            found = self.env["cc.call"].search(row._candidates()) & everything
            self.assertEqual(found, calls[kind.code])
        row = self.make_list(recorded=False)
        self.assertEqual(self.env["cc.call"].search(row._candidates()) & everything, everything)

    def test_who_spoke_last(self):
        """After a transfer it is the second agent's, and stays theirs when they change departments."""
        start = T0
        legs = [
            self.leg(1, "customer", "13800138000", start, start + 70 * S),
            self.leg(2, "agent", self.ann.number, start + 7 * S, start + 30 * S),
            self.leg(3, "agent", self.ben.number, start + 30 * S, start + 60 * S),
        ]
        call = self.play_call(legs=legs, rating={"outcome": "dissatisfied", "key": "3"}, talk_s=63)
        self.assertEqual((call.agent_id, call.department_id), (self.ben, self.sales))
        # Ann from 7 on, Ben until 60; the ten seconds of the question are no talk
        self.assertEqual((call.talk_s, call.duration_s), (53.0, 70.0))
        self.ben.department_id = self.service
        self.assertEqual((call.agent_id, call.department_id), (self.ben, self.sales))
        figures = self.env["cc.assessment.figures"]
        period = (call.started_at, call.ended_at, 10, 60)
        self.assertEqual(figures._figure("satisfaction", self.ben, *period), (0, 1))
        self.assertEqual(figures._figure("satisfaction", self.ann, *period), (0, 0))
