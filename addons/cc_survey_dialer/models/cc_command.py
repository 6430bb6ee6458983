# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CcCommand(models.Model):
    """A contact whose call never came about is in the agent's hands again."""

    _inherit = "cc.command"

    def _set_result(self, state, code, message):
        result = super()._set_result(state, code, message)
        if state != "done":
            self.filtered(lambda command: command.kind == "dial")._cc_undo_tries()
        return result

    def _cc_undo_tries(self):
        attempts = self.env["cc.campaign.attempt"].search(
            [
                ("command_uuid", "in", self.mapped("uuid")),
                ("state", "=", "dialled"),
                ("call_uid", "=", False),
            ]
        )
        attempts.write({"state": "leased", "counts": False, "dialled_at": False})
