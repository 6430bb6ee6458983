# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcStatClock(models.Model):
    """Until when figures are complete; one row."""

    _name = "cc.stat.clock"
    _description = "Freshness of figures"
    _log_access = False
    _rec_name = "border_at"

    border_at = fields.Datetime("Complete until")
    run_at = fields.Datetime("Last computed")

    @api.model
    def _only(self):
        return self.search([], limit=1) or self.create({})
