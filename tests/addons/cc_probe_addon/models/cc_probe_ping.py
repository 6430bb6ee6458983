# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcProbePing(models.Model):
    """What the probe saw: one row a fact of its own, a moment or a state."""

    _name = "cc.probe.ping"
    _description = "Ping"
    _order = "id"

    kind = fields.Char(required=True)
    text = fields.Char()
    call_id = fields.Many2one("cc.call", index="btree_not_null", ondelete="cascade")
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="cascade")
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    call_state = fields.Char(help="State of the call's row when the ping came.")
