# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models, tools
from odoo.addons.cc_telephony.utils.times import now
from odoo.tools import SQL

from ..utils.contract import abandonment


class CcCampaignAbandonment(models.Model):
    """How many callers were abandoned, as the rules of the campaign's countries count them.

    The screen shows it and the dialler holds the limit by it: `Formula` of the contract, on the same counts.
    """

    _inherit = "cc.campaign"

    def _abandon_counts(self, days):
        """What became of calls answered in the last days; of a finished campaign in its own last ones.

        :return: `{abandoned, served, machines, detected}`; `machines` of the served, by the agents' word
        """
        self.ensure_one()
        self.env["cc.campaign.attempt"].flush_model()
        self.env["cc.campaign.result"].flush_model()
        until = now()
        if self.state == "done":
            answered = [("campaign_id", "=", self.id), ("answered_at", "!=", False)]
            last = self.env["cc.campaign.attempt"].search(
                answered, order="answered_at desc", limit=1
            )
            until = last.answered_at or until
        [row] = self.env.execute_query_dict(
            SQL(
                """WITH try AS (
                   SELECT id, abandoned, outcome IS NOT DISTINCT FROM 'machine' AS machine,
                          agent_at IS NOT NULL OR outcome IS NOT DISTINCT FROM 'person' AS served
                     FROM cc_campaign_attempt
                    WHERE campaign_id = %(campaign)s AND answered_at > %(since)s
                   )
                   SELECT count(*) FILTER (WHERE abandoned) AS abandoned,
                          count(*) FILTER (WHERE served AND NOT abandoned AND NOT machine) AS served,
                          count(*) FILTER (WHERE served AND NOT abandoned AND NOT machine AND EXISTS (
                              SELECT 1 FROM cc_campaign_result said
                                JOIN cc_disposition ON cc_disposition.id = said.disposition_id
                               WHERE said.attempt_id = try.id AND cc_disposition.machine
                          )) AS machines,
                          count(*) FILTER (WHERE machine AND NOT abandoned) AS detected
                     FROM try""",
                campaign=self.id,
                since=until - timedelta(days=days),
            )
        )
        return row

    def _abandonment(self):
        """:return: ``(rule, counts, formula)``: what all countries ask for, `_abandon_counts` over that rule's
        days, and the contract's `Formula` with what agents said of those served
        """
        rule = self._strictest_rule()
        counts = self._abandon_counts(rule["abandon_days"])
        formula = abandonment.formula(
            rule["abandon_formula"],
            served=counts["served"],
            served_machines=counts["machines"],
            amd_wrong=rule["amd_wrong"] if self.amd else None,
        )
        return rule, counts, formula

    def _of_served(self):
        """The part of those served who were machines by the agents' word; each question for leases asks.

        Counted over all that the rule's days hold, so once a minute.
        """
        return self._of_served_in(int(now().timestamp() // 60))

    @tools.ormcache("self.id", "minute")
    def _of_served_in(self, minute):  # minute: only part of the key
        _rule, _counts, formula = self._abandonment()
        return formula.of_served
