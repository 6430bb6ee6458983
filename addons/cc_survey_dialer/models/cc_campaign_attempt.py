# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.times import now
from odoo.exceptions import UserError

from ..utils.outcomes import OUTCOMES, outcome_of

OPEN = ("leased", "dialled", "answered")


class CcCampaignAttempt(models.Model):
    """One permission to dial a number once, and what came of it.

    The row is written before anything is dialled; as long as it is open nobody else dials the number. A
    bridge's tries are written by its facts only, an agent's own (preview) by that agent's call.
    """

    _name = "cc.campaign.attempt"
    _description = "Campaign attempt"
    _order = "id desc"
    _rec_name = "number_display"

    lease = fields.Char(required=True, default=lambda self: str(uuid.uuid4()))
    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    entry_id = fields.Many2one(
        "cc.campaign.entry",
        "Number in the campaign",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, ondelete="restrict"
    )
    number_display = fields.Char("Number")
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="set null"
    )
    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="restrict")
    mode = fields.Selection(lambda self: self.env["cc.campaign"]._modes(), required=True)
    round_no = fields.Integer("Round", required=True, default=1, aggregator=None)
    state = fields.Selection(
        [
            ("leased", "About to be dialled"),
            ("dialled", "Ringing"),
            ("answered", "Answered"),
            ("ended", "Ended"),
            ("returned", "Not dialled"),
        ],
        required=True,
        default="leased",
    )
    holder = fields.Char(help="Which bridge has the lease.")
    request = fields.Integer(help="Number of the bridge's question.", aggregator=None)
    sure = fields.Boolean(help="Only to be dialled when an agent is free for sure.")
    rev = fields.Integer("Revision", aggregator=None)
    returned = fields.Char("Not dialled because")
    leased_at = fields.Datetime("Lease given", required=True)
    until_at = fields.Datetime("Dial before", required=True)
    dialled_at = fields.Datetime("Dialled at")
    ring_at = fields.Datetime("First ring")
    answered_at = fields.Datetime("Answered at")
    ended_at = fields.Datetime("End")
    agent_at = fields.Datetime("Connected to the agent at")
    message_at = fields.Datetime("Message began at")
    waited_s = fields.Float("Waited (s)")
    ring_s = fields.Float("Rang (s)")
    outcome = fields.Selection(lambda self: self._outcome_selection())
    counts = fields.Boolean(
        "Counts as an attempt",
        help="It left us for the line; what never did costs the number no attempt.",
    )
    abandoned = fields.Boolean(help="A person answered and got no agent in time.")
    hung_up_by = fields.Selection([("customer", "Customer"), ("us", "Us")], "Hung up by")
    cause = fields.Integer("Cause (Q.850)", aggregator=None)
    announcement = fields.Char(
        "Announcement heard", help="What the network said, by the name an administrator gave it."
    )
    amd_status = fields.Char("Machine detection")
    amd_cause = fields.Char("Detection by")
    amd_heard = fields.Selection(
        [("machine", "A machine"), ("person", "A person")],
        "Heard in the recording",
        help="By whoever listened to what machine detection took for a machine.",
    )
    line = fields.Char()
    caller_id_id = fields.Many2one(
        "cc.phone.number", "Number shown", ondelete="restrict", index="btree_not_null"
    )
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="restrict")
    call_uid = fields.Char("Call identifier", index="btree_not_null")
    command_uuid = fields.Char(index="btree_not_null", help="By which the agent dialled.")
    call_id = fields.Many2one("cc.call", index="btree_not_null", ondelete="set null")
    script_version = fields.Integer(aggregator=None)
    result_ids = fields.One2many("cc.campaign.result", "attempt_id", "Results")
    disposition_id = fields.Many2one("cc.disposition", compute="_compute_disposition")

    _lease_unique = models.UniqueIndex("(lease)")
    # whatever dies: no number is dialled twice at once, by whichever campaign or bridge
    _one_open = models.UniqueIndex(
        "(number_id) WHERE state IN ('leased', 'dialled', 'answered')",
        "This number is already being dialled.",
    )
    _answered = models.Index("(campaign_id, answered_at) WHERE answered_at IS NOT NULL")
    _by_number = models.Index("(number_id, id)")
    _of_bridge = models.Index("(pbx_id, holder, request) WHERE holder IS NOT NULL")

    @api.model
    def _outcome_selection(self):
        return [(key, self.env._(label)) for key, label in OUTCOMES.items()]

    @api.depends("result_ids.disposition_id")
    def _compute_disposition(self):
        for attempt in self:
            attempt.disposition_id = attempt.result_ids.sorted("id")[-1:].disposition_id

    def _is_mine(self, agent):
        """Whether this agent dialled or served this try."""
        self.ensure_one()
        return bool(agent) and (
            self.agent_id == agent
            or agent in self.call_id.leg_ids.agent_id
            or agent in self.call_id.attempt_ids.agent_id
        )

    def _give_back(self, why):
        """Free numbers that were not dialled; it costs them no try."""
        given = self.filtered(lambda attempt: attempt.state == "leased")
        given.write({"state": "returned", "returned": why, "ended_at": now()})
        given.flush_recordset()
        given.entry_id._derive()

    def _end(self, outcome, **more):
        """Close tries, with what came of them."""
        live = self.filtered(lambda attempt: attempt.state in OPEN)
        live.write({"state": "ended", "outcome": outcome, "ended_at": now(), **more})
        live.flush_recordset()
        live.entry_id._derive()
        live._after_end()

    def _after_end(self):
        """Take part when tries have ended. Superuser; addons override it to write rows of their own."""

    def _drop(self):
        """Take leases back: a bridge is told, an agent's are free at once."""
        own = self.filtered(lambda attempt: not attempt.holder)
        own._give_back("dropped")
        for pbx, attempts in (self - own).grouped("pbx_id").items():
            self.env["cc.command"]._issue(
                pbx, "dialer_drop", {"leases": attempts.mapped("lease"), "hangup": False}
            )

    def action_open_call(self):
        """Open the call of this try."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.call",
            "res_id": self.call_id.id,
            "views": [[False, "form"]],
        }

    def action_heard_machine(self):
        """Say that these were machines, as detected."""
        self._set_heard("machine")

    def action_heard_person(self):
        """Say that these were persons whom the detection took for machines."""
        self._set_heard("person")

    def _set_heard(self, who):
        """:raise AccessError: the campaign is not the user's to run"""
        self.check_access("read")
        self.campaign_id.check_access("write")
        if any(attempt.outcome != "machine" for attempt in self):
            raise UserError(self.env._("Choose calls that ended with “Machine”."))
        # sudo: cc.campaign.attempt - checked right above; tries are otherwise written by facts only
        self.sudo().amd_heard = who

    # ---- an agent's own call ----

    @api.model
    def _of_call(self, call):
        """The open or ended try that this call is, as superuser; empty for other calls."""
        # sudo: cc.campaign.attempt - asked by the ingest, and for cards of calls that are the agent's
        return self.sudo().search([("call_uid", "=", call.call_uid)], order="id desc", limit=1)

    @api.model
    def _cron_reconcile(self):
        """What was left open by a page that was closed or a call that told nothing.

        A bridge's leases are its own to close, see `cc.campaign._lease_for_bridge`.
        """
        moment = now()
        mine = [("holder", "=", False)]
        forgotten = self.search(
            [*mine, ("state", "=", "leased"), ("leased_at", "<", moment - timedelta(minutes=10))]
        )
        forgotten.filtered(
            lambda row: row.agent_id.state in (False, "offline")
            or row.leased_at < moment - timedelta(hours=2)
        )._give_back("forgotten")
        dialled = self.search([*mine, ("state", "in", ["dialled", "answered"])])
        for attempt in dialled:
            call = attempt.call_id
            if call and call.state == "ended":
                attempt._end(
                    outcome_of(call.cause, bool(call.answered_at)),
                    cause=call.cause,
                    ended_at=call.ended_at,
                )
            elif not call and attempt.dialled_at < moment - timedelta(minutes=3):
                attempt._end("unknown")
        stuck = self.env["cc.campaign.entry"].search(
            [
                ("closed", "=", "dialling"),
                ("attempt_ids", "not any", [("state", "in", list(OPEN))]),
            ]
        )
        stuck._derive()
