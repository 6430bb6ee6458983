# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallHold(models.Model):
    """One stretch of a call in which the customer heard music. Only the ingest writes here."""

    _name = "cc.call.hold"
    _description = "Hold"
    _order = "call_id, n"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    agent_id = fields.Many2one("cc.agent", "Held by", index="btree_not_null", ondelete="restrict")
    from_at = fields.Datetime("From")
    to_at = fields.Datetime("Until")
    duration_s = fields.Float("Duration (s)", help="0 while ongoing.")

    _n_unique = models.UniqueIndex("(call_id, n)")
