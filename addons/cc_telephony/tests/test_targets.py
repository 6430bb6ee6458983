# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from .call_stories import ASIDE, CUSTOMER, CallStories
from .common import T0, S


@tagged("post_install", "-at_install")
class TestTargets(CallStories, TransactionCase):
    """Who can be brought into a call, with what is live about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.env["cc.agent"].with_user(cls.ann.user_id).sign_in("browser")
        cls.ingest(cls.agent_fact(cls.ann, "on_call", T0))
        cls.ingest(cls.agent_fact(cls.ben, "ready", T0 + S))

    def targets(self, search="", agent=None, call_uid=None):
        agents = self.env["cc.agent"].with_user((agent or self.ann).user_id)
        return agents.transfer_targets(search, call_uid)

    def queue_fact(self, waiting, t, queue="help"):
        return self.fact(
            "queue.changed", t, queue={"queue": queue, "waiting": waiting, "members": []}
        )

    def test_colleagues(self):
        """Ready ones first, signed-out ones last; oneself is none."""
        found = self.targets()["agents"]
        self.assertEqual(found[0]["id"], self.ben.id)
        self.assertNotIn(self.ann.id, [agent["id"] for agent in found])
        self.assertEqual(
            {key: value for key, value in found[0].items() if key != "id"},
            {
                "name": "Ben",
                "number": "8102",
                "department": "Service",
                "state": "ready",
                "reason": None,
                "since": T0 + S,
                "why": None,
                "why_consult": None,
                "ringing": False,
            },
        )
        cai = next(agent for agent in found if agent["id"] == self.cai.id)
        self.assertEqual((cai["state"], cai["why"]), ("offline", "Cai is not signed in."))
        self.ingest(self.agent_fact(self.ben, "busy", T0 + 2 * S))
        ben = self.targets("810")["agents"][0]
        self.assertEqual((ben["why"], ben["why_consult"]), (None, "Ben is not ready."))

    def test_search(self):
        def names(search):
            return [row["name"] for row in self.targets(search)["agents"]]

        self.assertEqual(names("be"), ["Ben"])
        self.assertEqual(names("8103"), ["Cai"])
        self.assertEqual(names("sales"), ["Cai", "Lin"])
        self.assertEqual(names("%"), [])
        self.assertEqual(self.targets(None)["number"], False)

    def test_other_pbx(self):
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        self.env["cc.queue"].create({"name": "Help far", "code": "far", "pbx_id": other.id})
        self.env["cc.ivr.menu"].create({"name": "Far", "code": "far", "pbx_id": other.id})
        self.env["cc.ivr.menu"].create({"name": "Hours", "code": "hours", "pbx_id": self.pbx.id})
        found = self.targets()
        self.assertEqual([row["name"] for row in found["queues"]], ["Help"])
        self.assertEqual([row["name"] for row in found["ivrs"]], ["Hours"])
        self.assertEqual(self.targets("Hel")["ivrs"], [])

    def test_queue_figures(self):
        """As the PBX told last; an older word changes nothing, a queue of the PBX's own is passed over."""
        self.assertEqual(
            self.targets()["queues"],
            [{"id": self.queue.id, "name": "Help", "waiting": 0, "ready": 1, "open": True}],
        )
        self.ingest(self.queue_fact(4, T0 + 5 * S), self.queue_fact(3, T0 + 6 * S))
        self.assertEqual(self.targets()["queues"][0]["waiting"], 3)
        self.ingest(self.queue_fact(9, T0 + 2 * S))
        self.assertEqual(self.targets()["queues"][0]["waiting"], 3)
        self.ingest(self.agent_fact(self.ben, "busy", T0 + 7 * S), self.queue_fact(0, T0 + 8 * S))
        self.assertEqual(
            {key: self.targets()["queues"][0][key] for key in ("waiting", "ready")},
            {"waiting": 0, "ready": 0},
        )
        self.assertEqual(self.ingest(self.queue_fact(1, T0 + 9 * S, "nowhere"))[1], 0)
        bad = self.queue_fact(-1, T0 + 9 * S)
        self.assertEqual(self.ingest(bad)[1], 1)
        live = self.env["cc.queue.live"]
        self.assertTrue(live.with_user(self.ann.user_id).search([]))
        for user in (self.ann.user_id, self.max.user_id, self.ada):
            with self.assertRaises(AccessError):
                live.search([], limit=1).with_user(user).waiting = 1
            with self.assertRaises(AccessError):
                live.with_user(user).create({"queue_id": self.queue.id})

    def test_closed_queue(self):
        """By its working hours and public holidays; without hours it is always open."""

        def is_open(moment):
            with freeze_time(moment):
                [found] = [q for q in self.targets()["queues"] if q["id"] == self.queue.id]
                return found["open"]

        self.assertTrue(is_open("2026-11-22 03:00:00"))  # a Sunday
        self.queue.calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Weekdays in Shanghai",
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": day,
                            "dayofweek": str(number),
                            "hour_from": 9,
                            "hour_to": 18,
                        }
                    )
                    for number, day in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))
                ],
            }
        )
        # Shanghai is eight hours ahead of UTC
        self.assertFalse(is_open("2026-11-22 03:00:00"))
        self.assertFalse(is_open("2026-11-23 00:59:59"))
        self.assertTrue(is_open("2026-11-23 01:00:00"))
        self.assertTrue(is_open("2026-11-23 09:59:59"))
        self.assertFalse(is_open("2026-11-23 10:00:00"))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Public holiday",
                "calendar_id": self.queue.calendar_id.id,
                "date_from": "2026-11-22 16:00:00",
                "date_to": "2026-11-23 15:59:59",
            }
        )
        self.assertFalse(is_open("2026-11-23 03:00:00"))
        self.assertTrue(is_open("2026-11-24 03:00:00"))

    def test_owner_and_last(self):
        partner = self.env["res.partner"].create({"name": "Li Wei", "user_id": self.cai.user_id.id})
        self.env["cc.phone.link"].create({"number": f"+86{CUSTOMER}", "partner_id": partner.id})
        self.ingest(*self.life(target="8102"))
        self.tell("answered", **self.talking())
        found = self.targets("", None, self.call_uid)
        self.assertEqual((found["owner"]["name"], found["owner"]["state"]), ("Cai", "offline"))
        self.assertEqual((found["last"]["name"], found["last"]["why"]), ("Ben", None))
        # of a call that is not one's own nothing is told
        found = self.targets("", self.ben, self.call_uid)
        self.assertEqual((found["owner"], found["last"], found["phones"]), (False, False, []))
        partner.user_id = self.ann.user_id
        self.assertFalse(self.targets("", None, self.call_uid)["owner"])

    def test_phones(self):
        """By name or by the whole number, as masks; of customers whom the user may read."""
        partner = self.env["res.partner"].create({"name": "Zoltan Li"})
        links = self.env["cc.phone.link"]
        links.create({"number": f"+86{CUSTOMER}", "partner_id": partner.id})
        other = links.create({"number": f"+86{ASIDE}", "partner_id": partner.id, "label": "home"})
        shown = {
            "id": other.number_id.id,
            "mask": "+86 139 •••• 5678",
            "partner": "Zoltan Li",
            "label": "home",
        }
        self.assertIn(shown, self.targets("zoltan l")["phones"])
        self.assertEqual(self.targets("139-1234-5678")["phones"], [shown])
        self.assertEqual(self.targets("z")["phones"], [])
        self.tell("answered", **self.talking())
        self.assertEqual(self.targets("", None, self.call_uid)["phones"], [shown])
        self.assertEqual(self.targets()["phones"], [])
        self.assertNotIn(ASIDE, str(self.targets("zoltan l")))
        partner.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(self.targets("zoltan l")["phones"], [])
        self.assertEqual(self.targets("139-1234-5678")["phones"], [])
        self.assertEqual(self.targets("", None, self.call_uid)["phones"], [])

    def test_typed_number(self):
        self.assertTrue(self.targets("010 6666 8888")["number"])
        self.assertFalse(self.targets("Ben")["number"])

    def test_ringing_colleague(self):
        """A call that rings at a colleague shows to who may pick it up."""
        self.ingest(self.agent_fact(self.ben, "ringing", T0 + 3 * S))
        self.tell("ringing", **self.ringing("8102"))
        ringing = next(row for row in self.targets()["agents"] if row["id"] == self.ben.id)
        self.assertEqual(
            ringing["ringing"],
            {"call_uid": self.call_uid, "name": None, "mask": "+86 138 •••• 8000"},
        )
        strange = self.targets("", self.cai)["agents"]
        self.assertFalse(next(row for row in strange if row["id"] == self.ben.id)["ringing"])

    def test_call_a_colleague(self):
        """Dialled by the agent number; whom it cannot reach is refused."""
        ben = self.env["cc.agent"].with_user(self.ben.user_id)
        ben.sign_in("browser")
        self.ingest(self.agent_fact(self.cai, "ready", T0 + S))
        answer = ben.command("dial", {"agent": self.cai.id})
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        self.assertEqual(command._to_bridge()["args"], {"number": "8103"})

    def test_few_queries(self):
        """The picker asks every few seconds: its cost does not grow with the colleagues."""
        for n in range(20):
            agent = self.make_agent(f"extra{n}", f"82{n:02d}", self.service)
            self.ingest(self.agent_fact(agent, "ready", T0 + S))
        agents = self.env["cc.agent"].with_user(self.ann.user_id)
        agents.transfer_targets("", None)
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            agents.transfer_targets("", None)

    def test_agents_only(self):
        clerk = new_test_user(self.env, "cc_clerk2", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["cc.agent"].with_user(clerk).transfer_targets()
