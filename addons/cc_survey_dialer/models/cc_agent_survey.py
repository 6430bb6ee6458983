# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcAgent(models.Model):
    """A campaign's questionnaire, filled in by the agent in the call panel.

    Agents have no rights on surveys: these methods act for the contact in their hands only.
    """

    _inherit = "cc.agent"

    @api.model
    def survey_open(self, attempt_id):
        """The questionnaire of a contact, with what is answered so far; begun by whoever called before.

        :return: as `_survey_form`, False without a questionnaire
        """
        attempt_sudo = self._mine()._own_attempt(attempt_id)
        survey_sudo = attempt_sudo.campaign_id.survey_id
        if not survey_sudo:
            return False
        return attempt_sudo._survey_input(create=False)._cc_form(survey_sudo)

    @api.model
    def survey_answer(self, attempt_id, question_id, value, comment=False):
        """Store one answer at once.

        :param value: text, number, list of choices, or ``{row: [choice]}``
        :return: ``{"survey": form}`` or ``{"error": what is wrong with the answer}``
        """
        attempt_sudo = self._mine()._own_attempt(attempt_id)
        input_sudo = attempt_sudo._survey_input()
        if input_sudo.state == "done":
            raise UserError(self.env._("The questionnaire is complete."))
        question_sudo = input_sudo.survey_id.question_ids.filtered(
            lambda row: row.id == question_id
        )
        if not question_sudo:
            raise UserError(self.env._("This question is not in the questionnaire."))
        value, comment = question_sudo._cc_clean(value, comment)
        empty = value in ("", [], {}, None) and not comment
        errors = {} if empty else question_sudo.validate_question(value, comment)
        if errors:
            return {"error": next(iter(errors.values()))}
        input_sudo._save_lines(question_sudo, value, comment=comment)
        input_sudo._clear_inactive_conditional_answers()
        if input_sudo.state == "new":
            input_sudo._mark_in_progress()
        input_sudo.invalidate_recordset(["user_input_line_ids"])
        return {"survey": input_sudo._cc_form(input_sudo.survey_id)}

    @api.model
    def survey_finish(self, attempt_id):
        """Close the questionnaire when every required question is answered.

        :return: ``{"survey": form, "errors": {question id: text}}``
        """
        attempt_sudo = self._mine()._own_attempt(attempt_id)
        input_sudo = attempt_sudo._survey_input()
        answered = input_sudo._cc_answered()
        missing = {
            question.id: question.constr_error_msg or self.env._("This question needs an answer.")
            for question in input_sudo._get_print_questions()
            if question.constr_mandatory and question not in answered
        }
        if not missing and input_sudo.state != "done":
            # not _mark_done: it sends certificates by mail
            input_sudo.write({"state": "done", "end_datetime": fields.Datetime.now()})
        return {"survey": input_sudo._cc_form(input_sudo.survey_id), "errors": missing}
