# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import uuid
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from .bodies import call_body, leg_body
from .common import T0, S
from .test_stat import StatCase

# menu → feature
REPORTS = {
    "traffic": "TEL-33",
    "hourly": "TEL-40",
    "queue": "TEL-41",
    "service": "TEL-45",
    "lost": "TEL-42",
    "outbound": "TEL-43",
    "kind": "TEL-52",
    "satisfaction": "TEL-37",
    "status": "TEL-16",
    "calls": "TEL-17",
    "agent": "TEL-35",
    "talk": "TEL-34",
    "workload": "TEL-36",
    "total": "TEL-39",
    "occupancy": "TEL-45",
    "worklog": "TEL-38",
}


@tagged("post_install", "-at_install")
class TestReportMenus(TransactionCase):
    """Every report is a menu entry with list, pivot and graph, and says what it counts (TEL-44)."""

    def test_menus(self):
        for name, feature in REPORTS.items():
            with self.subTest(name, feature=feature):
                menu = self.env.ref(f"cc_telephony.menu_report_{name}")
                self.assertEqual(
                    menu.parent_id.parent_id, self.env.ref("cc_telephony.menu_reports")
                )
                action = menu.action
                modes = [mode for _view, mode in action.views]
                self.assertEqual(set(modes), {"list", "pivot", "graph"})
                views = self.env[action.res_model].get_views(action.views, {"toolbar": False})
                self.assertEqual(set(views["views"]), set(modes))
                if name != "worklog":
                    self.assertIn("Unit:", str(action.help) or "")
                    self.assertIn("time zone", str(action.help))

    def test_measures_are_formatted(self):
        """Every measure that people can choose shows seconds as h:mm:ss and ratios in percent."""
        for model in ("cc.report.agent", "cc.report.call", "cc.report.queue"):
            report = self.env[model]
            for view_type in ("pivot", "graph"):
                arch, _view = report._get_view(view_type=view_type)
                widgets = {node.get("name"): node.get("widget") for node in arch.iter("field")}
                for name, field in report._fields.items():
                    if field.type == "float":
                        expected = "cc_duration" if name.endswith("_s") else "cc_ratio"
                        self.assertEqual(widgets.get(name), expected, f"{model} {view_type} {name}")

    def test_lists_show_no_ratio_of_nothing(self):
        """Where nothing was below the line a list's cell is empty: a record's float would be 0."""
        view = self.env.ref("cc_telephony.cc_report_satisfaction_view_list")
        report = self.env["cc.report.agent"]
        node = report._get_view(view.id, "list")[0].find(".//field[@name='satisfaction']")
        shown = {"satisfied": 0, "neutral": 0, "dissatisfied": 0}
        self.assertTrue(safe_eval(node.get("invisible"), shown))
        self.assertFalse(safe_eval(node.get("invisible"), {**shown, "dissatisfied": 1}))
        service = self.env.ref("cc_telephony.cc_report_service_view_list")
        queues = self.env["cc.report.queue"].get_view(service.id, "list")
        node = etree.fromstring(queues["arch"]).find(".//field[@name='abandon_rate_long']")
        short = {"offered": 2, "abandoned_short": 2}
        self.assertTrue(safe_eval(node.get("invisible"), short))
        self.assertFalse(safe_eval(node.get("invisible"), {**short, "offered": 3}))

    def test_all_measures_can_be_read(self):
        """Each figure of each report, by month, on an empty and on a full database."""
        for model in ("cc.report.agent", "cc.report.call", "cc.report.queue"):
            report = self.env[model]
            ratios = report._ratios()
            specs = [
                f"{name}:{'avg' if name in ratios else field.aggregator}"
                for name, field in report._fields.items()
                if field.aggregator and field.store and field.type in ("integer", "float")
            ]
            specs = [spec for spec in specs if not spec.startswith("id:")]
            self.assertGreater(len(specs), 15)
            report._read_group([], ["date:month"], specs)
            for period in ("hour", "day", "month"):
                report.with_context(cc_period=period).search([], limit=5).read()
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReportFigures(StatCase, TransactionCase):
    """What reports say of a morning that is known to the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for state, at in (
            ("busy", -120),
            ("ready", -60),
            ("ringing", 3),
            ("on_call", 7),
            ("wrap_up", 60),
            ("ready", 80),
            ("break", 300),
            ("offline", 600),
        ):
            more = {"reason": "Meal"} if state == "break" else {}
            cls.ingest(cls.agent_fact(cls.ann, state, T0 + at * S, **more))
        facts = cls.life(rating={"outcome": "satisfied", "key": "1"})
        cls.ingest(*facts)
        cls.call = cls.call_of(facts)
        # a call out that nobody took, one that was answered, one lost in the menu
        for direction, answered, loss in (
            ("outbound", None, None),
            ("outbound", T0 + 130 * S, None),
            ("inbound", None, "ivr"),
        ):
            start, end = T0 + 100 * S, T0 + 160 * S
            agent = "8101" if direction == "outbound" else None
            number = "13800138000"
            legs = [leg_body(1, "customer", number, answered or start, end)]
            if agent:
                legs.insert(0, leg_body(2, "agent", agent, start, end))
            cls.ingest(
                cls.fact(
                    "call.ended",
                    end,
                    call=call_body(
                        str(uuid.uuid4()),
                        1,
                        "ended",
                        **{
                            "direction": direction,
                            "from": {"number": agent or number, "name": None},
                            "to": {"number": number if agent else "4008001000"},
                            "started_t": start,
                            "answered_t": answered,
                            "ended_t": end,
                            "ended_by": "customer",
                            "loss": loss,
                            "legs": legs,
                        },
                    ),
                )
            )
        cls.env["cc.call.note"].create(
            {
                "call_id": cls.call.id,
                "purpose_id": cls.env.ref("cc_telephony.call_purpose_order").id,
            }
        )

    def figures(self, model, domain, *names, user=None):
        report = self.env[model].with_user(user or self.max.user_id).with_context(tz="UTC")
        ratios = report._ratios()
        specs = [f"{name}:avg" if name in ratios else f"{name}:sum" for name in names]
        row = report._read_group([*domain, ("company_id", "=", self.company.id)], [], specs)[0]
        return dict(zip(names, row, strict=True))

    def assert_figures(self, model, domain, **expected):
        found = self.figures(model, domain, *expected)
        for name, value in expected.items():
            if value is None:
                self.assertFalse(found[name], name)
            else:
                self.assertAlmostEqual(found[name], value, 6, name)

    def test_agent(self):
        """TEL-16, TEL-17, TEL-34, TEL-35, TEL-36, TEL-37, TEL-39, TEL-45: one agent's morning."""
        self.recompute(60)
        self.assert_figures(
            "cc.report.agent",
            [("agent_id", "=", self.ann.id)],
            signed_in_s=720,
            busy_s=60,
            busy_count=1,
            ready_s=63 + 220,
            ready_count=2,
            ring_s=4,
            talk_s=48,
            hold_s=5,
            wrap_up_s=20,
            break_s=300,
            break_count=1,
            rings=1,
            answered=1,
            no_answer=0,
            transfers=0,
            answered_kept=1,
            outbound=2,
            outbound_answered=1,
            handled=3,
            handled_s=53 + 60 + 60,
            satisfied=1,
            rating_total=1,
            satisfaction=1,
            talk_share=48 / 720,
            work_share=73 / 720,
            occupancy=73 / (73 + 4 + 283),
            average_s=173 / 3,
            handling_s=73 / 3,
            answer_rate=1,
        )

    def test_traffic(self):
        """TEL-33, TEL-42, TEL-43: calls by direction, lost ones by reason."""
        self.assert_figures(
            "cc.report.call",
            [],
            inbound=2,
            answered=1,
            caller_hung_up=1,
            lost=1,
            outbound=2,
            outbound_answered=1,
            answer_rate=0.5,
            outbound_rate=0.5,
        )
        self.assert_figures("cc.report.call", [("loss", "=", "ivr")], lost=1, satisfaction=None)
        self.assert_figures("cc.report.call", [("outbound_type", "=", "screen")], outbound=0)
        self.assert_figures("cc.report.call", [("outbound_type", "=", "phone")], outbound=2)

    def test_kinds(self):
        """TEL-52: calls of a kind, with what customers thought of them."""
        kind = self.env.ref("cc_telephony.call_purpose_order")
        self.assert_figures(
            "cc.report.call",
            [("purpose_id", "=", kind.id)],
            inbound=1,
            satisfied=1,
            satisfaction=1,
            average_s=48,
        )

    def test_region(self):
        """TEL-33: traffic by region of the number."""
        self.call.number_id._assign_region()
        region = self.call.number_id.region_id
        self.assertEqual(region.country_id.code, "CN")
        self.assertEqual(region.place, "Beijing")
        self.env.flush_all()
        self.assert_figures(
            "cc.report.call", [("region_id", "=", region.id)], inbound=2, outbound=2
        )

    def test_hourly(self):
        """TEL-40: rings and answers by hour."""
        self.recompute(60)
        report = self.env["cc.report.agent"].with_user(self.max.user_id)
        rows = report.with_context(tz="UTC", cc_period="hour")._read_group(
            [("company_id", "=", self.company.id), ("rings", ">", 0)],
            ["date:hour"],
            ["rings:sum", "answered:sum"],
        )
        self.assertEqual([(row[0].hour, *row[1:]) for row in rows], [(8, 1, 1)])

    def test_drill_down(self):
        """TEL-44: from a figure to its calls."""
        self.recompute(60)
        report = self.env["cc.report.agent"].with_user(self.max.user_id).with_context(tz="UTC")
        row = report.search([("agent_id", "=", self.ann.id)])
        calls = self.env["cc.call"].with_user(self.max.user_id)
        self.assertEqual(calls.search_count(row.action_calls()["domain"]), 3)
        row = self.env["cc.report.call"].with_user(self.max.user_id).search([("loss", "=", "ivr")])
        self.assertEqual(row[:1].action_calls()["res_model"], "cc.call")

    def test_departments(self):
        """TEL-44: leaders see the figures of their departments, agents no report."""
        self.recompute(60)
        for model in ("cc.report.agent", "cc.report.call"):
            with self.subTest(model):
                count = self.env[model].with_user(self.lea.user_id).search_count([])
                self.assertTrue(count)
                self.assertFalse(self.env[model].with_user(self.lin.user_id).search_count([]))
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.ann.user_id).search_count([])


