# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

# what comes and goes is said again after so many minutes
AGAIN_MIN = 10


class CcCampaignLog(models.Model):
    """The dialling log: what was done with a campaign and what hindered it, by whom and when."""

    _name = "cc.campaign.log"
    _description = "Dialling log"
    _order = "id desc"
    _rec_name = "text"

    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="cascade")
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", index="btree_not_null")
    level = fields.Selection(
        [("info", "Information"), ("warning", "Warning")], required=True, default="info"
    )
    text = fields.Char(required=True)

    @api.model
    def _warn(self, campaigns, text):
        """Add a warning for each campaign that has not had the same one just now."""
        since = fields.Datetime.now() - timedelta(minutes=AGAIN_MIN)
        # sudo: cc.campaign.log - as in `_note`
        warned_sudo = self.sudo().search(
            [("campaign_id", "in", campaigns.ids), ("text", "=", text), ("at", ">", since)]
        )
        return self._note(campaigns - warned_sudo.campaign_id, text, "warning")

    @api.model
    def _note(self, campaigns, text, level="info"):
        """Add a line for each campaign. Rights are the caller's to check."""
        # sudo: cc.campaign.log - nobody writes lines by hand
        return self.sudo().create(
            [
                {
                    "campaign_id": campaign.id,
                    "text": text,
                    "level": level,
                    "user_id": self.env.uid if not self.env.su else False,
                }
                for campaign in campaigns
            ]
        )
