# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class CcAgent(models.Model):
    """Ready only after the summary, where the call's queue requires one."""

    _inherit = "cc.agent"

    @api.model
    def set_state(self, state, reason_id=False):
        """As before, but from a wrap-up to ready only with the summary (QUA-13)."""
        if state == "ready":
            self._mine()._check_summary()
        return super().set_state(state, reason_id)

    @api.model
    def end_wrap_up(self, values=None):
        """As before, but only with the summary (QUA-13)."""
        self._mine()._check_summary()
        return super().end_wrap_up(values)

    def _check_summary(self):
        """:raise UserError: the wrap-up's call needs a summary that is missing"""
        self.ensure_one()
        interval = self._open_interval()
        if interval.state == "wrap_up" and interval.call_id._cc_lacks_summary(self):
            raise UserError(self.env._("Choose the summary of the call first."))