@tagged("post_install", "-at_install")
class TestDemoHistory(TransactionCase):
    """The demo's weeks are told through the ingest and leave nothing half done."""

    def test_history(self):
        pbx = self.env.ref("cc_telephony.pbx_main", raise_if_not_found=False)
        if not pbx:
            return  # without demo data there is nobody to call
        before = self.env["cc.call"].search_count([("pbx_id", "=", pbx.id)])
        seq = pbx.cursor_ids.seq
        self.env["cc.agent.interval"].search([("agent_id.pbx_id", "=", pbx.id)]).unlink()
        self.patch(type(self.env["cc.demo"]), "_days", lambda self: 3)
        with patch.dict(os.environ, CC_DEMO_CALLS="1"):
            self.env["cc.demo"]._make_history()
        calls = self.env["cc.call"].search_count([("pbx_id", "=", pbx.id)])
        self.assertGreater(calls, before)
        self.assertEqual(pbx.cursor_ids.seq, seq)
        self.assertFalse(self.env["cc.fact.rejected"].search([("pbx_id", "=", pbx.id)]))
        intervals = self.env["cc.agent.interval"].search([("agent_id.pbx_id", "=", pbx.id)])
        self.assertTrue(all(intervals.mapped("ended_at")))
        # a sign-in an agent and day, as long as its states
        days = {(row.agent_id, row.started_at.date()) for row in intervals}
        self.assertEqual(len(intervals.session_id), len(days))
        self.assertAlmostEqual(
            sum(intervals.session_id.mapped("duration_s")), sum(intervals.mapped("duration_s")), 3
        )
        self.assertFalse(self.env["cc.stat.dirty"].search([]))
