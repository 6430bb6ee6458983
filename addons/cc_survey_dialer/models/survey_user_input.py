# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

#: Whose answers these are, and for which campaign: the call says it.
TIES = {"cc_campaign_id", "cc_entry_id", "cc_attempt_id", "cc_call_id"}


class SurveyUserInput(models.Model):
    """A participation that an agent filled in, with its customer, call and campaign."""

    _inherit = "survey.user_input"

    cc_campaign_id = fields.Many2one(
        "cc.campaign", "Campaign", index="btree_not_null", ondelete="set null", readonly=True
    )
    cc_entry_id = fields.Many2one(
        "cc.campaign.entry",
        "Number in the campaign",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    cc_attempt_id = fields.Many2one(
        "cc.campaign.attempt",
        "Last attempt",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    cc_call_id = fields.Many2one(
        "cc.call", "Call", index="btree_not_null", ondelete="set null", readonly=True
    )

    # two agents with the same customer fill in one sheet
    _cc_one_each = models.UniqueIndex(
        "(cc_entry_id, survey_id) WHERE cc_entry_id IS NOT NULL AND test_entry IS NOT TRUE"
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._cc_check_ties({key for vals in vals_list for key, value in vals.items() if value})
        return super().create(vals_list)

    def write(self, vals):
        self._cc_check_ties(vals.keys())
        return super().write(vals)

    def _cc_check_ties(self, names):
        """:raise AccessError: the answers would be moved to another campaign, customer or call"""
        if (
            TIES & set(names)
            and not self.env.su
            and not self.env.user.has_group("cc_telephony.group_admin")
        ):
            raise AccessError(self.env._("Only administrators may do this."))

    def _cc_answered(self):
        """Questions that have an answer, not only a skipped line."""
        return self.user_input_line_ids.filtered(lambda line: not line.skipped).question_id

    def _cc_form(self, survey):
        """The sheet as the panel draws it; `self` may be empty: nothing is answered yet.

        :return: ``{title, done, answered, total, questions: [{id, title, type, page, required, multiple,
            choices, rows, scale, comments, comment, value, answered}]}``
        """
        questions = self._get_print_questions() if self else survey._cc_first_questions()
        answered = self._cc_answered()
        lines = self.user_input_line_ids.grouped("question_id") if self else {}
        shown = [
            question._cc_row(lines.get(question, self.env["survey.user_input.line"]))
            for question in questions.sorted(lambda row: (row.sequence, row.id))
        ]
        page = None
        for row in shown:
            row["page"], page = (row["page"] if row["page"] != page else ""), row["page"]
        return {
            "title": survey.title,
            "done": self.state == "done",
            "answered": len(questions & answered),
            "total": len(questions),
            "questions": shown,
        }
