# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common import CampaignCase

NUMBERS = 150
#: Rows that the database may look at for one number with two tries, a result and ten rules for redialling.
A_NUMBER = 200


@tagged("post_install", "-at_install")
class TestWork(CampaignCase):
    """What the reasons of a campaign's numbers cost grows with their count, whatever was there before them."""

    def test_second_campaign(self):
        """PostgreSQL plans by statistics in which there was one campaign, of three numbers.

        So it is until the tables have grown by a tenth and more; a second campaign of 240 numbers took minutes.
        """
        self.call_all(self.start())
        self.env.flush_all()
        for table in ("entry", "attempt", "result"):
            self.env.cr.execute(f"ANALYZE cc_campaign_{table}")
        task = self.make_task(*(f"138002{number:05}" for number in range(NUMBERS)))
        campaign = self.start(self.make_campaign(task_id=task.id))
        self.call_all(campaign)
        self.assertEqual(campaign._why_sums(), {"finished": (NUMBERS, None)})
        [[[explained]]] = self.env.execute_query(
            SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) %s", campaign._why_sql())
        )
        self.assertLess(self.rows(explained["Plan"]), NUMBERS * A_NUMBER)

    def call_all(self, campaign):
        """Each number is tried twice; then somebody is reached, and says what they want."""
        demo, at = self.env["cc.demo"], self.clock - timedelta(days=1)
        for entry in campaign.entry_ids:
            demo._make_attempt(entry, at, "no_answer", self.ann)
            demo._make_attempt(entry, at + timedelta(hours=1), "person", self.ann)
        result = {
            "disposition_id": self.env.ref("cc_survey_dialer.disposition_interested").id,
            "agent_id": self.ann.id,
            "department_id": self.service.id,
            "at": self.clock,
        }
        self.env["cc.campaign.result"].create(
            [
                {**result, "entry_id": entry.id, "attempt_id": max(entry.attempt_ids.ids)}
                for entry in campaign.entry_ids
            ]
        )

    def rows(self, node):
        """How many rows this step of a plan and those below it have looked at."""
        seen = node["Actual Rows"] + sum(
            count for name, count in node.items() if name.startswith("Rows Removed by")
        )
        return node["Actual Loops"] * seen + sum(map(self.rows, node.get("Plans", ())))
