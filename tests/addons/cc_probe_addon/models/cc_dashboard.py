# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.dashboard import Tile


class CcDashboard(models.AbstractModel):
    """A tile over the report."""

    _inherit = "cc.dashboard"

    @api.model
    def _cc_tiles(self):
        return {
            **super()._cc_tiles(),
            "probe.pings": Tile(
                title=self.env._("Pings"),
                data="_cc_tile_pings",
                sequence=50,
                groups="cc_telephony.group_leader",
                kind="figures",
            ),
        }

    def _cc_tile_pings(self, period):
        [[pings, rate]] = self.env["cc.report.agent"]._read_group(
            period.domain("date"), [], ["probe_pings:sum", "probe_rate:avg"]
        )
        return {
            "figures": [
                {"label": self.env._("Pings"), "unit": "count", "value": pings},
                {"label": self.env._("Per time ready"), "unit": "ratio", "value": rate},
            ],
        }
