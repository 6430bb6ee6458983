# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import T0, FactsMixin, S

MOBILE = "+8613912345678"


@tagged("post_install", "-at_install")
class TestSignIn(FactsMixin, TransactionCase):
    """Signing in at an outside phone, and what is remembered from the last time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def phone(self, agent):
        return self.env["cc.agent"].with_user(agent.user_id)

    def test_outside_phone(self):
        """The bridge gets the number; rows, intent's reader and screens apart, nobody sees more than a mask."""
        answer = self.outside(self.ann, "139 1234 5678")
        session = self.ann._open_session()
        self.assertEqual(
            (session.device, session.number_id.key, session.extension, session.phone),
            ("mobile", MOBILE, False, "+86 139 •••• 5678"),
        )
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        self.assertNotIn("5678", str(command.args))
        self.assertEqual(
            command._to_bridge()["args"],
            {"device": "mobile", "extension": MOBILE, "session": session.id},
        )
        [wanted] = [row for row in self.pbx.sudo()._intent()["agents"] if row["agent"] == "8101"]
        self.assertEqual((wanted["device"], wanted["extension"]), ("mobile", MOBILE))
        self.assertFalse(answer["sip"])
        self.assertEqual(self.phone(self.ann).my_phone()["extension"], "+86 139 •••• 5678")

    def test_what_the_pbx_tells_of_it(self):
        """In facts the agent's number stands for it; what is kept of it is the mask."""
        answer = self.outside(self.ann, MOBILE)
        self.bus_messages()
        self.ingest(
            self.agent_fact(
                self.ann,
                "ready",
                T0,
                device="mobile",
                extension=MOBILE,
                session=answer["session"],
            )
        )
        self.assertEqual(self.ann._open_interval().extension, "+86 139 •••• 5678")
        self.assertNotIn("12345678", str(self.bus_messages()).replace(" ", ""))
        facts = self.life(target="8101")
        self.ingest(*facts)
        call = self.call_of(facts)
        self.assertEqual(call.agent_id, self.ann)
        self.assertEqual(call.attempt_ids.agent_id, self.ann)

    def test_confirmed_by_a_code(self):
        """An outside phone counts once its code was keyed in there; the code is another one each time."""
        phone = self.phone(self.ann)
        asked = phone.sign_in("mobile", MOBILE)["confirm"]
        self.assertFalse(self.ann._open_session())
        command = self.env["cc.command"].sudo().search([("uuid", "=", asked["id"])])
        self.assertRegex(asked["code"], "^[0-9]{6}$")
        self.assertEqual(
            command._to_bridge()["args"], {"code": asked["code"], "of": "8101", "number": MOBILE}
        )
        self.assertEqual(asked["number"], "+86 139 •••• 5678")
        self.assertIsNone(command._to_bridge()["agent"])
        # a code that was wrong, or nobody who answered: nothing has changed
        self.ingest(self.result_of(asked["id"], "wrong_code"))
        again = phone.sign_in("mobile", MOBILE)["confirm"]
        self.assertFalse(self.ann._open_session())
        self.ingest(self.result_of(again["id"]))
        # a result that comes late, or twice, for another command: of the first nothing is made
        self.ingest(self.result_of(asked["id"]))
        self.assertTrue(phone.sign_in("mobile", MOBILE)["session"])
        # confirmed for Ann only, and this number only
        self.assertIn("confirm", self.phone(self.ben).sign_in("mobile", "139 8765 4321"))
        phone.sign_out()
        self.assertIn("confirm", self.phone(self.ben).sign_in("mobile", MOBILE))

    def test_confirmed_while_the_agent_went(self):
        """An agent who has another number by now: the result is told, nothing is confirmed."""
        asked = self.phone(self.ann).sign_in("mobile", MOBILE)["confirm"]
        self.ann.number = "8190"
        self.ingest(self.result_of(asked["id"]))
        command = self.env["cc.command"].sudo().search([("uuid", "=", asked["id"])])
        self.assertEqual(command.state, "done")
        self.assertFalse(self.env["cc.agent.memory"]._of(self.ann).confirmed_ids)

    def test_confirming_rings_nobody_for_ever(self):
        for _turn in range(3):
            self.phone(self.ann).sign_in("mobile", MOBILE)
        with self.assertRaisesRegex(UserError, "Too many attempts"):
            self.phone(self.ann).sign_in("mobile", MOBILE)
        with self.assertRaisesRegex(UserError, "Too many attempts"):
            self.phone(self.ann).sign_in("mobile", "139 8765 4321")

    def test_which_numbers(self):
        """A fixed number with its area code, a mobile without; nothing else can be rung."""
        for typed, key in (
            ("021 5432 1000", "+862154321000"),
            ("13912345678", MOBILE),
            ("+44 20 7946 0958", "+442079460958"),
        ):
            self.outside(self.ann, typed)
            self.assertEqual(self.ann._open_session().number_id.key, key)
        for typed in ("54321000", "10086", "110", "4008001000", "8201"):
            with self.subTest(typed=typed), self.assertRaisesRegex(UserError, "with its area code"):
                self.phone(self.ann).sign_in("mobile", typed)
        for typed in ("", None, "hello", ["1"], "1" * 99):
            with self.subTest(typed=typed), self.assertRaises(UserError):
                self.phone(self.ann).sign_in("mobile", typed)
        with self.assertRaises(UserError):
            self.phone(self.ann).sign_in("moon", "8201")

    def test_taken(self):
        self.outside(self.ben, "139-1234-5678")
        with self.assertRaisesRegex(UserError, "Ben is signed in at phone .86 139 •••• 5678"):
            self.phone(self.ann).sign_in("mobile", "0086 13912345678")

    def test_remembered(self):
        """The last device comes first again; a number without being typed or seen again."""
        self.assertFalse(self.phone(self.ann).my_phone()["last_device"])
        self.outside(self.ann, MOBILE)
        number = self.ann._open_session().number_id
        mine = self.phone(self.ann).my_phone()
        self.assertEqual(mine["last_device"], {"device": "mobile", "extension": number.id})
        self.assertEqual(
            mine["devices"][-1],
            {"device": "mobile", "extension": number.id, "label": "+86 139 •••• 5678"},
        )
        self.assertNotIn(MOBILE, str(mine))
        self.phone(self.ann).sign_out()
        self.phone(self.ann).sign_in("desk", "8201")
        mine = self.phone(self.ann).my_phone()
        self.assertEqual(mine["last_device"], {"device": "desk", "extension": "8201"})
        self.assertEqual(mine["devices"][-1]["device"], "mobile")
        self.phone(self.ann).sign_in("mobile", number.id)
        self.assertEqual(self.ann._open_session().number_id, number)
        with self.assertRaisesRegex(UserError, "external phone number"):
            self.phone(self.ben).sign_in("mobile", number.id)
        memory = self.env["cc.agent.memory"]
        for user in (self.ann.user_id, self.max.user_id):
            with self.assertRaises(AccessError):
                memory.with_user(user).search([])
        self.assertTrue(memory.with_user(self.ada).search([]))

    # ---- the end of the wrap-up ----

    def test_prolong_wrap_up(self):
        """Half a minute more, as often as the PBX says; the interval goes on."""
        self.phone(self.ann).sign_in("desk", "8201")
        self.ingest(self.agent_fact(self.ann, "on_call", T0))
        with self.assertRaisesRegex(UserError, "not in wrap-up"):
            self.phone(self.ann).prolong_wrap_up()
        until = T0 + 70 * S
        self.ingest(self.agent_fact(self.ann, "wrap_up", T0 + 60 * S, until=until, more=1))
        phone = self.phone(self.ann).my_phone()
        self.assertEqual((phone["until"], phone["more"]), (until, 1))
        answer = self.phone(self.ann).prolong_wrap_up()
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        self.assertEqual((command.kind, command.args or {}), ("prolong", {}))
        self.bus_messages()
        again = self.agent_fact(self.ann, "wrap_up", T0 + 60 * S, until=until + 30 * S, more=0)
        self.ingest(again)
        told = self.told(self.ann, "cc.agent/state")[-1]
        self.assertEqual((told["until"], told["more"]), (until + 30 * S, 0))
        phone = self.phone(self.ann).my_phone()
        self.assertEqual((phone["since"], phone["until"]), (T0 + 60 * S, until + 30 * S))
        intervals = self.env["cc.agent.interval"].search([("agent_id", "=", self.ann.id)])
        self.assertEqual(sorted(intervals.mapped("state")), ["on_call", "wrap_up"])
        with self.assertRaisesRegex(UserError, "cannot be extended"):
            self.phone(self.ann).prolong_wrap_up()

    def test_end_wrap_up(self):
        """The note is saved and "ready" asked for, in one go; refused: neither."""
        purpose = self.env["cc.call.purpose"].search([], limit=1)
        self.phone(self.ann).sign_in("desk", "8201")
        facts = self.life()
        self.ingest(*facts)
        uid = facts[0]["call"]["call_uid"]
        self.ingest(self.agent_fact(self.ann, "busy", T0))
        with self.assertRaisesRegex(UserError, "not in wrap-up"):
            self.phone(self.ann).end_wrap_up({"note": "x"})
        self.assertFalse(self.call_of(facts).note)
        self.assertFalse(self.phone(self.ann).my_phone()["last_call"])
        self.ingest(self.agent_fact(self.ann, "wrap_up", T0 + 60 * S, call_uid=uid))
        # a page opened in the wrap-up knows whose note it is
        last = self.phone(self.ann).my_phone()["last_call"]
        self.assertEqual((last["call_uid"], last["mine"]), (uid, "left"))
        answer = self.phone(self.ann).end_wrap_up({"note": "Solved", "purpose_id": purpose.id})
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        # what was chosen to come next is the bridge's to know
        self.assertEqual(command.kind, "finish_wrap_up")
        call = self.call_of(facts)
        self.assertEqual((call.note, call.purpose_id), ("Solved", purpose))
        self.phone(self.ann).end_wrap_up({"note": "Solved twice"})
        self.assertEqual(call.note_ids.note, "Solved twice")
        for values in ({"partner_id": 1}, {"call_id": 1}, "note", ["note"]):
            with self.assertRaisesRegex(UserError, "A note can only have"):
                self.phone(self.ann).end_wrap_up(values)
        self.assertTrue(self.phone(self.ann).end_wrap_up()["id"])

    def test_a_note_of_two_tabs(self):
        """Two tabs of one agent write: what the other wrote meanwhile stays, and nothing stands twice."""
        self.phone(self.ann).sign_in("desk", "8201")
        facts = self.life()
        self.ingest(*facts)
        call = self.call_of(facts).with_user(self.ann.user_id)
        steps = [
            ("", "Wants a refund", "Wants a refund"),
            ("", "Calls back", "Wants a refund\nCalls back"),  # of the other tab
            ("Wants a refund", "Wants a refund today", "Wants a refund today\nCalls back"),
            # the other tab typed on meanwhile, and knows its own words only
            ("Calls back", "Calls back soon", "Wants a refund today\nCalls back soon"),
        ]
        for seen, text, stands in steps:
            self.assertEqual(call.cc_save_note({"note": text, "seen": seen}), stands)
        self.assertEqual(call.cc_save_note({"note": "Calls back", "seen": stands}), "Calls back")
        # an answer that was lost: the same once more, and a beginning of what stands
        for text in ("Calls back", "Calls"):
            self.assertEqual(call.cc_save_note({"note": text, "seen": "Call"}), "Calls back")
        uid = facts[0]["call"]["call_uid"]
        self.ingest(self.agent_fact(self.ann, "wrap_up", T0 + 60 * S, call_uid=uid))
        self.phone(self.ann).end_wrap_up({"note": "Done", "seen": ""})
        self.assertEqual(call.note_ids.note, "Calls back\nDone")
        with self.assertRaisesRegex(UserError, "A note can only have"):
            call.cc_save_note({"partner_id": 1})
        with self.assertRaises(AccessError):
            call.with_user(self.cai.user_id).cc_save_note({"note": "x"})

    def test_next_state(self):
        """TEL-60: what comes after the call is chosen in it; the fact of it is shown, in one's language."""
        reason = self.env["cc.break.reason"].create({"name": "Tea"})
        self.phone(self.ann).sign_in("desk", "8201")
        session = self.ann._open_session()
        self.ingest(self.agent_fact(self.ann, "busy", T0, session=session.id))
        with self.assertRaisesRegex(UserError, "during a call"):
            self.phone(self.ann).set_next_state("busy")
        self.ingest(self.agent_fact(self.ann, "on_call", T0 + 5 * S, session=session.id))
        with self.assertRaisesRegex(UserError, "does not exist"):
            self.phone(self.ann).set_next_state("on_call")
        answer = self.phone(self.ann).set_next_state("break", reason.id)
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        self.assertEqual(
            (command.kind, command.args), ("next_state", {"state": "break", "reason": "Tea"})
        )
        chosen = {"state": "break", "reason": "Tea"}
        self.bus_messages()
        self.ingest(
            self.agent_fact(self.ann, "on_call", T0 + 5 * S, session=session.id, next=dict(chosen))
        )
        self.assertEqual(self.told(self.ann, "cc.agent/state")[-1]["next"], chosen)
        self.assertEqual(self.phone(self.ann).my_phone()["next"], chosen)
        taken_back = self.phone(self.ann).set_next_state(False)
        command = self.env["cc.command"].sudo().search([("uuid", "=", taken_back["id"])])
        self.assertEqual(command.args, {"state": None, "reason": None})
        self.ingest(self.agent_fact(self.ann, "on_call", T0 + 5 * S, session=session.id))
        self.assertIsNone(self.phone(self.ann).my_phone()["next"])

    def test_signed_out_after_the_call(self):
        """TEL-60: the bridge signs out as was chosen; the session is over in Odoo too."""
        self.phone(self.ann).sign_in("desk", "8201")
        session = self.ann._open_session()
        self.ingest(
            self.agent_fact(self.ann, "on_call", T0, session=session.id),
            self.agent_fact(self.ann, "offline", T0 + 9 * S, session=session.id),
        )
        self.assertEqual((session.ended_at, session.end_reason), (self.at(9), "signed_out"))
        self.assertFalse(self.ann._open_session())

    def test_a_phone_that_is_away(self):
        """TEL-62: a state with no phone behind it is shown as such, and is no target of a transfer."""
        self.phone(self.ann).sign_in("desk", "8201")
        self.ingest(self.agent_fact(self.ann, "ready", T0, reachable=False))
        self.assertEqual((self.ann.state, self.ann.reachable), ("ready", False))
        self.assertFalse(self.phone(self.ann).my_phone()["reachable"])
        # whichever way a leader looks at the agents
        for view_type in ("kanban", "list", "form"):
            self.assertIn('name="reachable"', self.ann.get_view(view_type=view_type)["arch"])
        self.assertEqual(
            self.ann._why_unreachable("ready", "transfer", self.ann.reachable),
            "Ann's phone is not reachable.",
        )
        self.ingest(self.agent_fact(self.ann, "ready", T0, reachable=True))
        self.assertTrue(self.ann.reachable)
        self.assertIsNone(self.ann._why_unreachable("ready", "transfer", True))
        # it is one stretch of time, not two
        self.assertEqual(len(self.ann.interval_ids), 1)
