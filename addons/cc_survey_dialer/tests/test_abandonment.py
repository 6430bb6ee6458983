# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ..utils.abandonment import abandon_rate
from .common import CampaignCase


class TestAbandonment(CampaignCase):
    """Case 11: one day's raw facts, each regulator's percentage; the rule in use is named."""

    def test_published_example(self):
        """29 dropped, 9 persons served, 7 served but machines."""
        self.assertAlmostEqual(abandon_rate(29, 9), 76.3158, 3)
        self.assertAlmostEqual(
            abandon_rate(29, 9, served_machines=7, formula="estimate"), 64.4444, 3
        )

    def test_with_detection(self):
        """Persons whom detection took for machines were abandoned, too: 5 of 100."""
        self.assertAlmostEqual(abandon_rate(2, 95, formula="estimate", amd=(100, 5)), 700 / 102, 6)
        self.assertAlmostEqual(abandon_rate(2, 98, formula="plain", amd=(100, 5)), 2.0, 6)

    def test_nobody_answered(self):
        self.assertIsNone(abandon_rate(0, 0))
        self.assertEqual(abandon_rate(0, 5, served_machines=5, formula="estimate"), 0)

    def test_of_a_campaign(self):
        """Two abandoned, two served, one of them a machine by the agent's word."""
        task = self.make_task(*(f"1380013820{n}" for n in range(4)))
        campaign = self.make_campaign(task_id=task.id, mode="progressive", queue_id=self.queue.id)
        self.start(campaign)
        self.campaign = campaign
        t = round(self.clock.timestamp() * 1_000_000)
        attempts = [
            self.dialled(
                outcome, answered_t=t, agent=self.ann.number if outcome == "person" else None
            )
            for outcome in ("abandoned", "abandoned", "person", "person")
        ]
        machine = self.env.ref("cc_survey_dialer.disposition_machine")
        self.env["cc.campaign.result"].create(
            {
                "entry_id": attempts[3].entry_id.id,
                "attempt_id": attempts[3].id,
                "disposition_id": machine.id,
                "agent_id": self.ann.id,
            }
        )
        # answered long ago by the wall clock; the window is wide
        rule = self.env.ref("cc_survey_dialer.country_rule_cn")
        rule.abandon_days = 366
        attempts_days = self.env["cc.campaign.attempt"].browse([a.id for a in attempts])
        attempts_days.answered_at = self.env.cr.now()
        shown = campaign.progress()
        self.assertAlmostEqual(shown["abandon_rate"], 100 * 2 / 3, 6)
        self.assertIn("÷", shown["abandon_rule"])
        rule.abandon_formula = "estimate"
        # one of two that agents took was a machine: one of the two abandoned is held for one
        shown = campaign.progress()
        self.assertAlmostEqual(shown["abandon_rate"], 50.0, 6)
        self.assertIn("Ofcom", shown["abandon_rule"])

    def test_stricter_formula(self):
        """Where countries differ, the formula that shows more: with detection that is the estimate."""
        self.campaign.places = [["Asia/Shanghai", "CN"], ["Europe/London", "GB"]]
        for amd, formula in ((False, "plain"), (True, "estimate")):
            self.campaign.amd = amd
            self.assertEqual(self.campaign._strictest_rule()["abandon_formula"], formula)
