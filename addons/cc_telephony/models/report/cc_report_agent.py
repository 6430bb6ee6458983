# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcReportAgent(models.Model):
    """Agents' figures by hour, day or month: states, calls, ratings."""

    _name = "cc.report.agent"
    _description = "Agent report"
    _inherit = ["cc.report.mixin"]
    _auto = False
    _order = "date desc, agent_id"
    _rec_name = "agent_id"
    _stat_model = "cc.stat.agent"

    agent_id = fields.Many2one("cc.agent", readonly=True)
    agent_number = fields.Char(related="agent_id.number", string="Agent number")
    signed_in_s = fields.Float("Signed in", readonly=True)
    ready_s = fields.Float("Ready", readonly=True, help="With a phone that could be reached.")
    away_s = fields.Float(
        "Not reachable", readonly=True, help="Ready with no phone behind it: nothing could ring."
    )
    ring_s = fields.Float("Ringing", readonly=True)
    talk_s = fields.Float("Talk", readonly=True, help="On a call, without holds.")
    hold_s = fields.Float("Hold", readonly=True)
    wrap_up_s = fields.Float("Wrap-up", readonly=True)
    busy_s = fields.Float("Busy", readonly=True)
    break_s = fields.Float("Break", readonly=True)
    other_s = fields.Float("Other states", readonly=True)
    inbound_s = fields.Float("On inbound calls", readonly=True, help="Talk and hold.")
    outbound_s = fields.Float("On outbound calls", readonly=True, help="Talk and hold.")
    sign_ins = fields.Integer("Times signed in", readonly=True)
    ready_count = fields.Integer("Times ready", readonly=True)
    busy_count = fields.Integer("Times busy", readonly=True)
    break_count = fields.Integer("Times on break", readonly=True)
    rings = fields.Integer(readonly=True)
    answered = fields.Integer(readonly=True)
    answered_kept = fields.Integer(
        "Answered and kept",
        readonly=True,
        help="Answered and not transferred to anybody else.",
    )
    no_answer = fields.Integer("No answer", readonly=True)
    rejected = fields.Integer(readonly=True)
    stopped = fields.Integer("Stopped ringing", readonly=True)
    transfers = fields.Integer(readonly=True)
    outbound = fields.Integer(readonly=True)
    outbound_answered = fields.Integer("Outbound answered", readonly=True)
    handled = fields.Integer("Calls handled", readonly=True)
    handled_s = fields.Float("Time in handled calls", readonly=True)
    satisfied = fields.Integer(readonly=True)
    neutral = fields.Integer(readonly=True)
    dissatisfied = fields.Integer(readonly=True)
    wrong_key = fields.Integer("Wrong key", readonly=True)
    hung_up = fields.Integer("Hung up unrated", readonly=True)
    not_sent = fields.Integer("Not asked", readonly=True)
    rating_total = fields.Integer("Total", readonly=True, help="All six outcomes.")
    occupancy = fields.Float(
        readonly=True,
        aggregator="avg",
        help="(Talk + hold + wrap-up) / (talk + hold + wrap-up + ringing + ready).",
    )
    work_share = fields.Float(
        "Work share of signed-in time",
        readonly=True,
        aggregator="avg",
        help="(Talk + hold + wrap-up) / signed in.",
    )
    talk_share = fields.Float(
        "Talk share of signed-in time", readonly=True, aggregator="avg", help="Talk / signed in."
    )
    average_s = fields.Float(
        "Average call",
        readonly=True,
        aggregator="avg",
        help="Time in handled calls / calls handled, holds included.",
    )
    handling_s = fields.Float(
        "Average handling time",
        readonly=True,
        aggregator="avg",
        help="(Talk + hold + wrap-up) / calls handled. For a day or more: time counts by the clock,"
        " calls where they end.",
    )
    answer_rate = fields.Float(
        "Answer rate", readonly=True, aggregator="avg", help="Answered / rings."
    )
    satisfaction = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Satisfied / (satisfied + neutral + dissatisfied).",
    )

    @api.model
    def _ratios(self):
        work = ("talk_s", "hold_s", "wrap_up_s")
        return {
            "occupancy": (work, (*work, "ring_s", "ready_s")),
            "work_share": (work, ("signed_in_s",)),
            "talk_share": (("talk_s",), ("signed_in_s",)),
            "average_s": (("handled_s",), ("handled",)),
            "handling_s": (work, ("handled",)),
            "answer_rate": (("answered",), ("rings",)),
            "satisfaction": (("satisfied",), ("satisfied", "neutral", "dissatisfied")),
        }

    @api.model
    def _totals(self):
        outcomes = ("satisfied", "neutral", "dissatisfied", "wrong_key", "hung_up", "not_sent")
        return {"rating_total": outcomes}

    def action_calls(self):
        """The calls behind this row: the agent was rung or took part."""
        self.ensure_one()
        begin, end = self._span()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls of %(agent)s", agent=self.agent_id.display_name),
            "res_model": "cc.call",
            "views": [[False, "list"], [False, "form"]],
            "domain": [
                ("started_at", ">=", fields.Datetime.to_string(begin)),
                ("started_at", "<", fields.Datetime.to_string(end)),
                "|",
                ("attempt_ids.agent_id", "=", self.agent_id.id),
                ("leg_ids.agent_id", "=", self.agent_id.id),
            ],
        }
