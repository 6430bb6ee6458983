# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError

from .all_day import ALL_DAY
from .common import MONDAY, CampaignCase


class TestCampaign(CampaignCase):
    """DIA-01, 02, 06, 07, 18: tasks, start, pause, second round, and why nothing is dialled."""

    def test_task_by_filter(self):
        """Contacts that match are taken once each, by their number; who has none is left out."""
        partners = self.env["res.partner"].create(
            [
                {
                    "name": "Filter One",
                    "phone": "139 0000 0001",
                    "country_id": self.env.ref("base.cn").id,
                },
                {"name": "Filter Two", "phone": "+86 139 0000 0001"},
                {"name": "Filter Three", "phone": "+86 139 0000 0003"},
                {"name": "Filter Four"},
            ]
        )
        task = self.make_task(source="partner", partner_domain=str([("id", "in", partners.ids)]))
        task.action_start()
        keys = sorted(task.line_ids.number_id.mapped("key"))
        self.assertEqual(keys, ["+8613900000001", "+8613900000003"])
        self.assertEqual(task.state, "started")
        self.assertEqual(set(task.line_ids.mapped("zones")), {"Asia/Shanghai"})

    def test_empty_task(self):
        with self.assertRaisesRegex(UserError, "no customer"):
            self.make_task().action_start()

    def test_add_from_list(self):
        """Contacts selected in a list become a task and a campaign (DIA-01)."""
        partner = self.env["res.partner"].create({"name": "Listed", "phone": "+86 139 0000 0009"})
        wizard = (
            self.env["cc.customer.task.add"]
            .with_context(active_model="res.partner", active_ids=partner.ids)
            .create({"name": "From the list"})
        )
        action = wizard.action_campaign()
        task = self.env["cc.customer.task"].browse(action["context"]["default_task_id"])
        self.assertEqual(task.state, "started")
        self.assertEqual(task.line_ids.partner_id, partner)

    def test_start_says_what_is_missing(self):
        self.campaign.write({"agent_ids": [(5,)], "monday": False, "tuesday": False})
        self.campaign.write({"wednesday": False, "thursday": False, "friday": False})
        with self.assertRaisesRegex(UserError, "(?s)at least one day.*agents"):
            self.campaign.action_start()
        self.assertEqual(self.campaign.state, "draft")

    def test_start_without_dialable(self):
        """A start over numbers that are all on the do-not-call list says so (case 25)."""
        for line in self.task.line_ids:
            self.env["cc.do.not.call"]._add(line.number_id, source="manual")
        with self.assertRaisesRegex(UserError, "Do not call: 3"):
            self.campaign.action_start()

    def test_pause_resume(self):
        self.start()
        self.assertEqual(self.campaign.state, "running")
        self.campaign.action_pause()
        self.assertEqual(self.campaign.state, "paused")
        self.campaign.action_resume()
        self.assertEqual(self.campaign.state, "running")
        texts = self.campaign.log_ids.sorted("id").mapped("text")
        self.assertEqual(texts, ["Started", "Paused", "Resumed"])

    def test_stopped_task_pauses(self):
        self.start()
        self.task.action_stop()
        self.assertEqual(self.campaign.state, "paused")

    def test_why_each(self):
        """One reason for each number, the same in sum."""
        self.start(mode="progressive", queue_id=self.queue.id)
        self.assertEqual(self.why("13800138001"), "due")
        self.env["cc.do.not.call"]._add(self.entry("13800138002").number_id, source="manual")
        self.entry("13800138003").action_remove()
        self.assertEqual(self.why("13800138002"), "do_not_call")
        self.assertEqual(self.why("13800138003"), "removed")
        sums = self.campaign._why_sums()
        self.assertEqual(
            {why: count for why, (count, _until) in sums.items()},
            {"due": 1, "do_not_call": 1, "removed": 1},
        )

    def test_why_window(self):
        """At noon in Shanghai nothing is dialled before 14:00 there."""
        self.start(mode="progressive", queue_id=self.queue.id)
        self.forward(hours=2)
        self.assertEqual(self.why("13800138001"), "window")
        self.assertEqual(self.entry("13800138001").why_until, datetime(2026, 3, 2, 6, 0))
        self.assertEqual(self.lease(5)["leases"], [])
        self.assertEqual(self.lease(5)["none"], "window")
        self.forward(hours=1, minutes=30)
        self.assertEqual(len(self.lease(5)["leases"]), 3)

    def test_country_hours(self):
        """A number in Germany is not called on Sunday though the campaign would (country rules)."""
        task = self.make_task("+49 30 901820")
        campaign = self.make_campaign(
            task_id=task.id,
            tz="Europe/Berlin",
            **ALL_DAY,
        )
        self.start(campaign)
        [entry] = campaign.entry_ids
        sunday = datetime(2026, 3, 1, 11, 0)
        self.assertEqual(campaign._why_rows(entry.ids, sunday)[0][1], "window")
        monday = datetime(2026, 3, 2, 11, 0)
        self.assertEqual(campaign._why_rows(entry.ids, monday)[0][1], "due")
        campaign.use_country_rules = False
        self.assertEqual(campaign._why_rows(entry.ids, sunday)[0][1], "due")

    def test_retry_rules(self):
        """Busy is tried again after 15 minutes and at most three times; a dead number never."""
        self.start(mode="progressive", queue_id=self.queue.id)
        self.entry("13800138002").action_remove()
        self.entry("13800138003").action_remove()
        for _try in range(2):
            self.dialled("busy")
            self.assertEqual(self.why("13800138001"), "retry")
            self.assertEqual(
                self.entry("13800138001").why_until, self.clock + timedelta(minutes=15)
            )
            self.forward(minutes=14, seconds=59)
            self.assertFalse(self.lease()["leases"])
            self.forward(seconds=1)
        self.dialled("busy")
        self.assertEqual(self.why("13800138001"), "limit")

    def test_changed_rules(self):
        """They hold at once for who was tried; the others, be they a million, are not worked through."""
        self.start(mode="progressive", queue_id=self.queue.id)
        tried = self.dialled("busy").entry_id
        at = tried.next_at
        rule = self.campaign.retry_ids.filtered(lambda row: row.outcome == "busy")
        with patch.object(
            type(self.campaign),
            "_derive_entries",
            autospec=True,
            side_effect=type(self.campaign)._derive_entries,
        ) as derive:
            self.campaign.retry_ids = [(1, rule.id, {"wait_min": rule.wait_min + 30})]
            self.assertEqual(tried.next_at, at + timedelta(minutes=30))
            self.campaign.max_tries = 1
        self.assertEqual([call.args[1] for call in derive.call_args_list], [tried.ids] * 2)
        self.assertEqual((tried.closed, tried.why), ("limit", "limit"))
        stored = self.campaign.entry_ids.mapped(lambda row: (row.next_at, row.closed))
        self.campaign._derive_entries()
        self.assertEqual(
            stored, self.campaign.entry_ids.mapped(lambda row: (row.next_at, row.closed))
        )

    def test_dead_number(self):
        """An unallocated number is not tried again, in no campaign (DIA-19)."""
        self.start(mode="progressive", queue_id=self.queue.id)
        attempt = self.dialled("empty", cause=1)
        key = attempt.number_id.key[3:]
        self.assertEqual(self.why(key), "dead")
        other = self.start(self.make_campaign(name="Second"))
        self.assertEqual(self.why(key, other), "dead")

    def test_limit_of_tries(self):
        """`max_tries` counts what left us, not what the line refused (case 27)."""
        self.start(mode="progressive", queue_id=self.queue.id, max_tries=2, morning_to=14)
        self.entry("13800138002").action_remove()
        self.entry("13800138003").action_remove()
        for outcome in ("congestion", "no_answer", "congestion", "no_answer"):
            self.dialled(outcome, counts=outcome != "congestion")
            last = self.why("13800138001")
            self.forward(minutes=self.waits()[outcome])
        self.assertEqual(last, "limit")
        self.assertEqual(self.entry("13800138001").tries, 2)

    def test_second_round(self):
        """Only those not reached are called again (DIA-06)."""
        self.start(mode="progressive", queue_id=self.queue.id, max_tries=1)
        reached = self.dialled("person")
        missed = self.dialled("no_answer")
        self.campaign.action_pause()
        self.forward(hours=5)  # 15:30
        self.campaign.action_second_round()
        self.assertEqual(self.campaign.round_no, 2)
        self.assertEqual(self.why(reached.number_id.key[3:]), "finished")
        self.assertEqual(self.why(missed.number_id.key[3:]), "due")

    def test_abandoned_is_not_redialled(self):
        """72 hours pass before a number that heard the message is dialled again, in any campaign."""
        self.start(mode="progressive", queue_id=self.queue.id)
        attempt = self.dialled("abandoned")
        key = attempt.number_id.key[3:]
        other = self.start(self.make_campaign(name="Second"))
        self.assertEqual(self.why(key, other), "ban")
        entry = self.entry(key, other)
        self.assertEqual(entry.why_until, MONDAY + timedelta(hours=72))
        self.forward(hours=72, minutes=1)
        self.assertEqual(self.why(key, other), "due")

    def test_frequency(self):
        """Germany: two tries a day; the third waits until the first is a day ago."""
        task = self.make_task("+49 30 901820")
        campaign = self.make_campaign(
            task_id=task.id, mode="progressive", queue_id=self.queue.id, tz="Europe/Berlin"
        )
        self.campaign = campaign
        self.start(campaign)
        CampaignCase.clock = datetime(2026, 3, 2, 8, 30)  # 9:30 in Berlin
        self.dialled("busy")
        self.forward(minutes=20)
        self.dialled("busy")
        self.forward(minutes=20)
        [entry] = campaign.entry_ids
        self.assertEqual(entry.why, "frequency")
        self.assertEqual(entry.why_until, datetime(2026, 3, 3, 8, 30))

    def test_derived_equals_recomputed(self):
        """What is stored of each number is what the statement says anew (nothing is counted up)."""
        self.start(mode="progressive", queue_id=self.queue.id)
        self.dialled("busy")
        self.dialled("person")
        fields = ["next_at", "closed", "callback_at"]
        stored = [{name: row[name] for name in fields} for row in self.campaign.entry_ids]
        self.campaign._derive_entries()
        again = [{name: row[name] for name in fields} for row in self.campaign.entry_ids]
        self.assertEqual(stored, again)

    def test_added_while_running(self):
        """Customers added to the task are in the running campaign; those removed are not dialled."""
        self.start()
        self.env["cc.customer.task.line"].create(
            {"task_id": self.task.id, "number": "13800138009", "name": "Late"}
        )
        self.assertEqual(self.why("13800138009"), "due")
        self.task.line_ids[0].active = False
        self.assertEqual(self.why("13800138001"), "removed")

    def test_windows_checked(self):
        with self.assertRaises(ValidationError):
            self.campaign.morning_to = 16

    def test_started_is_kept(self):
        self.start()
        with self.assertRaises(UserError):
            self.campaign.unlink()

    def test_progress(self):
        """Counts come from numbers and tries; the rate is shown as it is, not rounded down."""
        self.start(mode="progressive", queue_id=self.queue.id)
        t = 1_772_418_600_000_000
        self.dialled("abandoned", answered_t=t)
        self.dialled("person", answered_t=t)
        self.campaign.bridge_state = {"state": "waiting", "why": "no_agents"}
        progress = self.campaign.progress()
        self.assertEqual((progress["total"], progress["done"]), (3, 1))
        self.assertEqual((progress["tries"], progress["reached"]), (2, 1))
        self.assertEqual(progress["bridge"]["why"], "no agent is free")
        self.assertEqual(
            {row["outcome"]: row["count"] for row in progress["outcomes"]},
            {"person": 1, "abandoned": 1},
        )
