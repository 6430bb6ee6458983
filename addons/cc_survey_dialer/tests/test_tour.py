# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.addons.cc_telephony.tests.fake_bridge import FakeBridge
from odoo.tests import new_test_user, tagged

from .all_day import ALL_DAY


@tagged("post_install", "-at_install")
class TestCampaignTour(TourCase):
    """A campaign in a real browser with the real server; only bridge and PBX are played."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        china = cls.env.ref("base.cn")
        department = cls.env["hr.department"].create({"name": "Tour department"})
        cls.user = new_test_user(
            cls.env, "tour_agent", groups="cc_telephony.group_agent", name="Tour Agent"
        )
        leader = new_test_user(
            cls.env, "tour_leader", groups="cc_telephony.group_leader", name="Tour Leader"
        )
        for user in (cls.user, leader):
            if "odoobot_state" in user._fields:
                user.odoobot_state = "disabled"  # its chat would take the focus
        cls.pbx = cls.env["cc.pbx"].create(
            {"name": "Tour PBX", "code": "tour-campaign", "country_id": china.id}
        )
        cls.agent = cls.env["cc.agent"].create(
            {
                "user_id": cls.user.id,
                "number": "7401",
                "pbx_id": cls.pbx.id,
                "department_id": department.id,
            }
        )
        cls.env["cc.agent"].create(
            {
                "user_id": leader.id,
                "number": "7409",
                "pbx_id": cls.pbx.id,
                "department_id": department.id,
                "led_department_ids": [(6, 0, department.ids)],
            }
        )
        cls.env["cc.extension"].create({"code": "7402", "name": "Desk", "pbx_id": cls.pbx.id})
        cls.survey = cls.env["survey.survey"].create(
            {
                "title": "Tour questionnaire",
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            "title": "How content are you?",
                            "question_type": "simple_choice",
                            "constr_mandatory": True,
                            "suggested_answer_ids": [
                                (0, 0, {"value": "Very"}),
                                (0, 0, {"value": "Little"}),
                            ],
                        },
                    )
                ],
            }
        )
        cls.survey.action_cc_publish()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Tour Customer {name}", "phone": phone, "country_id": china.id}
                for name, phone in (("One", "13900009401"), ("Two", "13900009402"))
            ]
        )
        cls.task = cls.env["cc.customer.task"].create(
            {"name": "Tour task", "source": "manual", "department_id": department.id}
        )
        cls.task._add_records(partners)
        cls.task.action_start()
        cls.campaign = cls.env["cc.campaign"].create(
            {
                "name": "Tour campaign",
                "task_id": cls.task.id,
                "pbx_id": cls.pbx.id,
                "department_id": department.id,
                "agent_ids": [(6, 0, cls.agent.ids)],
                "survey_id": cls.survey.id,
                "script": "<p>Good morning, this is the tour.</p>",
                "use_country_rules": False,
                **ALL_DAY,
            }
        )

    def test_leader(self):
        """Start, and where the numbers stand."""
        self.start_tour(
            f"/odoo/action-cc_survey_dialer.cc_campaign_action/{self.campaign.id}",
            "cc_survey_dialer_leader",
            login="tour_leader",
        )
        self.assertEqual(self.campaign.state, "running")

    def open(self, action, record, tour):
        """The leader at a record's page."""
        self.start_tour(
            f"/odoo/action-cc_survey_dialer.{action}/{record}", tour, login="tour_leader"
        )

    def test_import(self):
        """From a file to a campaign that is paused, resumed and finished (DIA-01, DIA-06, DIA-18)."""
        task = self.task.create(
            {
                "name": "Tour visitors",
                "source": "manual",
                "department_id": self.task.department_id.id,
            }
        )
        self.open("cc_customer_task_action", task.id, "cc_survey_dialer_import")
        self.assertEqual(task.state, "started")
        self.assertEqual(task.line_ids.mapped("name"), ["Tour Visitor", "Tour Guest"])
        campaign = task.campaign_ids
        self.assertEqual((campaign.state, campaign.agent_ids), ("done", self.agent))
        told = campaign.log_ids.sorted("id").mapped("text")
        self.assertEqual(told, ["Started", "Paused", "Resumed", "Finished"])

    def test_give(self):
        """Two customers come to one agent (DIA-18)."""
        self.open("cc_customer_task_action", self.task.id, "cc_survey_dialer_give")
        owners = [partner._cc_owner() for partner in self.task.line_ids.partner_id]
        self.assertEqual(owners, [self.user, self.user])

    def test_mass_sms(self):
        """A file of numbers becomes messages, each number once (DIA-13)."""
        gateway = self.env["cc.sms.gateway"].create(
            {"name": "Tour", "url": "https://sms.example.com/", "signature": "Tour", "sequence": -1}
        )
        self.open("cc_sms_job_action", "new", "cc_survey_dialer_sms")
        job = self.env["cc.sms.job"].search([("name", "=", "Tour offer")])
        self.assertEqual((job.state, job.gateway_id), ("reading", gateway))
        self.assertEqual(job.preview, "【Tour】See you at the fair")
        job._read_step()
        self.assertEqual((job.state, job.progress()["waiting"]), ("running", 2))
        self.assertEqual(
            [(row.line_no, row.kind) for row in job.problem_ids], [(2, "duplicate"), (3, "text")]
        )
        self.open("cc_sms_job_action", job.id, "cc_survey_dialer_sms_job")
        self.assertEqual(job.state, "paused")

    def test_agent(self):
        """From the next contact to result and questionnaire."""
        self.campaign.action_start()
        bridge = FakeBridge(self, self.pbx)
        self.start_tour("/odoo", "cc_survey_dialer_agent", login="tour_agent")
        self.assertEqual(bridge.taken, ["sign_in", "dial", "hangup", "set_state"])
        attempt = self.env["cc.campaign.attempt"].search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual((attempt.outcome, attempt.agent_id), ("person", self.agent))
        self.assertEqual(attempt.call_id.number_id.key, "+8613900009401")
        self.assertEqual(attempt.disposition_id.name, "Interested")
        self.assertEqual(attempt.result_ids.note, "Wants an offer")
        taken = self.env["survey.user_input"].search([("cc_campaign_id", "=", self.campaign.id)])
        self.assertEqual((taken.state, taken.cc_call_id), ("done", attempt.call_id))
        self.assertEqual(taken.user_input_line_ids.suggested_answer_id.value, "Very")
