# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CcAssessmentSheet(models.Model):
    """One person in one round."""

    _name = "cc.assessment.sheet"
    _description = "Assessment of a person"
    _order = "date_from desc, agent_id, id"

    assessment_id = fields.Many2one("cc.assessment", required=True, index=True, ondelete="cascade")
    agent_id = fields.Many2one("cc.agent", "Person", required=True, index=True, ondelete="restrict")
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    date_from = fields.Date("Start", required=True)
    date_to = fields.Date("End", required=True)
    state = fields.Selection(
        [("open", "To do"), ("done", "Done")], required=True, default="open", index=True
    )
    line_ids = fields.One2many("cc.assessment.line", "sheet_id", "Items")
    comment = fields.Text()
    assessor_id = fields.Many2one("res.users", "Assessed by", ondelete="restrict")
    done_at = fields.Datetime("Done at")
    percent = fields.Float("Result (%)", digits=(16, 2), aggregator="avg")
    rated = fields.Boolean()
    may_score = fields.Boolean(compute="_compute_may_score")

    _round_unique = models.UniqueIndex("(assessment_id, agent_id, date_from)")

    @api.depends("agent_id", "date_from", "date_to")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = f"{sheet.agent_id.name} · {sheet.date_from} – {sheet.date_to}"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_score(self):
        for sheet in self:
            sheet.may_score = sheet.state == "open" and sheet._may_score()

    def _may_score(self):
        """Managers, and leaders of the person's department; nobody themself."""
        self.ensure_one()
        user = self.env.user
        # sudo: cc.agent - whose sheet it is
        if self.sudo().agent_id.user_id == user:
            return False
        if user.has_group("cc_telephony.group_manager"):
            return True
        if not user.has_group("cc_telephony.group_leader"):
            return False
        # sudo: hr.department - the tree below the departments that the user leads
        led_sudo = (
            self.env["hr.department"]
            .sudo()
            .search([("id", "child_of", user.cc_led_department_ids.ids)])
        )
        return self.sudo().department_id in led_sudo

    def write(self, vals):
        """Whoever may score writes comment and lines; the rest goes by the buttons."""
        if not self.env.su and (
            vals.keys() - {"comment", "line_ids"}
            or not all(sheet.state == "open" and sheet._may_score() for sheet in self)
        ):
            raise AccessError(self.env._("You cannot change this assessment."))
        return super().write(vals)

    def _bounds(self):
        """:return: the round as half-open UTC times, whole days of the company's time zone"""
        self.ensure_one()
        zone = pytz.timezone(self.company_id.partner_id.tz or self.env.user.tz or "UTC")
        begin, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        )
        return begin, end

    def action_compute(self):
        """Compute the items that the system knows, anew."""
        for sheet in self:
            sheet.check_access("read")
            if not sheet.may_score:
                raise AccessError(self.env._("You cannot change this assessment."))
            # sudo: cc.assessment.sheet - checked above; figures of the person's calls
            sheet.sudo()._compute_lines()
        return True

    def _compute_lines(self):
        self.ensure_one()
        begin, end = self._bounds()
        for line in self.line_ids.filtered("computed"):
            good, whole = self.env["cc.assessment.figures"]._figure(
                line.computed,
                self.agent_id,
                begin,
                end,
                self.assessment_id.answer_within_s,
                self.assessment_id.wrap_up_within_s,
            )
            line.write(
                {
                    "good": good,
                    "whole": whole,
                    "points": line.maximum * good / whole if whole else 0.0,
                    "scored": bool(whole),
                }
            )

    def action_done(self):
        """The person is assessed: the computed items are filled in, the result stands."""
        for sheet in self:
            sheet.check_access("read")
            if not sheet.may_score:
                raise AccessError(self.env._("You cannot change this assessment."))
            # sudo: cc.assessment - its state only
            if sheet.assessment_id.sudo().state != "published":
                raise UserError(self.env._("The assessment is not published."))
            # sudo: cc.assessment.sheet - checked above
            sheet_sudo = sheet.sudo()
            missing = sheet_sudo.line_ids.filtered(
                lambda line: not line.computed and not line.scored
            )
            if missing:
                raise UserError(
                    self.env._(
                        "Not scored yet: %(items)s",
                        items=", ".join(missing[:5].item_id.mapped("name")),
                    )
                )
            sheet_sudo._compute_lines()
            scored = sheet_sudo.line_ids.filtered("scored")
            whole = sum(line.maximum * line.weight for line in scored)
            given = sum(line.points * line.weight for line in scored)
            sheet_sudo.write(
                {
                    "state": "done",
                    "rated": bool(whole),
                    "percent": 100 * given / whole if whole else 0.0,
                    "assessor_id": self.env.uid,
                    "done_at": fields.Datetime.now(),
                }
            )
        return True

    def action_reopen(self):
        """A manager opens an assessed sheet again."""
        self.check_access("read")
        if not self.env.user.has_group("cc_telephony.group_manager"):
            raise AccessError(self.env._("Only managers can reopen an assessment."))
        # sudo: cc.assessment - its state only
        if any(sheet.assessment_id.sudo().state != "published" for sheet in self):
            raise UserError(self.env._("The assessment is not published."))
        # sudo: cc.assessment.sheet - checked above
        self.sudo().write({"state": "open", "done_at": False})
        return True


class CcAssessmentLine(models.Model):
    """One item of a person's assessment."""

    _name = "cc.assessment.line"
    _description = "Item of a person's assessment"
    _order = "sheet_id, sequence, id"

    sheet_id = fields.Many2one("cc.assessment.sheet", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sheet_id.company_id")
    item_id = fields.Many2one("cc.assessment.item", required=True, ondelete="restrict")
    sequence = fields.Integer(related="item_id.sequence", store=True)
    computed = fields.Selection(related="item_id.computed")
    maximum = fields.Float(digits=(16, 2))
    weight = fields.Float(digits=(16, 3))
    points = fields.Float(digits=(16, 2))
    scored = fields.Boolean()
    good = fields.Integer("In time or satisfied")
    whole = fields.Integer("Of")
    note = fields.Char()
    basis = fields.Char("From the figures", compute="_compute_basis")

    @api.depends("good", "whole", "computed")
    @api.depends_context("lang")
    def _compute_basis(self):
        for line in self:
            if not line.computed:
                line.basis = False
            elif line.whole:
                line.basis = self.env._("%(good)s of %(whole)s", good=line.good, whole=line.whole)
            else:
                line.basis = self.env._("No data yet")

    def write(self, vals):
        """Points from 0 to the maximum, by whoever may score the sheet; computed ones by nobody."""
        if not self.env.su:
            for line in self:
                sheet = line.sheet_id
                if (
                    vals.keys() - {"points", "note", "scored"}
                    or sheet.state != "open"
                    or not sheet._may_score()
                    or line.computed
                ):
                    raise AccessError(self.env._("You cannot score this item."))
            if "points" in vals:
                vals = {**vals, "scored": True}
        result = super().write(vals)
        for line in self:
            if not 0 <= line.points <= line.maximum:
                raise UserError(
                    self.env._(
                        "“%(name)s” takes 0 to %(maximum)s points.",
                        name=line.item_id.name,
                        maximum=f"{line.maximum:g}",
                    )
                )
        return result
