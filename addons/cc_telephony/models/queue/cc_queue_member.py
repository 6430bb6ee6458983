# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcQueueMember(models.Model):
    """An agent who serves a queue."""

    _name = "cc.queue.member"
    _description = "Queue member"
    _inherit = ["cc.bell.mixin"]
    _order = "queue_id, penalty, id"
    _rec_name = "agent_id"

    queue_id = fields.Many2one("cc.queue", required=True, index=True, ondelete="cascade")
    agent_id = fields.Many2one("cc.agent", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="queue_id.company_id")
    penalty = fields.Integer(help="Agents with a lower penalty are rung first.")
    department_id = fields.Many2one(related="agent_id.department_id")
    state = fields.Selection(related="agent_id.state")

    _agent_unique = models.UniqueIndex(
        "(queue_id, agent_id)", "This agent is already in the queue."
    )
    _penalty_valid = models.Constraint("CHECK (penalty >= 0)", "The penalty cannot be negative.")

    def _bell_pbxs(self):
        return self.queue_id.pbx_id
