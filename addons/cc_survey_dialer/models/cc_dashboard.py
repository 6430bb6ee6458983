# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.dashboard import Tile


class CcDashboard(models.AbstractModel):
    """The tile of campaigns."""

    _inherit = "cc.dashboard"

    @api.model
    def _cc_tiles(self):
        return {
            **super()._cc_tiles(),
            "cc_survey_dialer.campaigns": Tile(
                title=self.env._("Campaigns"),
                sequence=50,
                groups="cc_survey_dialer.group_campaign",
                data="_cc_tile_campaigns",
                action="cc_survey_dialer.cc_campaign_attempt_action",
            ),
        }

    @api.model
    def _cc_tile_campaigns(self, period):
        """Tries of the period that left for the line, how many reached somebody, how many were abandoned."""
        attempts = self.env["cc.campaign.attempt"]
        domain = [*period.domain("dialled_at"), ("counts", "=", True)]
        tries = attempts.search_count(domain)
        outcomes = dict(attempts._read_group(domain, ["outcome"], ["__count"]))
        reached, abandoned = outcomes.get("person", 0), outcomes.get("abandoned", 0)
        figures = [
            {
                "label": self.env._("Running"),
                "value": self.env["cc.campaign"].search_count([("state", "=", "running")]),
                "unit": "count",
            },
            {"label": self.env._("Calls made"), "value": tries, "unit": "count"},
            {
                "label": self.env._("Reached"),
                "value": reached / tries if tries else None,
                "unit": "ratio",
            },
            {
                "label": self.env._("Abandoned"),
                "value": abandoned / (reached + abandoned) if reached + abandoned else None,
                "unit": "ratio",
                "help": self.env._("Of calls that a person answered."),
            },
        ]
        return {"figures": figures}
