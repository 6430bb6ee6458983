# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from odoo.tests import TransactionCase, tagged

from .common import T0, FactsMixin, S


@tagged("post_install", "-at_install")
class TestIngestAgents(FactsMixin, TransactionCase):
    """Facts of agents' states become intervals that never overlap and have no gaps of our making."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def intervals(self, agent):
        rows = self.env["cc.agent.interval"].search(
            [("agent_id", "=", agent.id)], order="started_at"
        )
        return [(row.state, row.started_at, row.ended_at or None) for row in rows]

    def test_chain(self):
        """A morning, in one batch and fact by fact."""
        story = [("busy", 0), ("ready", 10), ("ringing", 30), ("on_call", 34), ("wrap_up", 90)]
        wanted = [
            ("busy", self.at(0), self.at(10)),
            ("ready", self.at(10), self.at(30)),
            ("ringing", self.at(30), self.at(34)),
            ("on_call", self.at(34), self.at(90)),
            ("wrap_up", self.at(90), None),
        ]
        self.ingest(*[self.agent_fact(self.ann, state, T0 + at * S) for state, at in story])
        self.assertEqual(self.intervals(self.ann), wanted)
        for state, at in story:
            self.ingest(self.agent_fact(self.ben, state, T0 + at * S))
        self.assertEqual(self.intervals(self.ben), wanted)
        self.assertEqual(self.ann.state, "wrap_up")
        self.assertEqual(self.ann.since, self.at(90))
        row = self.env["cc.agent.interval"].search(
            [("agent_id", "=", self.ann.id), ("state", "=", "on_call")]
        )
        self.assertEqual(row.duration_s, 56.0)
        self.assertEqual(row.department_id, self.service)

    def test_offline(self):
        """A signed-out agent has no open interval."""
        self.ingest(self.agent_fact(self.ann, "ready", T0))
        self.ingest(self.agent_fact(self.ann, "offline", T0 + 5 * S))
        self.assertEqual(self.intervals(self.ann), [("ready", self.at(0), self.at(5))])
        self.assertEqual(self.ann.state, "offline")
        self.assertIn(self.ann, self.env["cc.agent"].search([("state", "=", "offline")]))
        self.assertNotIn(self.ann, self.env["cc.agent"].search([("state", "=", "ready")]))

    def test_too_early(self):
        """A state said to have begun before the one known is cut to fit, never refused."""
        self.ingest(self.agent_fact(self.ann, "busy", T0))
        self.ingest(self.agent_fact(self.ann, "ready", T0 + 10 * S))
        self.assertEqual(self.ingest(self.agent_fact(self.ann, "break", T0 + 4 * S))[1], 0)
        self.assertEqual(
            self.intervals(self.ann),
            [("busy", self.at(0), self.at(10)), ("break", self.at(10), None)],
        )

    def test_early_after_offline(self):
        """After a clock was set back the next stretch begins where the last ended."""
        self.ingest(
            self.agent_fact(self.ann, "ready", T0),
            self.agent_fact(self.ann, "offline", T0 + 60 * S),
        )
        self.ingest(self.agent_fact(self.ann, "busy", T0 + 50 * S))
        self.assertEqual(
            self.intervals(self.ann),
            [("ready", self.at(0), self.at(60)), ("busy", self.at(60), None)],
        )

    def test_told_again(self):
        """After a reconnect the bridge tells the same state: the interval goes on."""
        self.ingest(self.agent_fact(self.ann, "ready", T0))
        self.ingest(self.agent_fact(self.ann, "ready", T0))
        self.ingest(self.agent_fact(self.ann, "ready", T0 + 30 * S))
        self.assertEqual(self.intervals(self.ann), [("ready", self.at(0), None)])

    def test_repeated_request(self):
        """The answer was lost and the bridge sends again: no state is entered twice or told twice."""
        facts = [
            self.agent_fact(self.ann, state, T0 + at * S)
            for state, at in (("busy", 0), ("ready", 10), ("break", 20))
        ]
        self.ingest(*facts)
        wanted = self.intervals(self.ann)
        self.bus_messages()
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 0))
        self.assertEqual(self.intervals(self.ann), wanted)
        self.assertFalse(self.bus_messages())
        # a request that overlaps: only what is new counts
        new = self.agent_fact(self.ann, "ready", T0 + 30 * S)
        self.ingest(*facts, new)
        self.assertEqual(
            self.intervals(self.ann)[2:],
            [("break", self.at(20), self.at(30)), ("ready", self.at(30), None)],
        )

    def test_same_instant(self):
        """A state that never lasted leaves no row."""
        self.ingest(
            self.agent_fact(self.ann, "ready", T0),
            self.agent_fact(self.ann, "ringing", T0 + S),
            self.agent_fact(self.ann, "on_call", T0 + S),
        )
        self.assertEqual(
            self.intervals(self.ann),
            [("ready", self.at(0), self.at(1)), ("on_call", self.at(1), None)],
        )

    def test_unknown_agent(self):
        good = self.agent_fact(self.ben, "ready", T0)
        self.assertEqual(self.ingest(self.agent_fact("9999", "ready", T0), good)[1], 1)
        self.assertEqual(self.ben.state, "ready")

    def test_unknown_state(self):
        self.assertEqual(self.ingest(self.agent_fact(self.ann, "asleep", T0))[1], 1)

    def test_call_and_message(self):
        """The interval names its call, and the agent's browser hears of the state."""
        facts = self.life()
        uid = facts[0]["call"]["call_uid"]
        reason = self.env["cc.break.reason"].create({"name": "Tea"})
        self.ingest(
            *facts[:2],
            self.agent_fact(self.ann, "ringing", T0 + 3 * S, call_uid=uid),
            self.agent_fact(self.ben, "break", T0, reason="Tea"),
        )
        row = self.env["cc.agent.interval"].search([("agent_id", "=", self.ann.id)])
        self.assertEqual(row.call_id, self.call_of(facts))
        self.assertEqual(
            self.env["cc.agent.interval"].search([("agent_id", "=", self.ben.id)]).reason_id, reason
        )
        [message] = self.told(self.ann, "cc.agent/state")
        clock = message.pop("clock_us")
        self.assertIsInstance(clock, int)
        self.assertEqual(
            message,
            {
                "agent_id": self.ann.id,
                "session_id": False,
                "state": "ringing",
                "reason": None,
                "since": T0 + 3 * S,
                "until": None,
                "more": 0,
                "talks_on": False,
                "next": None,
                "reachable": True,
                "device": "desk",
                "extension": "8201",
                "call_uid": uid,
            },
        )

    def test_foreign_session(self):
        """A session that isn't the agent's is not linked."""
        session = self.env["cc.agent.session"].create(
            {
                "agent_id": self.ben.id,
                "company_id": self.company.id,
                "device": "desk",
                "started_at": self.at(0),
            }
        )
        self.ingest(self.agent_fact(self.ann, "busy", T0, session=session.id))
        self.assertFalse(
            self.env["cc.agent.interval"].search([("agent_id", "=", self.ann.id)]).session_id
        )
        self.ingest(self.agent_fact(self.ben, "busy", T0, session=session.id))
        self.assertEqual(
            self.env["cc.agent.interval"].search([("agent_id", "=", self.ben.id)]).session_id,
            session,
        )

    def test_pbx_state(self):
        """The link's state shows on the PBX, and its agents are told when it changes."""
        self.bus_messages()
        body = {
            "connected": False,
            "asterisk": "22.1.0",
            "boot_t": T0,
            "reconciled": False,
            "error": "login",
            "message": "Authentication failed",
        }
        self.cursor.connected = True
        self.ingest(self.fact("pbx.state", pbx_state=body))
        self.assertRecordValues(
            self.cursor,
            [
                {
                    "connected": False,
                    "asterisk_version": "22.1.0",
                    "error": "login",
                    "boot_at": self.at(0),
                }
            ],
        )
        self.assertEqual(
            self.told(self.ann, "cc.pbx/state"),
            [
                {
                    "pbx_id": self.pbx.id,
                    "connected": False,
                    "message": "Authentication failed",
                }
            ],
        )
        self.ingest(self.fact("pbx.state", pbx_state=body))
        self.assertFalse(self.told(self.ann, "cc.pbx/state"))

    def test_unknown_call_uid(self):
        self.ingest(self.agent_fact(self.ann, "on_call", T0, call_uid=str(uuid.uuid4())))
        self.assertEqual(self.ann.state, "on_call")
