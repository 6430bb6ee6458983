# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcReportQueue(models.Model):
    """Queue figures by hour, day or month."""

    _name = "cc.report.queue"
    _description = "Queue report"
    _inherit = ["cc.report.mixin"]
    _auto = False
    _order = "date desc, queue_id"
    _rec_name = "queue_id"
    _stat_model = "cc.stat.queue"

    queue_id = fields.Many2one("cc.queue", readonly=True)
    offered = fields.Integer(readonly=True)
    answered = fields.Integer(readonly=True)
    answered_within = fields.Integer("Answered in time", readonly=True)
    abandoned = fields.Integer(readonly=True)
    abandoned_within = fields.Integer("Abandoned in time", readonly=True)
    abandoned_short = fields.Integer("Short abandonments", readonly=True)
    overflow = fields.Integer(readonly=True)
    handed_over = fields.Integer("Handed over", readonly=True)
    callback = fields.Integer("Call-backs accepted", readonly=True)
    ended = fields.Integer("Ended by the PBX", readonly=True)
    wait_answered_s = fields.Float("Wait of answered", readonly=True)
    wait_abandoned_s = fields.Float("Wait of abandoned", readonly=True)
    wait_other_s = fields.Float("Wait of others", readonly=True)
    wait_longest_s = fields.Float("Longest wait", readonly=True, aggregator="max")
    rings = fields.Integer(readonly=True)
    ring_s = fields.Float("Total ring time", readonly=True)
    service_level = fields.Float(
        readonly=True,
        aggregator="avg",
        help="As set for the company.",
    )
    abandon_rate = fields.Float(
        "Abandonment rate", readonly=True, aggregator="avg", help="Abandoned / offered."
    )
    abandon_rate_long = fields.Float(
        "Abandonment rate without short ones",
        readonly=True,
        aggregator="avg",
        help="(Abandoned - short) / (offered - short).",
    )
    answer_rate = fields.Float(
        "Answer rate", readonly=True, aggregator="avg", help="Answered / offered."
    )
    answer_wait_s = fields.Float(
        "Average speed of answer",
        readonly=True,
        aggregator="avg",
        help="Wait of answered / answered.",
    )
    abandon_wait_s = fields.Float(
        "Average time to abandon",
        readonly=True,
        aggregator="avg",
        help="Wait of abandoned / abandoned.",
    )
    wait_s = fields.Float(
        "Average wait",
        readonly=True,
        aggregator="avg",
        help="Wait of all who left the queue / visits that ended.",
    )

    @api.model
    def _ratios(self):
        gone = ("overflow", "ended")
        service_level = {
            "against": (("answered_within",), ("answered", "abandoned", *gone)),
            "ignored": (("answered_within",), ("answered", "abandoned", "-abandoned_within")),
            "favour": (
                ("answered_within", "abandoned_within"),
                ("answered", "abandoned", *gone),
            ),
        }
        return {
            "service_level": service_level[self.env.company.cc_service_level],
            "abandon_rate": (("abandoned",), ("offered",)),
            "abandon_rate_long": (
                ("abandoned", "-abandoned_short"),
                ("offered", "-abandoned_short"),
            ),
            "answer_rate": (("answered",), ("offered",)),
            "answer_wait_s": (("wait_answered_s",), ("answered",)),
            "abandon_wait_s": (("wait_abandoned_s",), ("abandoned",)),
            "wait_s": (
                ("wait_answered_s", "wait_abandoned_s", "wait_other_s"),
                ("answered", "abandoned", "overflow", "handed_over", "callback", "ended"),
            ),
        }

    def action_visits(self):
        """The visits behind this row."""
        self.ensure_one()
        begin, end = self._span()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Queue visits"),
            "res_model": "cc.call.visit",
            "views": [[False, "list"], [False, "pivot"], [False, "form"]],
            "domain": [
                ("queue_id", "=", self.queue_id.id),
                ("department_id", "=", self.department_id.id),
                ("entered_at", ">=", fields.Datetime.to_string(begin)),
                ("entered_at", "<", fields.Datetime.to_string(end)),
            ],
        }
