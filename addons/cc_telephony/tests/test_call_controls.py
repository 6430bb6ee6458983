# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..ingest.batch import Batch
from ..ingest.card import view_of
from ..utils.contract import situation as bridge
from ..utils.controls import call_controls, situation
from ..utils.talk import Talk
from .call_stories import ASIDE, CUSTOMER, CallStories
from .common import T0, S


@tagged("post_install", "-at_install")
class TestCallControls(CallStories, TransactionCase):
    """The buttons of a call: when they are taken, what the bridge gets, who may press them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.sign_in(cls.ann, "on_call")
        cls.sign_in(cls.ben, "ready")
        cls.sign_in(cls.lea, "busy")
        cls.menu = cls.env["cc.ivr.menu"].create(
            {"name": "Hours", "code": "hours", "pbx_id": cls.pbx.id}
        )

    @classmethod
    def sign_in(cls, agent, state, device="browser", extension=None):
        answer = cls.env["cc.agent"].with_user(agent.user_id).sign_in(device, extension)
        cls.ingest(cls.agent_fact(agent, state, T0, session=answer["session"], device=device))

    def press(self, agent, kind, args=None, call_uid=None):
        """What the bridge gets: `(kind, args, call_uid)`."""
        # a request begins with nothing read yet
        self.env.invalidate_all()
        phone = self.env["cc.agent"].with_user(agent.user_id)
        answer = phone.command(kind, args or {}, call_uid)
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        given = command._to_bridge()
        self.assertEqual((given["kind"], given["agent"]), (kind, agent.number))
        return given["args"], given["call_uid"]

    def refused(self, why, agent, kind, args=None, call_uid=None, error=UserError):
        with self.assertRaisesRegex(error, why):
            self.press(agent, kind, args, call_uid)

    # ---- how the bridge gets it ----

    def bells(self):
        return [payload for _c, kind, payload in self.bus_messages() if kind == "cc.pbx/bell"]

    def test_the_bell_carries_it(self):
        """A plain button goes out with the bell, for the bridge that said hello last, and stays open."""
        self.call_of([self.tell("joined", **self.talking())])
        self.bus_messages()
        answer = self.env["cc.agent"].with_user(self.ann.user_id).command("hold")
        [bell] = self.bells()
        rows = {row["id"]: row for row in self.env["cc.command"]._open_for(self.pbx)}
        row = rows[answer["id"]]
        epoch = self.pbx.cursor_ids.epoch
        self.assertEqual(bell, {"what": "command", "epoch": epoch, "command": row})

    def test_no_number_on_the_bus(self):
        """The bus keeps its messages for hours: digits and customers' numbers are read, not carried."""
        self.call_of([self.tell("joined", **self.talking())])
        self.bus_messages()
        self.press(self.ann, "dtmf", {"digits": "4111"})
        to = {"kind": "number", "number": f"+86{ASIDE}"}
        self.press(self.ann, "transfer", {"to": to})
        self.assertEqual(self.bells(), [{"what": "command"}])

    def test_few_questions(self):
        """A click waits for its check: what it asks of the database does not grow with the call."""
        self.call_of([self.tell("joined", **self.talking(**self.third()))])
        phone = self.env["cc.agent"].with_user(self.ann.user_id)
        phone.command("dtmf", {"digits": "1"})
        self.env.invalidate_all()
        agent = phone._mine()
        with self.assertQueryCount(1):
            [(call, talk)] = self.env["cc.call"]._cc_open_talks(agent)
            self.assertEqual(call.call_uid, self.call_uid)
        self.assertEqual(talk.view, call._cc_view())

    # ---- when ----

    def test_as_the_card_says(self):
        """In every situation exactly those buttons are taken that the card offers."""
        args = {
            "transfer": {"to": {"kind": "queue", "id": self.queue.id}},
            "consult": {"to": {"kind": "agent", "id": self.ben.id}},
            "invite": {"to": {"kind": "agent", "id": self.ben.id}},
            "kick": {"leg": 3},
            "uninvite": {"ring": 2},
            "dtmf": {"digits": "1"},
        }
        kinds = {
            row["control"] for row in call_controls()["controls"] if row["group"] != "free"
        } - {"pickup", "listen"}
        for name, body in self.stories().items():
            self.rev += 10
            call = self.call_of([self.tell("joined", **body)])
            for agent in (self.ann, self.lea):
                offered = set(call._cc_card(agent)["can"])
                for kind in sorted(kinds):
                    with self.subTest(story=name, agent=agent.name, kind=kind):
                        if kind in offered:
                            self.assertEqual(
                                self.press(agent, kind, args.get(kind), self.call_uid)[1],
                                self.call_uid,
                            )
                        else:
                            self.refused(".", agent, kind, args.get(kind), self.call_uid)

    def test_as_the_bridge_says(self):
        """Both sides read the same words out of the same fact, for everybody in the call."""
        stories = self.stories()
        stories["outbound"] = {
            **self.talking(),
            "direction": "outbound",
            "from": {"number": "8101", "name": None},
            "to": {"number": CUSTOMER},
            "queue": None,
        }
        stories["outside consulted"] = self.talking(
            holds=[self.hold()], **self.third(ASIDE, "outside")
        )
        back = [self.hold(10, 20), self.hold(25, 30)]
        stories["swapped back"] = self.talking(holds=back, **self.third())
        stories["swapped again"] = self.talking(holds=[*back, self.hold(35)], **self.third())
        stories["held after they came"] = self.talking(holds=[self.hold(20, 25)], **self.third())
        stories["handed over"] = self.talking(holds=[self.hold(10, 20)], **self.third())
        stories["handed over"]["legs"][1]["left_t"] = T0 + 20 * S
        stories["internal"] = {
            "direction": "internal",
            "from": {"number": "8101", "name": None},
            "to": {"number": "8102"},
            "queue": None,
            "legs": [self.leg(1, "agent", "8101", T0), self.leg(2, "agent", "8102", T0 + S)],
            "answered_t": T0 + S,
        }
        pair = stories["internal"]["legs"]
        third = self.leg(3, "agent", "8111", T0 + 15 * S)
        for what, holds, legs in (
            ("held", [self.hold()], pair),
            ("asks", [self.hold()], [*pair, third]),
            ("swapped", [self.hold(10, 20)], [*pair, third]),
            (
                "left with whom they asked",
                [self.hold(10, 20)],
                [pair[0], {**pair[1], "left_t": T0 + 20 * S}, third],
            ),
            (
                "handed over",
                [self.hold(10, 20)],
                [{**pair[0], "left_t": T0 + 20 * S}, pair[1], third],
            ),
        ):
            stories[f"internal, {what}"] = {**stories["internal"], "legs": legs, "holds": holds}
        stories["ended"] = {**self.talking(), "state": "ended", "ended_t": T0 + 30 * S}
        for name, body in stories.items():
            held = any(not hold["to_t"] for hold in body.get("holds", ()))
            state = body.pop("state", "held" if held else "talking")
            call = self.call_body(self.call_uid, 1, state, **body)
            batch = Batch(self.env, self.pbx.sudo(), [self.fact("call.joined", call=call)])
            for agent in (self.ann, self.ben, self.lea):
                with self.subTest(story=name, agent=agent.name):
                    ours = situation(Talk(view_of(batch, call), agent.id))
                    self.assertEqual(ours, bridge.words(call, agent.number))

    def test_reasons(self):
        """A refusal says why."""
        self.refused("no longer in this call", self.ann, "hold")
        self.tell("ringing", **self.ringing("8101"))
        self.refused("Answer the call first", self.ann, "hold")
        self.tell("answered", **self.talking())
        self.refused("no longer ringing", self.ann, "answer")
        self.refused("not on hold", self.ann, "resume")
        self.refused("not consulting anyone", self.ann, "toggle")
        self.refused("no one to remove", self.ann, "kick", {"leg": 1})
        self.refused("Listen to a call first", self.ann, "whisper")
        self.tell("held", **self.talking(holds=[self.hold()]))
        self.refused("already on hold", self.ann, "hold")
        self.refused("off hold first", self.ann, "collect")
        ringing = self.talking(holds=[self.hold()], attempts=[self.ring("8102")])
        self.tell("ringing", **ringing)
        self.refused("until the other party has answered", self.ann, "conference")
        self.refused(
            "complete the transfer or merge the calls first",
            self.ann,
            "transfer",
            {"to": {"kind": "queue", "id": self.queue.id}},
        )
        self.tell("joined", **self.talking(holds=[self.hold()], **self.third()))
        self.refused("Your colleague leads this call", self.ben, "resume")

    def test_nobody_elses_call(self):
        self.tell("answered", **self.talking())
        for kind in ("hold", "hangup", "mute"):
            self.refused("no longer in this call", self.ben, kind, {}, self.call_uid)

    def test_two_calls(self):
        self.tell("answered", **self.talking())
        first = self.call_uid
        CallStories.setUp(self)
        self.tell("answered", **self.talking())
        self.refused("several calls", self.ann, "hold")
        self.assertEqual(self.press(self.ann, "hold", {}, first), ({}, first))

    def test_what_a_mobile_cannot_do(self):
        self.env["cc.agent"].search([("id", "=", self.ann.id)])._open_session().device = "mobile"
        self.tell("ringing", **self.ringing("8101"))
        self.refused("Use its own keys", self.ann, "answer")
        self.assertEqual(self.press(self.ann, "reject")[1], self.call_uid)

    # ---- to whom ----

    def test_targets(self):
        """What the browser names becomes what the PBX knows."""
        partner = self.env["res.partner"].create({"name": "Supplier"})
        link = self.env["cc.phone.link"].create({"number": f"+86{ASIDE}", "partner_id": partner.id})
        self.tell("answered", **self.talking())
        for to, value in (
            ({"kind": "agent", "id": self.ben.id}, {"kind": "agent", "value": "8102"}),
            ({"kind": "queue", "id": self.queue.id}, {"kind": "queue", "value": "help"}),
            ({"kind": "ivr", "id": self.menu.id}, {"kind": "ivr", "value": "hours"}),
            (
                {"kind": "phone", "id": link.number_id.id},
                {"kind": "number", "value": f"+86{ASIDE}"},
            ),
            (
                {"kind": "number", "number": "010 6666 8888"},
                {"kind": "number", "value": "+861066668888"},
            ),
        ):
            self.assertEqual(self.press(self.ann, "transfer", {"to": to})[0], {"to": value})
            if to["kind"] in ("queue", "ivr"):
                self.refused("Choose a recipient", self.ann, "consult", {"to": to})
                self.refused("Choose a recipient", self.ann, "invite", {"to": to})
            else:
                self.assertEqual(self.press(self.ann, "consult", {"to": to})[0], {"to": value})
                self.assertEqual(self.press(self.ann, "invite", {"to": to})[0], {"to": value})
        stored = self.env["cc.command"].sudo().search([("kind", "=", "transfer")])
        self.assertNotIn("6666", str(stored.mapped("args")))

    def test_owner(self):
        partner = self.env["res.partner"].create({"name": "Li Wei"})
        self.env["cc.phone.link"].create({"number": f"+86{CUSTOMER}", "partner_id": partner.id})
        self.tell("answered", **self.talking())
        to = {"to": {"kind": "owner"}}
        self.refused("no extension on this PBX", self.ann, "transfer", to)
        partner.user_id = self.ada
        self.refused("no extension on this PBX", self.ann, "transfer", to)
        partner.user_id = self.cai.user_id
        self.refused("Cai is not signed in", self.ann, "transfer", to)
        partner.user_id = self.ben.user_id
        self.assertEqual(
            self.press(self.ann, "transfer", to)[0], {"to": {"kind": "agent", "value": "8102"}}
        )

    def test_colleague_must_be_there(self):
        """Signed in and free to be rung; to be consulted, ready."""
        self.tell("answered", **self.talking())
        to = {"to": {"kind": "agent", "id": self.ben.id}}
        seconds = 1
        for state, transfer, consult in (
            ("busy", None, "not ready"),
            ("break", "on a break", "on a break"),
            ("ringing", "phone is ringing", "phone is ringing"),
            ("on_call", "on a call", "on a call"),
            ("wrap_up", None, "not ready"),
            ("ready", None, None),
        ):
            seconds += 1
            self.ingest(self.agent_fact(self.ben, state, T0 + seconds * S))
            for kind, why in (("transfer", transfer), ("invite", transfer), ("consult", consult)):
                with self.subTest(state=state, kind=kind):
                    if why:
                        self.refused(why, self.ann, kind, to)
                    else:
                        self.press(self.ann, kind, to)
        self.refused("yourself", self.ann, "transfer", {"to": {"kind": "agent", "id": self.ann.id}})

    def test_wrong_targets(self):
        self.tell("answered", **self.talking())
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        queue = self.env["cc.queue"].create({"name": "Far", "code": "far", "pbx_id": other.id})
        for to in (
            None,
            "8102",
            {},
            {"kind": ["agent"]},
            {"kind": "moon", "id": 1},
            {"kind": "queue", "id": queue.id},
            {"kind": "queue", "id": "help"},
            {"kind": "queue", "id": -1},
            {"kind": "agent", "id": 0},
            {"kind": "phone", "id": 10**9},
            {"kind": "phone", "id": "1"},
            {"kind": "number", "number": ""},
            {"kind": "number", "number": "hello"},
            {"kind": "number", "number": 10086},
        ):
            with self.subTest(to=to):
                self.refused(".", self.ann, "transfer", {"to": to})

    def test_number_of_nobodys(self):
        """A number is used by its id only by who may see a customer or a call of it."""
        number = self.env["cc.phone.number"]._ingest([("13700001111", "CN")])["13700001111", "CN"]
        self.tell("answered", **self.talking())
        to = {"to": {"kind": "phone", "id": number.id}}
        self.refused("no access to a customer", self.ann, "transfer", to)
        self.refused("no access to a customer", self.ben, "dial", {"phone": number.id})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create({"name": "Far", "company_id": elsewhere.id})
        link = self.env["cc.phone.link"].create({"number_id": number.id, "partner_id": partner.id})
        self.refused("no access to a customer", self.ann, "transfer", to)
        link.partner_id.company_id = False
        self.press(self.ann, "transfer", to)

    # ---- keys, removing ----

    def test_keys(self):
        self.tell("answered", **self.talking())
        self.assertEqual(self.press(self.ann, "dtmf", {"digits": "12*#D"})[0], {"digits": "12*#D"})
        for digits in (None, "", "1" * 33, "12a", "1,2", 12, "1\n"):
            self.refused("up to 32 digits", self.ann, "dtmf", {"digits": digits})
        self.assertEqual(self.press(self.ann, "collect")[0], {"max": 32, "seconds": 15})
        self.assertEqual(
            self.press(self.ann, "collect", {"max": 4, "seconds": 20})[0],
            {"max": 4, "seconds": 20},
        )
        for args in ({"max": 0}, {"max": 33}, {"max": "4"}, {"seconds": 0}, {"seconds": True}):
            self.refused("Collect 1 to 32 digits", self.ann, "collect", args)

    def test_kick(self):
        body = self.talking(transfers=[self.together()], **self.third())
        self.tell("joined", **body)
        self.assertEqual(self.press(self.ann, "kick", {"leg": 3})[0], {"leg": 3})
        self.refused("customer cannot be removed", self.ann, "kick", {"leg": 1})
        for leg in (None, 2, 9, "3"):
            self.refused("no longer in the call", self.ann, "kick", {"leg": leg})
        body["legs"].append({**self.leg(4, "supervisor", "8111", T0 + 16 * S), "mode": "listen"})
        self.tell("joined", **body)
        self.refused("supervisor cannot be removed", self.ann, "kick", {"leg": 4})

    def test_uninvite(self):
        """A ring that an invitation began can be taken back, as long as it rings and by its number only."""
        self.tell("answered", **self.talking())
        self.refused("No one is being called", self.ann, "uninvite", {"ring": 2})
        self.tell("ringing", **self.talking(attempts=[self.ring("8102")]))
        self.assertEqual(self.press(self.ann, "uninvite", {"ring": 2})[0], {"ring": 2})
        # not a colleague who is only rung
        self.refused("Answer the call first", self.ben, "uninvite", {"ring": 2})
        for ring in (None, 1, 9, "2", [2]):
            self.refused("No one is being called", self.ann, "uninvite", {"ring": ring})
        # whom a consultation rings is taken back by going back to the customer
        self.tell("ringing", **self.talking(holds=[self.hold()], attempts=[self.ring("8102")]))
        self.refused("No one is being called", self.ann, "uninvite", {"ring": 2})

    # ---- colleagues' calls ----

    def test_pick_up(self):
        """Of one's department or queue, while it rings, by who is free."""
        self.sign_in(self.cai, "ready")
        self.tell("ringing", **self.ringing("8101"))
        self.assertEqual(self.press(self.ben, "pickup", {}, self.call_uid), ({}, self.call_uid))
        self.assertEqual(self.press(self.lea, "pickup", {}, self.call_uid)[1], self.call_uid)
        self.refused("of your department", self.cai, "pickup", {}, self.call_uid)
        self.env["cc.queue.member"].create({"queue_id": self.queue.id, "agent_id": self.cai.id})
        self.press(self.cai, "pickup", {}, self.call_uid)
        for uid in (None, "", "x"):
            self.refused("no longer ringing", self.ben, "pickup", {}, uid)
        self.tell("answered", **self.talking())
        self.refused("no longer ringing", self.ben, "pickup", {}, self.call_uid)
        self.ingest(self.agent_fact(self.ben, "on_call", T0 + 40 * S))
        self.refused("finish your current call", self.ben, "pickup", {}, self.call_uid)

    def test_supervise(self):
        """Leaders, in the departments they lead; the others are refused by every word."""
        self.sign_in(self.lin, "busy")
        self.sign_in(self.max, "busy")
        self.tell("answered", **self.talking())
        for leader in (self.lea, self.max):
            self.assertEqual(
                self.press(leader, "listen", {"of": "8101"}), ({"of": "8101"}, self.call_uid)
            )
        self.refused(
            "not in a department you lead", self.lin, "listen", {"of": "8101"}, None, AccessError
        )
        self.refused("Only leaders", self.ben, "listen", {"of": "8101"}, None, AccessError)
        self.refused("not in a call", self.lea, "listen", {"of": "8102"})
        self.refused("not on your PBX", self.lea, "listen", {"of": "9999"})
        self.refused("not on your PBX", self.lea, "listen", {"of": "8111"})
        for kind in ("whisper", "barge", "takeover"):
            self.refused("Listen to a call first", self.lea, kind)
        self.tell("joined", **self.talking(legs=[self.listener()]))
        for kind in ("whisper", "barge", "takeover"):
            self.assertEqual(self.press(self.lea, kind), ({"of": "8101"}, self.call_uid))
            self.refused("Listen", self.ann, kind)
        self.refused("while you supervise", self.lea, "hold")
        # led no longer, listening still: no further part in it
        self.lea.led_department_ids = False
        self.refused("not in a department you lead", self.lea, "barge", {}, None, AccessError)

    # ---- dialling ----

    def test_dial_by_id(self):
        """A customer's number is dialled without being seen."""
        partner = self.env["res.partner"].create({"name": "Li Wei"})
        link = self.env["cc.phone.link"].create({"number": f"+86{ASIDE}", "partner_id": partner.id})
        self.assertEqual(
            self.press(self.ben, "dial", {"phone": link.number_id.id})[0], {"number": f"+86{ASIDE}"}
        )

    def test_call_back_by_id(self):
        """Who had the call may call its number back; a stranger to it may not."""
        self.tell("answered", **self.talking())
        number = self.env["cc.call"].search([("call_uid", "=", self.call_uid)]).number_id
        self.refused("no access to a customer", self.ben, "dial", {"phone": number.id})
        self.tell("ringing", **self.ringing("8102"))
        self.assertEqual(
            self.press(self.ben, "dial", {"phone": number.id})[0], {"number": f"+86{CUSTOMER}"}
        )

    def test_busy_blocks_dialling(self):
        """Only where the PBX says so."""
        self.press(self.lea, "dial", {"number": "10086"})
        self.pbx.busy_blocks_dialling = True
        self.refused("busy or on a break", self.lea, "dial", {"number": "10086"})
        self.press(self.ben, "dial", {"number": "10086"})
        self.ingest(self.agent_fact(self.ben, "break", T0 + S))
        self.refused("busy or on a break", self.ben, "dial", {"number": "10086"})

    def test_echo(self):
        self.assertEqual(self.press(self.ben, "echo"), ({}, None))
        self.refused("finish your current call", self.ann, "echo")
