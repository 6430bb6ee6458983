# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.addons.cc_telephony.utils.times import now


class CcCampaignEntry(models.Model):
    """A number that is about to be dialled by hand."""

    _inherit = "cc.campaign.entry"

    def _stops_now(self, attempt, agent):
        """Why this number may not be dialled at this moment, its own lease aside; "due" if it may."""
        self.ensure_one()
        # the reasons are asked as if the contact were not in hand
        attempt.write({"state": "returned"})
        attempt.flush_recordset()
        try:
            [(_id, why, _until)] = self.campaign_id._why_rows(self.ids, now(), agent)
        finally:
            attempt.write({"state": "leased"})
            attempt.flush_recordset()
        return why
