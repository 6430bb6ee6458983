# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallStop(models.TransientModel):
    """Asks a leader why a call is to be ended."""

    _name = "cc.call.stop"
    _description = "End a call"

    call_id = fields.Many2one("cc.call", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_stop(self):
        """End the call; the rights are the call's to check."""
        self.ensure_one()
        self.call_id.stop(self.reason)
        return {"type": "ir.actions.act_window_close"}
