# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.dashboard import Tile


class CcDashboard(models.AbstractModel):
    _inherit = "cc.dashboard"

    @api.model
    def _cc_tiles(self):
        return {
            **super()._cc_tiles(),
            "long_hold.over": Tile(
                title=self.env._("Long holds"),
                data="_cc_tile_long_holds",
                sequence=35,
                groups="cc_telephony.group_agent",
                action="cc_long_hold.cc_long_hold_action",
                kind="figures",
            ),
        }

    def _cc_tile_long_holds(self, period):
        holds = self.env["cc.long.hold"]
        [[n, seconds]] = holds._read_group(period.domain("held_at"), [], ["__count", "seconds:avg"])
        return {
            "figures": [
                {"label": self.env._("Holds"), "unit": "count", "value": n},
                {"label": self.env._("Average"), "unit": "seconds", "value": seconds or None},
            ]
        }
