# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import secrets

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..utils import sampling

_logger = logging.getLogger(__name__)


class CcQualityList(models.Model):
    """Which calls are to be inspected, and how they are drawn."""

    _name = "cc.quality.list"
    _description = "Inspection list"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("new", "New"), ("waiting", "Waiting"), ("generated", "Generated"), ("failed", "Failed")],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        tracking=True,
    )
    template_id = fields.Many2one(
        "cc.quality.template", required=True, domain=[("enabled", "=", True)], ondelete="restrict"
    )
    version_id = fields.Many2one("cc.quality.version", readonly=True, copy=False)
    rule = fields.Selection(
        [("total", "Total number"), ("per_agent", "Number per agent")],
        required=True,
        default="total",
    )
    count = fields.Integer("Number", required=True, default=20)
    rounding = fields.Selection(
        [("up", "Up"), ("down", "Down")],
        default="up",
        required=True,
        help="The total number divided by the agents of the departments is rounded this way.",
    )
    rating_ids = fields.Many2many(
        "cc.quality.rating", string="Ratings", help="None: whatever it was."
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        help="Including those below them. Leave empty for all.",
    )
    direction = fields.Selection(
        [("both", "Inbound and outbound"), ("inbound", "Inbound"), ("outbound", "Outbound")],
        required=True,
        default="both",
    )
    date_from = fields.Datetime("From", required=True)
    date_to = fields.Datetime("Until", required=True, help="Calls that started before this time.")
    talk_min_s = fields.Integer("Talk time from (s)")
    talk_max_s = fields.Integer("Talk time up to (s)", help="0: no limit.")
    purpose_ids = fields.Many2many("cc.call.purpose", string="Purposes")
    kind_ids = fields.Many2many("cc.call.kind", string="Kinds of call")
    recorded = fields.Boolean(
        "With a recording only", default=True, help="Calls without one cannot be listened to."
    )
    overtalk_min = fields.Float("Talking over each other from (%)")
    silence_min = fields.Float("Silence from (%)")
    agent_share_min = fields.Float("Agent's talk share from (%)")
    planned = fields.Integer("Calls to draw", compute="_compute_planned")
    plan_text = fields.Char("Plan", compute="_compute_planned")

    candidate_count = fields.Integer("Calls that qualify", readonly=True, copy=False)
    candidate_hash = fields.Char("Hash of these calls", readonly=True, copy=False)
    seed = fields.Char(readonly=True, copy=False)
    rule_version = fields.Integer("Version of the rule", readonly=True, copy=False, aggregator=None)
    drawn_ids = fields.Json("Calls drawn", readonly=True, copy=False)
    drawn_at = fields.Datetime("Drawn at", readonly=True, copy=False)
    agent_count = fields.Integer("Agents at the draw", readonly=True, copy=False)
    target_count = fields.Integer("Calls asked for", readonly=True, copy=False)
    drawn_count = fields.Integer("Calls drawn (number)", readonly=True, copy=False)
    failure = fields.Char(readonly=True, copy=False)

    sheet_ids = fields.One2many("cc.quality.sheet", "list_id", "Calls")
    progress = fields.Integer("Progress (%)", compute="_compute_counts")
    sheet_count = fields.Integer("Calls in the list", compute="_compute_counts")
    unassigned_count = fields.Integer("Not handed out", compute="_compute_counts")
    unprocessed_count = fields.Integer("Not processed", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")

    _numbers_valid = models.Constraint(
        "CHECK (count BETWEEN 1 AND 1000000 AND talk_min_s >= 0 AND talk_max_s >= 0)",
        "The number of calls must be at least 1, and talk times cannot be negative.",
    )
    _period_valid = models.Constraint(
        "CHECK (date_from < date_to)", "The period must end after it begins."
    )

    @api.depends("rule", "count", "rounding", "department_ids", "company_id")
    def _compute_planned(self):
        for row in self:
            agents = row._agents_counted()
            each = sampling.quota(row.rule, row.count, agents, row.rounding)
            row.planned = each * agents
            row.plan_text = self.env._(
                "%(each)s per agent × %(agents)s agents = %(planned)s calls",
                each=each,
                agents=agents,
                planned=row.planned,
            )

    def _compute_counts(self):
        groups = self.env["cc.quality.sheet"]._read_group(
            [("list_id", "in", self.ids)], ["list_id", "state"], ["__count"]
        )
        counts = {(row.id, state): count for row, state, count in groups}
        for row in self:
            of = {
                state: counts.get((row.id, state), 0)
                for state in ("unassigned", "open", "draft", "done", "void")
            }
            row.sheet_count = sum(of.values())
            row.unassigned_count = of["unassigned"]
            row.unprocessed_count = of["open"] + of["draft"]
            row.done_count = of["done"] + of["void"]
            if row.state == "generated":
                row.progress = 100
            else:
                row.progress = 100 * row.sheet_count // row.drawn_count if row.drawn_count else 0

    @api.constrains("template_id", "company_id")
    def _check_template(self):
        for row in self:
            if row.template_id.company_id != row.company_id:
                raise ValidationError(
                    self.env._("List and template belong to different companies.")
                )

    def write(self, vals):
        frozen = vals.keys() - {"name", "message_follower_ids", "message_ids", *self._SYSTEM}
        if frozen and any(row.state in ("waiting", "generated") for row in self):
            raise UserError(
                self.env._("The calls have already been drawn; only the name can be changed.")
            )
        return super().write(vals)

    _SYSTEM = (
        "state",
        "version_id",
        "candidate_count",
        "candidate_hash",
        "seed",
        "rule_version",
        "drawn_ids",
        "drawn_at",
        "drawn_count",
        "agent_count",
        "target_count",
        "failure",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unscored(self):
        if any(sheet.state == "done" for sheet in self.sheet_ids):
            raise UserError(self.env._("A list with scores cannot be deleted."))

    def _agents_counted(self):
        """How many agents work in the departments chosen."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.department_ids:
            domain &= Domain("department_id", "child_of", self.department_ids.ids)
        return self.env["cc.agent"].search_count(domain)

    def _candidates(self):
        """:return: the domain of cc.call that this list draws from"""
        self.ensure_one()
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("started_at", ">=", self.date_from),
                ("started_at", "<", self.date_to),
                ("state", "=", "ended"),
                ("agent_id", "!=", False),
                ("answered_at", "!=", False),
            ]
        )
        if self.direction == "both":
            domain &= Domain("direction", "in", ["inbound", "outbound"])
        else:
            domain &= Domain("direction", "=", self.direction)
        if self.department_ids:
            domain &= Domain("department_id", "child_of", self.department_ids.ids)
        if self.rating_ids:
            domain &= Domain("rating", "in", self.rating_ids.mapped("code"))
        if self.talk_min_s:
            domain &= Domain("talk_s", ">=", self.talk_min_s)
        if self.talk_max_s:
            domain &= Domain("talk_s", "<=", self.talk_max_s)
        if self.purpose_ids:
            domain &= Domain("purpose_id", "in", self.purpose_ids.ids)
        if self.kind_ids:
            domain &= Domain("kind_id", "in", self.kind_ids.ids)
        if self.recorded:
            domain &= Domain("has_recording", "=", True)
        for field, least in (
            ("overtalk", self.overtalk_min),
            ("silence", self.silence_min),
            ("agent_share", self.agent_share_min),
        ):
            if least:
                domain &= Domain("recording_ids.measure_ids", "any", [(field, ">=", least)])
        return domain

    def action_generate(self):
        """Have the calls drawn in the background."""
        self.check_access("write")
        for row in self:
            row.lock_for_update()
            row.invalidate_recordset(["state"])
            if row.state not in ("new", "failed"):
                raise UserError(self.env._("The calls of this list have already been drawn."))
            version = row.template_id._current_version()
            row.write({"state": "waiting", "version_id": version.id, "failure": False})
            row.with_delay(
                description=self.env._("Draw the calls of “%(name)s”", name=row.name),
                identity_key=f"cc_quality.list.{row.id}",
            )._job_draw()
        return True

    def _job_draw(self, seed=None):
        """Draw the calls and begin to make their sheets. A second run of the same list does nothing."""
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state", "drawn_at"])
        if self.state != "waiting" or self.drawn_at:
            return
        try:
            with self.env.cr.savepoint():
                self._draw_now(seed)
        except OperationalError:
            # the database was busy: queue_job tries again
            raise
        except Exception as error:
            _logger.exception("Inspection list %s cannot be drawn", self.id)
            self.write({"state": "failed", "failure": str(error)[:500]})
            return
        self.with_delay(description=self.env._("Make the sheets"))._job_sheets(0)

    def _draw_now(self, seed):
        seed = secrets.randbits(62) if seed is None else seed
        agents = self._agents_counted()
        each = sampling.quota(self.rule, self.count, agents, self.rounding)
        target = each * agents
        count, digest, drawn = self.env["cc.quality.draw"]._draw(
            self._candidates(), each, target, seed, fill=self.rule == "total"
        )
        self.write(
            {
                "seed": str(seed),
                "rule_version": sampling.RULE_VERSION,
                "candidate_count": count,
                "candidate_hash": digest,
                "drawn_ids": drawn,
                "drawn_at": fields.Datetime.now(),
                "drawn_count": len(drawn),
                "agent_count": agents,
                "target_count": target,
            }
        )

    def _job_sheets(self, start, batch=500):
        """Make the sheets of the calls drawn, some at a time, so that progress shows."""
        self.ensure_one()
        if self.state != "waiting":
            return
        drawn = self.drawn_ids or []
        part = drawn[start : start + batch]
        done = set(
            self.env["cc.quality.sheet"]
            .search([("list_id", "=", self.id), ("call_id", "in", part)])
            .call_id.ids
        )
        # a call may have been erased since the draw
        calls = self.env["cc.call"].browse([one for one in part if one not in done]).exists()
        self.env["cc.quality.sheet"]._make(self.version_id, calls, list_id=self.id)
        if start + batch < len(drawn):
            self.with_delay(description=self.env._("Make the sheets"))._job_sheets(
                start + batch, batch
            )
            return
        self.write({"state": "generated"})

    def _found_text(self):
        self.ensure_one()
        if self.drawn_count < self.target_count:
            return self.env._(
                "Found only %(found)s of %(target)s calls.",
                found=self.drawn_count,
                target=self.target_count,
            )
        return self.env._("%(found)s calls drawn.", found=self.drawn_count)

    found_text = fields.Char("Found", compute="_compute_found_text")

    @api.depends("drawn_count", "target_count", "drawn_at")
    @api.depends_context("lang")
    def _compute_found_text(self):
        for row in self:
            row.found_text = row._found_text() if row.drawn_at else False

    def action_hand_out(self):
        """Open the hand-out of the calls that nobody has."""
        self.ensure_one()
        self.check_access("write")
        return self.env["cc.quality.handout"]._open(list_id=self.id)

    def _action_sheets(self, name, states):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("cc_quality.cc_quality_sheet_action")
        return {
            **action,
            "name": name,
            "domain": [("list_id", "=", self.id), ("state", "in", states)],
            "context": {},
        }

    def action_open_unassigned(self):
        """Show the calls that nobody has."""
        return self._action_sheets(self.env._("Not handed out"), ["unassigned"])

    def action_open_unprocessed(self):
        """Show the calls that are handed out and not done; these can be taken back."""
        return self._action_sheets(self.env._("Not processed"), ["open", "draft"])

    def action_open_all(self):
        """Show all calls of the list."""
        states = ["unassigned", "open", "draft", "done", "void"]
        return self._action_sheets(self.env._("Calls in the list"), states)

    def action_take_back(self):
        """Take back all that is not processed."""
        self.sheet_ids.filtered(lambda sheet: sheet.state in ("open", "draft"))._take_back()
        return True

    def action_download(self):
        """The calls of the list as an Excel file."""
        self.check_access("read")
        return self.env.ref("cc_quality.cc_quality_list_xlsx").report_action(self)
