# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.dashboard import Tile


class CcDashboard(models.AbstractModel):
    """The tile of inspections."""

    _inherit = "cc.dashboard"

    @api.model
    def _cc_tiles(self):
        return {
            **super()._cc_tiles(),
            "cc_quality.scores": Tile(
                title=self.env._("Inspections"),
                sequence=60,
                groups="cc_telephony.group_leader",
                data="_cc_tile_scores",
                action="cc_quality.cc_quality_result_action",
            ),
        }

    @api.model
    def _cc_tile_scores(self, period):
        """Calls scored in the period, their average and how many passed."""
        self.env.flush_all()
        [(count, average, passed)] = self.env["cc.quality.result"]._read_group(
            [("done_at", ">=", period.begin), ("done_at", "<", period.end)],
            [],
            ["__count", "percent:avg", "passed_percent:avg"],
        )
        figures = [{"label": self.env._("Calls scored"), "value": count, "unit": "count"}]
        # False: nothing was rated
        if average is not False:
            figures += [
                {"label": self.env._("Average result"), "value": average / 100, "unit": "ratio"},
                {"label": self.env._("Passed"), "value": passed / 100, "unit": "ratio"},
            ]
        return {"figures": figures}
