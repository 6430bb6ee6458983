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
            # sudo: cc.pbx - to ring the bells only, of all: PBXs are few, who is in a group may be many
            pbxs_sudo = self.env["cc.pbx"].sudo().search([("active", "=", True)])
            pbxs_sudo._cc_ring("intent")
        return result
