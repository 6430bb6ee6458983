# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BusBus(models.Model):
    """An index for the browsers' reading: a busy day's messages are a million rows."""

    _inherit = "bus.bus"

    _channel_id = models.Index("(channel, id)")

    @api.model
    def _cc_shorten_retention(self, seconds):
        """Keep messages for ``seconds`` unless somebody has set another time."""
        # sudo: ir.config_parameter - called while the addon is being installed
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        if not parameters_sudo.get_param("bus.gc_retention_seconds"):
            parameters_sudo.set_param("bus.gc_retention_seconds", str(seconds))
