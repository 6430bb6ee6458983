# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..utils.outcomes import DEFAULT_RETRIES

_lt = LazyTranslate(__name__)

MODES = {
    "preview": _lt("Preview"),
    "progressive": _lt("Progressive"),
    "ratio": _lt("Fixed ratio"),
    "interval": _lt("Interval"),
    "predictive": _lt("Predictive"),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# changes of these do not concern the bridge
QUIET = {
    "name",
    "rev",
    "script",
    "script_version",
    "places",
    "bridge_state",
    "bridge_state_at",
    "message_main_attachment_id",
    "message_follower_ids",
    "message_ids",
    "activity_ids",
    "survey_id",
    "disposition_ids",
    "description",
}


class CcCampaign(models.Model):
    """Numbers of a customer task, called one after the other, by agents themselves or by the dialler.

    `rev` rises with every change that the bridge has to know; what it reads is `_to_bridge`.
    """

    _name = "cc.campaign"
    _description = "Campaign"
    _inherit = ["mail.thread", "cc.pbx.part.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        default=lambda self: self._default_department(),
        help="Leaders of this department see and run the campaign.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Finished"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    rev = fields.Integer("Revision", default=1, readonly=True, copy=False, aggregator=None)
    round_no = fields.Integer("Round", default=1, readonly=True, copy=False, aggregator=None)
    task_id = fields.Many2one(
        "cc.customer.task", "Customer task", required=True, index=True, ondelete="restrict"
    )
    pbx_id = fields.Many2one(default=lambda self: self._default_pbx())
    mode = fields.Selection(
        lambda self: self._modes(),
        required=True,
        default="preview",
        help="Preview: the agent sees the customer first, then dials. Progressive: one number per free"
        " agent. Ratio: a fixed number per free agent. Interval: one number every so many seconds."
        " Predictive: as many as agents will be free for, within the abandonment limit.",
    )
    ratio = fields.Integer("Numbers per free agent", default=2)
    interval_s = fields.Integer("Seconds between calls", default=10)
    max_calls = fields.Integer("Calls at once", default=30, required=True)
    max_per_agent = fields.Integer("Calls per agent at most", default=4, required=True)
    abandon_limit = fields.Float("Abandonment limit (%)", default=3.0, digits=(5, 2))
    ring_s = fields.Integer("Ring time (s)", default=25, required=True)
    max_tries = fields.Integer(
        "Attempts per number", default=5, required=True, help="In one round."
    )
    queue_id = fields.Many2one("cc.queue", index="btree_not_null", ondelete="restrict")
    agent_ids = fields.Many2many(
        "cc.agent",
        string="Agents",
        help="Besides the agents of the queue. Who may call in preview.",
    )
    on_answer = fields.Selection(
        [
            ("queue", "To a queue"),
            ("ivr", "To a voice menu"),
            ("play", "Play a recording"),
            ("say", "Speak a text"),
        ],
        "When answered",
        required=True,
        default="queue",
    )
    ivr_id = fields.Many2one("cc.ivr.menu", "Voice menu", ondelete="restrict")
    sound = fields.Binary("Recording", attachment=True)
    sound_name = fields.Char()
    sound_sha256 = fields.Char(compute="_compute_hashes", store=True)
    say_text = fields.Text("Text to speak")
    message = fields.Binary(attachment=True)
    message_name = fields.Char()
    message_sha256 = fields.Char(compute="_compute_hashes", store=True)
    message_text = fields.Text(
        "Message to speak",
        help="What people hear when no agent is free: who called, and a number to call.",
    )
    language = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), default=lambda self: self.env.lang
    )
    auto_answer = fields.Boolean(
        "Agents' phones answer automatically",
        default=True,
        help="The agent is connected to a waiting customer at once.",
    )
    # answering machines: the first defaults are for people
    amd = fields.Boolean("Detect answering machines")
    on_machine = fields.Selection(
        [("hangup", "Hang up"), ("message", "Leave the message"), ("agent", "To an agent")],
        "Machine answers",
        required=True,
        default="hangup",
        help="When detection is not sure, the call always goes to a person.",
    )
    amd_initial_silence = fields.Integer("Silence before a greeting (ms)", default=3000)
    amd_greeting = fields.Integer("Longest greeting of a person (ms)", default=1500)
    amd_after_greeting_silence = fields.Integer("Silence after a greeting (ms)", default=500)
    amd_total = fields.Integer("Decide within (ms)", default=4000)
    amd_max_words = fields.Integer("Words of a person", default=5)
    # when
    tz = fields.Selection(
        _tz_get, "Time zone", required=True, default=lambda self: self.env.user.tz or "UTC"
    )
    unknown_zone = fields.Selection(
        [("own", "Use the campaign's time zone"), ("skip", "Do not call")],
        "Time zone unknown",
        required=True,
        default="own",
    )
    morning_from = fields.Float("Morning from", default=9.0)
    morning_to = fields.Float("Morning to", default=12.0)
    afternoon_from = fields.Float("Afternoon from", default=14.0)
    afternoon_to = fields.Float("Afternoon to", default=18.0)
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    holiday_ids = fields.One2many(
        "cc.campaign.holiday",
        "campaign_id",
        "Days without calls",
        groups="cc_survey_dialer.group_campaign",
    )
    use_country_rules = fields.Boolean(
        "Keep to the countries' rules",
        default=True,
        help="Hours, attempts and pauses of the number's country, besides the campaign's own.",
    )
    callback_grace_min = fields.Integer(
        "Call-back passes on after (min)",
        default=30,
        help="A call-back promised by one agent is offered to all when that agent has not called by then.",
    )
    line_ids = fields.One2many(
        "cc.campaign.line",
        "campaign_id",
        "Lines",
        copy=True,
        groups="cc_survey_dialer.group_campaign",
    )
    retry_ids = fields.One2many(
        "cc.campaign.retry",
        "campaign_id",
        "Retry rules",
        copy=True,
        groups="cc_survey_dialer.group_campaign",
    )
    disposition_ids = fields.Many2many(
        "cc.disposition", string="Dispositions", default=lambda self: self._default_dispositions()
    )
    script = fields.Html(help="Shown to the agent with each customer.")
    script_version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", index="btree_not_null", ondelete="restrict"
    )
    entry_ids = fields.One2many("cc.campaign.entry", "campaign_id", "Numbers")
    log_ids = fields.One2many(
        "cc.campaign.log", "campaign_id", "Dialling log", groups="cc_survey_dialer.group_campaign"
    )
    places = fields.Json(help="Pairs of time zones and country of its numbers.", copy=False)
    bridge_state = fields.Json(copy=False, help="What the dialler said last.")
    bridge_state_at = fields.Datetime(copy=False)

    _values_valid = models.Constraint(
        "CHECK (ratio BETWEEN 1 AND 9 AND interval_s BETWEEN 1 AND 3600 AND max_calls BETWEEN 1 AND 5000"
        " AND max_per_agent BETWEEN 1 AND 20 AND abandon_limit BETWEEN 0 AND 100"
        " AND ring_s BETWEEN 15 AND 60 AND max_tries BETWEEN 1 AND 100 AND callback_grace_min >= 0)",
        "The ratio is 1 to 9, the interval 1 to 3600 s, calls at once 1 to 5000, calls per agent 1 to 20,"
        " the ring time 15 to 60 s, attempts 1 to 100.",
    )

    @api.model
    def _modes(self):
        return [(key, self.env._(label)) for key, label in MODES.items()]

    @api.model
    def _default_department(self):
        agent = self.env.user.cc_agent_ids[:1]
        return agent.led_department_ids[:1] or agent.department_id

    @api.model
    def _default_pbx(self):
        own = self.env.user.cc_agent_ids[:1].pbx_id
        return own or self.env["cc.pbx"]._default_one()

    @api.model
    def _default_dispositions(self):
        return self.env["cc.disposition"].search(
            [("company_id", "in", [False, self.env.company.id])]
        )

    @api.depends("sound", "message")
    def _compute_hashes(self):
        for campaign in self.with_context(bin_size=False):
            for name in ("sound", "message"):
                data = campaign[name] and campaign._raw(name)
                campaign[f"{name}_sha256"] = hashlib.sha256(data).hexdigest() if data else False

    def _raw(self, name):
        return base64.b64decode(self[name])

    @api.constrains("morning_from", "morning_to", "afternoon_from", "afternoon_to")
    def _check_windows(self):
        for campaign in self:
            hours = [
                campaign.morning_from,
                campaign.morning_to,
                campaign.afternoon_from,
                campaign.afternoon_to,
            ]
            if hours != sorted(hours) or hours[0] < 0 or hours[-1] > 24:
                raise ValidationError(
                    self.env._(
                        "The morning must come before the afternoon, both between 0:00 and 24:00."
                    )
                )

    @api.constrains("queue_id", "ivr_id", "pbx_id")
    def _check_pbx(self):
        for campaign in self:
            for record in (campaign.queue_id, campaign.ivr_id):
                if record and record.pbx_id != campaign.pbx_id:
                    raise ValidationError(
                        self.env._("“%(name)s” belongs to another PBX.", name=record.display_name)
                    )
            if campaign.pbx_id.company_id != campaign.company_id:
                raise ValidationError(self.env._("Campaign and PBX belong to different companies."))

    def _week(self):
        """The campaign's own windows, Monday first, as `utils.window` takes them."""
        self.ensure_one()
        spans = [
            (round(self[f"{part}_from"] * 60), round(self[f"{part}_to"] * 60))
            for part in ("morning", "afternoon")
        ]
        spans = [(begin, end) for begin, end in spans if begin < end]
        return [list(spans) if self[day] else [] for day in WEEKDAYS]

    # ---- changes ----

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_task(vals)
            if "retry_ids" not in vals:
                vals["retry_ids"] = [
                    (0, 0, {"outcome": outcome, "wait_min": wait, "max_tries": tries})
                    for outcome, wait, tries in DEFAULT_RETRIES
                ]
        return super().create(vals_list)

    def _check_task(self, vals):
        """:raise AccessError: the task's customers are not the user's to call"""
        if vals.get("task_id"):
            self.env["cc.customer.task"].browse(vals["task_id"]).check_access("read")

    def write(self, vals):
        self._check_task(vals)
        if "script" in vals:
            for campaign in self:
                if campaign.script != vals["script"]:
                    super(CcCampaign, campaign).write(
                        {"script_version": campaign.script_version + 1}
                    )
        result = super().write(vals)
        if vals.keys() - QUIET:
            self._touch()
            if vals.keys() & {"use_country_rules", "unknown_zone"}:
                for campaign in self:
                    campaign._derive_entries()
            elif vals.keys() & {"max_tries", "retry_ids"}:
                for campaign in self:
                    campaign._derive_entries(campaign._tried_entry_ids())
        return result

    def _touch(self):
        """Let the bridge know of a change."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE cc_campaign SET rev = rev + 1 WHERE id = ANY(%s)", self.ids)
        )
        self.invalidate_recordset(["rev"], flush=False)
        # sudo: cc.pbx - the bell of a PBX may be rung by whoever may change the campaign
        self.filtered(lambda row: row.mode != "preview").pbx_id.sudo()._cc_ring("intent")

    @api.ondelete(at_uninstall=False)
    def _unlink_new(self):
        if any(campaign.state != "draft" for campaign in self):
            raise UserError(
                self.env._("A campaign that was started cannot be deleted. Archive it instead.")
            )

    # ---- people ----

    def _agents(self):
        """Who may work in this campaign, as superuser."""
        self.ensure_one()
        # sudo: cc.queue.member - who serves a queue is no secret of it
        return self.agent_ids.sudo() | self.queue_id.sudo().member_ids.agent_id

    # ---- buttons ----

    def _open(self, xmlid, **context):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(f"cc_survey_dialer.{xmlid}")
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": {"cc_why_campaign_ids": self.ids, "default_campaign_id": self.id, **context},
        }

    def action_open_entries(self):
        """Open the numbers, each with its reason."""
        return self._open("cc_campaign_entry_action")

    def action_open_why(self, why):
        """Open the numbers of one reason."""
        labels = dict(self.env["cc.campaign.entry"]._fields["why"]._description_selection(self.env))
        action = self._open("cc_campaign_entry_action")
        return {
            **action,
            "name": labels.get(why, action["name"]),
            "domain": [*action["domain"], ("why", "=", why), ("active", "in", [True, False])],
        }

    def action_open_attempts(self):
        """Open the tries."""
        return self._open("cc_campaign_attempt_action")

    def action_open_log(self):
        """Open the dialling log."""
        return self._open("cc_campaign_log_action")

    def action_open_results(self):
        """Open the results."""
        return self._open("cc_campaign_result_action")

    def action_open_statistics(self):
        """Open what customers of this campaign answered."""
        self.ensure_one()
        self.check_access("write")
        return self.survey_id.with_context(cc_campaign_id=self.id).action_cc_statistics()
