# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError

from .common import CampaignCase


class TestAccess(CampaignCase):
    """Who may see and change what: the own department's leader may, another department's may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start()
        cls.attempt = cls.campaign.sudo()._grant(1, agent=cls.ann)
        cls.result = (
            cls.env["cc.campaign.result"]
            .sudo()
            .create(
                {
                    "entry_id": cls.attempt.entry_id.id,
                    "attempt_id": cls.attempt.id,
                    "disposition_id": cls.env.ref("cc_survey_dialer.disposition_interested").id,
                    "agent_id": cls.ann.id,
                }
            )
        )
        cls.rows = {
            "cc.customer.task": cls.task,
            "cc.customer.task.line": cls.task.line_ids,
            "cc.campaign": cls.campaign,
            "cc.campaign.entry": cls.campaign.entry_ids,
            "cc.campaign.attempt": cls.attempt,
            "cc.campaign.result": cls.result,
            "cc.campaign.log": cls.campaign.log_ids,
            "cc.campaign.line": cls.campaign.line_ids,
            "cc.campaign.retry": cls.campaign.retry_ids,
        }

    def may_read(self, agent, model):
        rows = self.rows[model].with_user(agent.user_id)
        return bool(rows._filtered_access("read"))

    def test_read(self):
        """A row a role: Lea leads Service, Lin leads Sales, Max manages; Ann works in the campaign."""
        led = set(self.rows)
        own = {"cc.campaign", "cc.campaign.entry", "cc.campaign.attempt", "cc.campaign.result"}
        for agent, allowed in (
            (self.lea, led),
            (self.max, led),
            (self.lin, set()),
            (self.ann, own),
            (self.ben, {"cc.campaign"}),
            (self.cai, set()),
        ):
            seen = {model for model in self.rows if self.may_read(agent, model)}
            self.assertEqual(seen, allowed, agent.name)

    def test_agent_sees_own_numbers_only(self):
        """Ann sees the number that she has in hand, not the rest of the list."""
        entries = self.env["cc.campaign.entry"].with_user(self.ann.user_id).search([])
        self.assertEqual(entries, self.attempt.entry_id)

    def test_nobody_writes_tries(self):
        """Tries, results, numbers and the log are the system's to write, also for managers."""
        for model in (
            "cc.campaign.attempt",
            "cc.campaign.result",
            "cc.campaign.log",
            "cc.campaign.entry",
        ):
            rows = self.rows[model].with_user(self.max.user_id)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(rows.has_access(operation), f"{operation} {model}")

    def test_start_and_pause(self):
        """Lea pauses her department's campaign, Ann and Lin cannot."""
        for agent in (self.ann, self.lin):
            with self.assertRaises(AccessError):
                self.campaign.with_user(agent.user_id).action_pause()
        self.campaign.with_user(self.lea.user_id).action_pause()
        self.assertEqual(self.campaign.state, "paused")

    def test_progress(self):
        self.campaign.with_user(self.lea.user_id).progress()
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.lin.user_id).progress()

    def test_remove(self):
        """Lea takes a number out; Ann, who sees hers, may not."""
        with self.assertRaises(AccessError):
            self.attempt.entry_id.with_user(self.ann.user_id).action_remove()
        self.campaign.entry_ids[-1].with_user(self.lea.user_id).action_remove()

    def test_department_is_ones_own(self):
        """Lin can't make a campaign for Service, nor move one of hers into it to look inside."""
        campaigns = self.env["cc.campaign"].with_user(self.lin.user_id)
        with self.assertRaises(AccessError):
            campaigns.create(
                {
                    "name": "X",
                    "task_id": self.task.id,
                    "department_id": self.service.id,
                    "pbx_id": self.pbx.id,
                }
            )

    def test_do_not_call_list(self):
        """Leaders read and add, managers correct the reason; agents have no list."""
        entry = self.env["cc.do.not.call"]._add(self.number_of("13800138009"), source="agent")
        self.assertTrue(entry.with_user(self.lea.user_id).has_access("read"))
        self.assertFalse(entry.with_user(self.lea.user_id).has_access("write"))
        self.assertTrue(entry.with_user(self.max.user_id).has_access("write"))
        self.assertFalse(entry.with_user(self.ann.user_id).has_access("read"))

    def test_others_customers(self):
        """Lin can't call or text Service's customers by naming Lea's task in a row of her own."""
        gateway = self.env["cc.sms.gateway"].create(
            {"name": "G", "url": "http://127.0.0.1:9", "company_id": self.company.id}
        )
        own = {"name": "X", "department_id": self.sales.id, "company_id": self.company.id}
        campaign = {**own, "pbx_id": self.pbx.id, "task_id": self.task.id}
        job = {**own, "text": "x", "gateway_id": gateway.id, "source": "task"}
        for agent, allowed in ((self.lin, False), (self.max, True)):
            env = self.env(user=agent.user_id)
            rows = (
                (env["cc.campaign"], campaign),
                (env["cc.sms.job"], {**job, "task_id": self.task.id}),
            )
            for model, vals in rows:
                if allowed:
                    model.create(vals)
                else:
                    with self.assertRaises(AccessError):
                        model.create(vals)
        line = self.env["cc.campaign.holiday"].with_user(self.lin.user_id)
        with self.assertRaises(AccessError):
            line.create({"campaign_id": self.campaign.id, "day": "2026-12-25"})
