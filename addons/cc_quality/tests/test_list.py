# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

import numpy as np

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models import cc_quality_draw
from ..utils import sampling
from .common import MONDAY, QualityCase


@tagged("post_install", "-at_install")
class TestList(QualityCase, TransactionCase):
    """Inspection lists: which calls qualify, how many are drawn, who gets them (QUA-01 to QUA-05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def test_item_sum(self):
        """The total is warned about when it is not the sum of the maxima; bonus is on top."""
        self.assertFalse(self.greeting.sum_differs)
        self.greeting.total = 12
        self.assertTrue(self.greeting.sum_differs)
        self.assertIn("warning", self.greeting._onchange_total() or {})
        self.greeting.write(
            {"total": 10, "subitem_ids": [(0, 0, {"name": "Extra", "maximum": 3, "bonus": True})]}
        )
        self.assertFalse(self.greeting.sum_differs)

    def test_template(self):
        """The total is computed; only a template in use makes a list (QUA-02)."""
        self.assertEqual(self.template.total, 40)
        self.template.action_disable()
        with self.assertRaises(UserError):
            self.make_list().action_generate()
        with self.assertRaises(ValidationError):
            self.env["cc.quality.template"].create({"name": "Empty", "enabled": True})

    def test_per_agent(self):
        """So many of each agent of the department; others are left alone."""
        bea = self.make_agent("bea", "8105", self.service)
        self.make_calls(self.ann, 5)
        self.make_calls(bea, 2)
        self.make_calls(self.ben, 5)
        row = self.make_list(count=3)
        sheets = self.generate(row)
        # Ann, Bea and Lea are the department's; Lea has no call, Bea only two
        self.assertEqual((row.agent_count, row.target_count, row.drawn_count), (3, 9, 5))
        self.assertEqual(len(sheets.filtered(lambda one: one.agent_id == self.ann)), 3)
        self.assertEqual(len(sheets.filtered(lambda one: one.agent_id == bea)), 2)
        self.assertEqual((row.state, row.progress, row.candidate_count), ("generated", 100, 7))
        self.assertIn("5", row.found_text)
        self.assertIn("9", row.found_text)

    def test_total_rounded(self):
        """A total of 5 over 2 agents: up 3 each is 6 calls, down 2 each is 4."""
        self.make_calls(self.ann, 9)
        self.make_calls(self.lea, 9)
        for rounding, each in (("up", 3), ("down", 2)):
            row = self.make_list(rule="total", count=5, rounding=rounding)
            self.assertEqual(row.planned, 2 * each)
            sheets = self.generate(row)
            self.assertEqual(len(sheets.filtered(lambda one: one.agent_id == self.ann)), each)
            self.assertEqual(len(sheets), 2 * each)

    def test_total_filled(self):
        """What an agent lacks comes from the other, so that the number is met or said."""
        self.make_calls(self.ann, 20)
        row = self.make_list(rule="total", count=10)
        self.assertEqual(len(self.generate(row)), 10)
        short = self.make_list(rule="total", count=30)
        self.assertEqual(len(self.generate(short)), 20)
        self.assertIn("20", short.found_text)

    def test_filters(self):
        """Each rule of QUA-03 lets its calls through and no others."""
        purpose = self.env["cc.call.purpose"].create({"name": "Invoice"})
        kind = self.env["cc.call.kind"].create({"name": "Complaint"})
        plain = self.make_calls(self.ann, 1)
        out = self.make_calls(self.ann, 1, direction="outbound")
        long = self.make_calls(self.ann, 1, talk_s=600.0)
        bad = self.make_calls(self.ann, 1, rating="dissatisfied")
        good = self.make_calls(self.ann, 1, rating="satisfied")
        self.env["cc.call.note"].create({"call_id": good.id, "purpose_id": purpose.id})
        self.env["cc.call.note"].create({"call_id": bad.id, "kind_id": kind.id})
        silent = self.make_calls(self.ann, 1, recorded=False)
        early = self.make_calls(self.ann, 1, started_at=MONDAY - timedelta(seconds=1))
        edge = self.make_calls(self.ann, 1, started_at=MONDAY + timedelta(days=30))
        missed = self.make_calls(self.ann, 1, answered_at=False)
        inside = plain | out | long | bad | good
        everything = inside | silent | early | edge | missed
        ratings = self.env["cc.quality.rating"].search(
            [("code", "in", ["satisfied", "dissatisfied"])]
        )
        for values, expected in (
            ({}, inside),
            ({"recorded": False}, inside | silent),
            ({"direction": "outbound"}, out),
            ({"direction": "inbound"}, inside - out),
            ({"talk_min_s": 61}, long),
            ({"talk_max_s": 60}, inside - long),
            ({"rating_ids": [(6, 0, ratings.ids)]}, bad | good),
            ({"purpose_ids": [(6, 0, purpose.ids)]}, good),
            ({"kind_ids": [(6, 0, kind.ids)]}, bad),
            ({"department_ids": [(6, 0, self.sales.ids)]}, self.env["cc.call"]),
        ):
            row = self.make_list(**values)
            found = self.env["cc.call"].search(row._candidates())
            self.assertEqual(found & everything, expected, values)

    def test_measures(self):
        """QUA-14: calls in which people talked over each other, as a filter."""
        calm, heated = self.make_calls(self.ann, 1), self.make_calls(self.ann, 1)
        for call, overtalk in ((calm, 1.0), (heated, 30.0)):
            self.env["cc.recording.measure"].create(
                {
                    "recording_id": call.recording_ids.id,
                    "state": "done",
                    "overtalk": overtalk,
                    "length_s": 60,
                }
            )
        self.assertEqual(self.generate(self.make_list(overtalk_min=20)).call_id, heated)

    def test_daylight_saving(self):
        """A period over the end of summer time: half-open, to the microsecond, twice the same hour."""
        zone = self.env.user.tz
        self.env.user.tz = "Europe/Berlin"
        begin, end = datetime(2026, 10, 24, 22, 0), datetime(2026, 10, 25, 23, 0)
        first = self.make_calls(self.ann, 1, started_at=begin)
        before = self.make_calls(self.ann, 1, started_at=begin - timedelta(microseconds=1))
        twice = self.make_calls(self.ann, 1, started_at=datetime(2026, 10, 25, 0, 30))
        twice |= self.make_calls(self.ann, 1, started_at=datetime(2026, 10, 25, 1, 30))
        last = self.make_calls(self.ann, 1, started_at=end - timedelta(microseconds=1))
        after = self.make_calls(self.ann, 1, started_at=end)
        row = self.make_list(date_from=begin, date_to=end, count=20)
        sheets = self.generate(row)
        self.assertEqual(sheets.call_id, first | twice | last)
        self.assertFalse(sheets.call_id & (before | after))
        self.env.user.tz = zone

    def test_twice(self):
        """Generated twice, a list is drawn once; a job that runs again changes nothing."""
        self.make_calls(self.ann, 10)
        row = self.make_list(count=3)
        sheets = self.generate(row)
        with self.assertRaises(UserError):
            row.action_generate()
        job = row.with_context(queue_job__no_delay=True)
        job._job_draw()
        job._job_sheets(0)
        self.assertEqual(row.sheet_ids, sheets)
        # a job that died between its parts: the sheets are not made twice
        row.with_context(tracking_disable=True).write({"state": "waiting"})
        job._job_sheets(0, batch=2)
        self.assertEqual(row.sheet_ids, sheets)
        self.assertEqual(row.state, "generated")

    def test_background(self):
        """Pressing the button only leaves a job; the state says so."""
        self.make_calls(self.ann, 3)
        row = self.make_list()
        row.action_generate()
        self.assertEqual((row.state, row.sheet_count, row.progress), ("waiting", 0, 0))
        jobs = self.env["queue.job"].search([("method_name", "=", "_job_draw")])
        self.assertIn(row, [job.records for job in jobs])

    @mute_logger("odoo.addons.cc_quality.models.cc_quality_list")
    def test_failed(self):
        """A draw that fails says why, leaves nothing half done, and can be tried again."""
        self.make_calls(self.ann, 3)
        row = self.make_list()

        def broken(*_args, **_more):
            raise ValueError("no such filter")

        with patch.object(type(self.env["cc.quality.draw"]), "_draw", broken):
            self.assertFalse(self.generate(row))
        self.assertEqual((row.state, row.failure), ("failed", "no such filter"))
        self.assertEqual(len(self.generate(row)), 3)
        self.assertEqual((row.state, row.failure), ("generated", False))

    def test_frozen(self):
        """What was drawn by cannot be changed afterwards."""
        self.make_calls(self.ann, 3)
        row = self.make_list()
        self.generate(row)
        with self.assertRaises(UserError):
            row.count = 5
        row.name = "Another name"

    def test_draw_again(self):
        """The draw can be shown to be fair: the same seed and calls give the same calls again."""
        self.make_calls(self.ann, 40)
        row = self.make_list(count=5)
        sheets = self.generate(row)
        count, digest, drawn = self.env["cc.quality.draw"]._draw(
            row._candidates(), 5, row.target_count, int(row.seed), fill=False
        )
        self.assertEqual((count, digest), (row.candidate_count, row.candidate_hash))
        self.assertEqual(drawn, sorted(sheets.call_id.ids))
        self.assertEqual(drawn, row.drawn_ids)
        self.make_calls(self.ann, 1)
        changed = self.env["cc.quality.draw"]._draw(row._candidates(), 5, 10, 7, fill=False)
        self.assertNotEqual(changed[1], row.candidate_hash)

    def _fair_source(self, agent="1", last=1100):
        self.env.cr.execute(
            f"""CREATE TEMP TABLE cc_draw_test ON COMMIT DROP AS
                SELECT n AS id, {agent} AS agent_id FROM generate_series(1001, {last}) n"""
        )

    def _drawn(self, each, target, seed, fill=False, where="TRUE"):
        draw = self.env["cc.quality.draw"]
        return draw._draw_from(
            SQL("cc_draw_test"), SQL(where), each, target, seed, fill, table="cc_draw_test"
        )

    def test_order(self):
        """The order has each id once, whatever the seed; places and ids are each other's inverse."""
        everyone = np.arange(1 << 16)
        for seed in (0, 1, 2**62 - 1):
            order = sampling.Order(seed, 40000)
            places = order.places(everyone)
            self.assertEqual(sorted(places.tolist()), everyone.tolist())
            self.assertEqual(order.ids(places).tolist(), everyone.tolist())
        self.assertNotEqual(
            *(sampling.Order(seed, 40000).places(everyone).tolist() for seed in (1, 2))
        )
        self.assertGreater(sampling.Order(1, 2**31 - 1).size, 2**31 - 1)

    def test_fair_to_calls(self):
        """10,000 draws of 10 out of 100: each call about 1,000 times, within four deviations."""
        pool = list(range(1001, 1101))
        counts = Counter()
        for seed in range(10000):
            counts.update(sampling.Order(seed, 1100).first(pool, 10))
        sigma = (10000 * 0.1 * 0.9) ** 0.5
        self.assertEqual(len(counts), 100)
        self.assertEqual(sum(counts.values()), 100000)
        for call, count in counts.items():
            self.assertLess(abs(count - 1000), 4 * sigma, call)
        # and the draw takes just these
        self._fair_source()
        for seed in (1, 2, 3, 2**61):
            expected = sampling.Order(seed, 1100).first(pool, 10)
            self.assertEqual(self._drawn(10, 10, seed)[2], sorted(expected))

    def test_fair_to_hours_days_agents(self):
        """1,000 draws of 12 over a fortnight in order of time: hours of the day, weekdays and agents in
        proportion (χ², p > 0.01); a call an hour, by four agents of whom one serves half of them."""
        self._fair_source("1", 1000 + 24 * 14)
        hours, days, agents = Counter(), Counter(), Counter()
        for seed in range(1000):
            drawn = self._drawn(12, 12, seed)[2]
            self.assertEqual(len(drawn), 12)
            hours.update((one - 1001) % 24 for one in drawn)
            days.update((one - 1001) // 24 % 7 for one in drawn)
            agents.update(
                {0: "a", 1: "a", 2: "a", 3: "b", 4: "c", 5: "d"}[one % 6] for one in drawn
            )
        share = {"a": 1 / 2, "b": 1 / 6, "c": 1 / 6, "d": 1 / 6}
        # the 99 % points of χ² with 23, 6 and 3 degrees of freedom
        for counts, expected, limit in (
            (hours, dict.fromkeys(range(24), 1 / 24), 41.64),
            (days, dict.fromkeys(range(7), 1 / 7), 16.81),
            (agents, share, 11.34),
        ):
            self.assertEqual(counts.keys(), expected.keys())
            chi2 = sum(
                (counts[key] - 12000 * part) ** 2 / (12000 * part) for key, part in expected.items()
            )
            self.assertLess(chi2, limit, counts)

    def test_fair_within_a_filter(self):
        """Drawn after the filter: what it lets through is drawn alike, 1,000 draws of 1 out of 8."""
        self._fair_source("1 + n % 2")
        counts = Counter()
        for seed in range(1000):
            [one] = self._drawn(1, 1, seed, where="id BETWEEN 1040 AND 1054 AND agent_id = 1")[2]
            counts[one] += 1
        self.assertEqual(sorted(counts), list(range(1040, 1055, 2)))
        # 7 degrees of freedom
        self.assertLess(sum((count - 125) ** 2 / 125 for count in counts.values()), 18.48, counts)

    def test_walked_or_read(self):
        """Whether the order is walked or an agent's calls are read, the same ones are drawn."""
        self._fair_source("1 + n % 3", 21000)
        for each, seed in ((1, 5), (40, 6), (300, 7)):
            walked = self._drawn(each, 3 * each, seed)
            self.assertEqual(len(walked[2]), 3 * each)
            with patch.object(cc_quality_draw, "WALK", -1):
                self.assertEqual(self._drawn(each, 3 * each, seed), walked)
            # the walk meets too few: they are read after it, and the number is met all the same
            with patch.object(sampling, "SIGMAS", -1), patch.object(sampling, "SPARE", 0):
                self.assertEqual(self._drawn(each, 3 * each, seed), walked)

    # ---- hand-out ----

    def test_hand_out_evenly(self):
        """Seven calls to two inspectors: four and three; the counts follow, and taking back too."""
        self.make_calls(self.ann, 7)
        row = self.make_list(count=7)
        self.generate(row)
        self.assertEqual((row.unassigned_count, row.unprocessed_count), (7, 0))
        wizard = (
            self.env["cc.quality.handout"]
            .with_user(self.max_user)
            .create({"list_id": row.id, "inspector_ids": [(6, 0, (self.ivy | self.ian).ids)]})
        )
        self.assertEqual(wizard.waiting, 7)
        wizard.action_hand_out()
        row.invalidate_recordset()
        self.assertEqual((row.unassigned_count, row.unprocessed_count), (0, 7))
        counts = [
            len(row.sheet_ids.filtered(lambda one, who=who: one.inspector_id == who))
            for who in (self.ivy, self.ian)
        ]
        self.assertEqual(sorted(counts), [3, 4])
        row.with_user(self.max_user).action_take_back()
        row.invalidate_recordset()
        self.assertEqual((row.unassigned_count, row.unprocessed_count), (7, 0))
        self.assertFalse(row.sheet_ids.inspector_id)

    def test_hand_out_by_hand(self):
        """So many to each as the manager says; not more than there are."""
        self.make_calls(self.ann, 5)
        row = self.make_list(count=5)
        self.generate(row)
        wizards = self.env["cc.quality.handout"].with_user(self.max_user)
        lines = [(0, 0, {"inspector_id": self.ivy.id, "count": 2})]
        wizards.create({"list_id": row.id, "how": "hand", "line_ids": lines}).action_hand_out()
        self.assertEqual(len(row.sheet_ids.filtered(lambda one: one.inspector_id == self.ivy)), 2)
        lines = [(0, 0, {"inspector_id": self.ian.id, "count": 4})]
        with self.assertRaises(UserError):
            wizards.create({"list_id": row.id, "how": "hand", "line_ids": lines}).action_hand_out()

    def test_not_to_oneself_or_below(self):
        """Nobody scores their own call, nor that of their leader."""
        self.ann.user_id.group_ids |= self.env.ref("cc_quality.group_inspector")
        self.make_calls(self.ann, 1)
        self.make_calls(self.lea, 1)
        row = self.make_list(count=1)
        sheets = self.generate(row).with_user(self.max_user)
        for sheet in sheets:
            with self.assertRaises(ValidationError):
                sheet._hand_out(self.ann.user_id)
        left = sheets._hand_out_evenly(self.ann.user_id)
        self.assertEqual(left, sheets)
        self.assertFalse(sheets._hand_out_evenly(self.ann.user_id | self.ivy))
        self.assertEqual(sheets.inspector_id, self.ivy)

    def test_leader_since(self):
        """The rated agent became the inspector's leader after the hand-out: scoring is refused."""
        bea = self.make_agent("bea", "8105", self.sales)
        bea.user_id.group_ids |= self.env.ref("cc_quality.group_inspector")
        self.make_calls(self.lea, 1)
        sheet = self.generate(self.make_list(count=1))
        sheet._hand_out(bea.user_id)
        mine = sheet.with_user(bea.user_id)
        mine.save_scores([], "so far")
        bea.department_id = self.service
        with self.assertRaises(AccessError):
            mine.save_scores(self.rows_of(sheet, 4, 6, 20, 10), "", True)
        self.assertEqual(sheet.state, "draft")

    def test_who_hands_out(self):
        """Managers hand out; inspectors and leaders do not, by no way of RPC."""
        self.make_calls(self.ann, 1)
        sheets = self.generate(self.make_list(count=1))
        for user in (self.ivy, self.lea.user_id):
            with self.assertRaises(AccessError):
                sheets.with_user(user).action_hand_out()
            with self.assertRaises(AccessError):
                sheets.with_user(user).action_take_back()
            with self.assertRaises(AccessError):
                sheets.with_user(user).write({"inspector_id": user.id})
            with self.assertRaises(AccessError):
                self.env["cc.quality.handout"].with_user(user).create({})
        with self.assertRaises(ValidationError):
            sheets.with_user(self.max_user)._hand_out(self.clerk)

    def test_inspector_leaves(self):
        """What an archived inspector had not processed goes back; what they scored stays."""
        sheets = self.handed_out(calls=2)
        self.score(sheets[0], 4, 6, 20, 10)
        self.ivy.active = False
        self.assertEqual((sheets[0].state, sheets[0].inspector_id), ("done", self.ivy))
        self.assertEqual((sheets[1].state, sheets[1].inspector_id.ids), ("unassigned", []))
        with self.assertRaises(ValidationError):
            sheets[1]._hand_out(self.ivy)

    def test_download(self):
        """The list as Excel, with the draw in its head."""
        self.make_calls(self.ann, 2)
        row = self.make_list(count=2)
        self.generate(row)
        report = self.env.ref("cc_quality.cc_quality_list_xlsx")
        data, kind = report._render_xlsx(report.report_name, row.ids, {})
        self.assertEqual((kind, data[:2]), ("xlsx", b"PK"))
