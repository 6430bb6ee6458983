# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    """Questionnaires are drafted, published and stopped; only published ones are asked in calls."""

    _inherit = "survey.survey"

    cc_state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("stopped", "Stopped")],
        "Use in calls",
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    cc_campaign_ids = fields.One2many("cc.campaign", "survey_id", "Campaigns")

    def action_cc_publish(self):
        """Let the questionnaire be used in campaigns and calls."""
        for survey in self:
            if not survey.question_ids:
                raise UserError(
                    self.env._("The questionnaire “%(name)s” has no question.", name=survey.title)
                )
        self.cc_state = "published"

    def action_cc_stop(self):
        """Ask nobody any more; the answers stay."""
        self.cc_state = "stopped"

    def _check_answer_creation(self, user, partner, email, test_entry=False, **options):
        """A stopped questionnaire takes no answers on the website either."""
        self.ensure_one()
        if self.cc_state == "stopped" and not test_entry:
            raise UserError(self.env._("This questionnaire is stopped."))
        return super()._check_answer_creation(
            user, partner, email, test_entry=test_entry, **options
        )

    def _cc_first_questions(self):
        """Questions that are asked before anything is answered."""
        self.ensure_one()
        return self.question_ids.filtered(lambda question: not question.triggering_answer_ids)
