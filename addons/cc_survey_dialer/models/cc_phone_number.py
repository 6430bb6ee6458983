# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .cc_campaign_attempt import OPEN


class CcPhoneNumber(models.Model):
    """An agent may call who is in their hands for a campaign."""

    _inherit = "cc.phone.number"

    def _cc_may_call(self):
        if super()._cc_may_call():
            return True
        # sudo: cc.campaign.attempt - the asking agent's own contact
        attempts_sudo = self.env["cc.campaign.attempt"].sudo()
        return bool(
            attempts_sudo.search_count(
                [
                    ("number_id", "=", self.id),
                    ("agent_id.user_id", "=", self.env.uid),
                    ("state", "in", OPEN),
                ],
                limit=1,
            )
        )
