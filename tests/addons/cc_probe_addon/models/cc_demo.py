# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CcDemo(models.AbstractModel):
    """The probe's part of the demo's history."""

    _inherit = "cc.demo"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        result = super()._make_history(pbx_xmlid)
        self._make_pings()
        return result

    @api.model
    def _make_pings(self):
        """A ping for each of the newest calls, once."""
        pings = self.env["cc.probe.ping"]
        if not self._is_wanted() or pings.search_count([("kind", "=", "demo")], limit=1):
            return
        calls = self.env["cc.call"].search([("agent_id", "!=", False)], limit=20)
        pings.create(
            [{"kind": "demo", "call_id": call.id, "at": call.started_at} for call in calls]
        )
