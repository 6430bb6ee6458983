# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..utils.outcomes import OUTCOMES


class CcCampaignRetry(models.Model):
    """When a number is tried again after an outcome. Without a rule it is not tried again."""

    _name = "cc.campaign.retry"
    _description = "Retry rule of a campaign"
    _order = "campaign_id, id"
    _rec_name = "outcome"

    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="cascade")
    outcome = fields.Selection(
        lambda self: [
            (key, self.env._(label))
            for key, label in OUTCOMES.items()
            if key not in ("person", "empty", "suspended")
        ],
        required=True,
    )
    wait_min = fields.Integer("Wait (min)", required=True, default=60)
    max_tries = fields.Integer(
        "Maximum attempts", required=True, default=3, help="With this outcome, in one round."
    )

    _outcome_unique = models.UniqueIndex(
        "(campaign_id, outcome)", "The campaign already has a rule for this outcome."
    )
    _values_valid = models.Constraint(
        "CHECK (wait_min BETWEEN 1 AND 525600 AND max_tries BETWEEN 1 AND 1000)",
        "Wait at least a minute, and try at least once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # before the table is asked, which would tell what others have in it
        parents = self.env["cc.campaign"].browse(
            {vals.get("campaign_id") for vals in vals_list} - {None}
        )
        parents.check_access("write")
        return super().create(vals_list)
