# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from odoo.tests import TransactionCase, tagged

from .call_stories import ASIDE, CUSTOMER, CallStories
from .common import T0, S


@tagged("post_install", "-at_install")
class TestCallCard(CallStories, TransactionCase):
    """What the card says of a conversation; the same from a fact and from the rows it became."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def told_of(self, moment, agent, **body):
        """The card an agent gets by a fact; held to be the same as from the rows."""
        self.bus_messages()
        fact = self.tell(moment, **body)
        card = self.told(agent, "cc.call/changed")[-1]
        rows = self.call_of([fact])._cc_card(agent)
        for name in ("mine", "held", "parties", "consult", "conference", "keys", "can", "sender"):
            self.assertEqual(rows[name], card[name], name)
        return card

    def states(self, card):
        return [(party["role"], party["state"], party["leg"]) for party in card["parties"]]

    def test_talking_and_held(self):
        card = self.told_of("answered", self.ann, **self.talking())
        self.assertEqual(
            card["parties"],
            [
                {
                    "leg": 1,
                    "ring": None,
                    "role": "customer",
                    "name": None,
                    "mask": "+86 138 •••• 8000",
                    "agent_id": False,
                    "state": "talking",
                    "mode": "talk",
                    "since": T0,
                }
            ],
        )
        self.assertFalse(card["held"] or card["consult"] or card["conference"])
        self.assertLessEqual(
            {"hangup", "mute", "hold", "transfer", "consult", "invite", "dtmf"}, set(card["can"])
        )
        self.assertFalse({"resume", "answer", "cancel", "complete", "toggle"} & set(card["can"]))
        card = self.told_of("held", self.ann, **self.talking(holds=[self.hold()]))
        self.assertTrue(card["held"])
        self.assertEqual(self.states(card), [("customer", "held", 1)])
        self.assertEqual(card["parties"][0]["since"], T0 + 10 * S)
        self.assertIn("resume", card["can"])
        self.assertNotIn("hold", card["can"])

    def test_ringing(self):
        card = self.told_of("ringing", self.ann, **self.ringing("8101", "8102"))
        self.assertEqual(
            (card["mine"], self.states(card)), ("ringing", [("customer", "talking", 1)])
        )
        self.assertLessEqual({"answer", "reject"}, set(card["can"]))
        self.assertNotIn("hold", card["can"])

    def test_consult_a_colleague(self):
        """Rung, talking, swapped, all together: the leader of the consult sees each."""
        hold = self.hold()
        card = self.told_of(
            "ringing", self.ann, **self.talking(holds=[hold], attempts=[self.ring("8102")])
        )
        self.assertEqual(card["consult"], {"state": "ringing", "name": "Ben", "mask": "8102"})
        self.assertEqual(self.states(card), [("customer", "held", 1), ("agent", "ringing", None)])
        self.assertIn("cancel", card["can"])
        self.assertNotIn("transfer", card["can"])

        third = self.leg(3, "agent", "8102", T0 + 15 * S)
        answered = self.ring("8102", T0 + 15 * S, "answered")
        both = {"legs": [third], "attempts": [answered]}
        card = self.told_of("joined", self.ann, **self.talking(holds=[hold], **both))
        self.assertEqual(card["consult"]["state"], "talking")
        self.assertEqual(self.states(card), [("customer", "held", 1), ("agent", "talking", 3)])
        self.assertFalse(card["conference"])
        self.assertLessEqual({"cancel", "toggle", "conference", "complete"}, set(card["can"]))

        ended = self.hold(10, 20)
        card = self.told_of("resumed", self.ann, **self.talking(holds=[ended], **both))
        self.assertEqual(card["consult"]["state"], "waiting")
        self.assertEqual(self.states(card), [("customer", "talking", 1), ("agent", "held", 3)])
        self.assertFalse(card["conference"])

        together = {
            "t": T0 + 20 * S,
            "how": "conference",
            "by": "8101",
            "to": "8102",
            "completed": True,
        }
        card = self.told_of(
            "transferred", self.ann, **self.talking(holds=[ended], transfers=[together], **both)
        )
        self.assertIsNone(card["consult"])
        self.assertTrue(card["conference"])
        self.assertEqual(self.states(card), [("customer", "talking", 1), ("agent", "talking", 3)])
        self.assertIn("kick", card["can"])

    def test_somebody_invited_rings(self):
        card = self.told_of("ringing", self.ann, **self.talking(attempts=[self.ring("8102")]))
        self.assertEqual(
            self.states(card), [("customer", "talking", 1), ("agent", "ringing", None)]
        )
        self.assertEqual([party["ring"] for party in card["parties"]], [None, 2])
        self.assertIsNone(card["consult"])
        self.assertLessEqual({"uninvite", "hold", "invite"}, set(card["can"]))

    def test_the_one_consulted(self):
        """Who is asked leads nothing: no consult on that card, and no control over the customer."""
        third = self.leg(3, "agent", "8102", T0 + 15 * S)
        answered = self.ring("8102", T0 + 15 * S, "answered")
        card = self.told_of(
            "joined",
            self.ben,
            **self.talking(holds=[self.hold()], legs=[third], attempts=[answered]),
        )
        self.assertEqual(card["mine"], "talking")
        self.assertIsNone(card["consult"])
        self.assertEqual(self.states(card), [("customer", "held", 1), ("agent", "talking", 2)])
        self.assertEqual(set(card["can"]), {"hangup", "mute"})
        # the colleague goes: now the customer is Ben's
        mine = self.talking(
            holds=[self.hold(10, 20)], legs=[third], attempts=[answered], answered_t=T0 + 7 * S
        )
        mine["legs"][1]["left_t"] = T0 + 20 * S
        card = self.told_of("left", self.ben, **mine)
        self.assertLessEqual({"hold", "transfer", "consult"}, set(card["can"]))

    def test_who_sent_it(self):
        """TEL-61: who asks for advice while it rings and in talk, who transferred it, and since when."""
        asked = self.told_of(
            "ringing", self.ben, **self.talking(holds=[self.hold()], attempts=[self.ring("8102")])
        )
        sender = {"kind": "consult", "name": "Ann", "agent_id": self.ann.id, "since": T0 + 12 * S}
        self.assertEqual(asked["sender"], sender)
        third = self.leg(3, "agent", "8102", T0 + 15 * S)
        answered = self.ring("8102", T0 + 15 * S, "answered")
        talking = self.told_of(
            "joined",
            self.ben,
            **self.talking(holds=[self.hold()], legs=[third], attempts=[answered]),
        )
        self.assertEqual(talking["sender"], sender)
        # to Ann, who asks, nobody sent anything
        self.assertIsNone(self.told_of("joined", self.ann, **self.talking())["sender"])

    def test_who_transferred_it(self):
        """TEL-61: a blind transfer, also by way of a queue; the time is the transfer's."""
        move = {
            "t": T0 + 11 * S,
            "how": "blind",
            "by": "8101",
            "to": "8102",
            "completed": False,
        }
        mine = self.talking(attempts=[self.ring("8102")], transfers=[move])
        mine["legs"][1]["left_t"] = T0 + 11 * S
        card = self.told_of("transferred", self.ben, **mine)
        self.assertEqual(card["mine"], "ringing")
        self.assertEqual(
            card["sender"],
            {"kind": "transfer", "name": "Ann", "agent_id": self.ann.id, "since": T0 + 11 * S},
        )
        self.assertNotIn("8101", str(card["sender"]))

    def test_nobody_sent_a_queues_call(self):
        """What a queue rings on its own has no sender."""
        body = self.call_body(
            self.call_uid,
            1,
            "ringing",
            legs=[self.leg(1, "customer", CUSTOMER, T0)],
            attempts=[self.attempt(1, "8101", T0 + 3 * S, None, None)],
        )
        fact = self.fact("call.ringing", T0 + 3 * S, call=body)
        self.assertEqual(self.ingest(fact)[1], 0)
        self.assertIsNone(self.call_of([fact])._cc_card(self.ann)["sender"])

    def test_person_before_company(self):
        """A long name is cut at its end: the person must be left. Several of one company are that company."""
        company = self.env["res.partner"].create({"name": "Silver Crane", "is_company": True})
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Sun Juan", "Wu Lei")]
        )
        link = self.env["cc.phone.link"].create
        link({"number": f"+86{CUSTOMER}", "partner_id": people[0].id})
        caller = self.told_of("answered", self.ann, **self.talking())["caller"]
        self.assertEqual((caller["name"], caller["company"]), ("Sun Juan, Silver Crane", None))
        link({"number": f"+86{CUSTOMER}", "partner_id": people[1].id})
        self.call_uid = str(uuid.uuid4())
        caller = self.told_of("answered", self.ann, **self.talking())["caller"]
        self.assertEqual(
            (caller["name"], caller["company"], caller["known"]), (None, "Silver Crane", 2)
        )

    def test_consult_outside(self):
        partner = self.env["res.partner"].create({"name": "Supplier"})
        self.env["cc.phone.link"].create({"number": f"+86{ASIDE}", "partner_id": partner.id})
        third = self.leg(3, "outside", ASIDE, T0 + 15 * S)
        card = self.told_of(
            "joined",
            self.ann,
            **self.talking(
                holds=[self.hold()],
                legs=[third],
                attempts=[self.ring(ASIDE, T0 + 15 * S, "answered")],
            ),
        )
        self.assertEqual(
            card["consult"], {"state": "talking", "name": "Supplier", "mask": "+86 139 •••• 5678"}
        )
        self.assertNotIn(ASIDE, str(card))

    def test_after_a_consult(self):
        """The third one went: the customer on hold is a plain hold again."""
        third = self.leg(3, "agent", "8102", T0 + 15 * S, T0 + 18 * S)
        answered = self.ring("8102", T0 + 15 * S, "answered")
        card = self.told_of(
            "left",
            self.ann,
            **self.talking(holds=[self.hold()], legs=[third], attempts=[answered]),
        )
        self.assertIsNone(card["consult"])
        self.assertIn("resume", card["can"])

    def test_invited(self):
        """Somebody invited while nobody is on hold makes a conference, no consult."""
        third = self.leg(3, "outside", ASIDE, T0 + 15 * S)
        move = {
            "t": T0 + 15 * S,
            "how": "conference",
            "by": "8101",
            "to": ASIDE,
            "completed": True,
        }
        held_before = self.hold(8, 9)
        card = self.told_of(
            "transferred",
            self.ann,
            **self.talking(
                legs=[third],
                attempts=[self.ring(ASIDE, T0 + 15 * S, "answered")],
                transfers=[move],
                holds=[held_before],
            ),
        )
        self.assertIsNone(card["consult"])
        self.assertTrue(card["conference"])
        call = self.env["cc.call"].search([("call_uid", "=", self.call_uid)])
        self.assertRecordValues(
            call.transfer_ids,
            [
                {
                    "n": 1,
                    "at": self.at(15),
                    "how": "conference",
                    "agent_id": self.ann.id,
                    "to_agent_id": False,
                    "to_number_display": "+86 139 1234 5678",
                    "to_name": False,
                    "completed": True,
                }
            ],
        )
        self.assertRecordValues(
            call.hold_ids,
            [
                {
                    "n": 1,
                    "from_at": self.at(8),
                    "to_at": self.at(9),
                    "duration_s": 1.0,
                    "agent_id": self.ann.id,
                }
            ],
        )

    def test_supervisor(self):
        """A supervisor is a party, silent or joined in, and makes no conference of it."""
        listener = {**self.leg(3, "supervisor", "8111", T0 + 15 * S), "mode": "listen"}
        card = self.told_of("joined", self.ann, **self.talking(legs=[listener]))
        self.assertFalse(card["conference"])
        self.assertIn("hold", card["can"])
        card = self.told_of("joined", self.lea, **self.talking(legs=[listener]))
        self.assertEqual(card["mine"], "talking")
        self.assertLessEqual({"whisper", "barge", "takeover", "hangup"}, set(card["can"]))
        self.assertFalse({"hold", "transfer", "listen"} & set(card["can"]))
        card = self.told_of("joined", self.ann, **self.talking(legs=[{**listener, "mode": "talk"}]))
        self.assertFalse(card["conference"])
        self.assertEqual(self.states(card)[-1], ("supervisor", "talking", 3))
        self.assertEqual(card["parties"][-1]["mode"], "talk")
        self.assertIn("transfer", card["can"])

    def test_keys(self):
        """What was pressed when the agent asked is on the card; all keys are on the call."""
        keys = [
            {"t": T0 + S, "node": "main", "key": "2"},
            {"t": T0 + 20 * S, "node": "collect", "key": "4711"},
            {"t": T0 + 25 * S, "node": "collect", "key": "8"},
        ]
        card = self.told_of("dtmf", self.ann, **self.talking(ivr=keys))
        self.assertEqual(card["keys"], "4711 8")
        call = self.env["cc.call"].search([("call_uid", "=", self.call_uid)])
        self.assertEqual(call.keys, "2 4711 8")
        self.assertEqual(call.key_ids.mapped("key"), ["2", "4711", "8"])
        card = self.told_of("corrected", self.ann, **self.talking(ivr=keys[:1]))
        self.assertEqual((card["keys"], call.key_ids.mapped("key")), ("", ["2"]))

    def test_nothing_can_be_done_after_the_end(self):
        gone = {
            "legs": [
                self.leg(1, "customer", CUSTOMER, T0, T0 + 30 * S),
                self.leg(2, "agent", "8101", T0 + 7 * S, T0 + 30 * S),
            ],
            "ended_t": T0 + 30 * S,
        }
        self.told_of("answered", self.ann, **self.talking())
        card = self.told_of("ended", self.ann, state="ended", **gone)
        self.assertEqual((card["mine"], card["can"], card["parties"]), ("left", [], []))

    def test_outbound(self):
        """While the customer's phone rings they are a party already."""
        body = {
            "direction": "outbound",
            "from": {"number": "8101", "name": None},
            "to": {"number": ASIDE},
            "queue": None,
            "queued_t": None,
            "state": "ringing",
            "legs": [self.leg(1, "agent", "8101", T0 + S)],
            "attempts": [{**self.attempt(1, ASIDE, T0 + 2 * S), "queue": None}],
        }
        card = self.told_of("ringing", self.ann, **body)
        self.assertEqual(self.states(card), [("customer", "ringing", None)])
        self.assertIn("hangup", card["can"])
        self.assertNotIn("hold", card["can"])

    def test_internal(self):
        body = {
            "direction": "internal",
            "from": {"number": "8101", "name": None},
            "to": {"number": "8102"},
            "queue": None,
            "queued_t": None,
            "legs": [self.leg(1, "agent", "8101", T0), self.leg(2, "agent", "8102", T0 + 5 * S)],
            "answered_t": T0 + 5 * S,
        }
        card = self.told_of("answered", self.ann, **body)
        self.assertEqual(self.states(card), [("agent", "talking", 2)])
        self.assertEqual((card["caller"]["name"], card["caller"]["mask"]), ("Ben", "8102"))
        self.assertIsNone(card["consult"])
        card = self.told_of("answered", self.ben, **body)
        self.assertEqual(self.states(card), [("agent", "talking", 1)])
        self.assertEqual((card["caller"]["name"], card["caller"]["mask"]), ("Ann", "8101"))
        # the own phone rings first, then the colleague's: that is no invitation
        body.update(legs=[self.leg(1, "agent", "8101")], answered_t=None, state="ringing")
        card = self.told_of("ringing", self.ann, **body)
        self.assertEqual((card["caller"]["name"], card["ring_t"]), ("Ben", None))
        body.update(
            legs=[self.leg(1, "agent", "8101", T0)], attempts=[{**self.ring("8102"), "n": 1}]
        )
        card = self.told_of("ringing", self.ben, **body)
        self.assertEqual((card["caller"]["name"], card["sender"]), ("Ann", None))
        self.assertTrue(card["ring_t"])

    def test_a_menu_without_a_key(self):
        """They were sent into a menu, and pressed a key there only later: both facts are applied."""
        entered = {"t": T0 + S, "node": "main", "key": None}
        self.told_of("dtmf", self.ann, **self.talking(ivr=[entered]))
        pressed = {**entered, "t": T0 + 3 * S, "key": "2"}
        self.told_of("dtmf", self.ann, **self.talking(ivr=[entered, pressed]))
        call = self.env["cc.call"].search([("call_uid", "=", self.call_uid)])
        self.assertEqual(call.key_ids.mapped("key"), [False, "2"])
        self.assertEqual(call.keys, "2")
