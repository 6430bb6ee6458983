# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

import openpyxl

from odoo.exceptions import AccessError, UserError

from .common import CampaignCase


class TestSurvey(CampaignCase):
    """DIA-09, 10: a questionnaire in the call, each answer stored at once, gone on with later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env["survey.survey"].create(
            {
                "title": "How are we doing?",
                "access_mode": "token",
                "users_login_required": False,
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            "title": "Are you content?",
                            "question_type": "simple_choice",
                            "constr_mandatory": True,
                            "sequence": 1,
                            "suggested_answer_ids": [
                                (0, 0, {"value": "Yes"}),
                                (0, 0, {"value": "No"}),
                            ],
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "title": "How many people?",
                            "question_type": "numerical_box",
                            "sequence": 2,
                        },
                    ),
                    (0, 0, {"title": "Why not?", "question_type": "text_box", "sequence": 3}),
                    (
                        0,
                        0,
                        {
                            "title": "Recommend us?",
                            "question_type": "scale",
                            "scale_min": 0,
                            "scale_max": 10,
                            "sequence": 4,
                        },
                    ),
                ],
            }
        )
        cls.content, cls.people, cls.reason, cls.recommend = cls.survey.question_ids.sorted(
            "sequence"
        )
        cls.yes, cls.no = cls.content.suggested_answer_ids
        cls.reason.triggering_answer_ids = cls.no
        cls.survey.action_cc_publish()
        cls.campaign.survey_id = cls.survey
        cls.start()
        cls.attempt = cls.campaign.sudo()._grant(1, agent=cls.ann)
        cls.agents = cls.env["cc.agent"].with_user(cls.ann.user_id)

    def answer(self, question, value, **more):
        return self.agents.survey_answer(self.attempt.id, question.id, value, **more)

    def inputs(self):
        return self.env["survey.user_input"].search([("cc_campaign_id", "=", self.campaign.id)])

    def test_nothing_before_the_first_answer(self):
        form = self.agents.survey_open(self.attempt.id)
        self.assertEqual(
            [row["title"] for row in form["questions"]],
            ["Are you content?", "How many people?", "Recommend us?"],
        )
        self.assertFalse(self.inputs())

    def test_each_answer_at_once(self):
        """After the first answer the participation is in progress and tied to customer and campaign."""
        form = self.answer(self.content, [self.yes.id])["survey"]
        self.assertEqual((form["answered"], form["total"]), (1, 3))
        taken = self.inputs()
        self.assertEqual(taken.state, "in_progress")
        self.assertEqual(taken.cc_attempt_id, self.attempt)
        self.assertEqual(taken.user_input_line_ids.suggested_answer_id, self.yes)

    def test_zero_is_an_answer(self):
        self.answer(self.people, 0)
        line = self.inputs().user_input_line_ids
        self.assertFalse(line.skipped)
        self.assertEqual(line.value_numerical_box, 0.0)
        self.answer(self.recommend, 0)
        line = self.inputs().user_input_line_ids.filtered(
            lambda row: row.question_id == self.recommend
        )
        self.assertFalse(line.skipped)

    def test_wrong_answer(self):
        self.assertIn("error", self.answer(self.people, "many"))
        with self.assertRaises(UserError):
            self.answer(self.content, [self.no.id + 1000])
        self.assertFalse(self.inputs().user_input_line_ids)

    def test_conditional(self):
        """ "No" brings its question; going back to "yes" takes it and its answer away."""
        form = self.answer(self.content, [self.no.id])["survey"]
        self.assertIn("Why not?", [row["title"] for row in form["questions"]])
        self.answer(self.reason, "Too slow")
        form = self.answer(self.content, [self.yes.id])["survey"]
        self.assertNotIn("Why not?", [row["title"] for row in form["questions"]])
        self.assertNotIn(self.reason, self.inputs().user_input_line_ids.question_id)

    def test_goes_on_later(self):
        """The customer hangs up; a colleague calls again and goes on with the same sheet (case 33)."""
        self.answer(self.people, "3")
        self.attempt.sudo()._end("person")
        self.env["cc.campaign.result"].sudo().create(
            {
                "entry_id": self.attempt.entry_id.id,
                "attempt_id": self.attempt.id,
                "disposition_id": self.env.ref("cc_survey_dialer.disposition_retry").id,
                "retry_at": self.clock,
            }
        )
        again = self.campaign.sudo()._grant(3, agent=self.ben)
        again = again.filtered(lambda row: row.entry_id == self.attempt.entry_id)
        others = self.env["cc.agent"].with_user(self.ben.user_id)
        form = others.survey_open(again.id)
        self.assertEqual(form["answered"], 1)
        others.survey_answer(again.id, self.content.id, [self.yes.id])
        self.assertEqual(len(self.inputs()), 1)
        self.assertEqual(self.inputs().cc_attempt_id, again)

    def test_finish(self):
        """Complete only with every required answer; then nothing changes any more."""
        self.answer(self.people, "3")
        self.assertEqual(
            list(self.agents.survey_finish(self.attempt.id)["errors"]), [self.content.id]
        )
        self.assertEqual(self.inputs().state, "in_progress")
        self.answer(self.content, [self.yes.id])
        self.assertFalse(self.agents.survey_finish(self.attempt.id)["errors"])
        self.assertEqual(self.inputs().state, "done")
        with self.assertRaises(UserError):
            self.answer(self.people, "4")

    def test_states(self):
        """Only published ones are asked; a campaign with a stopped one does not start."""
        self.survey.action_cc_stop()
        with self.assertRaisesRegex(UserError, "not published"):
            self.answer(self.people, "3")
        with self.assertRaisesRegex(UserError, "stopped"):
            self.survey._create_answer(partner=self.env.user.partner_id)
        other = self.make_campaign(name="Second", survey_id=self.survey.id)
        with self.assertRaisesRegex(UserError, "Publish the questionnaire"):
            other.action_start()

    def test_answered_question_is_kept(self):
        self.answer(self.people, "3")
        with self.assertRaisesRegex(UserError, "answered this question"):
            self.people.unlink()
        self.recommend.unlink()

    def test_access(self):
        """Ann has her contact's sheet; Ben not; nobody of them has surveys as such."""
        with self.assertRaises(AccessError):
            self.env["cc.agent"].with_user(self.ben.user_id).survey_answer(
                self.attempt.id, self.people.id, "3"
            )
        self.assertFalse(self.survey.with_user(self.ann.user_id).has_access("read"))

    def test_statistics(self):
        """Complete and partial apart; test entries are left out (DIA-11)."""
        self.answer(self.content, [self.yes.id])
        self.answer(self.recommend, 7)
        self.agents.survey_finish(self.attempt.id)
        [other] = self.campaign.sudo()._grant(1, agent=self.ben)
        others = self.env["cc.agent"].with_user(self.ben.user_id)
        others.survey_answer(other.id, self.content.id, [self.no.id])
        self.survey._create_answer(test_entry=True, cc_campaign_id=self.campaign.id)
        found = self.survey.with_user(self.lea.user_id).cc_statistics(self.campaign.id)
        self.assertEqual((found["complete"], found["partial"]), (1, 1))
        content, _people, _reason, recommend = found["questions"]
        self.assertEqual(
            content["bars"],
            [
                {"label": "Yes", "complete": 1, "partial": 0},
                {"label": "No", "complete": 0, "partial": 1},
            ],
        )
        self.assertEqual(recommend["figures"], {"average": 7, "lowest": 7, "highest": 7})
        self.assertEqual(recommend["bars"][7], {"label": "7", "complete": 1, "partial": 0})

    def test_statistics_of_ones_own(self):
        """Lin, who leads another department, sees no answers of this campaign; Ann no statistics."""
        self.answer(self.content, [self.yes.id])
        found = self.survey.with_user(self.lin.user_id).cc_statistics()
        self.assertEqual((found["complete"], found["partial"], found["campaigns"]), (0, 0, []))
        with self.assertRaises(AccessError):
            self.survey.with_user(self.ann.user_id).cc_statistics()

    def test_excel(self):
        """The file has the bars and each sheet; a text that begins with = is a text."""
        self.answer(self.content, [self.no.id])
        self.answer(self.reason, "=1+1")
        data = self.survey.with_user(self.lea.user_id)._cc_workbook(self.campaign.id)
        book = openpyxl.load_workbook(io.BytesIO(data))
        statistics, answers = book.worksheets
        self.assertEqual([cell.value for cell in statistics[1]][:2], ["Complete", 0])
        self.assertEqual([cell.value for cell in statistics[2]][:2], ["Partial", 1])
        row = [cell.value for cell in answers[2]]
        self.assertEqual(row[1], "Spring")
        self.assertIn("=1+1", row)
        self.assertEqual(answers.cell(2, row.index("=1+1") + 1).data_type, "s")
