# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = {
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
    "quarterly": relativedelta(months=3),
}


class CcAssessment(models.Model):
    """A task of assessing people: from when to when, how often, whom, on what."""

    _name = "cc.assessment"
    _description = "Assessment"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date("Start", required=True)
    date_to = fields.Date("End", required=True, help="With this day.")
    frequency = fields.Selection(
        [
            ("once", "Once"),
            ("weekly", "Every week"),
            ("monthly", "Every month"),
            ("quarterly", "Every quarter"),
        ],
        required=True,
        default="monthly",
    )
    agent_ids = fields.Many2many("cc.agent", string="Persons")
    item_ids = fields.Many2many(
        "cc.assessment.item",
        string="Items",
        default=lambda self: self.env["cc.assessment.item"].search([("active", "=", True)]),
    )
    answer_within_s = fields.Integer("Answer within (s)", required=True, default=10)
    wrap_up_within_s = fields.Integer("Wrap-up within (s)", required=True, default=60)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    sheet_ids = fields.One2many("cc.assessment.sheet", "assessment_id", "Sheets")
    sheet_count = fields.Integer(compute="_compute_counts")
    done_count = fields.Integer("Scored", compute="_compute_counts")

    _period_valid = models.Constraint("CHECK (date_from <= date_to)", "It ends after it begins.")
    _limits_valid = models.Constraint(
        "CHECK (answer_within_s > 0 AND wrap_up_within_s > 0)", "Times are above 0."
    )

    @api.depends("sheet_ids.state")
    def _compute_counts(self):
        for row in self:
            row.sheet_count = len(row.sheet_ids)
            row.done_count = len(row.sheet_ids.filtered(lambda sheet: sheet.state == "done"))

    def write(self, vals):
        frozen = {"date_from", "date_to", "frequency", "agent_ids", "item_ids"}
        frozen |= {"answer_within_s", "wrap_up_within_s"}
        if vals.keys() & frozen and any(row.state != "draft" for row in self):
            raise UserError(self.env._("Take the assessment back to draft to change it."))
        if "state" in vals and not self.env.context.get("cc_assessment_state"):
            raise UserError(self.env._("Publish or close the assessment by its buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unscored(self):
        if any(sheet.state == "done" for sheet in self.sheet_ids):
            raise UserError(self.env._("An assessment with scores cannot be deleted."))

    def periods(self):
        """:return: (first day, last day) of each round"""
        self.ensure_one()
        step, begin, found = STEPS.get(self.frequency), self.date_from, []
        if not step:
            return [(self.date_from, self.date_to)]
        number = 0
        while begin <= self.date_to:
            number += 1
            # always from the first day, so that the 31st is not lost in February
            after = self.date_from + step * number
            found.append((begin, min(after - timedelta(days=1), self.date_to)))
            begin = after
        return found

    def action_publish(self):
        """Make a sheet for each person and round."""
        for row in self:
            row.check_access("write")
            if row.state != "draft":
                raise UserError(self.env._("The assessment is already published."))
            if not row.agent_ids or not row.item_ids:
                raise UserError(self.env._("Choose persons and items."))
            # sudo: cc.assessment.sheet - made by publishing only
            self.env["cc.assessment.sheet"].sudo().create(
                [
                    {
                        "assessment_id": row.id,
                        "agent_id": agent.id,
                        "department_id": agent.department_id.id,
                        "company_id": row.company_id.id,
                        "date_from": begin,
                        "date_to": end,
                        "line_ids": [
                            (
                                0,
                                0,
                                {
                                    "item_id": item.id,
                                    "maximum": item.maximum,
                                    "weight": item.weight,
                                },
                            )
                            for item in row.item_ids
                        ],
                    }
                    for begin, end in row.periods()
                    for agent in row.agent_ids
                ]
            )
            row.with_context(cc_assessment_state=True).write({"state": "published"})
        return True

    def action_draft(self):
        """Take an assessment without scores back to change it."""
        for row in self:
            row.check_access("write")
            if row.done_count:
                raise UserError(self.env._("There are scores already."))
            # sudo: cc.assessment.sheet - those without a score, made by publishing
            row.sudo().sheet_ids.unlink()
            row.with_context(cc_assessment_state=True).write({"state": "draft"})
        return True

    def action_close(self):
        """No more scores."""
        self.check_access("write")
        self.with_context(cc_assessment_state=True).write({"state": "closed"})
        return True

    def action_open_sheets(self):
        """Show the sheets."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cc_quality.cc_assessment_sheet_action"
        )
        return {**action, "domain": [("assessment_id", "=", self.id)]}
