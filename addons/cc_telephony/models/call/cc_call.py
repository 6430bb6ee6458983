# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...utils.causes import CAUSES


class CcCall(models.Model):
    """One conversation as the customer lives it, across transfers.

    Only the ingest (`cc_telephony.ingest`) writes calls and what belongs to them, but for what people choose
    (`cc_call__subject.py`); what they write about a call stands in `cc.call.note`. Times are the PBX's, with
    microseconds.
    """

    _name = "cc.call"
    _description = "Call"
    _inherit = ["cc.average.mixin"]
    _order = "started_at desc, id desc"
    _rec_names_search = ["number_id", "partner_id", "call_uid"]

    call_uid = fields.Char("Call identifier", required=True, readonly=True)
    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="restrict")
    manual = fields.Boolean("Registered manually", help="This call was registered manually.")
    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", help="Department at the time of the call."
    )
    rev = fields.Integer("Revision", aggregator=None)
    direction = fields.Selection(
        [("inbound", "Inbound"), ("outbound", "Outbound"), ("internal", "Internal")], required=True
    )
    state = fields.Selection(
        [
            ("ivr", "In the menu"),
            ("queued", "Waiting"),
            ("ringing", "Ringing"),
            ("talking", "Talking"),
            ("held", "On hold"),
            ("ended", "Ended"),
        ],
        required=True,
    )
    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", index="btree_not_null", ondelete="restrict"
    )
    number_display = fields.Char("Number")
    caller_name = fields.Char("Caller name", help="As provided by the network.")
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="set null"
    )
    line = fields.Char(help="Trunk over which the call came or went.")
    dialled_id = fields.Many2one("cc.phone.number", "Number dialled", ondelete="restrict")
    dialled_display = fields.Char("Dialled")
    queue_id = fields.Many2one("cc.queue", index="btree_not_null", ondelete="restrict")
    agent_id = fields.Many2one(
        "cc.agent",
        index="btree_not_null",
        ondelete="restrict",
        help="Agent who talked last; if several stayed to the end, the one who joined first.",
    )
    started_at = fields.Datetime("Start")
    queued_at = fields.Datetime("Queued at")
    ring_at = fields.Datetime("First ring")
    answered_at = fields.Datetime("Answered at")
    ended_at = fields.Datetime("End")
    estimated = fields.Boolean(
        "Estimated end", help="The end was not observed; this is the last trace of the call."
    )
    wait_s = fields.Float(
        "Wait (s)",
        aggregator="avg",
        help="From entering the queue to the answer or hang-up.",
    )
    waited = fields.Integer(
        "Waited in a queue",
        compute="_compute_waited",
        store=True,
        precompute=True,
        help="1 once the wait in a queue is over: only these calls count in the average wait.",
    )
    ring_s = fields.Float("Ring (s)", help="Total ring time of all attempts.")
    talk_s = fields.Float(
        "Talk (s)",
        help="From the answer until the last agent leaves, without holds and without waits for "
        "another agent.",
    )
    hold_s = fields.Float("Hold (s)")
    duration_s = fields.Float("Duration (s)", help="From start to end.")
    ended_by = fields.Selection(
        [("customer", "Customer"), ("agent", "Agent"), ("system", "System")], "Ended by"
    )
    cause = fields.Integer("Cause (Q.850)", aggregator=None)
    cause_text = fields.Char("Cause", compute="_compute_cause_text")
    loss = fields.Selection(
        [
            ("ivr", "In the menu"),
            ("queue", "In the queue"),
            ("overflow", "Queue full or wait too long"),
            ("agent_no_answer", "Agent did not answer"),
            ("out_of_hours", "Out of hours"),
        ],
        "Lost",
    )
    rating = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("neutral", "Neutral"),
            ("dissatisfied", "Dissatisfied"),
            ("wrong_key", "Wrong key"),
            ("hung_up", "Hung up"),
            ("not_sent", "Not sent"),
        ]
    )
    transfer_count = fields.Integer("Transfers")
    hold_count = fields.Integer("Holds")
    transfer_tries = fields.Integer("Transfer attempts")
    keys = fields.Char("Keys pressed", help="In voice menus, and digits that the agent collected.")
    attempt_ids = fields.One2many("cc.call.attempt", "call_id")
    leg_ids = fields.One2many("cc.call.leg", "call_id")
    hold_ids = fields.One2many("cc.call.hold", "call_id")
    transfer_ids = fields.One2many("cc.call.transfer", "call_id")
    key_ids = fields.One2many("cc.call.key", "call_id")
    visit_ids = fields.One2many("cc.call.visit", "call_id", "Queue visits")
    note_ids = fields.One2many("cc.call.note", "call_id", "Notes")

    _uid_unique = models.UniqueIndex("(call_uid)", "This call already exists.")
    _by_start = models.Index("(started_at DESC, id DESC)")
    _open = models.Index("(pbx_id) WHERE state != 'ended'")
    _by_rating = models.Index("(agent_id, ended_at) WHERE rating IS NOT NULL")

    def _compute_display_name(self):
        """A name that tells nothing: it stands wherever something points to a call, for whoever reads that."""
        for call in self:
            call.display_name = self.env._("Call %(id)s", id=call.id or self.env._("new"))

    @api.model
    def _averages(self):
        return {**super()._averages(), "wait_s": "waited"}

    @api.depends("queued_at", "answered_at", "ended_at")
    def _compute_waited(self):
        for call in self:
            over = call.answered_at or call.ended_at
            call.waited = bool(call.queued_at and over and call.queued_at <= over)

    @api.depends("cause")
    @api.depends_context("lang")
    def _compute_cause_text(self):
        for call in self:
            if call.cause in CAUSES:
                call.cause_text = self.env._(CAUSES[call.cause])
            else:
                call.cause_text = self.env._("Another cause") if call.cause else False

    def action_edit_note(self):
        """Open what people write about this call; the call itself is the PBX's to tell."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call note"),
            "res_model": "cc.call.note",
            "res_id": self.note_ids.filtered(lambda row: row.author_id == self.env.user).id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    def action_call_back(self):
        """Have the other party of this call dialled: a customer's number, or the colleague.

        :raise UserError: the user's phone can't dial now; the text says why
        """
        self.ensure_one()
        self.check_access("read")
        agents = self.env["cc.agent"]
        if self.direction == "internal":
            parties = self.leg_ids.agent_id | self.attempt_ids.agent_id
            other = (parties - agents._mine())[:1]
            agents.command("dial", {"agent": other.id})
        else:
            agents.command("dial", {"phone": self.number_id.id})
        return True

    @api.model
    def _cc_moment_handlers(self):
        """Methods of this model that take part in the moments of calls. Addons add theirs.

        Each is called on an empty recordset as superuser with `(moments, batch)` when the rows of the
        calls are written: a list of `ingest.kinds.Moment` in their order, and the `Batch`, by which
        browsers are told something after the commit (`batch.tell_partner`). It may write rows of its own
        addon, never calls; SMS, mail and HTTP are left to jobs. Each has a savepoint of its own: what
        fails there undoes its own rows and messages only, and a handler that failed is called again with
        the moments one by one.

        :return: `{addon's technical name: name of the method}`
        """
        return {}
