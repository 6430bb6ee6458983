# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import copy
import uuid

from odoo.tests import TransactionCase, tagged

from ..ingest.errors import EpochError
from .common import T0, FactsMixin, S


@tagged("post_install", "-at_install")
class TestIngestCalls(FactsMixin, TransactionCase):
    """Facts of calls become one row a call, whatever way they arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def check_whole(self, call):
        """The row after all six facts of `life`, by hand from its story."""
        self.assertRecordValues(
            call,
            [
                {
                    "rev": 6,
                    "state": "ended",
                    "direction": "inbound",
                    "company_id": self.company.id,
                    "department_id": self.service.id,
                    "queue_id": self.queue.id,
                    "agent_id": self.ann.id,
                    "number_display": "+86 138 0013 8000",
                    "line": "trunk",
                    "started_at": self.at(0),
                    "queued_at": self.at(1),
                    "ring_at": self.at(3),
                    "answered_at": self.at(7),
                    "ended_at": self.at(60),
                    "wait_s": 6.0,
                    "ring_s": 4.0,
                    "hold_s": 5.0,
                    "talk_s": 48.0,
                    "duration_s": 60.0,
                    "hold_count": 1,
                    "ended_by": "customer",
                    "cause": 16,
                    "loss": False,
                }
            ],
        )
        self.assertRecordValues(
            call.attempt_ids,
            [
                {
                    "n": 1,
                    "agent_id": self.ann.id,
                    "queue_id": self.queue.id,
                    "ring_at": self.at(3),
                    "end_at": self.at(7),
                    "ring_s": 4.0,
                    "outcome": "answered",
                }
            ],
        )
        self.assertRecordValues(
            call.leg_ids,
            [
                {
                    "leg": 1,
                    "role": "customer",
                    "agent_id": False,
                    "number_display": "+86 138 0013 8000",
                    "channels": "pbx-1.1",
                    "joined_at": self.at(0),
                    "left_at": self.at(60),
                },
                {
                    "leg": 2,
                    "role": "agent",
                    "agent_id": self.ann.id,
                    "number_display": False,
                    "channels": "pbx-2.2",
                    "joined_at": self.at(7),
                    "left_at": self.at(60),
                },
            ],
        )

    def test_one_by_one(self):
        facts = self.life()
        for fact in facts:
            self.assertEqual(self.ingest(fact), (fact["seq"], 0))
        self.check_whole(self.call_of(facts))

    def test_all_at_once(self):
        facts = self.life()
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 0))
        self.check_whole(self.call_of(facts))
        self.assertEqual(self.cursor.seq, facts[-1]["seq"])
        self.assertEqual(self.cursor.last_fact_at, self.at(60))

    def test_last_only(self):
        """A fact carries the whole call: one is enough."""
        facts = self.life()
        self.ingest(facts[-1])
        self.check_whole(self.call_of(facts))

    def test_repeated_request(self):
        """The answer was lost, the bridge sends again: nothing is doubled."""
        facts = self.life()
        self.ingest(*facts)
        self.bus_messages()
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 0))
        self.check_whole(self.call_of(facts))
        self.assertFalse(self.bus_messages())

    def test_few_queries(self):
        """A fact costs the database the same few questions, whatever is on the card."""
        # what other addons ask is theirs to count
        self.patch(type(self.env["cc.call"]), "_cc_moment_handlers", lambda calls: {})
        self.patch(type(self.env["cc.call"]), "_cc_extra_for", lambda call, agent: {})
        self.ingest(*self.life())
        facts = self.life()
        self.ingest(*facts[:2])
        # three are for figures: the queue visit read and written, the stale keys; one that a cache may save
        with self.assertQueryCount(31):
            self.ingest(facts[2])
        with self.assertQueryCount(28):
            self.ingest(facts[3])

    def test_revisions_out_of_order(self):
        """A lower revision under a higher number changes nothing."""
        facts = self.life()
        old = copy.deepcopy(facts[1])
        type(self).seq += 1
        old["seq"] = self.seq
        self.ingest(*facts)
        self.bus_messages()
        self.assertEqual(self.ingest(old), (old["seq"], 0))
        self.check_whole(self.call_of(facts))
        self.assertFalse(self.bus_messages())

    def test_old_epoch(self):
        """An older bridge of this PBX can't mix in."""
        facts = self.life()
        with self.assertRaises(EpochError) as caught:
            self.ingest(*facts, epoch=2)
        self.assertEqual(caught.exception.epoch, 3)
        self.assertFalse(self.call_of(facts))
        self.assertEqual(self.cursor.seq, 100)

    def test_bad_fact_among_good_ones(self):
        """The bad one is set aside and said; the good ones around it are applied."""
        before, after = self.life(), self.life()
        bad = copy.deepcopy(self.life()[:1][0])
        bad["call"]["state"] = "dreaming"
        facts = sorted([*before, bad, *after], key=lambda fact: fact["seq"])
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 1))
        self.check_whole(self.call_of(before))
        self.check_whole(self.call_of(after))
        rejected = self.env["cc.fact.rejected"].search([("pbx_id", "=", self.pbx.id)])
        self.assertRecordValues(
            rejected,
            [
                {
                    "seq": bad["seq"],
                    "kind": "call.queued",
                    "call_uid": bad["call"]["call_uid"],
                    "state": "open",
                    "error": "the call: 'state' has a wrong value",
                }
            ],
        )
        self.assertEqual(rejected.fact, bad)

    def test_failure_in_the_database(self):
        """A fact that only the database refuses takes no other one with it."""
        other = self.env["cc.pbx"].create({"name": "Other", "code": "other"})
        facts = self.life()
        taken = self.life()
        self.env["cc.call"].sudo().create(
            {
                "call_uid": taken[0]["call"]["call_uid"],
                "pbx_id": other.id,
                "company_id": self.company.id,
                "direction": "inbound",
                "state": "ended",
                "rev": 1,
            }
        )
        agent = self.agent_fact("9999", "ready", T0)
        self.assertEqual(self.ingest(*facts, *taken, agent), (agent["seq"], 7))
        self.check_whole(self.call_of(facts))
        errors = self.env["cc.fact.rejected"].search([("pbx_id", "=", self.pbx.id)]).mapped("error")
        self.assertEqual(
            set(errors),
            {"the call belongs to another PBX", "there is no agent '9999' on this PBX"},
        )

    def test_one_by_one_messages(self):
        """What a failed batch had wanted to say is said once, by the second run."""
        facts = self.life()
        self.ingest(*facts, self.agent_fact("9999", "ready", T0))
        cards = self.told(self.ann, "cc.call/changed")
        self.assertEqual(
            [card["moment"] for card in cards],
            ["ringing", "answered", "held", "resumed", "ended"],
        )

    def test_future_version(self):
        """A newer bridge: refused in words, and the rest goes on."""
        facts = self.life()
        facts[2]["v"] = 2
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 1))
        self.check_whole(self.call_of(facts))
        self.assertIn(
            "version 2",
            self.env["cc.fact.rejected"].search([("pbx_id", "=", self.pbx.id)]).error,
        )

    def test_other_pbx(self):
        facts = self.life()
        facts[0]["pbx"] = str(uuid.uuid4())
        self.assertEqual(self.ingest(facts[0])[1], 1)

    def test_retry(self):
        """What was refused because Odoo did not know the agent yet is applied later."""
        fact = self.agent_fact("8150", "ready", T0)
        self.ingest(fact)
        rejected = self.env["cc.fact.rejected"].search([("pbx_id", "=", self.pbx.id)])
        rejected.with_user(self.ada).action_retry()
        self.assertEqual(rejected.state, "open")
        agent = self.make_agent("new", "8150", self.sales)
        rejected.with_user(self.ada).action_retry()
        self.assertEqual(rejected.state, "applied")
        self.assertEqual(agent.state, "ready")

    def test_huge_batch(self):
        """500 facts of 83 calls in one request."""
        facts = [fact for _call in range(83) for fact in self.life()]
        self.assertEqual(self.ingest(*facts), (facts[-1]["seq"], 0))
        calls = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual(len(calls), 83)
        self.assertEqual(set(calls.mapped("talk_s")), {48.0})
        self.assertEqual(len(calls.attempt_ids), 83)
        self.assertEqual(len(calls.leg_ids), 166)

    def test_correction_takes_back(self):
        """The bridge found out that a ring never was: it goes."""
        facts = self.life()
        self.ingest(*facts)
        corrected = self.fact(
            "call.corrected",
            call={**facts[-1]["call"], "rev": 7, "attempts": [], "estimated": True},
        )
        self.ingest(corrected)
        call = self.call_of(facts)
        self.assertFalse(call.attempt_ids)
        self.assertTrue(call.estimated)

    def test_missed_call_is_made_by_its_correction(self):
        """A call that only CEL saw: one fact makes the row; nobody's screen brings it up now."""
        life = self.life()
        body = {**life[-1]["call"], "rev": 1}
        self.bus_messages()
        self.ingest(self.fact("call.corrected", t=T0 + 900 * S, call=body))
        call = self.call_of(life)
        call.rev = 6
        self.check_whole(call)
        self.assertFalse(call.estimated)
        self.assertFalse(self.told(self.ann, "cc.call/changed"))

    def test_missed_end_is_put_right(self):
        """Estimated at first; then the file tells when and how. The agent's card goes, once."""
        facts = self.life()
        self.ingest(*facts[:-1])
        self.bus_messages()
        guess = {
            **facts[-1]["call"],
            "estimated": True,
            "ended_t": T0 + 40 * S,
            "ended_by": "system",
        }
        self.ingest(self.fact("call.ended", call=guess))
        self.assertEqual(self.call_of(facts).talk_s, 28.0)
        self.assertEqual(
            [card["state"] for card in self.told(self.ann, "cc.call/changed")], ["ended"]
        )
        self.bus_messages()
        truth = {**facts[-1]["call"], "rev": 7}
        self.ingest(self.fact("call.corrected", t=T0 + 900 * S, call=truth))
        call = self.call_of(facts)
        self.assertEqual((call.talk_s, call.ended_by, call.estimated), (48.0, "customer", False))
        self.assertEqual(call.ended_at, self.at(60))
        self.assertFalse(self.told(self.ann, "cc.call/changed"))
        # what comes late and knows less changes nothing
        self.ingest(self.fact("call.ended", call={**guess, "rev": 6}))
        self.assertEqual(self.call_of(facts).ended_at, self.at(60))

    def test_talk_ends_with_the_agent(self):
        """TEL-27: who stays alone to rate the call, or waits on hold until the end, talks no more."""
        facts = self.life()
        body = facts[-1]["call"]
        customer, agent = body["legs"]
        gone = {**agent, "left_t": T0 + 50 * S}
        rated = {**body, "legs": [customer, gone], "rating": {"outcome": "neutral", "key": "2"}}
        self.ingest(*facts[:-1], self.fact("call.ended", call=rated))
        call = self.call_of(facts)
        # from 7 to 50, 5 of them on hold; the call itself lasts its minute
        self.assertEqual((call.talk_s, call.hold_s, call.duration_s), (38.0, 5.0, 60.0))
        self.assertEqual((call.rating, call.agent_id), ("neutral", self.ann))
        # a hold that begins before the agent goes is none of the talk after it
        late = {"from_t": T0 + 45 * S, "to_t": None, "by": agent["number"]}
        waiting = {**rated, "rev": 7, "holds": [*body["holds"], late]}
        self.ingest(self.fact("call.corrected", call=waiting))
        self.assertEqual((self.call_of(facts).talk_s, call.hold_s), (33.0, 20.0))
        # somebody outside, to whom the agent handed it over, is still talked with
        outside = self.leg(3, "outside", "13900139000", T0 + 50 * S, T0 + 58 * S)
        handed = {**rated, "rev": 8, "legs": [customer, gone, outside]}
        self.ingest(self.fact("call.corrected", call=handed))
        self.assertEqual(self.call_of(facts).talk_s, 46.0)

    def test_nobody_talks_between_two(self):
        """A phone dies, the customer hears music until a colleague takes them, or is asked first: that is no talk."""
        facts = self.life()
        body = facts[-1]["call"]
        customer, agent = body["legs"]
        legs = [
            customer,
            {**agent, "left_t": T0 + 30 * S},
            self.leg(3, "agent", "8102", T0 + 40 * S, T0 + 50 * S),
            self.leg(4, "agent", "8103", T0 + 45 * S, T0 + 48 * S),
        ]
        crashed = {**body, "legs": legs}
        self.ingest(*facts[:-1], self.fact("call.ended", call=crashed))
        # 7 to 30 and 40 to 50, of the first 5 on hold; who joins in counts no time twice
        self.assertEqual((self.call_of(facts).talk_s, self.call_of(facts).hold_s), (28.0, 5.0))
        # what is on hold while nobody is there is no talk less
        late = {"from_t": T0 + 28 * S, "to_t": T0 + 42 * S, "by": agent["number"]}
        held = {**crashed, "rev": 7, "holds": [*body["holds"], late]}
        self.ingest(self.fact("call.corrected", call=held))
        self.assertEqual(self.call_of(facts).talk_s, 24.0)

    def test_correction_closes_what_a_screen_still_shows(self):
        """Nobody heard the end: the correction is the first word of it."""
        facts = self.life()
        self.ingest(*facts[:-1])
        self.bus_messages()
        self.ingest(self.fact("call.corrected", t=T0 + 900 * S, call=facts[-1]["call"]))
        [card] = self.told(self.ann, "cc.call/changed")
        self.assertEqual((card["moment"], card["state"]), ("corrected", "ended"))

    def test_lost_call(self):
        """Nobody answered: no agent, the queue's department, waiting until the end."""
        uid = str(uuid.uuid4())
        lost = self.attempt(1, "8101", T0 + 3 * S, T0 + 18 * S, "no_answer")
        fact = self.fact(
            "call.ended",
            call=self.call_body(
                uid,
                3,
                "ended",
                attempts=[lost],
                legs=[self.leg(1, "customer", "13800138000", T0, T0 + 20 * S)],
                ended_t=T0 + 20 * S,
                ended_by="customer",
                loss="queue",
            ),
        )
        self.ingest(fact)
        self.assertRecordValues(
            self.call_of([fact]),
            [
                {
                    "agent_id": False,
                    "department_id": self.service.id,
                    "wait_s": 19.0,
                    "ring_s": 15.0,
                    "talk_s": 0.0,
                    "loss": "queue",
                }
            ],
        )

    def test_outbound(self):
        """On the way out the other party is who was dialled."""
        uid = str(uuid.uuid4())
        fact = self.fact(
            "call.ringing",
            call=self.call_body(
                uid,
                1,
                "ringing",
                direction="outbound",
                queue=None,
                queued_t=None,
                **{"from": {"number": "8103", "name": "Cai"}},
                to={"number": "0086 139-1234-5678"},
                legs=[self.leg(1, "agent", "8103", T0)],
                attempts=[{**self.attempt(1, "0086 139-1234-5678", T0 + S), "queue": None}],
            ),
        )
        self.ingest(fact)
        call = self.call_of([fact])
        self.assertRecordValues(
            call,
            [
                {
                    "number_display": "+86 139 1234 5678",
                    "agent_id": self.cai.id,
                    "department_id": self.sales.id,
                    "caller_name": False,
                    "dialled_id": False,
                }
            ],
        )
        self.assertEqual(call.attempt_ids.number_id, call.number_id)

    def test_click_to_call(self):
        """The agent's own phone rings before the customer's: the agent's call from the first fact on."""
        uid = str(uuid.uuid4())
        body = self.call_body(
            uid,
            1,
            "ringing",
            direction="outbound",
            queue=None,
            queued_t=None,
            **{"from": {"number": "8103", "name": None}},
            to={"number": "13912345678"},
            legs=[self.leg(1, "agent", "8103")],
        )
        self.ingest(self.fact("call.started", call=body))
        fact = self.fact(
            "call.ringing", call={**body, "rev": 2, "legs": [self.leg(1, "agent", "8103", T0)]}
        )
        [card] = self.told(self.cai, "cc.call/changed")
        self.assertEqual((card["mine"], card["caller"]["mask"][-4:]), ("ringing", "5678"))
        phone = self.env["cc.agent"].with_user(self.cai.user_id).my_phone()
        self.assertEqual([call["mine"] for call in phone["calls"]], ["ringing"])
        self.assertEqual(self.call_of([fact]).agent_id, self.cai)
        self.assertEqual(self.call_of([fact]).department_id, self.sales)
        self.ingest(fact)
        [card] = self.told(self.cai, "cc.call/changed")
        self.assertEqual(card["mine"], "talking")

    def test_anonymous(self):
        uid = str(uuid.uuid4())
        fact = self.fact(
            "call.queued",
            call=self.call_body(uid, 1, "queued", **{"from": {"number": None, "name": None}}),
        )
        self.ingest(fact)
        self.assertFalse(self.call_of([fact]).number_id)

    def test_unknown_queue(self):
        """A queue of the PBX that Odoo doesn't know is no reason to lose the call."""
        fact = self.life()[0]
        fact["call"]["queue"] = "elsewhere"
        self.assertEqual(self.ingest(fact)[1], 0)
        self.assertFalse(self.call_of([fact]).queue_id)

    def test_department_stays(self):
        """A call keeps the department it had, whatever becomes of the agent."""
        facts = self.life()
        self.ingest(*facts)
        self.ann.department_id = self.sales
        self.ingest(self.fact("call.corrected", call={**facts[-1]["call"], "rev": 7}))
        self.assertEqual(self.call_of(facts).department_id, self.service)

    def test_transfer_moves_department(self):
        """Who talked last has the call, and so has the department."""
        facts = self.life()
        self.ingest(*facts[:3])
        body = copy.deepcopy(facts[2]["call"])
        body["rev"] = 4
        body["legs"][1]["left_t"] = T0 + 30 * S
        body["legs"].append(self.leg(3, "agent", "8103", T0 + 30 * S))
        body["transfers"] = [
            {"t": T0 + 30 * S, "how": "blind", "by": "8101", "to": "8103", "completed": True}
        ]
        self.ingest(self.fact("call.transferred", T0 + 30 * S, call=body))
        self.assertRecordValues(
            self.call_of(facts),
            [
                {
                    "agent_id": self.cai.id,
                    "department_id": self.sales.id,
                    "transfer_count": 1,
                }
            ],
        )

    def test_guests_do_not_take_the_call_over(self):
        """Who was invited or asked, while they are there, when they go, and when all hang up at once."""
        facts = self.life()
        self.ingest(*facts[:3])
        body = copy.deepcopy(facts[2]["call"])
        for rev, (ann_left, cai_left), owner in (
            (4, (None, None), self.ann),
            (5, (None, 40), self.ann),
            (6, (60, 60.2), self.ann),
            (7, (60.2, 60), self.ann),
            (8, (50, 60), self.cai),
        ):
            body["legs"] = [
                body["legs"][0],
                self.leg(2, "agent", "8101", T0 + 7 * S, ann_left and T0 + int(ann_left * S)),
                self.leg(3, "agent", "8103", T0 + 30 * S, cai_left and T0 + int(cai_left * S)),
            ]
            body["rev"] = rev
            self.ingest(self.fact("call.left", T0 + 61 * S, call=copy.deepcopy(body)))
            self.assertEqual(self.call_of(facts).agent_id, owner, rev)

    def test_partner(self):
        """The only customer of a number is the call's; of two, the main one; else people choose."""
        partners = self.env["res.partner"].create([{"name": "Li Wei"}, {"name": "Li Na"}])
        links = self.env["cc.phone.link"]
        first = links.create({"number": "+86 138 0013 8000", "partner_id": partners[0].id})
        one = self.life()
        self.ingest(*one)
        self.assertEqual(self.call_of(one).partner_id, partners[0])
        links.create({"number": "013800138000", "partner_id": partners[1].id})
        two = self.life()
        self.ingest(*two)
        self.assertFalse(self.call_of(two).partner_id)
        self.assertEqual(self.told(self.ann, "cc.call/changed")[-1]["caller"]["known"], 2)
        first.main = True
        three = self.life()
        self.ingest(*three)
        self.assertEqual(self.call_of(three).partner_id, partners[0])

    def test_cards(self):
        """Each moment is told to whom it concerns, as it was then, in one batch or in many."""
        facts = self.life()
        self.ingest(*facts)
        cards = self.told(self.ann, "cc.call/changed")
        self.assertEqual(
            [
                (card["moment"], card["state"], card["mine"], card["rev"], card["t"])
                for card in cards
            ],
            [
                ("ringing", "ringing", "ringing", 2, T0 + 3 * S),
                ("answered", "talking", "talking", 3, T0 + 7 * S),
                ("held", "held", "talking", 4, T0 + 20 * S),
                ("resumed", "talking", "talking", 5, T0 + 25 * S),
                ("ended", "ended", "left", 6, T0 + 60 * S),
            ],
        )
        ring = cards[0]
        self.assertEqual(ring["queue"], {"id": self.queue.id, "name": "Help"})
        self.assertEqual((ring["ring_t"], ring["answered_t"]), (T0 + 3 * S, None))
        self.assertEqual(cards[1]["attempt_outcome"], "answered")
        self.assertNotIn("13800138000", str(cards).replace(" ", ""))
        self.assertTrue(ring["caller"]["mask"].endswith("8000"))

    def test_cards_apart(self):
        """The same cards when every fact comes by itself."""
        facts = self.life()
        moments = []
        for fact in facts:
            self.ingest(fact)
            moments += [
                (card["moment"], card["mine"]) for card in self.told(self.ann, "cc.call/changed")
            ]
        self.assertEqual(
            moments,
            [
                ("ringing", "ringing"),
                ("answered", "talking"),
                ("held", "talking"),
                ("resumed", "talking"),
                ("ended", "left"),
            ],
        )

    def test_ring_elsewhere(self):
        """The agent whose phone stops ringing is told so; others hear nothing."""
        uid = str(uuid.uuid4())
        first = self.attempt(1, "8101", T0 + 3 * S)
        self.ingest(
            self.fact("call.ringing", call=self.call_body(uid, 1, "ringing", attempts=[first]))
        )
        self.bus_messages()
        over = {**first, "end_t": T0 + 18 * S, "outcome": "no_answer"}
        second = self.attempt(2, "8102", T0 + 19 * S)
        self.ingest(
            self.fact(
                "call.ringing", call=self.call_body(uid, 2, "ringing", attempts=[over, second])
            )
        )
        cards = {
            channel[1]: card
            for channel, kind, card in self.bus_messages()
            if kind == "cc.call/changed"
        }
        self.assertEqual(
            set(cards), {self.ann.user_id.partner_id.id, self.ben.user_id.partner_id.id}
        )
        self.assertEqual(cards[self.ann.user_id.partner_id.id]["mine"], None)
        self.assertEqual(cards[self.ann.user_id.partner_id.id]["attempt_outcome"], "no_answer")
        self.assertEqual(cards[self.ben.user_id.partner_id.id]["mine"], "ringing")
