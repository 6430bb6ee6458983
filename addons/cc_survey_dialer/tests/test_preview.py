# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import CampaignCase


class TestPreview(CampaignCase):
    """DIA-01, 17, 21: an agent works through a campaign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Li Wei", "phone": "+86 138 0013 8001"}
        )
        cls.task.line_ids[0].partner_id = cls.customer
        cls.start()
        cls.sign_in(cls.ann)
        cls.sign_in(cls.ben)
        cls.agents = cls.env["cc.agent"].with_user(cls.ann.user_id)
        cls.others = cls.env["cc.agent"].with_user(cls.ben.user_id)

    def disposition(self, name):
        return self.env.ref(f"cc_survey_dialer.disposition_{name}").id

    def take(self, agents=None):
        agents = self.agents if agents is None else agents
        return agents.campaign_next(self.campaign.id)["attempt"]

    def try_of(self, contact):
        return self.env["cc.campaign.attempt"].browse(contact["id"])

    def call(self, contact, talk_s=30, **more):
        """The call that follows Ann's dialling."""
        number = self.try_of(contact).number_id.key
        return self.play_call(
            direction="outbound", number=number, agent=self.ann, talk_s=talk_s, **more
        )

    def test_contact(self):
        """The contact has what the agent needs, and no number."""
        contact = self.take()
        self.assertEqual(contact["name"], "Customer 1")
        self.assertEqual(contact["mask"], "+86 138 •••• 8001")
        self.assertEqual(contact["record"], {"model": "res.partner", "id": self.customer.id})
        self.assertEqual(contact["zone"], "Asia/Shanghai")
        self.assertNotIn("13800138001", str(contact))

    def test_one_in_hand(self):
        """Asking again gives the same contact; a colleague gets the next one."""
        first = self.take()
        self.assertEqual(self.take()["id"], first["id"])
        self.assertEqual(self.take(self.others)["name"], "Customer 2")

    def test_skip(self):
        """A skipped contact costs no try and comes after the others."""
        first = self.take()
        self.agents.campaign_skip(first["id"])
        self.assertEqual(self.take()["name"], "Customer 2")
        self.assertEqual(self.entry("13800138001").tries, 0)

    def test_dial_to_result(self):
        """Dial, talk, say how it came out: try, call, result and customer's page agree."""
        contact = self.take()
        self.agents.command("dial", {"attempt": contact["id"]})
        command = self.env["cc.command"].sudo().search([("kind", "=", "dial")], limit=1)
        self.assertEqual(command.number_id.key, "+8613800138001")
        call = self.call(contact)
        attempt = self.try_of(contact)
        self.assertEqual((attempt.state, attempt.outcome), ("ended", "person"))
        self.assertEqual(attempt.call_id, call)
        self.assertEqual(self.entry("13800138001").tries, 1)
        done = self.agents.campaign_result(
            contact["id"],
            {"disposition_id": self.disposition("interested"), "note": "Wants a quotation"},
        )
        self.assertEqual(done["result"]["name"], "Interested")
        self.assertEqual(self.why("13800138001"), "finished")
        self.assertIn("Interested", self.customer.message_ids[:1].body)
        self.assertEqual(self.campaign.progress()["success"], 1)
        self.assertEqual(self.take()["name"], "Customer 2")

    def test_nobody_answers(self):
        """Cause 17 is busy and waits 15 minutes."""
        contact = self.take()
        self.agents.command("dial", {"attempt": contact["id"]})
        self.call(contact, talk_s=None, cause=17)
        self.assertEqual(self.try_of(contact).outcome, "busy")
        self.assertEqual(self.why("13800138001"), "retry")

    def test_dialled_once(self):
        """A contact is dialled once; a second click is refused."""
        contact = self.take()
        self.agents.command("dial", {"attempt": contact["id"]})
        with self.assertRaisesRegex(UserError, "already been called|already being called"):
            self.agents.command("dial", {"attempt": contact["id"]})

    def test_failed_command(self):
        """When the PBX did not dial, the contact is in the agent's hands as before."""
        contact = self.take()
        answer = self.agents.command("dial", {"attempt": contact["id"]})
        result = {
            "id": answer["id"],
            "ok": False,
            "code": "no_line",
            "message": "",
            "call_uid": None,
        }
        self.apply(self.fact("command.result", command=result))
        attempt = self.try_of(contact)
        self.assertEqual((attempt.state, attempt.counts), ("leased", False))
        self.agents.command("dial", {"attempt": contact["id"]})

    def test_dial_is_checked(self):
        """A request that came meanwhile, a closed window, a pause: refused at the click."""
        contact = self.take()
        self.forward(hours=2)
        with self.assertRaisesRegex(UserError, "Outside calling hours"):
            self.agents.command("dial", {"attempt": contact["id"]})
        self.forward(hours=-2)
        self.campaign.action_pause()
        with self.assertRaisesRegex(UserError, "not running"):
            self.agents.command("dial", {"attempt": contact["id"]})
        self.campaign.action_resume()
        self.assertEqual(self.try_of(contact).state, "leased")
        self.agents.command("dial", {"attempt": contact["id"]})

    def test_do_not_call_takes_it_back(self):
        contact = self.take()
        self.env["cc.do.not.call"]._add(self.entry("13800138001").number_id, source="web")
        self.assertEqual(self.try_of(contact).state, "returned")
        self.assertEqual(self.take()["name"], "Customer 2")

    def test_callback(self):
        """A call-back at 15:00 of the customer's day, by Ann: hers at the hour, everybody's after the grace."""
        contact = self.take()
        self.agents.command("dial", {"attempt": contact["id"]})
        self.call(contact)
        at = fields.Datetime.now() + timedelta(days=2)
        local = (at + timedelta(hours=8)).strftime("%Y-%m-%dT15:00")
        self.agents.campaign_result(
            contact["id"],
            {
                "disposition_id": self.disposition("callback"),
                "callback_at": local,
                "callback_mine": True,
            },
        )
        entry = self.entry("13800138001")
        due = datetime.strptime(local, "%Y-%m-%dT%H:%M") - timedelta(hours=8)
        self.assertEqual(entry.callback_at, due)
        self.assertEqual(entry.callback_agent_id, self.ann)
        self.assertTrue(entry.callback_local.endswith("15:00 Asia/Shanghai"))
        [shown] = self.agents.campaigns()["callbacks"]
        self.assertEqual(shown["at"], fields.Datetime.to_string(due))
        self.campaign.write({"saturday": True, "sunday": True, "use_country_rules": False})
        CampaignCase.clock = due - timedelta(seconds=1)
        self.assertEqual(self.take()["name"], "Customer 2")
        CampaignCase.clock = due
        self.agents.campaign_skip(self.take()["id"])
        self.assertEqual(self.take(self.others)["name"], "Customer 3")
        self.assertEqual(self.take()["name"], "Customer 1")
        self.agents.campaign_skip(self.take()["id"])
        CampaignCase.clock = due + timedelta(minutes=31)
        self.others.campaign_skip(self.take(self.others)["id"])
        self.assertEqual(self.take(self.others)["name"], "Customer 1")
        # a request not to be called ends the promise (case 23)
        self.env["cc.do.not.call"]._add(entry.number_id, source="web")
        self.assertFalse(entry.callback_at)
        self.assertEqual(self.agents.campaigns()["callbacks"], [])
        self.assertNotEqual(self.take(self.others)["name"], "Customer 1")

    def test_callback_needs_a_time(self):
        contact = self.take()
        for at in (False, "rubbish", "2020-01-01T10:00"):
            with self.assertRaises(UserError):
                self.agents.campaign_result(
                    contact["id"],
                    {"disposition_id": self.disposition("callback"), "callback_at": at},
                )

    def test_lead_follows(self):
        """The disposition moves the lead to its stage, or loses it (DIA-17)."""
        stage = self.env["crm.stage"].create({"name": "Campaign stage"})
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.customer.id, "type": "opportunity"}
        )
        self.env["cc.disposition"].browse(self.disposition("interested")).stage_id = stage
        self.env["cc.disposition"].browse(self.disposition("not_interested")).lost = True
        contact = self.take()
        self.agents.campaign_result(
            contact["id"], {"disposition_id": self.disposition("interested")}
        )
        self.assertEqual(lead.stage_id, stage)
        self.agents.campaign_result(
            contact["id"], {"disposition_id": self.disposition("not_interested")}
        )
        self.assertEqual(lead.won_status, "lost")

    def test_only_ones_own(self):
        """Neither contacts nor campaigns of others."""
        contact = self.take()
        for method in ("campaign_contact", "campaign_skip"):
            with self.assertRaises(AccessError):
                getattr(self.others, method)(contact["id"])
        with self.assertRaises(AccessError):
            self.others.campaign_result(contact["id"], {"disposition_id": 1})
        with self.assertRaises(AccessError):
            self.others.command("dial", {"attempt": contact["id"]})
        cai = self.env["cc.agent"].with_user(self.cai.user_id)
        with self.assertRaises(AccessError):
            cai.campaign_next(self.campaign.id)
        self.assertEqual(cai.campaigns()["campaigns"], [])

    def test_forgotten_lease(self):
        """A contact whose agent went home is free again; a call that told nothing is closed."""
        contact = self.take()
        self.apply(self.agent_fact(self.ann, "offline", 1_772_438_500_000_000, session=None))
        self.forward(minutes=11)
        self.env["cc.campaign.attempt"].sudo()._cron_reconcile()
        self.assertEqual(self.try_of(contact).state, "returned")
        self.assertEqual(self.why("13800138001"), "due")
        other = self.take(self.others)
        self.others.command("dial", {"attempt": other["id"]})
        self.forward(minutes=4)
        self.env["cc.campaign.attempt"].sudo()._cron_reconcile()
        self.assertEqual(self.try_of(other).outcome, "unknown")
