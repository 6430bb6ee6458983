# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CcQualityAppeal(models.Model):
    """An agent's objection to a score, item by item, and what somebody else decided."""

    _name = "cc.quality.appeal"
    _description = "Appeal against a score"
    _inherit = ["mail.thread"]
    _order = "id desc"

    sheet_id = fields.Many2one("cc.quality.sheet", required=True, index=True, ondelete="cascade")
    number = fields.Integer("No.", aggregator=None)
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    agent_id = fields.Many2one(related="sheet_id.agent_id", store=True, index=True)
    department_id = fields.Many2one(related="sheet_id.department_id", store=True)
    state = fields.Selection(
        [
            ("draft", "Being written"),
            ("open", "To be decided"),
            ("decided", "Decided"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        tracking=True,
    )
    reason = fields.Text("Reason of the agent")
    line_ids = fields.One2many("cc.quality.appeal.line", "appeal_id", "Items")
    sent_at = fields.Datetime("Sent at")
    decider_id = fields.Many2one("res.users", "To be decided by", ondelete="restrict")
    decided_by_id = fields.Many2one("res.users", "Decided by", ondelete="restrict")
    decided_at = fields.Datetime("Decided at")
    decision = fields.Text("Reason of the decision")
    percent_before = fields.Float("Before (%)", digits=(16, 2))
    percent_after = fields.Float("After (%)", digits=(16, 2))
    may_decide = fields.Boolean(compute="_compute_may")
    is_mine = fields.Boolean(compute="_compute_may")

    _number_unique = models.UniqueIndex("(sheet_id, number)")

    @api.depends("sheet_id", "number")
    def _compute_display_name(self):
        for appeal in self:
            appeal.display_name = self.env._(
                "Appeal %(number)s: %(sheet)s",
                number=appeal.number,
                sheet=appeal.sheet_id.display_name,
            )

    @api.depends("state", "sheet_id")
    @api.depends_context("uid")
    def _compute_may(self):
        for appeal in self:
            appeal.may_decide = appeal.state == "open" and not appeal._why_not(self.env.user)
            appeal.is_mine = appeal.agent_id.user_id == self.env.user

    # ---- the agent ----

    @api.model
    def _begin(self, sheet):
        """:return: the agent's appeal that is being written, made where missing"""
        sheet.check_access("read")
        if sheet.agent_id.user_id != self.env.user:
            raise AccessError(self.env._("Only the rated agent can appeal."))
        # sudo: cc.quality.appeal - of the user's own score, checked above and below
        appeals_sudo = self.sudo()
        draft = appeals_sudo.search([("sheet_id", "=", sheet.id), ("state", "=", "draft")], limit=1)
        if draft:
            return draft.sudo(False)
        if not sheet.may_appeal:
            raise UserError(
                self.env._("The time to appeal is over, or this score was appealed before.")
            )
        sheet_sudo = sheet.sudo()
        appeal_sudo = appeals_sudo.create(
            {
                "sheet_id": sheet.id,
                "number": len(sheet_sudo.appeal_ids) + 1,
                "percent_before": sheet_sudo.percent,
                "line_ids": [
                    (0, 0, {"score_id": row.id, "given": row.points, "given_na": row.na})
                    for row in sheet_sudo.score_ids
                ],
            }
        )
        return appeal_sudo.sudo(False)

    def _check_mine(self):
        self.ensure_one()
        self.check_access("read")
        if self.agent_id.user_id != self.env.user or self.state != "draft":
            raise AccessError(self.env._("Only the rated agent can change this appeal."))

    def action_send(self):
        """The agent is done with writing: somebody else decides."""
        self._check_mine()
        if self.env.su:
            raise AccessError(self.env._("Only the rated agent can change this appeal."))
        # sudo: cc.quality.sheet - the deadline counts when the appeal is sent
        sheet_sudo = self.sudo().sheet_id
        if fields.Datetime.now() >= sheet_sudo.appeal_until:
            raise UserError(self.env._("The time to appeal is over."))
        objected = self.line_ids.filtered("objection")
        if not objected and not (self.reason or "").strip():
            raise UserError(self.env._("Say what you object to, in the reason or beside an item."))
        # sudo: cc.quality.appeal - the user's own, checked above
        self.sudo().write({"state": "open", "sent_at": fields.Datetime.now()})
        return True

    def action_withdraw(self):
        """The agent takes the appeal back; it counts as one all the same."""
        self.ensure_one()
        self.check_access("read")
        if self.agent_id.user_id != self.env.user or self.state not in ("draft", "open"):
            raise AccessError(self.env._("Only the rated agent can change this appeal."))
        # sudo: cc.quality.appeal - the user's own, checked above
        if self.state == "draft":
            sheet = self.sheet_id
            self.sudo().unlink()
            return sheet.action_score()
        self.sudo().write({"state": "withdrawn"})
        return True

    # ---- who decides ----

    def _why_not(self, user):
        """:return: why this user must not decide; None if they may"""
        self.ensure_one()
        # sudo: cc.quality.sheet - who scored and who is rated says who may decide
        sheet_sudo = self.sudo().sheet_id
        if sheet_sudo.inspector_id == user:
            return self.env._("Whoever scored a call cannot decide its appeal.")
        if sheet_sudo.agent_id.user_id == user:
            return self.env._("The rated agent cannot decide the appeal.")
        # sudo: res.users, hr.department - whom the person leads decides who may decide
        user_sudo = user.sudo()
        leads = bool(
            sheet_sudo.department_id
            and sheet_sudo.department_id
            in self.env["hr.department"]
            .sudo()
            .search([("id", "child_of", user_sudo.cc_led_department_ids.ids)])
        )
        if leads and not sheet_sudo.version_id.template_id.leader_decides:
            return self.env._("The agent's leader cannot decide the appeal.")
        if user_sudo.has_group("cc_telephony.group_manager"):
            return None
        named = sheet_sudo.appeal_ids.filtered(lambda one: one.id == self.id).decider_id
        if leads or named == user:
            return None
        return self.env._("You cannot decide this appeal.")

    def assign_decider(self, user_id):
        """A manager names who decides.

        :raise UserError: that person scored, is rated, or is no inspector
        """
        self.ensure_one()
        if not self.env.user.has_group("cc_telephony.group_manager"):
            raise AccessError(self.env._("Only managers can choose who decides."))
        self.check_access("read")
        user = self.env["res.users"].browse(user_id).exists()
        # sudo: res.users - which groups the person has
        if not user or not user.sudo().has_group("cc_quality.group_inspector"):
            raise UserError(self.env._("Choose an inspector."))
        # sudo: cc.quality.appeal - the manager's choice, checked here
        appeal_sudo = self.sudo()
        appeal_sudo.decider_id = user
        if why := appeal_sudo._why_not(user):
            raise UserError(why)
        return True

    @api.onchange("decider_id")
    def _onchange_decider_id(self):
        if self.decider_id and (why := self._origin._why_not(self.decider_id)):
            return {"warning": {"title": self.env._("Not this person"), "message": why}}

    def write(self, vals):
        """A manager may name the decider in the form; everything else goes by the methods here."""
        if not self.env.su:
            allowed = {"decider_id"}
            if all(one.state == "draft" and one.is_mine for one in self):
                allowed = {"reason", "line_ids"}
            elif all(one.may_decide for one in self):
                allowed = {"decision", "line_ids", "decider_id"}
            mail = {"message_follower_ids", "message_ids", "message_main_attachment_id"}
            if vals.keys() - allowed - mail:
                raise AccessError(self.env._("This can no longer be changed."))
            if "decider_id" in vals:
                vals = dict(vals)
                decider = vals.pop("decider_id")
                for appeal in self:
                    if decider:
                        appeal.assign_decider(decider)
        return super().write(vals)

    def action_decide(self):
        """Decide: the points beside the items become the score; those before stay beside them."""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.quality.appeal - checked next
        appeal_sudo = self.sudo()
        appeal_sudo.lock_for_update()
        appeal_sudo.invalidate_recordset(["state"])
        if appeal_sudo.state != "open":
            raise UserError(self.env._("This appeal has already been decided."))
        if why := self._why_not(self.env.user):
            raise AccessError(why)
        if not (self.decision or "").strip():
            raise UserError(self.env._("Give the agent a reason for the decision."))
        for line in appeal_sudo.line_ids.filtered("changed"):
            row = line.score_id
            checked = row._checked({"points": line.points, "na": line.na, "comment": row.comment})
            first = {} if row.decided else {"first_points": row.points, "first_na": row.na}
            row.write({**checked, **first, "decided": True})
        appeal_sudo.sheet_id._apply_result()
        appeal_sudo.write(
            {
                "state": "decided",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "percent_after": appeal_sudo.sheet_id.percent,
            }
        )
        partner = appeal_sudo.agent_id.user_id.partner_id
        appeal_sudo.message_post(
            body=self.env._("The appeal has been decided: %(reason)s", reason=self.decision),
            partner_ids=partner.ids,
        )
        return True

    def action_open_sheet(self):
        """Open the score."""
        self.check_access("read")
        return self.sheet_id.action_score()


class CcQualityAppealLine(models.Model):
    """One item of an appeal: the objection, and the points decided."""

    _name = "cc.quality.appeal.line"
    _description = "Item of an appeal"
    _order = "appeal_id, id"

    appeal_id = fields.Many2one("cc.quality.appeal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="appeal_id.company_id")
    score_id = fields.Many2one("cc.quality.score", required=True, ondelete="cascade")
    item_name = fields.Char(related="score_id.item_name")
    name = fields.Char(related="score_id.name")
    maximum = fields.Float(related="score_id.maximum")
    given = fields.Float(digits=(16, 2), help="When the appeal was made.")
    given_na = fields.Boolean("Given as not applicable")
    na_allowed = fields.Boolean(related="score_id.na_allowed")
    objection = fields.Char("Objection of the agent")
    changed = fields.Boolean("Change")
    points = fields.Float("New points", digits=(16, 2))
    na = fields.Boolean("Not applicable")

    def write(self, vals):
        """The agent writes objections, whoever decides writes points."""
        if not self.env.su:
            for line in self:
                appeal = line.appeal_id
                if appeal.state == "draft" and appeal.is_mine:
                    allowed = {"objection"}
                elif appeal.may_decide:
                    allowed = {"changed", "points", "na"}
                else:
                    allowed = set()
                if vals.keys() - allowed:
                    raise AccessError(self.env._("This can no longer be changed."))
        return super().write(vals)
