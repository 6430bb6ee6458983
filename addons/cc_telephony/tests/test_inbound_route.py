# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestInboundRoute(FactsMixin, TransactionCase):
    """TEL-63: number and line to queue, agent or menu, by hours, as the PBX is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.env["cc.inbound.route"].search([]).active = False
        cls.menu = cls.env["cc.ivr.menu"].create(
            {"name": "Night", "code": "night", "pbx_id": cls.pbx.id}
        )
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "x",
                                "dayofweek": "0",
                                "hour_from": begin,
                                "hour_to": end,
                                "day_period": period,
                            }
                        )
                        for begin, end, period in (
                            (9, 12, "morning"),
                            (12, 13.5, "lunch"),
                            (13.5, 18, "afternoon"),
                        )
                    ),
                ],
            }
        )

    def route(self, **more):
        return self.env["cc.inbound.route"].create(
            {
                "name": "Hotline",
                "pbx_id": self.pbx.id,
                "target": f"cc.queue,{self.queue.id}",
                **more,
            }
        )

    def rows(self):
        return self.pbx._intent()["routes"]

    def rings(self):
        return [
            payload["what"] for _c, kind, payload in self.bus_messages() if kind == "cc.pbx/bell"
        ]

    def test_forms_of_a_number(self):
        """Lines write one number in many ways; what is shown is how it was understood."""
        route = self.route(number="010-6666 8888")
        self.assertEqual(route.number, "+86 10 6666 8888")
        [row] = self.rows()
        self.assertEqual(
            set(row["numbers"]),
            {"+861066668888", "861066668888", "00861066668888", "01066668888", "1066668888"},
        )
        self.assertEqual(row["target"], {"kind": "queue", "to": self.queue.code})
        self.assertEqual((row["trunk"], row["hours"], row["closed"]), (None, None, None))
        route.number = "8888"
        self.assertEqual(self.rows()[0]["numbers"], ["8888"])
        route.number = False
        self.assertEqual(self.rows()[0]["numbers"], [])

    def test_own_line_first(self):
        trunk = self.env["cc.trunk"].create({"name": "L", "code": "isdn", "pbx_id": self.pbx.id})
        every = self.route(number="100", sequence=1)
        own = self.route(
            number="100", sequence=2, trunk_id=trunk.id, target=f"cc.agent,{self.ann.id}"
        )
        self.assertEqual([row["route"] for row in self.rows()], [f"r{own.id}", f"r{every.id}"])
        self.assertEqual(self.rows()[0]["target"], {"kind": "agent", "to": "8101"})

    def test_one_route_a_number(self):
        self.route(number="100")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.route(number="100")

    def test_a_number_beside_the_rest(self):
        """What is taken for all other numbers does not hinder a route for one; as the form creates it, too."""
        self.route()
        self.assertEqual(self.route(number="100").number, "100")
        with Form(self.env["cc.inbound.route"]) as form:
            form.name, form.pbx_id, form.number = "Sales", self.pbx, "010-6666 8888"
            form.target = self.queue
        self.assertEqual(form.record.number_id.key, "+861066668888")

    def test_within_one_pbx(self):
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other2", "company_id": self.company.id}
        )
        queue = self.env["cc.queue"].create({"name": "Q", "code": "other", "pbx_id": other.id})
        with self.assertRaisesRegex(ValidationError, "same PBX"):
            self.route(target=f"cc.queue,{queue.id}")
        with self.assertRaisesRegex(ValidationError, "own PBX"):
            self.queue.overflow_target = queue
        with self.assertRaisesRegex(ValidationError, "to itself"):
            self.queue.overflow_target = self.queue

    def test_what_is_switched_off_takes_no_calls(self):
        route = self.route(target=f"cc.ivr.menu,{self.menu.id}")
        self.assertFalse(route.is_broken)
        self.menu.active = False
        self.assertIsNone(self.rows()[0]["target"])
        # and whoever looks at the route is told
        route.invalidate_recordset()
        self.assertTrue(route.is_broken)
        route.target = f"cc.queue,{self.queue.id}"
        self.assertFalse(route.is_broken)

    @freeze_time("2026-09-20 08:00:00")
    def test_hours(self):
        """The week without its breaks, and the public holidays ahead, in the time of the place."""
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "National Day",
                    "calendar_id": self.calendar.id,
                    "date_from": datetime(2026, 9, 30, 16),
                    "date_to": datetime(2026, 10, 7, 15, 59, 59),
                },
                {
                    "name": "over",
                    "calendar_id": self.calendar.id,
                    "date_from": datetime(2026, 9, 1),
                    "date_to": datetime(2026, 9, 2),
                },
            ]
        )
        self.route(calendar_id=self.calendar.id, closed_target=f"cc.ivr.menu,{self.menu.id}")
        [row] = self.rows()
        self.assertEqual(
            row["hours"],
            {
                "zone": "Asia/Shanghai",
                "open": [[0, "09:00", "12:00"], [0, "13:30", "18:00"]],
                "shut": [[202610010000, 202610080000]],
            },
        )
        self.assertEqual(row["closed"], {"kind": "ivr", "to": "night"})

    def test_hours_that_alternate(self):
        self.calendar.switch_calendar_type()
        with self.assertRaisesRegex(ValidationError, "alternate by week"):
            self.route(calendar_id=self.calendar.id)

    def test_the_bridge_hears_of_it(self):
        """A route, its hours, and a holiday of everybody's: each change goes to the PBX."""
        self.bus_messages()
        self.route(calendar_id=self.calendar.id)
        self.assertIn("intent", self.rings())
        other = self.calendar.copy()
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Fair",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 1, 1),
                "date_to": datetime(2026, 1, 2),
            }
        )
        changes = (
            # one that goes to other working hours is none of these any more
            lambda: holiday.write({"calendar_id": other.id}),
            lambda: self.calendar.attendance_ids[0].write({"hour_to": 11}),
            lambda: self.calendar.write({"tz": "Asia/Tokyo"}),
            lambda: self.env["resource.calendar.leaves"].create(
                {"name": "All", "date_from": datetime(2026, 1, 1), "date_to": datetime(2026, 1, 2)}
            ),
            lambda: self.calendar.attendance_ids[0].unlink(),
            lambda: self.env["cc.inbound.route"]._cron_tell(),
            # a place to which calls go
            lambda: self.menu.write({"code": "evening"}),
            lambda: self.menu.write({"active": False}),
        )
        for n, change in enumerate(changes):
            with self.subTest(n):
                self.bus_messages()
                self.env.cr.precommit.data.pop("cc.pbx.rung", None)
                change()
                self.assertIn("intent", self.rings())

    def test_overflow_and_limit(self):
        """What happens after the longest wait, and when an agent is set aside."""
        self.queue.write({"overflow_target": f"cc.ivr.menu,{self.menu.id}", "miss_limit": 3})
        intent = self.pbx._intent()
        [row] = [row for row in intent["queues"] if row["queue"] == self.queue.code]
        self.assertEqual((row["overflow"], row["miss_limit"]), ({"kind": "ivr", "to": "night"}, 3))
        self.assertEqual(intent["settings"]["not_answering"], "Not answering")

    def test_default_pbx(self):
        """Forms begin with the company's first PBX."""
        self.env["cc.pbx"].search([("company_id", "=", self.company.id)]).sequence = 20
        self.pbx.sequence = 1
        models = ("cc.queue", "cc.agent", "cc.extension", "cc.trunk", "cc.inbound.route")
        for model in models:
            rows = self.env[model].with_company(self.company)
            self.assertEqual(rows.default_get(["pbx_id"]), {"pbx_id": self.pbx.id}, model)
