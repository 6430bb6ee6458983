# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcCampaignHoliday(models.Model):
    """A day on which a campaign calls nobody, in the customers' own time."""

    _name = "cc.campaign.holiday"
    _description = "Day without calls of a campaign"
    _order = "day"
    _rec_name = "day"

    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True)
    name = fields.Char("Occasion")

    _day_unique = models.UniqueIndex("(campaign_id, day)", "This day is already in the list.")

    @api.model_create_multi
    def create(self, vals_list):
        # before the table is asked, which would tell what others have in it
        parents = self.env["cc.campaign"].browse(
            {vals.get("campaign_id") for vals in vals_list} - {None}
        )
        parents.check_access("write")
        return super().create(vals_list)
