# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResUsers(models.Model):
    """An inspector who leaves gives back what is not processed."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._cc_give_back()
        return result

    def _cc_give_back(self):
        # sudo: cc.quality.sheet - whoever archives a user need not be a quality manager
        sheets_sudo = self.env["cc.quality.sheet"].sudo()
        sheets_sudo.search(
            [
                ("inspector_id", "in", self.ids),
                ("kind", "=", "score"),
                ("state", "in", ("open", "draft")),
            ]
        )._take_back()
        # sudo: cc.quality.appeal - somebody else has to be named
        self.env["cc.quality.appeal"].sudo().search(
            [("decider_id", "in", self.ids), ("state", "=", "open")]
        ).write({"decider_id": False})
