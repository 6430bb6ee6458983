# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MOST_TEXTS = 50
FIGURES = {"average": _lt("Average"), "lowest": _lt("Lowest"), "highest": _lt("Highest")}


class SurveySurvey(models.Model):
    """What customers answered in campaigns: complete and partial sheets apart, tests left out."""

    _inherit = "survey.survey"

    def _cc_inputs(self, campaign_id=False):
        """Participations of this questionnaire in campaigns that the user may see, as superuser.

        :raise AccessError: the user does not run campaigns
        """
        self.ensure_one()
        if not self.env.user.has_group("cc_survey_dialer.group_campaign"):
            raise AccessError(self.env._("Only those who run campaigns see their statistics."))
        self.check_access("read")
        campaigns = self._cc_campaigns()
        if campaign_id:
            campaigns = campaigns.filtered(lambda row: row.id == campaign_id)
        # sudo: survey.user_input - of campaigns that the user's rules show
        return (
            self.env["survey.user_input"]
            .sudo()
            .search(
                [
                    ("survey_id", "=", self.id),
                    ("cc_campaign_id", "in", campaigns.ids),
                    ("test_entry", "=", False),
                    ("state", "in", ["in_progress", "done"]),
                ],
                order="id",
            )
        )

    def _cc_campaigns(self):
        return (
            self.env["cc.campaign"]
            .with_context(active_test=False)
            .search([("survey_id", "=", self.id)])
        )

    @api.readonly
    def cc_statistics(self, campaign_id=False):
        """The answers, question by question.

        :return: ``{title, campaigns: [{id, name}], complete, partial, questions: [{id, title, type,
            answered, bars: [{label, complete, partial}], figures: {average, lowest, highest} or False,
            texts}]}``
        """
        inputs_sudo = self._cc_inputs(campaign_id)
        done_sudo = inputs_sudo.filtered(lambda row: row.state == "done")
        lines_sudo = inputs_sudo.user_input_line_ids.filtered(lambda line: not line.skipped)
        by_question = lines_sudo.grouped("question_id")
        none = lines_sudo.browse()
        return {
            "title": self.title,
            "campaigns": [{"id": row.id, "name": row.name} for row in self._cc_campaigns()],
            "complete": len(done_sudo),
            "partial": len(inputs_sudo) - len(done_sudo),
            "questions": [
                self._cc_question_statistics(question, by_question.get(question, none))
                for question in self.question_ids.sorted(lambda row: (row.sequence, row.id))
            ],
        }

    def _cc_question_statistics(self, question, lines):
        kind = question.question_type
        found = {
            "id": question.id,
            "title": question.title,
            "type": kind,
            "answered": len(lines.user_input_id),
            "bars": [],
            "figures": False,
            "texts": [],
        }

        def bar(label, some):
            complete = len(some.user_input_id.filtered(lambda row: row.state == "done"))
            return {
                "label": label,
                "complete": complete,
                "partial": len(some.user_input_id) - complete,
            }

        if kind in ("simple_choice", "multiple_choice"):
            for answer in question.suggested_answer_ids:
                of_it = lines.filtered(
                    lambda line, answer=answer: line.suggested_answer_id == answer
                )
                found["bars"].append(bar(answer.value or "", of_it))
            found["texts"] = self._cc_texts(lines.filtered("value_char_box"), "value_char_box")
        elif kind == "matrix":
            for row in question.matrix_row_ids:
                for answer in question.suggested_answer_ids:
                    of_it = lines.filtered(
                        lambda line, row=row, answer=answer: line.matrix_row_id == row
                        and line.suggested_answer_id == answer
                    )
                    found["bars"].append(bar(f"{row.value}: {answer.value}", of_it))
        elif kind == "scale":
            for step in range(question.scale_min, question.scale_max + 1):
                of_it = lines.filtered(lambda line, step=step: line.value_scale == step)
                found["bars"].append(bar(str(step), of_it))
            found["figures"] = self._cc_figures(lines.mapped("value_scale"))
        elif kind == "numerical_box":
            found["figures"] = self._cc_figures(lines.mapped("value_numerical_box"))
        else:
            found["texts"] = self._cc_texts(lines, f"value_{kind}")
        return found

    @staticmethod
    def _cc_figures(values):
        if not values:
            return False
        return {
            "average": sum(values) / len(values),
            "lowest": min(values),
            "highest": max(values),
        }

    @staticmethod
    def _cc_texts(lines, name):
        newest = lines.sorted("id", reverse=True)[:MOST_TEXTS]
        return [str(line[name]) for line in newest if line[name]]

    def _cc_workbook(self, campaign_id=False):
        """The statistics and every sheet as an Excel file.

        :return: bytes
        """
        data = self.cc_statistics(campaign_id)
        out = io.BytesIO()
        # texts of customers are texts: no formulas, no links
        book = xlsxwriter.Workbook(
            out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(self.env._("Statistics")[:31])
        sheet.set_column(0, 0, 60)
        sheet.write_row(0, 0, [self.env._("Complete"), data["complete"]])
        sheet.write_row(1, 0, [self.env._("Partial"), data["partial"]])
        row = 3
        for question in data["questions"]:
            sheet.write(row, 0, question["title"], bold)
            sheet.write(row, 1, self.env._("Complete"), bold)
            sheet.write(row, 2, self.env._("Partial"), bold)
            row += 1
            for bar in question["bars"]:
                sheet.write_row(row, 0, [bar["label"], bar["complete"], bar["partial"]])
                row += 1
            if question["figures"]:
                for name, label in FIGURES.items():
                    sheet.write_row(row, 0, [self.env._(label), question["figures"][name]])
                    row += 1
            row += 1
        self._cc_answers_sheet(book, bold, campaign_id)
        book.close()
        return out.getvalue()

    def _cc_answers_sheet(self, book, bold, campaign_id):
        questions = self.question_ids.sorted(lambda row: (row.sequence, row.id))
        sheet = book.add_worksheet(self.env._("Answers")[:31])
        heads = [
            self.env._("Begun"),
            self.env._("Campaign"),
            self.env._("Customer"),
            self.env._("Complete"),
        ]
        sheet.write_row(0, 0, [*heads, *questions.mapped("title")], bold)
        for number, taken_sudo in enumerate(self._cc_inputs(campaign_id), 1):
            begun = fields.Datetime.context_timestamp(self, taken_sudo.create_date)
            sheet.write_row(
                number,
                0,
                [
                    begun.strftime("%Y-%m-%d %H:%M"),
                    taken_sudo.cc_campaign_id.name,
                    taken_sudo.partner_id.display_name or taken_sudo.nickname or "",
                    self.env._("Yes") if taken_sudo.state == "done" else self.env._("No"),
                ],
            )
            lines = taken_sudo.user_input_line_ids.filtered(lambda line: not line.skipped)
            for column, question in enumerate(questions, len(heads)):
                own = lines.filtered(lambda line, question=question: line.question_id == question)
                sheet.write_string(number, column, ", ".join(own.mapped("display_name")))

    def action_cc_statistics(self):
        """Open the statistics of this questionnaire."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "cc_survey_dialer.survey_statistics",
            "name": self.env._("Statistics: %(name)s", name=self.title),
            "params": {
                "survey_id": self.id,
                "campaign_id": self.env.context.get("cc_campaign_id") or False,
            },
        }
