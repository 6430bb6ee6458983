# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..ingest.visits import visits_of
from ..utils.times import from_us
from .bodies import attempt_body, call_body, leg_body
from .common import T0, FactsMixin, S

M = 60 * S
STAT_CLOCK = "odoo.addons.cc_telephony.models.stat.cc_stat_dirty.now"


@tagged("post_install", "-at_install")
class TestVisits(TransactionCase):
    """Stays in queues, worked out from the whole call (TEL-41, kpi.md §1)."""

    def story(self, **body):
        """`(queue, entered, left, outcome)` of each visit, in seconds."""
        call = call_body(str(uuid.uuid4()), 1, "ended", **{"queue": "help", "queued_t": 0, **body})
        found = visits_of(call, lambda token: token in ("help", "sales", "late"))
        return [
            (
                visit["queue"],
                visit["entered_t"] / S,
                visit["left_t"] and visit["left_t"] / S,
                visit["outcome"],
            )
            for visit in found
        ]

    @staticmethod
    def ring(n, queue, start, end=None, outcome=None, target="8101"):
        return attempt_body(n, queue, target, start * S, end and end * S, outcome)

    def test_plain(self):
        """Waiting, answered, hung up, let go, ended by the PBX."""
        answered = self.ring(1, "help", 3, 7, "answered")
        self.assertEqual(self.story(), [("help", 0, None, None)])
        self.assertEqual(
            self.story(attempts=[answered], answered_t=7 * S, ended_t=60 * S, ended_by="agent"),
            [("help", 0, 7, "answered")],
        )
        for loss, ended_by, outcome in (
            ("queue", "customer", "abandoned"),
            ("overflow", "system", "overflow"),
            ("queue", "system", "ended"),
        ):
            with self.subTest(outcome):
                self.assertEqual(
                    self.story(ended_t=30 * S, ended_by=ended_by, loss=loss),
                    [("help", 0, 30, outcome)],
                )

    def test_never_queued(self):
        """A menu, a direct call and a closed line are no visit."""
        self.assertEqual(self.story(queued_t=None, queue=None), [])
        self.assertEqual(self.story(ended_t=5 * S, loss="out_of_hours"), [])

    def test_ring_all(self):
        """Losers of a ring at all agents are no further visit."""
        rings = [
            self.ring(1, "help", 3, 7, "cancelled"),
            self.ring(2, "help", 3, 7, "answered", "8102"),
        ]
        self.assertEqual(self.story(attempts=rings, answered_t=7 * S), [("help", 0, 7, "answered")])

    def test_three_queues(self):
        """QS-15: two overflows and an answer, whatever the PBX did between."""
        rings = [
            self.ring(1, "help", 10, 25, "no_answer"),
            self.ring(2, "sales", 60, 75, "no_answer"),
            self.ring(3, "late", 120, 150, "answered"),
        ]
        self.assertEqual(
            self.story(attempts=rings, queue="late", answered_t=150 * S, ended_t=180 * S),
            [
                ("help", 0, 60, "overflow"),
                ("sales", 60, 120, "overflow"),
                ("late", 120, 150, "answered"),
            ],
        )

    def test_led_on_without_a_ring(self):
        """Nobody was rung in the middle queue: the PBX's own word of it, and of a menu of 5 s behind it, counts."""
        entries = [
            {"queue": "help", "from_t": 0, "to_t": 30 * S},
            {"queue": "sales", "from_t": 30 * S, "to_t": 70 * S},
            {"queue": "late", "from_t": 75 * S, "to_t": 90 * S},
        ]
        rings = [
            self.ring(1, "help", 10, 25, "no_answer"),
            self.ring(2, "late", 80, 90, "answered"),
        ]
        led = {"entries": entries, "attempts": rings, "queue": "late", "answered_t": 90 * S}
        expected = [
            ("help", 0, 30, "overflow"),
            ("sales", 30, 70, "overflow"),
            ("late", 75, 90, "answered"),
        ]
        self.assertEqual(self.story(**led, ended_t=120 * S), expected)
        # nobody was rung at all, and the caller gave up in the last
        gone = {"ended_by": "customer", "loss": "queue", "ended_t": 90 * S}
        self.assertEqual(
            self.story(entries=entries, queue="late", **gone),
            [*expected[:2], ("late", 75, 90, "abandoned")],
        )
        # the last goes on; the first was left by a colleague's transfer
        move = {"t": 29 * S, "how": "blind", "by": "8101", "to": "sales", "completed": False}
        self.assertEqual(
            self.story(entries=entries[:2], transfers=[move], queue="sales")[0],
            ("help", 0, 30, "handed_over"),
        )

    def test_transferred(self):
        """A hand-over to a queue after talk is a second visit; hung up there it is abandoned there."""
        first = self.ring(1, "help", 3, 7, "answered")
        move = {"t": 50 * S, "how": "blind", "by": "8101", "to": "sales", "completed": False}
        self.assertEqual(
            self.story(
                attempts=[first],
                transfers=[move],
                queue="sales",
                answered_t=7 * S,
                ended_t=80 * S,
                ended_by="customer",
            ),
            [("help", 0, 7, "answered"), ("sales", 50, 80, "abandoned")],
        )

    def test_direct_then_queue(self):
        """A direct call handed over to a queue has waited in that one only."""
        move = {"t": 50 * S, "how": "blind", "by": "8101", "to": "sales", "completed": True}
        self.assertEqual(
            self.story(
                attempts=[
                    self.ring(1, None, 1, 4, "answered"),
                    self.ring(2, "sales", 52, 58, "answered"),
                ],
                transfers=[move],
                queue="sales",
                queued_t=50 * S,
                answered_t=4 * S,
            ),
            [("sales", 50, 58, "answered")],
        )

    def test_advice(self):
        """A queue that was asked for advice while the customer heard music is no visit."""
        self.assertEqual(
            self.story(
                attempts=[
                    self.ring(1, "help", 3, 7, "answered"),
                    self.ring(2, "sales", 22, 25, "answered", "8103"),
                ],
                holds=[{"from_t": 20 * S, "to_t": 40 * S, "by": "8101"}],
                answered_t=7 * S,
                ended_t=60 * S,
            ),
            [("help", 0, 7, "answered")],
        )

    def test_picked_up(self):
        """A colleague who picks up answers the visit."""
        self.assertEqual(
            self.story(attempts=[self.ring(1, "help", 3, 9, "taken")], answered_t=9 * S),
            [("help", 0, 9, "answered")],
        )

    def test_back_in_the_queue(self):
        """A phone that died: the customer comes back to the queue and is a visit again."""
        rings = [
            self.ring(1, "help", 3, 7, "answered"),
            self.ring(2, "help", 90, 95, "answered", "8102"),
        ]
        self.assertEqual(
            self.story(attempts=rings, answered_t=7 * S),
            [("help", 0, 7, "answered"), ("help", 90, 95, "answered")],
        )


