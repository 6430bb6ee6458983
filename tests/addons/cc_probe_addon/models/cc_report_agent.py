# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcReportAgent(models.Model):
    """The figure, and a ratio of it, in the agent report."""

    _inherit = "cc.report.agent"

    probe_pings = fields.Integer("Pings", readonly=True)
    probe_rate = fields.Float(
        "Pings per time ready", readonly=True, aggregator="avg", help="Pings / times ready."
    )

    @api.model
    def _ratios(self):
        return {**super()._ratios(), "probe_rate": (("probe_pings",), ("ready_count",))}
