# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from ..utils.contract import destinations
from .cases import CentreCase
from .common import T0, FactsMixin, S

DEAR = "+19005551234"


@tagged("post_install", "-at_install")
class TestTolls(FactsMixin, TransactionCase):
    """TEL-64: what the bridge is told of destinations and limits, what it tells of attempts, who hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def test_shared_vectors(self):
        """The same file holds the bridge and the dialplan."""
        with file_open("cc_telephony/tests/data/destinations.json") as source:
            cases = json.load(source)["cases"]
        self.assertTrue(cases)
        levels = destinations.LEVELS
        for case in cases:
            rows = {prefix: levels[word] for prefix, word in case["rows"].items()}
            policy = destinations.Policy(case["country"] or "", rows)
            for number, whom in case["numbers"].items():
                with self.subTest(number=number, country=case["country"], rows=case["rows"]):
                    self.assertEqual(policy.ruling(number).level, levels[whom])

    def test_the_bridge_is_told(self):
        """The list, each agent's role, the limits; the bell rings when one of them changes."""
        rows = self.env["cc.dial.destination"].create(
            [
                {"name": "China", "pbx_id": self.pbx.id, "prefix": "86"},
                {"name": "Rest", "pbx_id": self.pbx.id, "allowed_for": "manager"},
            ]
        )
        intent = self.pbx.sudo()._intent()
        self.assertEqual(
            intent["settings"]["destinations"],
            [
                {"prefix": "", "allowed_for": "manager"},
                {"prefix": "86", "allowed_for": "agent"},
            ],
        )
        roles = {row["agent"]: row["may"] for row in intent["agents"]}
        self.assertEqual(
            [roles[one.number] for one in (self.ann, self.lea, self.max)],
            ["agent", "leader", "manager"],
        )
        successor = self.make_user("successor", "cc_telephony.group_agent")
        for change in (
            lambda: rows[0].write({"prefix": "861"}),
            lambda: rows[0].unlink(),
            lambda: self.pbx.write({"pair_minutes": 5}),
            lambda: self.ann.user_id.write(
                {"group_ids": [(4, self.env.ref("cc_telephony.group_leader").id)]}
            ),
            # the same from the group's side, where rights are taken away as well
            lambda: self.env.ref("cc_telephony.group_leader").write(
                {"user_ids": [(3, self.ann.user_id.id)]}
            ),
            lambda: self.env.ref("cc_telephony.group_leader").write(
                {"implied_ids": [(4, self.env.ref("base.group_partner_manager").id)]}
            ),
            lambda: self.ann.write({"user_id": successor.id}),
            lambda: self.max.user_id.write({"active": False}),
        ):
            self.env.cr.precommit.data.pop("cc.pbx.rung", None)
            self.bus_messages()
            change()
            self.assertTrue(
                [m for m in self.bus_messages() if m[1] == "cc.pbx/bell"],
                "the bridge reads the intent again",
            )
        roles = {row["agent"]: row["may"] for row in self.pbx.sudo()._intent()["agents"]}
        self.assertEqual(roles[self.max.number], "phone", "who is archived may nothing")

    def test_who_is_archived_is_signed_out(self):
        """The desk phone of somebody who has left the house does not go on calling in their name."""
        session = self.env["cc.agent.session"].create(
            {
                "agent_id": self.ann.id,
                "company_id": self.company.id,
                "device": "desk",
                "started_at": self.at(0),
            }
        )
        self.ann.user_id.active = False
        self.assertTrue(session.ended_at)
        self.assertTrue(
            self.env["cc.command"].search(
                [("agent_id", "=", self.ann.id), ("kind", "=", "sign_out")]
            )
        )

    def alarm(self, at=T0, **about):
        body = {"why": "destination", "agent": None, "phone": None, "number": None}
        return self.fact("dial.alarm", at, dial={**body, "call_uid": None, **about})

    def told_to(self, user):
        return self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "=", user.partner_id.id),
                ("mail_message_id.subject", "ilike", "dialling alarm"),
            ]
        )

    def test_alarms(self):
        """A row each; administrators are told once of the same; the number stands in its own row only."""
        self.ingest(self.alarm(agent="8101", phone="8201", number=DEAR))
        [row] = self.env["cc.dial.alarm"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual(
            (row.why, row.agent_id, row.extension, row.number_id.key),
            ("destination", self.ann, "8201", DEAR),
        )
        self.assertEqual(self.told_to(self.ada), 1)
        self.assertEqual(self.told_to(self.ann.user_id), 0)
        self.assertEqual(self.told_to(self.max.user_id), 0)
        bodies = self.env["mail.message"].search([("subject", "ilike", "dialling alarm")])
        self.assertNotIn("5551234", str(bodies.mapped("body")))
        self.assertIn("Ann", str(bodies.mapped("body")))
        self.ingest(self.alarm(agent="8101", phone="8201", number=DEAR))
        self.assertEqual(self.told_to(self.ada), 1)
        self.ingest(self.alarm(why="pair", number=DEAR))
        self.assertEqual(self.told_to(self.ada), 2)
        self.assertEqual(self.env["cc.dial.alarm"].search_count([]), 3)

    def test_who_goes_on_trying(self):
        """An attack that does not stop is told of again, each hour."""
        for minute in range(0, 150, 10):
            self.ingest(self.alarm(T0 + minute * 60 * S, agent="8101", number=DEAR))
        self.assertEqual(self.told_to(self.ada), 3)

    def test_many_at_once(self):
        """Of what comes in one batch the first is told."""
        self.ingest(*(self.alarm(agent="8101", number=DEAR) for _ in range(3)))
        self.assertEqual(self.told_to(self.ada), 1)

    def test_alarms_of_a_wrong_form(self):
        """Set aside like any fact, and nobody's agent makes a row without one."""
        for about in ({"why": "x"}, {"agent": 5}, {"number": "1" * 500}):
            before = self.env["cc.fact.rejected"].search_count([])
            self.ingest(self.alarm(**about))
            self.assertEqual(self.env["cc.fact.rejected"].search_count([]), before + 1)
        self.ingest(self.alarm(agent="9999", number="no number"))
        [row] = self.env["cc.dial.alarm"].search([])
        self.assertFalse(row.agent_id or row.number_id)


@tagged("post_install", "-at_install")
class TestStop(CentreCase):
    """TEL-66: leaders end a call of their department, with a reason, logged."""

    def going_on(self):
        return self.play_call(until="talking")

    def test_who_ends_it(self):
        call = self.going_on()
        for agent in (self.lea, self.max):
            answer = call.with_user(agent.user_id).stop("too long")
            command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
            self.assertEqual(
                (command.kind, command.call_uid, command.args, command.user_id),
                ("end_call", call.call_uid, {"reason": "too long"}, agent.user_id),
            )
            self.assertFalse(command.agent_id)
            self.assertEqual((call.stopped_by_id, call.stop_reason), (agent.user_id, "too long"))
        for agent in (self.ann, self.cai, self.lin):
            with self.subTest(agent=agent.name), self.assertRaises(AccessError):
                call.with_user(agent.user_id).stop("mine")

    def test_a_reason(self):
        call = self.going_on().with_user(self.lea.user_id)
        for reason in ("", "  ", None, 5):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                call.stop(reason)
        wizard = self.env[call.action_stop()["res_model"]].with_user(self.lea.user_id)
        wizard.create({"call_id": call.id, "reason": "suspicious"}).action_stop()
        self.assertEqual(call.stop_reason, "suspicious")

    def test_one_that_is_over(self):
        call = self.play_call()
        with self.assertRaisesRegex(UserError, "over"):
            call.with_user(self.lea.user_id).stop("late")
