# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import T0, FactsMixin, S


@tagged("post_install", "-at_install")
class TestRecent(FactsMixin, TransactionCase):
    """The agent's own last calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def recent(self, agent):
        return self.env["cc.agent"].with_user(agent.user_id).recent_calls()

    def lost(self, *targets):
        """A call that rang at agents, and nobody took it."""
        end = T0 + 20 * S
        body = self.call_body(
            str(uuid.uuid4()),
            1,
            "ended",
            legs=[self.leg(1, "customer", "13800138000", T0, end)],
            attempts=[
                self.attempt(n, who, T0 + 3 * S, end, "no_answer")
                for n, who in enumerate(targets, 1)
            ],
            ended_t=end,
            ended_by="customer",
            loss="queue",
        )
        fact = self.fact("call.ended", end, call=body)
        self.assertEqual(self.ingest(fact)[1], 0)
        return self.call_of([fact])

    def test_rows(self):
        """Answered, then missed; the number by its id and mask only."""
        partner = self.env["res.partner"].create({"name": "Zoltan Li"})
        self.env["cc.phone.link"].create({"number": "+8613800138000", "partner_id": partner.id})
        facts = self.life()
        self.ingest(*facts)
        call = self.call_of(facts)
        [row] = self.recent(self.ann)["calls"]
        self.assertEqual(
            row,
            {
                "id": call.id,
                "call_uid": call.call_uid,
                "at": T0,
                "direction": "inbound",
                "missed": False,
                "new": False,
                "name": "Zoltan Li",
                "agent": None,
                "agent_id": False,
                "mask": "+86 138 •••• 8000",
                "number_id": call.number_id.id,
                "queue": "Help",
                "talk_s": 48.0,
            },
        )
        self.assertEqual(self.recent(self.ben), {"calls": [], "missed": 0})

    def test_missed_at_once(self):
        """What rang out here is missed though the queue still rings others; what rings now is not."""
        uid = str(uuid.uuid4())
        legs = [self.leg(1, "customer", "13800138000", T0)]
        rings = [
            self.attempt(1, "8101", T0 + 3 * S, T0 + 9 * S, "no_answer"),
            self.attempt(2, "8102", T0 + 9 * S, None, None),
        ]
        body = self.call_body(uid, 1, "ringing", legs=legs, attempts=rings)
        self.assertEqual(self.ingest(self.fact("call.ringing", T0 + 9 * S, call=body))[1], 0)
        found = self.recent(self.ann)
        self.assertEqual([row["missed"] for row in found["calls"]], [True])
        self.assertEqual(found["missed"], 1)
        self.assertEqual(self.recent(self.ben), {"calls": [], "missed": 0})

    def test_a_transfer_is_missed_too(self):
        """Who lets ring out what a colleague has handed over has missed it; asked for advice in vain: not."""
        uid = str(uuid.uuid4())
        aside = {
            **self.attempt(2, "8102", T0 + 20 * S, T0 + 29 * S, "no_answer"),
            "queue": None,
        }
        rings = [self.attempt(1, "8101", T0 + 3 * S, T0 + 7 * S, "answered"), aside]
        move = {"t": T0 + 20 * S, "how": "blind", "by": "8101", "to": "8102", "completed": False}
        customer = self.leg(1, "customer", "13800138000", T0)
        legs = [customer, self.leg(2, "agent", "8101", T0 + 7 * S, T0 + 20 * S)]
        told = [
            ("asked", False, {"legs": [customer, self.leg(2, "agent", "8101", T0 + 7 * S)]}),
            ("handed over", True, {"legs": legs, "transfers": [move]}),
            (
                "taken after all",
                False,
                {
                    "legs": [*legs, self.leg(3, "agent", "8101", T0 + 33 * S)],
                    "transfers": [move],
                },
            ),
        ]
        for rev, (story, missed, more) in enumerate(told, 1):
            with self.subTest(story):
                body = self.call_body(
                    uid, rev, "talking", attempts=rings, answered_t=T0 + 7 * S, **more
                )
                fact = self.fact("call.transferred", T0 + 40 * S, call=body)
                self.assertEqual(self.ingest(fact)[1], 0)
                self.assertEqual(self.recent(self.ben)["missed"], int(missed))
                self.assertEqual(self.recent(self.ann)["missed"], 0)

    def test_missed(self):
        """Missed is what rang here and nobody took; counted until it was looked at."""
        taken = self.life()
        self.ingest(*taken[:2])
        body = dict(taken[-1]["call"])
        body["attempts"] = [
            self.attempt(1, "8102", T0 + 3 * S, T0 + 7 * S, "cancelled"),
            self.attempt(2, "8101", T0 + 3 * S, T0 + 7 * S, "answered"),
        ]
        self.ingest(self.fact("call.ended", T0 + 60 * S, call=body))
        self.assertEqual(self.recent(self.ben)["missed"], 0)
        self.lost("8102", "8101")
        self.lost("8102")
        self.assertEqual(
            [
                (self.recent(agent)["missed"], len(self.recent(agent)["calls"]))
                for agent in (self.ann, self.ben)
            ],
            [(1, 2), (2, 3)],
        )
        with freeze_time(self.at(30)):
            self.env["cc.agent"].with_user(self.ben.user_id).recent_seen()
        recent = self.recent(self.ben)
        self.assertEqual(recent["missed"], 0)
        self.assertEqual([row["missed"] for row in recent["calls"]].count(True), 2)
        self.assertEqual(self.recent(self.ann)["missed"], 1)

    def test_outbound_not_answered_is_not_missed(self):
        body = self.call_body(
            str(uuid.uuid4()),
            1,
            "ended",
            direction="outbound",
            **{"from": {"number": "8101", "name": None}, "to": {"number": "13912345678"}},
            queue=None,
            legs=[self.leg(1, "agent", "8101", T0, T0 + 9 * S)],
            attempts=[
                {**self.attempt(1, "13912345678", T0, T0 + 9 * S, "no_answer"), "queue": None}
            ],
            ended_t=T0 + 9 * S,
        )
        self.ingest(self.fact("call.ended", T0 + 9 * S, call=body))
        [row] = self.recent(self.ann)["calls"]
        self.assertEqual((row["direction"], row["missed"]), ("outbound", False))
        self.assertTrue(row["number_id"])

    def test_internal(self):
        """The colleague is named; there is no outside number."""
        body = self.call_body(
            str(uuid.uuid4()),
            1,
            "ended",
            direction="internal",
            **{"from": {"number": "8101", "name": None}, "to": {"number": "8102"}},
            queue=None,
            legs=[
                self.leg(1, "agent", "8101", T0, T0 + 9 * S),
                self.leg(2, "agent", "8102", T0 + S, T0 + 9 * S),
            ],
            answered_t=T0 + S,
            ended_t=T0 + 9 * S,
        )
        self.ingest(self.fact("call.ended", T0 + 9 * S, call=body))
        [row] = self.recent(self.ann)["calls"]
        self.assertEqual((row["agent"], row["mask"], row["number_id"]), ("Ben", "8102", False))
        [row] = self.recent(self.ben)["calls"]
        self.assertEqual(row["agent"], "Ann")

    def test_thirty_at_most_and_few_queries(self):
        facts = [fact for _n in range(35) for fact in self.life()]
        self.ingest(*facts)
        agents = self.env["cc.agent"].with_user(self.ann.user_id)
        self.assertEqual(len(agents.recent_calls()["calls"]), 30)
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            agents.recent_calls()

    def test_agents_only(self):
        clerk = new_test_user(self.env, "cc_clerk3", groups="base.group_user")
        for name in ("recent_calls", "recent_seen", "announcements"):
            with self.assertRaises(AccessError):
                getattr(self.env["cc.agent"].with_user(clerk), name)()
