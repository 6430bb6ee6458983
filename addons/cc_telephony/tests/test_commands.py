# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..utils.states import agent_states, may_move
from ..utils.times import now, to_us
from .common import T0, FactsMixin, S


@tagged("post_install", "-at_install")
class TestCommands(FactsMixin, TransactionCase):
    """From an agent's click to a command, and from its result back to the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.cursor.write({"hello_at": now(), "heard_at": now(), "connected": True})

    def phone(self, agent):
        return self.env["cc.agent"].with_user(agent.user_id)

    def command(self, answer):
        return self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])

    def sign_in(self, agent, state="busy"):
        answer = self.phone(agent).sign_in("browser")
        self.ingest(self.agent_fact(agent, state, T0, session=answer["session"], device="browser"))
        return answer

    def result(self, command, code="ok", message="", ok=None):
        body = {
            "id": command.uuid,
            "ok": code == "ok" if ok is None else ok,
            "code": code,
            "message": message,
            "call_uid": None,
        }
        return self.fact("command.result", command=body)

    def test_result_of_an_unknown_command(self):
        """After a restore the bridge tells again of commands that this database never had."""
        command = self.env["cc.command"]._issue(self.pbx, "check")
        fact = self.result(command)
        fact["command"]["id"] = "0b9d6a52-6ed5-4b7e-9d6c-0c3a4f0d7a11"
        self.assertEqual(self.ingest(fact), (fact["seq"], 0))
        self.assertEqual(command.state, "open")

    # ---- signing in and out ----

    def test_sign_in(self):
        answer = self.phone(self.ann).sign_in("browser")
        session = self.ann._open_session()
        self.assertRecordValues(
            session,
            [
                {
                    "id": answer["session"],
                    "device": "browser",
                    "extension": "w8101",
                    "department_id": self.service.id,
                    "company_id": self.company.id,
                }
            ],
        )
        command = self.command(answer)
        self.assertRecordValues(
            command,
            [
                {
                    "kind": "sign_in",
                    "args": {"device": "browser", "extension": "w8101", "session": session.id},
                    "agent_id": self.ann.id,
                    "user_id": self.ann.user_id.id,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(command.expires_at - command.asked_at, timedelta(seconds=10))
        self.assertEqual(answer["sip"]["secret"], self.ann._browser_extension().secret)
        bells = [
            payload["what"]
            for _channel, kind, payload in self.bus_messages()
            if kind == "cc.pbx/bell"
        ]
        self.assertIn("command", bells)
        self.assertIn("intent", bells)

    def test_newer_sign_in(self):
        """A newer sign-in ends the older and tells it."""
        first = self.phone(self.ann).sign_in("browser")
        self.bus_messages()
        second = self.phone(self.ann).sign_in("desk", "8201")
        self.assertEqual(
            self.told(self.ann, "cc.agent/session"),
            [{"session_id": first["session"], "ended": "taken_over"}],
        )
        sessions = self.env["cc.agent.session"].search([("agent_id", "=", self.ann.id)])
        self.assertEqual(sessions.filtered(lambda row: not row.ended_at).id, second["session"])
        self.assertFalse(second["sip"])

    def test_sign_in_refused_by_pbx(self):
        """The phone isn't there: no session stays open, and the browser is told why."""
        answer = self.phone(self.ann).sign_in("browser")
        self.bus_messages()
        self.ingest(self.result(self.command(answer), "not_registered", "no phone"))
        self.assertFalse(self.ann._open_session())
        messages = [(kind, payload) for _c, kind, payload in self.bus_messages()]
        self.assertIn(
            ("cc.agent/session", {"session_id": answer["session"], "ended": "failed"}), messages
        )
        self.assertIn(
            (
                "cc.command/result",
                {
                    "id": answer["id"],
                    "kind": "sign_in",
                    "ok": False,
                    "code": "not_registered",
                    "message": "no phone",
                },
            ),
            messages,
        )

    def test_phones(self):
        """Only one's own browser phone, and desk phones that nobody else uses or owns."""
        with self.assertRaisesRegex(UserError, "cannot use desk phone w8102"):
            self.phone(self.ann).sign_in("desk", "w8102")
        with self.assertRaisesRegex(UserError, "cannot use desk phone"):
            self.phone(self.ann).sign_in("desk", False)
        self.phone(self.ben).sign_in("desk", "8201")
        with self.assertRaisesRegex(UserError, "Ben is signed in at phone 8201"):
            self.phone(self.ann).sign_in("desk", "8201")
        self.phone(self.ben).sign_out()
        self.phone(self.ann).sign_in("desk", "8201")
        self.desk.agent_id = self.ben
        with self.assertRaises(UserError):
            self.phone(self.cai).sign_in("desk", "8201")

    def test_sign_out(self):
        answer = self.sign_in(self.ann)
        command = self.command(self.phone(self.ann).sign_out())
        self.assertEqual((command.kind, command.args), ("sign_out", {"session": answer["session"]}))
        self.assertFalse(self.ann._open_session())
        with self.assertRaisesRegex(UserError, "not signed in"):
            self.phone(self.ann).sign_out()

    def test_leader_signs_out(self):
        self.sign_in(self.ann)
        for stranger in (self.ben, self.lin):
            with self.assertRaises(AccessError):
                self.ann.with_user(stranger.user_id).action_sign_out()
        self.bus_messages()
        self.ann.with_user(self.lea.user_id).action_sign_out()
        self.assertFalse(self.ann._open_session())
        self.assertEqual(self.told(self.ann, "cc.agent/session")[0]["ended"], "leader")

    def test_not_for_others(self):
        """Users who are no agents: outside the group refused, inside it told what is missing."""
        clerk = new_test_user(self.env, "cc_clerk", groups="base.group_user")
        agents = self.env["cc.agent"].with_user(clerk)
        for call in (
            lambda: agents.my_phone(),
            lambda: agents.sign_in("browser"),
            lambda: agents.sign_out(),
            lambda: agents.set_state("ready"),
            lambda: agents.command("dial", {"number": "10086"}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(self.env["cc.agent"].with_user(self.ada).my_phone()["agent"])
        with self.assertRaisesRegex(UserError, "not set up as an agent"):
            self.env["cc.agent"].with_user(self.ada).sign_in("browser")

    # ---- states ----

    def test_states_by_the_file(self):
        """An agent may ask for exactly the moves that the file gives to agents."""
        for old in agent_states()["states"]:
            if old == "offline":
                continue
            self.env["cc.agent.interval"].search([]).unlink()
            self.sign_in(self.ann, old)
            for new in agent_states()["states"]:
                if may_move(old, new, "agent"):
                    command = self.command(self.phone(self.ann).set_state(new))
                    self.assertEqual(command.args, {"state": new, "reason": None})
                elif new == old and new in ("ready", "busy"):
                    # a wrap-up that ran out as they clicked Ready
                    self.assertFalse(self.phone(self.ann).set_state(new))
                else:
                    with self.assertRaises(UserError):
                        self.phone(self.ann).set_state(new)

    def test_states_by_thought(self):
        """A few moves written down, so that the file itself is held to something."""
        asked = {
            state: {old for old in agent_states()["states"] if may_move(old, state, "agent")}
            for state in ("ready", "busy", "break", "offline", "ringing", "on_call", "wrap_up")
        }
        self.assertEqual(asked["busy"], {"ready"})
        self.assertEqual(asked["ready"], {"busy", "break", "wrap_up"})
        self.assertEqual(asked["break"], {"ready", "busy", "wrap_up"})
        for state in ("offline", "ringing", "on_call", "wrap_up"):
            self.assertFalse(asked[state], state)
        self.sign_in(self.ann, "on_call")
        for state in ("ready", "busy", "break", "offline", "wrap_up"):
            with self.assertRaises(UserError):
                self.phone(self.ann).set_state(state)
        self.ingest(self.agent_fact(self.ann, "wrap_up", T0 + S))
        self.phone(self.ann).set_state("ready")
        self.phone(self.ann).set_state("break")
        with self.assertRaisesRegex(UserError, "does not exist"):
            self.phone(self.ann).set_state("asleep")

    def test_state_needs_confirmed_sign_in(self):
        with self.assertRaisesRegex(UserError, "Sign in first"):
            self.phone(self.ann).set_state("ready")
        self.phone(self.ann).sign_in("browser")
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self.phone(self.ann).set_state("ready")

    def test_break_reason(self):
        reason = self.env["cc.break.reason"].create({"name": "Tea"})
        self.sign_in(self.ann)
        command = self.command(self.phone(self.ann).set_state("break", reason.id))
        self.assertEqual(command.args, {"state": "break", "reason": "Tea"})
        command = self.command(self.phone(self.ann).set_state("ready", reason.id))
        self.assertEqual(command.args, {"state": "ready", "reason": None})

    def test_a_break_that_a_rule_sets(self):
        """“Not answering” shows when a queue's rule has set it; nobody is offered it or can choose it."""
        rule = self.env.ref("cc_telephony.break_reason_not_answering")
        phone = self.phone(self.ann)
        self.sign_in(self.ann)
        offered = phone.my_phone()["break_reasons"]
        self.assertNotIn(rule.id, [choice["id"] for choice in offered])
        self.assertEqual(len(offered), self.env["cc.break.reason"].search_count([]) - 1)
        with self.assertRaisesRegex(UserError, "“Not answering” is set automatically"):
            phone.set_state("break", rule.id)
        self.ingest(self.agent_fact(self.ann, "break", T0 + S, reason=rule.name))
        self.assertEqual(phone.my_phone()["reason"], rule.name)
        self.ingest(self.agent_fact(self.ann, "on_call", T0 + 2 * S))
        with self.assertRaisesRegex(UserError, "“Not answering” is set automatically"):
            phone.set_next_state("break", rule.id)

    def test_words_in_the_agents_language(self):
        """The bridge knows a reason by one name; the agent reads it, and the state, in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        reason = self.env["cc.break.reason"].create({"name": "Tea"})
        reason.with_context(lang="zh_CN").name = "喝茶"
        self.ann.user_id.lang = "zh_CN"
        self.sign_in(self.ann)
        phone = self.phone(self.ann).with_context(lang="zh_CN")
        self.assertIn({"id": reason.id, "name": "喝茶"}, phone.my_phone()["break_reasons"])
        command = self.command(phone.set_state("break", reason.id))
        self.assertEqual(command.args["reason"], "Tea")
        self.ingest(self.agent_fact(self.ann, "break", T0 + S, reason="Tea"))
        self.assertEqual(phone.my_phone()["reason"], "喝茶")
        message = self.told(self.ann, "cc.agent/state")[-1]
        self.assertEqual((message["state"], message["reason"]), ("break", "喝茶"))
        shown = self.ann.with_context(lang="zh_CN")
        shown.invalidate_recordset()
        self.assertEqual(shown.break_reason, "喝茶")
        words = dict(shown.fields_get(["state"])["state"]["selection"])
        self.assertEqual(words["break"], "小休")
        interval = self.env["cc.agent.interval"].search(
            [("agent_id", "=", self.ann.id), ("ended_at", "=", False)]
        )
        self.assertEqual(interval.reason_id, reason)

    def test_clicks_change_no_state(self):
        """Only a fact moves an agent."""
        self.sign_in(self.ann)
        self.phone(self.ann).set_state("ready")
        self.assertEqual(self.ann.state, "busy")
        self.ingest(self.agent_fact(self.ann, "ready", T0 + S))
        self.assertEqual(self.phone(self.ann).my_phone()["state"], "ready")

    # ---- call buttons ----

    def test_answer(self):
        """The call that rings here can be answered; before, after and for others it can't."""
        self.sign_in(self.ann)
        self.sign_in(self.ben)
        facts = self.life()
        with self.assertRaisesRegex(UserError, "no longer ringing"):
            self.phone(self.ann).command("answer")
        self.ingest(*facts[:2])
        uid = facts[0]["call"]["call_uid"]
        command = self.command(self.phone(self.ann).command("answer", {}, uid))
        self.assertEqual((command.kind, command.call_uid), ("answer", uid))
        with self.assertRaises(UserError):
            self.phone(self.ben).command("answer", {}, uid)
        self.ingest(facts[2])
        with self.assertRaises(UserError):
            self.phone(self.ann).command("answer", {}, uid)
        self.assertEqual(self.command(self.phone(self.ann).command("hangup")).call_uid, uid)
        muted = self.command(self.phone(self.ann).command("mute", {"on": True}, uid))
        self.assertEqual(muted.args, {"on": True})
        self.ingest(*facts[3:])
        with self.assertRaisesRegex(UserError, "no longer in this call"):
            self.phone(self.ann).command("hangup", {}, uid)

    def test_hang_up_after_the_customer_has_left(self):
        """Two who talk on when the call is over can end that; only while they do."""
        self.sign_in(self.ann)
        facts = self.life()
        uid = facts[0]["call"]["call_uid"]
        self.ingest(*facts)
        self.assertEqual(self.call_of(facts).state, "ended")
        self.ingest(self.agent_fact(self.ann, "on_call", T0 + 40 * S, call_uid=uid))
        last = self.phone(self.ann).my_phone()["last_call"]
        self.assertEqual((last["call_uid"], last["state"]), (uid, "ended"))
        for given in (None, uid):
            command = self.command(self.phone(self.ann).command("hangup", {}, given))
            self.assertEqual((command.kind, command.call_uid), ("hangup", uid))
        with self.assertRaises(UserError):
            self.phone(self.ann).command("hold", {}, uid)
        self.ingest(self.agent_fact(self.ann, "ready", T0 + 50 * S))
        self.assertFalse(self.phone(self.ann).my_phone()["last_call"])
        with self.assertRaises(UserError):
            self.phone(self.ann).command("hangup", {}, uid)

    def test_dial(self):
        """The number stands in its own row; the bridge gets it dialable."""
        self.sign_in(self.ann)
        command = self.command(self.phone(self.ann).command("dial", {"number": "139 1234 5678"}))
        self.assertFalse(command.args)
        self.assertEqual(command.number_id.display, "+86 139 1234 5678")
        [given] = [
            c for c in self.env["cc.command"].sudo()._open_for(self.pbx) if c["kind"] == "dial"
        ]
        self.assertEqual(
            given,
            {
                "id": command.uuid,
                "kind": "dial",
                "args": {"number": "+8613912345678"},
                "agent": "8101",
                "call_uid": None,
                "expires_t": to_us(command.expires_at),
            },
        )
        service = self.command(self.phone(self.ann).command("dial", {"number": "10086"}))
        self.assertEqual(service._to_bridge()["args"], {"number": "10086"})

    def test_dial_refused(self):
        self.sign_in(self.ann)
        for number in (None, "", "   ", "hello", "1" * 200, 10086):
            with self.assertRaises(UserError):
                self.phone(self.ann).command("dial", {"number": number})
        self.ingest(self.agent_fact(self.ann, "on_call", T0 + S))
        with self.assertRaises(UserError):
            self.phone(self.ann).command("dial", {"number": "10086"})

    def test_unknown_kind(self):
        self.sign_in(self.ann)
        for kind in ("sing", "check", "sign_in", "_check_leads", "set_state"):
            with self.assertRaisesRegex(UserError, "does not support"):
                self.phone(self.ann).command(kind)

    # ---- results ----

    def test_result(self):
        command = self.command(self.phone(self.ann).sign_in("browser"))
        self.bus_messages()
        fact = self.result(command)
        self.ingest(fact)
        self.assertRecordValues(command, [{"state": "done", "code": "ok"}])
        self.assertTrue(command.done_at)
        self.assertEqual(
            self.told(self.ann, "cc.command/result"),
            [{"id": command.uuid, "kind": "sign_in", "ok": True, "code": "ok", "message": ""}],
        )
        self.ingest(self.result(command, "failed", "again, otherwise"))
        self.assertEqual(command.state, "done")

    def test_expire(self):
        """What the bridge never did is told as too late; a result that comes after all counts."""
        command = self.command(self.phone(self.ann).sign_in("browser"))
        fresh = self.command(self.phone(self.ben).sign_in("browser"))
        command.expires_at = now() - timedelta(minutes=2)
        self.bus_messages()
        self.env["cc.command"].sudo()._cron_expire()
        self.assertEqual((command.state, fresh.state), ("expired", "open"))
        self.assertEqual(self.told(self.ann, "cc.command/result")[0]["code"], "expired")
        self.ingest(self.result(command))
        self.assertEqual(command.state, "done")

    def test_not_by_hand(self):
        """Commands are made by the checked methods only."""
        for user in (self.ann.user_id, self.max.user_id, self.ada):
            with self.assertRaises(AccessError):
                self.env["cc.command"].with_user(user).create(
                    {"pbx_id": self.pbx.id, "kind": "hangup"}
                )

    # ---- the page ----

    def test_my_phone(self):
        """All that a fresh page needs, as docs/architecture/browser.md names it."""
        reason = self.env["cc.break.reason"].search([], limit=1)
        answer = self.sign_in(self.ann)
        facts = self.life()
        self.ingest(*facts[:2])
        phone = self.phone(self.ann).my_phone()
        self.assertEqual(
            set(phone),
            {
                "agent",
                "session",
                "state",
                "reason",
                "since",
                "until",
                "more",
                "next",
                "reachable",
                "device",
                "extension",
                "calls",
                "pbx",
                "sip",
                "states",
                "controls",
                "break_reasons",
                "devices",
                "last_device",
                "last_call",
                "announcements",
                "extra",
                "clock_us",
            },
        )
        self.assertEqual(phone["agent"], {"id": self.ann.id, "number": "8101", "name": "Ann"})
        self.assertEqual(
            (phone["session"], phone["state"], phone["since"]), (answer["session"], "busy", T0)
        )
        self.assertEqual(
            phone["pbx"],
            {"id": self.pbx.id, "code": "test", "connected": True, "message": None},
        )
        self.assertEqual(
            phone["sip"],
            {
                "ws": "/pbx/test/ws",
                "extension": "w8101",
                "secret": self.ann._browser_extension().secret,
                "realm": "asterisk",
                "ice": [],
            },
        )
        [card] = phone["calls"]
        self.assertEqual((card["mine"], card["moment"], card["rev"]), ("ringing", "ringing", 2))
        self.assertEqual(
            phone["devices"],
            [
                {"device": "browser", "extension": "w8101", "label": "This browser"},
                {"device": "desk", "extension": "8201", "label": "8201 Desk"},
            ],
        )
        self.assertIn({"id": reason.id, "name": reason.name}, phone["break_reasons"])
        self.assertEqual(phone["states"], agent_states())
        self.assertEqual(self.phone(self.ben).my_phone()["calls"], [])
        self.assertFalse(self.phone(self.ben).my_phone()["sip"])

    def test_ice(self):
        self.pbx.write(
            {
                "stun_url": "stun:stun.example.com",
                "turn_url": "turn:turn.example.com",
                "turn_user": "cc",
                "turn_password": "pass",
            }
        )
        self.sign_in(self.ann)
        self.assertEqual(
            self.phone(self.ann).my_phone()["sip"]["ice"],
            [
                {"urls": ["stun:stun.example.com"]},
                {"urls": ["turn:turn.example.com"], "username": "cc", "credential": "pass"},
            ],
        )

    def test_connection(self):
        """The button names the failing link, or has the bridge look and tells what it found."""
        pbx = self.pbx.with_user(self.ada)
        self.cursor.heard_at = now() - timedelta(minutes=5)
        notice = pbx.action_test_connection()["params"]
        self.assertEqual(notice["type"], "danger")
        self.assertIn("last connected", notice["message"])
        self.cursor.heard_at = now()
        pbx.action_test_connection()
        command = self.env["cc.command"].sudo().search([("kind", "=", "check")])
        self.bus_messages()
        self.ingest(self.result(command, "permission", "needs class system"))
        [shown] = [
            payload
            for _channel, kind, payload in self.bus_messages()
            if kind == "simple_notification"
        ]
        self.assertTrue(shown["message"].startswith("Permission:"))
        self.assertIn("needs class system", shown["message"])
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.max.user_id).action_test_connection()

    def test_bridge_config(self):
        """What the page shows is toml and has this PBX's secret; managers don't see it."""
        import tomllib

        config = tomllib.loads(self.pbx.with_user(self.ada).bridge_config)
        self.assertEqual(
            config["odoo"],
            {
                "url": self.pbx.get_base_url(),
                "database": self.env.cr.dbname,
                "pbx": self.pbx.uuid,
                "secret": self.pbx.secret,
            },
        )
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.max.user_id).read(["bridge_config"])
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.max.user_id).read(["secret"])

    def test_no_way_into_the_configuration(self):
        """Names that the bridge writes to the PBX hold nothing but names."""
        for code in ("a b", "a;b", "a]\n[b", "a\n#exec", "ü", ""):
            with self.assertRaises(ValidationError):
                self.queue.code = code
            with self.assertRaises(ValidationError):
                self.desk.code = code
        with self.assertRaises(ValidationError):
            self.desk.secret = "aaaaaaaaaaaa\n[x]"
        with self.assertRaises(ValidationError):
            self.ann.number = "81,01"
