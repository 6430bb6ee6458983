# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcStatAgent(models.Model):
    """A figure of the probe's own in the roll-ups."""

    _inherit = "cc.stat.agent"

    probe_pings = fields.Integer("Pings")

    def _stat_sources(self, border):
        yield from super()._stat_sources(border)
        yield SQL(
            """SELECT keys.key, agent.department_id, keys.bucket_at, 'probe_pings', 1
                 FROM keys JOIN cc_probe_ping ping ON ping.agent_id = keys.key
                      AND ping.at >= keys.bucket_at AND ping.at < keys.next_at
                 JOIN cc_agent agent ON agent.id = keys.key"""
        )
