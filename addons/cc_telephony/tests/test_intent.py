# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..ingest.apply import apply_request
from ..utils.contract import names
from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestIntent(FactsMixin, TransactionCase):
    """What the PBX should be like, as the bridge reads it, and the bell when it changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def intent(self):
        return self.pbx.sudo()._intent()

    def rung(self, *whats):
        """Whether the bell has rung exactly so since the last call."""
        bells = [
            payload["what"]
            for channel, kind, payload in self.bus_messages()
            if kind == "cc.pbx/bell" and channel[:2] == ["cc.pbx", self.pbx.id]
        ]
        self.env.cr.precommit.data.pop("cc.pbx.rung", None)
        return bells == list(whats)

    def test_agents(self):
        agents = {agent["agent"]: agent for agent in self.intent()["agents"]}
        self.assertEqual(set(agents), {"8101", "8102", "8103", "8111", "8112", "8120"})
        self.assertEqual(
            agents["8102"],
            {
                "agent": "8102",
                "name": "Ben",
                "session": None,
                "device": None,
                "extension": None,
                "may": "agent",
                "queues": [{"queue": "help", "penalty": 2}],
            },
        )
        signed_in = self.env["cc.agent"].with_user(self.ann.user_id).sign_in("desk", "8201")
        agents = {agent["agent"]: agent for agent in self.intent()["agents"]}
        self.assertEqual(
            {name: agents["8101"][name] for name in ("session", "device", "extension")},
            {"session": signed_in["session"], "device": "desk", "extension": "8201"},
        )
        self.ben.active = False
        self.assertNotIn("8102", {agent["agent"] for agent in self.intent()["agents"]})

    def test_queues(self):
        self.queue.write({"strategy": "leastrecent", "ring_s": 12, "wrap_up_s": 20})
        [queue] = self.intent()["queues"]
        self.assertEqual(
            queue,
            {
                "queue": "help",
                "name": "Help",
                "strategy": "leastrecent",
                "ring_s": 12,
                "wrap_up_s": 20,
                "service_level_s": 20,
                "max_wait_s": 300,
                "max_waiting": 0,
                "music": "default",
                "weight": 0,
                "announce_position": False,
                "announce_every_s": 60,
                "miss_limit": 0,
                "overflow": None,
            },
        )
        self.queue.active = False
        self.assertEqual(self.intent()["queues"], [])
        self.assertEqual(
            {tuple(agent["queues"]) for agent in self.intent()["agents"]},
            {()},
            "no queue, no member",
        )

    def test_extensions(self):
        """Desk phones, and one browser endpoint an agent, made by itself."""
        found = {item["extension"]: item for item in self.intent()["extensions"]}
        self.assertEqual(set(found), {"8201", "w8101", "w8102", "w8103", "w8111", "w8112", "w8120"})
        browser = found["w8101"]
        self.assertEqual(
            (browser["kind"], browser["name"], browser["agent"]), ("browser", "Ann", "8101")
        )
        self.assertGreaterEqual(len(browser["secret"]), 24)
        self.assertNotEqual(browser["secret"], found["w8102"]["secret"])
        self.assertEqual((found["8201"]["kind"], found["8201"]["agent"]), ("desk", None))

    def test_browser_endpoint_follows(self):
        self.ann.number = "8199"
        self.assertEqual(self.ann._browser_extension().code, "w8199")
        self.ann.active = False
        self.assertNotIn("w8199", [item["extension"] for item in self.intent()["extensions"]])

    def test_settings(self):
        self.assertEqual(
            self.intent()["settings"],
            {
                "country": "CN",
                "dial_prefix": "",
                "trunk": "trunk",
                "record": True,
                "record_consults": True,
                "wrap_up_more": 3,
                "wrap_up_direct_s": 0,
                "not_answering": "Not answering",
                "dial_mode": "agent_first",
                "announce_agent": False,
                "out_most": 0,
                "out_hour": 120,
                "out_minutes": 240,
                "pair_minutes": 60,
                "destinations": [],
                "dial_rules": [],
                "trunks": [],
            },
        )
        self.pbx.country_id = self.env.ref("base.de")
        self.assertEqual(self.intent()["settings"]["country"], "DE")
        self.pbx.record_consults = False
        settings = self.intent()["settings"]
        self.assertEqual((settings["record"], settings["record_consults"]), (True, False))
        # where the call isn't recorded, what is said aside isn't either
        self.pbx.write({"record_calls": False, "record_consults": True})
        self.assertFalse(self.intent()["settings"]["record_consults"])

    def test_health_of_the_other_side(self):
        """A full disk and refused entries are told on the PBX's page, and go when they are over."""
        env = self.env(user=self.env.ref("base.user_root"), su=True)
        pbx = self.pbx.with_env(env)
        told = {"spool": 0, "spool_error": "disk is full", "left_out": ["queue 'k': too short", 7]}
        apply_request(env, pbx, 3, [], told)
        warning = self.pbx.with_user(self.ann.user_id).health_warning
        self.assertIn("(disk is full)", warning)
        self.assertTrue(warning.endswith("\nqueue 'k': too short"))
        apply_request(env, pbx, 3, [], {"spool": 0})
        self.pbx.invalidate_recordset()
        self.assertFalse(self.pbx.health_warning)
        # from outside: rubbish is no reason to refuse the facts
        apply_request(env, pbx, 3, [], {"spool_error": ["x"], "left_out": "y"})
        self.pbx.invalidate_recordset()
        self.assertFalse(self.pbx.health_warning)

    def test_same_names_as_the_bridge(self):
        """What may be saved here the bridge takes, and what it refuses can't be saved."""
        tried = ["k", "k1", "a-b", "a_b", "-a", "_a", "general", "x" * 32, "x" * 33, "x" * 41]
        tried += ["a b", "a;b", "ä1", "a\n", "1", "${A}", ""]
        for field, form, optional in (
            (lambda name: self.queue.write({"code": name}), names.CODE, False),
            (lambda name: self.queue.write({"music": name}), names.CODE, False),
            (lambda name: self.desk.write({"code": name}), names.EXTENSION, False),
            (lambda name: self.pbx.write({"trunk": name}), names.CODE, True),
            (lambda name: self.pbx.write({"dial_prefix": name}), names.NUMBER, True),
        ):
            for name in tried:
                with self.subTest(name=name):
                    if form.fullmatch(name) or (optional and not name):
                        field(name)
                    else:
                        with self.assertRaises(ValidationError, msg=name):
                            field(name)

    def test_names_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "2 to 40 letters, digits, - or _"):
            self.queue.code = "k"
        with self.assertRaisesRegex(ValidationError, "up to 32 letters, digits and _,"):
            self.desk.code = "desk-1"
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.queue.ring_s = 601
            self.queue.flush_recordset()

    def test_bell(self):
        """One ring a transaction for whatever changes the intent, none for what doesn't."""
        self.rung()
        changes = [
            lambda: self.queue.write({"ring_s": 9}),
            lambda: self.queue.member_ids[0].write({"penalty": 5}),
            lambda: self.queue.member_ids[0].unlink(),
            lambda: self.desk.write({"name": "Reception"}),
            lambda: self.ann.write({"name": "Anna"}),
            lambda: self.pbx.write({"dial_prefix": "9"}),
            lambda: (self.queue.write({"ring_s": 8}), self.ann.write({"name": "Ann"})),
        ]
        for change in changes:
            change()
            self.assertTrue(self.rung("intent"))
        self.queue.department_id = self.sales
        self.pbx.name = "Renamed"
        self.assertTrue(self.rung())
