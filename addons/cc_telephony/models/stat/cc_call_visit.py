# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallVisit(models.Model):
    """One stay of a call in one queue: what queue figures count. Only the ingest writes here.

    Promise and department are kept as they were when the caller came, so that a later change of the
    queue changes no old figure.
    """

    _name = "cc.call.visit"
    _description = "Queue visit"
    _order = "entered_at desc, id desc"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    queue_id = fields.Many2one("cc.queue", required=True, ondelete="restrict")
    department_id = fields.Many2one("hr.department", help="The queue's at the time.")
    agent_id = fields.Many2one("cc.agent", "Answered by", ondelete="restrict")
    entered_at = fields.Datetime("Entered", required=True)
    left_at = fields.Datetime("Left", help="Empty while the caller waits.")
    wait_s = fields.Float("Wait (s)", help="Queueing and ringing, without menus.")
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("abandoned", "Caller hung up"),
            ("overflow", "Overflow"),
            ("handed_over", "Handed over"),
            ("callback", "Call-back accepted"),
            ("ended", "Ended by the PBX"),
        ],
        help="Empty while the caller waits. Overflow: the queue was full, empty or the wait too long.",
    )
    service_level_s = fields.Integer(
        "Service level (s)", aggregator=None, help="What the queue promised at the time."
    )
    short_s = fields.Integer(
        "Short abandonment (s)",
        aggregator=None,
        help="Who hung up within this time counts as a short abandonment.",
    )

    _n_unique = models.UniqueIndex("(call_id, n)")
    _by_entry = models.Index("(queue_id, entered_at)")
    _by_exit = models.Index("(queue_id, left_at)")
    _by_agent = models.Index("(agent_id) WHERE agent_id IS NOT NULL")
    _by_department = models.Index("(department_id) WHERE department_id IS NOT NULL")
