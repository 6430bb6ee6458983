# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """For agents: whose form a page makes once out of sight, so that the first pop is as fast as the next."""
        info = super().session_info()
        if info.get("cc_phone"):
            info["cc_warm_up"] = self.env.user.partner_id.id
        return info
