# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallAttempt(models.Model):
    """One ring at one agent or outside number."""

    _name = "cc.call.attempt"
    _description = "Call attempt"
    _order = "call_id, n"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    queue_id = fields.Many2one("cc.queue", ondelete="restrict")
    agent_id = fields.Many2one("cc.agent", ondelete="restrict")
    number_id = fields.Many2one(
        "cc.phone.number",
        index="btree_not_null",
        ondelete="restrict",
        help="Number that rang instead of an agent.",
    )
    number_display = fields.Char("Displayed number")
    ring_at = fields.Datetime("Rang")
    end_at = fields.Datetime("Ring ended")
    ring_s = fields.Float("Ring time (s)")
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("no_answer", "No answer"),
            ("busy", "Busy"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
            ("taken", "Answered by another agent"),
        ]
    )

    _n_unique = models.UniqueIndex("(call_id, n)")
    # an agent's calls, the last first
    _by_agent = models.Index("(agent_id, id DESC) WHERE agent_id IS NOT NULL")
    # figures by quarter of an hour
    _by_agent_time = models.Index("(agent_id, ring_at) WHERE agent_id IS NOT NULL")
    _by_queue_time = models.Index("(queue_id, ring_at) WHERE queue_id IS NOT NULL")
