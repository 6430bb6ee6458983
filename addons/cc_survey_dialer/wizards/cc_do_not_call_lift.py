# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcDoNotCallLift(models.TransientModel):
    """Asks why do-not-call entries are lifted."""

    _name = "cc.do.not.call.lift"
    _description = "Lift do-not-call entries"

    entry_ids = fields.Many2many("cc.do.not.call", string="Entries", required=True)
    reason = fields.Char(required=True)

    def action_lift(self):
        """Lift them."""
        self.check_access("write")
        self.entry_ids.lift(self.reason)
        return {"type": "ir.actions.act_window_close"}
