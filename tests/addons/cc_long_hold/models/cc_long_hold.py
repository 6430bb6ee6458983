# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcLongHold(models.Model):
    _name = "cc.long.hold"
    _description = "Long hold"
    _order = "held_at desc"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    agent_id = fields.Many2one("cc.agent", required=True, index=True, ondelete="cascade")
    department_id = fields.Many2one(related="agent_id.department_id", store=True, index=True)
    company_id = fields.Many2one(related="agent_id.company_id", store=True, index=True)
    held_at = fields.Datetime(required=True)
    seconds = fields.Float(aggregator="avg")
