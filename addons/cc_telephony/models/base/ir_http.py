# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the page whether its user has a phone."""

    _inherit = "ir.http"

    def session_info(self):
        """Add `cc_phone`: True for agents. Other users' pages don't ask for a phone at all."""
        info = super().session_info()
        user = self.env.user
        # sudo: res.users - whether one's own agent row exists, whatever company is chosen
        info["cc_phone"] = bool(
            user.has_group("cc_telephony.group_agent") and user.sudo().cc_agent_ids
        )
        return info
