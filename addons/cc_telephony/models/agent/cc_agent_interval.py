# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ...utils.states import state_selection


class CcAgentInterval(models.Model):
    """One stretch of an agent in one state, in PBX time. The open one is the current state.

    Only the ingest writes these rows; a signed-out agent has no open row.
    """

    _name = "cc.agent.interval"
    _description = "Work log"
    _order = "started_at desc, id desc"
    _rec_name = "agent_id"

    agent_id = fields.Many2one("cc.agent", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    session_id = fields.Many2one("cc.agent.session", index="btree_not_null", ondelete="set null")
    state = fields.Selection(
        state_selection,
        required=True,
    )
    reason_id = fields.Many2one("cc.break.reason", ondelete="restrict")
    reason = fields.Char("Reason given", help="As reported by the bridge.")
    device = fields.Char()
    extension = fields.Char()
    started_at = fields.Datetime("Start", required=True)
    ended_at = fields.Datetime("End")
    until_at = fields.Datetime("Until", help="When the wrap-up ends automatically.")
    more = fields.Integer(
        "Extensions left", aggregator=None, help="How often this wrap-up may still be extended."
    )
    next_state = fields.Char(
        "Next state", help="What the agent chose to come after the call and its wrap-up."
    )
    next_reason = fields.Char("Next break reason")
    reachable = fields.Boolean(
        default=True, help="Off while the PBX has not reached the agent's phone for half a minute."
    )
    duration_s = fields.Float("Duration", help="Seconds; 0 while ongoing.")
    call_id = fields.Many2one("cc.call", index="btree_not_null", ondelete="set null")
    call_uid = fields.Char("Call identifier")

    _open_unique = models.UniqueIndex("(agent_id) WHERE ended_at IS NULL")
    _apart = models.Constraint(
        "EXCLUDE USING gist (agent_id WITH =, tsrange(started_at, ended_at) WITH &&)",
        "Two intervals of the same agent overlap.",
    )
    _by_time = models.Index("(agent_id, started_at DESC)")

    def _next_choice(self):
        """:return: `{state, reason}` that the agent chose to come next, in the user's language; or None"""
        self.ensure_one()
        if not self.next_state:
            return None
        reasons = self.env["cc.break.reason"].with_context(active_test=False)
        known = reasons.with_context(lang=None).search([("name", "=", self.next_reason)], limit=1)
        word = known.with_env(self.env).name if self.next_reason else False
        return {"state": self.next_state, "reason": word or self.next_reason or None}

    def _reason_word(self):
        """:return: the reason of a break in the user's language; False without one"""
        self.ensure_one()
        return self.reason_id.name or self.reason
