# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class SurveyQuestion(models.Model):
    """A question as the call panel shows it, and as its answers come from there."""

    _inherit = "survey.question"

    def _cc_clean(self, value, comment):
        """An answer from the browser in the form that Odoo's own methods take.

        :return: ``(value, comment)``
        :raise UserError: it names a choice that is not the question's
        """
        self.ensure_one()
        comment = comment.strip()[:10000] if isinstance(comment, str) else False
        if self.question_type in ("simple_choice", "multiple_choice"):
            return self._cc_choices(value), comment
        if self.question_type == "matrix":
            rows = value if isinstance(value, dict) else {}
            known = {str(row.id) for row in self.matrix_row_ids}
            if not {str(key) for key in rows} <= known:
                raise UserError(self.env._("This is not a row of the question."))
            cleaned = {str(key): self._cc_choices(chosen) for key, chosen in rows.items()}
            return {key: chosen for key, chosen in cleaned.items() if chosen}, comment
        if value is None or value is False:
            return "", comment
        # text, also of numbers: a bare 0 would be taken for no answer
        text = str(value).strip()[:10000]
        if self.question_type == "datetime":
            text = text.replace("T", " ")
            text = f"{text}:00" if len(text) == 16 else text
        return text, comment

    def _cc_choices(self, value):
        chosen = value if isinstance(value, list) else [value] if value else []
        known = set(self.suggested_answer_ids.ids)
        if any(type(one) is not int or one not in known for one in chosen):
            raise UserError(self.env._("This is not a choice of the question."))
        many = self.question_type == "multiple_choice" or (
            self.question_type == "matrix" and self.matrix_subtype == "multiple"
        )
        return chosen if many else chosen[:1]

    def _cc_row(self, lines):
        """The question with its answer for the panel."""
        self.ensure_one()
        kind = self.question_type
        given = lines.filtered(lambda line: not line.skipped)
        comment = given.filtered(lambda line: line.answer_type == "char_box").value_char_box or ""
        value = False
        if kind in ("simple_choice", "multiple_choice"):
            value = given.suggested_answer_id.ids
        elif kind == "matrix":
            value = {}
            for line in given.filtered("matrix_row_id"):
                value.setdefault(str(line.matrix_row_id.id), []).append(line.suggested_answer_id.id)
        elif given:
            value = given[:1][f"value_{kind}"]
            if kind in ("date", "datetime"):
                value = str(value).replace(" ", "T")[:16]
            comment = ""
        return {
            "id": self.id,
            "title": self.title,
            "type": kind,
            "page": self.page_id.title or "",
            "required": self.constr_mandatory,
            "multiple": kind == "multiple_choice"
            or (kind == "matrix" and self.matrix_subtype == "multiple"),
            "choices": [
                {"id": row.id, "name": row.value or ""} for row in self.suggested_answer_ids
            ],
            "rows": [{"id": row.id, "name": row.value or ""} for row in self.matrix_row_ids],
            "scale": list(range(self.scale_min, self.scale_max + 1)) if kind == "scale" else [],
            "comments": (self.comments_message or self.env._("Comment"))
            if self.comments_allowed
            else False,
            "comment": comment,
            "value": value,
            "answered": bool(given),
        }

    @api.ondelete(at_uninstall=False)
    def _cc_unlink_answered(self):
        """Answers go with their question; those that customers gave in campaigns are not lost that way."""
        if self.env["survey.user_input.line"].search_count(
            [("question_id", "in", self.ids), ("user_input_id.cc_campaign_id", "!=", False)],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "Customers of a campaign have answered this question. Stop the questionnaire and"
                    " copy it instead of deleting questions."
                )
            )