class StatCase(FactsMixin):
    """A centre whose figures are recomputed at times that the test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.env["cc.stat.dirty"].sudo().search([]).unlink()

    def setUp(self):
        super().setUp()
        clock = patch("odoo.addons.cc_telephony.ingest.stat.now_us", lambda: T0 + self.minutes * M)
        self.minutes = 30
        self.enterContext(clock)

    def recompute(self, minutes):
        """Bring figures up to date `minutes` after T0."""
        self.minutes = minutes
        with patch(STAT_CLOCK, return_value=from_us(T0 + minutes * M)):
            dirty = self.env["cc.stat.dirty"].sudo()
            dirty._mark_open()
            while dirty._recompute():
                pass
        self.env.invalidate_all()

    def abandoned(self, wait_us, after=0):
        """A caller who hangs up after so long.

        :param after: µs after T0 at which the call begins
        """
        uid = str(uuid.uuid4())
        start = T0 + after
        end = start + S + wait_us
        legs = [leg_body(1, "customer", "13800138000", start, end)]
        body = self.call_body(
            uid,
            1,
            "ended",
            legs=legs,
            started_t=start,
            queued_t=start + S,
            ended_t=end,
            ended_by="customer",
            loss="queue",
        )
        return self.fact("call.ended", end, call=body)


@tagged("post_install", "-at_install")
class TestStat(StatCase, TransactionCase):
    """Figures by quarter hour: by thought, step by step, and rebuilt (TEL-44, TEL-45)."""

    def rows(self, model):
        """Our figures, by key, quarter and department, without what is zero; other addons may add theirs."""
        records = self.env[model].sudo().search([("company_id", "=", self.company.id)])
        names = [
            name
            for name in records._stat_columns()
            if "cc_telephony" in records._fields[name]._modules
        ]
        found = {
            (
                record[record._stat_key].id,
                int((record.bucket_at - self.at(0)).total_seconds() / 900),
                record.department_id.id,
            ): {name: round(record[name], 3) for name in names if record[name]}
            for record in records
        }
        return {key: row for key, row in found.items() if row}

    def assert_rebuilt(self, minutes):
        """Everything thrown away and counted anew is the same."""
        models = ("cc.stat.agent", "cc.stat.queue")
        before = [self.rows(model) for model in models]
        for model in models:
            self.env[model].sudo().search([]).unlink()
        self.env["cc.stat.dirty"].sudo()._mark_everything()
        self.recompute(minutes)
        self.assertEqual([self.rows(model) for model in models], before)
        self.assertTrue(any(before))

    def test_a_call(self):
        """One queue call within a quarter: every count where it belongs, states add up."""
        states = [("busy", -60), ("ready", -30), ("ringing", 3), ("on_call", 7), ("wrap_up", 60)]
        self.ingest(*[self.agent_fact(self.ann, state, T0 + at * S) for state, at in states])
        self.ingest(*self.life())
        self.ingest(self.agent_fact(self.ann, "offline", T0 + 70 * S))
        self.recompute(30)
        service = self.service.id
        self.assertEqual(
            self.rows("cc.stat.queue"),
            {
                (self.queue.id, 0, service): {
                    "offered": 1,
                    "answered": 1,
                    "answered_within": 1,
                    "wait_answered_s": 6,
                    "wait_longest_s": 6,
                    "rings": 1,
                    "ring_s": 4,
                }
            },
        )
        self.assertEqual(
            self.rows("cc.stat.agent"),
            {
                (self.ann.id, -1, service): {
                    "signed_in_s": 60,
                    "busy_s": 30,
                    "ready_s": 30,
                    "busy_count": 1,
                    "ready_count": 1,
                },
                (self.ann.id, 0, service): {
                    "signed_in_s": 70,
                    "ready_s": 3,
                    "ring_s": 4,
                    "talk_s": 48,
                    "hold_s": 5,
                    "wrap_up_s": 10,
                    "rings": 1,
                    "answered": 1,
                    "answered_kept": 1,
                    "handled": 1,
                    "handled_s": 53,
                },
            },
        )
        self.assert_rebuilt(30)

    def test_a_queue_left_without_a_ring(self):
        """Told in one fact of a call that was over: 30 s in a queue that rang nobody, 30 s in the next."""
        sales = self.queue.copy({"name": "Sales", "code": "sales"})
        fact = self.abandoned(60 * S)
        start = fact["call"]["queued_t"]
        middle, end = start + 30 * S, start + 60 * S
        fact["call"]["entries"] = [
            {"queue": "sales", "from_t": start, "to_t": middle},
            {"queue": "help", "from_t": middle, "to_t": end},
        ]
        self.ingest(fact)
        self.recompute(30)
        service = self.service.id
        self.assertEqual(
            self.rows("cc.stat.queue"),
            {
                (sales.id, 0, sales.department_id.id): {
                    "offered": 1,
                    "overflow": 1,
                    "wait_other_s": 30,
                    "wait_longest_s": 30,
                },
                (self.queue.id, 0, service): {
                    "offered": 1,
                    "abandoned": 1,
                    "wait_abandoned_s": 30,
                    "wait_longest_s": 30,
                },
            },
        )
        self.assert_rebuilt(30)

    def test_over_hours(self):
        """A state over several quarters is split at their borders; one that goes on counts up to the last."""
        self.ingest(self.agent_fact(self.ann, "ready", T0 + 10 * M))
        self.recompute(20)
        service = self.service.id
        first = {"signed_in_s": 300, "ready_s": 300, "ready_count": 1}
        self.assertEqual(self.rows("cc.stat.agent"), {(self.ann.id, 0, service): first})
        self.recompute(46)
        whole = {"signed_in_s": 900, "ready_s": 900}
        grown = {(self.ann.id, 0, service): first, (self.ann.id, 1, service): whole}
        grown[self.ann.id, 2, service] = whole
        self.assertEqual(self.rows("cc.stat.agent"), grown)
        # told late: it was over in the second quarter
        self.ingest(self.agent_fact(self.ann, "offline", T0 + 20 * M))
        self.recompute(50)
        del grown[self.ann.id, 2, service]
        grown[self.ann.id, 1, service] = {"signed_in_s": 300, "ready_s": 300}
        self.assertEqual(self.rows("cc.stat.agent"), grown)
        self.assert_rebuilt(50)

    def test_ready_with_no_phone_behind_it(self):
        """TEL-62: what nothing could ring in is no Ready: 10:00 to 12:00 and 14:00 to 15:00 are."""
        ready = lambda minute, there: self.agent_fact(  # noqa: E731
            self.ann, "ready", T0 + minute * M, reachable=there
        )
        self.ingest(ready(10, True), ready(12, False), ready(14, True))
        self.ingest(self.agent_fact(self.ann, "offline", T0 + 15 * M))
        self.recompute(20)
        figures = {"signed_in_s": 300, "ready_s": 180, "away_s": 120, "ready_count": 2}
        service = self.service.id
        self.assertEqual(self.rows("cc.stat.agent"), {(self.ann.id, 0, service): figures})
        self.assert_rebuilt(20)

    def test_midnight(self):
        """QS-19: a call over midnight gives each day its share, and no quarter is over 100 %."""
        start = T0 + (15 * 60 + 50) * M  # 23:50
        for state, minutes in (("ready", -5), ("on_call", 0), ("wrap_up", 30), ("ready", 33)):
            self.ingest(self.agent_fact(self.ann, state, start + minutes * M))
        self.ingest(self.agent_fact(self.ann, "offline", start + 40 * M))
        self.recompute(17 * 60)
        rows = self.rows("cc.stat.agent")
        talk = {
            quarter: row.get("talk_s", 0) + row.get("wrap_up_s", 0)
            for (_agent, quarter, _department), row in rows.items()
        }
        self.assertEqual(talk, {63: 600, 64: 900, 65: 480})
        for row in rows.values():
            states = sum(row.get(name, 0) for name in ("talk_s", "wrap_up_s", "ready_s"))
            self.assertAlmostEqual(states, row["signed_in_s"])
            self.assertLessEqual(row["signed_in_s"], 900)

    def test_limits(self):
        """QS-17: within a time means up to it and with it, to the millisecond."""
        for wait_ms, within, short in (
            (4999, 1, 1),
            (5000, 1, 1),
            (5001, 1, 0),
            (19999, 1, 0),
            (20000, 1, 0),
            (20001, 0, 0),
        ):
            with self.subTest(wait_ms=wait_ms):
                self.ingest(self.abandoned(wait_ms * 1000))
                self.recompute(30)
                row = self.rows("cc.stat.queue")[self.queue.id, 0, self.service.id]
                self.assertEqual(row.get("abandoned_within", 0), within)
                self.assertEqual(row.get("abandoned_short", 0), short)
                self.env["cc.call.visit"].sudo().search([]).unlink()

    def test_promise_is_kept(self):
        """A later change of the queue's service level or department changes no old figure."""
        self.ingest(self.abandoned(15 * S))
        self.queue.write({"service_level_s": 10, "department_id": self.sales.id})
        self.env["cc.stat.dirty"].sudo()._mark_everything()
        self.recompute(30)
        row = self.rows("cc.stat.queue")[self.queue.id, 0, self.service.id]
        self.assertEqual((row["abandoned"], row["abandoned_within"]), (1, 1))

    def test_late_facts(self):
        """A correction and a rating that come days later move the figures they concern."""
        facts = self.life()
        self.ingest(*facts)
        self.recompute(30)
        service = self.service.id
        last = facts[-1]["call"]
        rating = {"outcome": "dissatisfied", "key": "3"}
        rated = {**last, "rev": last["rev"] + 1, "rating": rating}
        self.ingest(self.fact("call.rated", T0 + 61 * S, call=rated))
        self.recompute(60)
        self.assertEqual(self.rows("cc.stat.agent")[self.ann.id, 0, service]["dissatisfied"], 1)
        # it was Ben who answered, and in the next quarter
        late = 15 * M
        legs = [
            {**leg, "number": "8102" if leg["role"] == "agent" else leg["number"]}
            for leg in last["legs"]
        ]
        legs[1]["joined_t"] += late
        for leg in legs:
            leg["left_t"] += late
        attempts = [
            {
                **last["attempts"][0],
                "target": "8102",
                "ring_t": T0 + late,
                "end_t": T0 + late + 7 * S,
            }
        ]
        corrected = {
            **rated,
            "rev": rated["rev"] + 1,
            "legs": legs,
            "attempts": attempts,
            "holds": [],
            "answered_t": T0 + late + 7 * S,
            "ended_t": T0 + late + 60 * S,
        }
        self.ingest(self.fact("call.corrected", T0 + 100 * M, call=corrected))
        self.recompute(3 * 24 * 60)
        self.assertEqual(
            self.rows("cc.stat.agent"),
            {
                (self.ben.id, 1, service): {
                    "rings": 1,
                    "answered": 1,
                    "answered_kept": 1,
                    "handled": 1,
                    "handled_s": 53,
                    "dissatisfied": 1,
                }
            },
        )
        queue = self.rows("cc.stat.queue")
        self.assertEqual(queue[self.queue.id, 0, service], {"offered": 1})
        self.assertEqual(queue[self.queue.id, 1, service]["answered"], 1)
        self.assertNotIn("answered_within", queue[self.queue.id, 1, service])
        self.assert_rebuilt(3 * 24 * 60)

    def test_outbound_and_hand_over(self):
        """Who dials gets the outbound call; who hands over does not keep it, both have their part."""
        t = T0
        uid = str(uuid.uuid4())
        legs = [
            leg_body(1, "agent", "8101", t, t + 50 * S),
            leg_body(2, "customer", "13800138000", t + 10 * S, t + 90 * S),
            leg_body(3, "agent", "8102", t + 55 * S, t + 90 * S),
        ]
        body = call_body(
            uid,
            1,
            "ended",
            **{
                "direction": "outbound",
                "to": {"number": "13800138000"},
                "started_t": t,
                "answered_t": t + 10 * S,
                "ended_t": t + 90 * S,
                "ended_by": "customer",
                "legs": legs,
                "attempts": [attempt_body(1, None, "8102", t + 50 * S, t + 55 * S, "answered")],
                "transfers": [
                    {"t": t + 50 * S, "how": "blind", "by": "8101", "to": "8102", "completed": True}
                ],
            },
        )
        self.ingest(self.fact("call.ended", t + 90 * S, call=body))
        self.recompute(30)
        service = self.service.id
        self.assertEqual(
            self.rows("cc.stat.agent"),
            {
                (self.ann.id, 0, service): {
                    "outbound": 1,
                    "outbound_answered": 1,
                    "transfers": 1,
                    "handled": 1,
                    "handled_s": 50,
                },
                (self.ben.id, 0, service): {
                    "rings": 1,
                    "answered": 1,
                    "answered_kept": 1,
                    "handled": 1,
                    "handled_s": 35,
                },
            },
        )

    def test_moved_agent(self):
        """Work done before a move stays the old department's."""
        self.ingest(
            self.agent_fact(self.ann, "ready", T0), self.agent_fact(self.ann, "offline", T0 + 5 * M)
        )
        self.ann.department_id = self.sales
        self.ingest(*self.life())
        self.ingest(
            self.agent_fact(self.ann, "ready", T0 + 6 * M),
            self.agent_fact(self.ann, "offline", T0 + 8 * M),
        )
        self.recompute(30)
        rows = self.rows("cc.stat.agent")
        self.assertEqual(rows[self.ann.id, 0, self.service.id]["ready_s"], 300)
        self.assertEqual(rows[self.ann.id, 0, self.service.id]["answered"], 1)
        self.assertEqual(rows[self.ann.id, 0, self.sales.id]["ready_s"], 120)

    def test_keys_are_cheap(self):
        """A batch adds one statement, and one key an agent or queue."""
        self.ingest(*self.life())
        keys = self.env["cc.stat.dirty"].sudo().search([])
        self.assertEqual(len(keys.filtered("agent_id")), 1)
        self.assertEqual(len(keys.filtered("queue_id")), 1)
        self.assertEqual(keys.mapped("from_at"), [self.at(0)] * 2)

    def test_who_sees(self):
        """Agents their own figures, leaders their departments', managers all; nobody writes."""
        for agent in (self.ann, self.cai):
            self.ingest(
                self.agent_fact(agent, "ready", T0), self.agent_fact(agent, "offline", T0 + M)
            )
        self.ingest(self.abandoned(10 * S))
        self.recompute(30)

        def seen(user, model):
            return self.env[model].with_user(user).search([])

        for user, agents, queues in (
            (self.ann.user_id, self.ann, None),
            (self.lea.user_id, self.ann, self.queue),
            (self.lin.user_id, self.cai, self.env["cc.queue"]),
            (self.max.user_id, self.ann | self.cai, self.queue),
        ):
            with self.subTest(user.name):
                self.assertEqual(seen(user, "cc.stat.agent").agent_id, agents)
                if queues is not None:
                    self.assertEqual(seen(user, "cc.stat.queue").queue_id, queues)
                self.assertFalse(self.env["cc.stat.agent"].with_user(user).has_access("write"))
        self.assertFalse(self.env["cc.stat.queue"].with_user(self.ann.user_id).has_access("read"))
        self.assertEqual(seen(self.lea.user_id, "cc.call.visit").queue_id, self.queue)
        self.assertFalse(seen(self.lin.user_id, "cc.call.visit"))
