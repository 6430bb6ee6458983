# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from .common import CampaignCase


class TestAbandonment(CampaignCase):
    """Case 11: one day's raw facts, each regulator's percentage; the rule in use is named."""

    def test_of_a_campaign(self):
        """Two abandoned, two served, one of them a machine by the agent's word."""
        task = self.make_task(*(f"1380013820{n}" for n in range(4)))
        campaign = self.make_campaign(task_id=task.id, mode="progressive", queue_id=self.queue.id)
        self.start(campaign)
        self.campaign = campaign
        attempts = [
            self.answered(outcome) for outcome in ("abandoned", "abandoned", "person", "person")
        ]
        self.said_machine(attempts[3])
        rule = self.env.ref("cc_survey_dialer.country_rule_cn")
        shown = campaign.progress()
        self.assertAlmostEqual(shown["abandon_rate"], 100 * 2 / 3, 6)
        self.assertIn("÷", shown["abandon_rule"])
        rule.abandon_formula = "estimate"
        # one of two that agents took was a machine: one of the two abandoned is held for one
        shown = campaign.progress()
        self.assertAlmostEqual(shown["abandon_rate"], 50.0, 6)
        self.assertIn("Ofcom", shown["abandon_rule"])

    def answered(self, outcome, **more):
        """A call that somebody answered just now."""
        t = round(self.clock.timestamp() * 1_000_000)
        served = {"agent": self.ann.number, "agent_t": t} if outcome == "person" else {}
        return self.dialled(outcome, answered_t=t, **served, **more)

    def said_machine(self, attempt):
        """The agent says that it was one."""
        self.env["cc.campaign.result"].create(
            {
                "entry_id": attempt.entry_id.id,
                "attempt_id": attempt.id,
                "disposition_id": self.env.ref("cc_survey_dialer.disposition_machine").id,
                "agent_id": self.ann.id,
            }
        )

    def of_five(self, **values):
        """One each: served and still talking, abandoned, detected as a machine, hung up at once, no answer."""
        task = self.make_task(*(f"1380013830{n}" for n in range(6)))
        self.campaign = self.make_campaign(
            task_id=task.id, mode="predictive", queue_id=self.queue.id, amd=True, **values
        )
        self.start(self.campaign)
        t = round(self.clock.timestamp() * 1_000_000)
        [lease] = self.lease()["leases"]
        talking = self.tell(
            lease["lease"], "answered", 1, answered_t=t, agent=self.ann.number, agent_t=t
        )
        for outcome in ("abandoned", "machine", "hung_up"):
            self.answered(outcome)
        self.dialled("no_answer")
        return talking

    def test_same_as_the_dialler(self):
        """The counts that the dialler has of the same calls (bridge/tests/test_dialer.py), in the same formula."""
        talking = self.of_five()
        rule, counts, formula = self.campaign._abandonment()
        self.assertEqual(counts, {"served": 1, "abandoned": 1, "detected": 1, "machines": 0}, rule)
        self.assertEqual((formula.of_served, formula.of_detected), (0, 0))
        self.assertAlmostEqual(self.campaign.progress()["abandon_rate"], 50.0, 6)
        self.env.ref("cc_survey_dialer.country_rule_cn").write(
            {"abandon_formula": "estimate", "amd_wrong": 50}
        )
        # half of the detected one is a person lost: 1.5 of 2.5
        self.assertAlmostEqual(self.campaign.progress()["abandon_rate"], 60.0, 6)
        [row] = self.pbx.sudo()._intent_dialer()["campaigns"]
        self.assertEqual((row["abandon_of_served"], row["abandon_of_detected"]), (0, 0.5))
        # the agent says it was a machine: nobody was served
        self.said_machine(talking)
        self.assertAlmostEqual(self.campaign.progress()["abandon_rate"], 100.0, 6)
        # counted anew once a minute, however often a bridge asks for numbers
        of_all = type(self.campaign)._abandon_counts
        with patch.object(type(self.campaign), "_abandon_counts", autospec=True) as counted:
            counted.side_effect = of_all
            self.assertEqual(self.lease()["abandon_of_served"], 0.0)
            counted.assert_not_called()
            self.forward(minutes=1)
            for _again in range(2):
                self.assertEqual(self.lease()["abandon_of_served"], 1.0)
            counted.assert_called_once()

    def test_who_the_machines_were(self):
        """Whoever listened to the recordings says so; the share of persons among them is shown (case 13)."""
        self.of_five()
        attempts = self.campaign.entry_ids.attempt_ids
        machine = attempts.filtered(lambda row: row.outcome == "machine")
        shown = self.campaign.progress()
        self.assertEqual((shown["heard"], shown["heard_persons"]), (0, 0))
        machine.with_user(self.lea.user_id).action_heard_person()
        shown = self.campaign.progress()
        self.assertEqual((shown["heard"], shown["heard_persons"]), (1, 1))
        with self.assertRaises(UserError):
            attempts.with_user(self.lea.user_id).action_heard_machine()
        with self.assertRaises(AccessError):
            machine.with_user(self.ann.user_id).action_heard_machine()

    def test_yesterday(self):
        """What lies before the window of the rule is not held against today."""
        self.of_five()
        self.forward(hours=23)
        self.assertEqual(self.campaign._abandon_counts(1)["abandoned"], 1)
        self.forward(hours=2)
        self.assertEqual(self.campaign._abandon_counts(1)["abandoned"], 0)
        self.assertEqual(self.campaign._abandon_counts(30)["abandoned"], 1)
        # once it is over its last day is what it shows
        self.campaign.action_finish()
        self.assertEqual(self.campaign._abandon_counts(1)["abandoned"], 1)

    def test_stricter_formula(self):
        """Where countries differ, the formula that shows more: with detection that is the estimate."""
        self.campaign.places = [["Asia/Shanghai", "CN"], ["Europe/London", "GB"]]
        for amd, formula in ((False, "plain"), (True, "estimate")):
            self.campaign.amd = amd
            self.assertEqual(self.campaign._strictest_rule()["abandon_formula"], formula)
