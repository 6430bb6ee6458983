# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResGroups(models.Model):
    """Whom the PBX lets call where follows the groups, from whichever side they are changed."""

    _inherit = "res.groups"

    def write(self, vals):
        changed = vals.keys() & {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}
        result = super().write(vals)
        if changed:
            # sudo: cc.pbx - to ring the bells only; of many users those of a PBX each are not worth the search
            self.env["cc.pbx"].sudo().search([])._cc_ring("intent")
        return result
