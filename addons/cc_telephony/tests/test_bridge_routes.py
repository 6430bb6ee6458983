# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import time
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import config

from ..models.pbx import cc_pbx_cursor
from ..utils import token as tokens
from ..utils.times import now, now_us
from .browser import PatientCase
from .common import T0, FactsMixin, S
from .sockets import PatientWebsocketCase


class RoutesMixin(FactsMixin):
    def post(self, path, body, token=None, **headers):
        """POST as the bridge does; `token` instead of a good one."""
        if token is None:
            token = tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()))
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        headers = {"Content-Type": "application/json", **headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.url_open(path, data=data, headers=headers, timeout=30)


@tagged("post_install", "-at_install")
class TestBridgeRoutes(RoutesMixin, PatientCase):
    """What the bridge gets for what it sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def hello(self, **more):
        body = {
            "v": 1,
            "bridge": "1.2.3",
            "asterisk": "22.4.1",
            "boot_t": T0,
            "ami": {"connected": True, "error": None},
            **more,
        }
        return self.post("/cc/hello", body)

    def test_strangers(self):
        """No token, a wrong one, one of a PBX that isn't: the same answer, and nothing done."""
        unknown = tokens.mint("0b9d6a52-6ed5-4b7e-9d6c-0c3a4f0d7a11", "a" * 64, int(time.time()))
        wrong = tokens.mint(self.pbx.uuid, "b" * 64, int(time.time()))
        answers = []
        for path in (
            "/cc/hello",
            "/cc/facts",
            "/cc/commands",
            "/cc/ring",
            "/cc/intent",
            "/cc/session",
        ):
            for token in ("", "rubbish", unknown, wrong):
                answer = self.post(path, {"v": 1}, token)
                self.assertEqual(answer.status_code, 401, (path, token))
                self.assertNotIn("Set-Cookie", answer.headers)
                answers.append(answer.json())
        self.assertEqual(len({json.dumps(answer, sort_keys=True) for answer in answers}), 1)
        self.assertEqual(answers[0]["error"], "token")
        self.cursor.invalidate_recordset()
        self.assertEqual(self.cursor.epoch, 3)

    def test_refusal_is_noted(self):
        """A wrong secret shows on the PBX's page, with the address; a stranger's rubbish doesn't."""
        self.post("/cc/hello", {}, "rubbish")
        self.cursor.invalidate_recordset()
        self.assertFalse(self.cursor.refused_at)
        self.post("/cc/hello", {}, tokens.mint(self.pbx.uuid, "b" * 64, int(time.time())))
        self.cursor.invalidate_recordset()
        self.assertTrue(self.cursor.refused_at)
        self.assertEqual(self.cursor.refused_from, "127.0.0.1")
        self.assertIn("127.0.0.1", self.pbx.health_message)
        self.assertIn("never registered", self.pbx.health_message)

    def test_hello(self):
        before = now_us()
        answer = self.hello().json()
        self.assertEqual((answer["epoch"], answer["seq"]), (4, 100))
        self.assertTrue(before <= answer["clock_us"] <= now_us())
        self.assertTrue(answer["channel"].startswith("cc.pbx:"))
        self.assertEqual(answer["intent"], self.pbx.sudo()._intent())
        self.assertEqual(self.hello().json()["epoch"], 5)
        self.cursor.invalidate_recordset()
        self.assertRecordValues(
            self.cursor,
            [
                {
                    "bridge_version": "1.2.3",
                    "asterisk_version": "22.4.1",
                    "boot_at": self.at(0),
                    "connected": True,
                    "silent": False,
                }
            ],
        )
        self.assertFalse(self.pbx.health_message)

    def test_hello_without_pbx(self):
        """The bridge lives, its PBX doesn't: the page names the link."""
        self.hello(asterisk=None, boot_t=None, ami={"connected": False, "error": "login"})
        self.pbx.invalidate_recordset()
        self.cursor.invalidate_recordset()
        self.assertEqual(self.pbx.health, "trouble")
        self.assertTrue(self.pbx.health_message.startswith("Login:"))

    def test_hello_of_the_future(self):
        answer = self.hello(v=2)
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"))

    def test_another_bridge_is_refused_while_one_is_at_work(self):
        """Two bridges at one PBX would undo each other's work; the page names the second."""
        own = {"id": "spool-a@host-a", "process": "p1", "again": False}
        other = {"id": "spool-b@host-b", "process": "p9", "again": False}
        self.assertEqual(self.hello(who=own).json()["epoch"], 4)
        refused = self.hello(who=other)
        self.assertEqual((refused.status_code, refused.json()["error"]), (409, "taken"))
        self.cursor.invalidate_recordset()
        self.assertEqual((self.cursor.epoch, self.cursor.bridge_id), (4, own["id"]))
        self.pbx.invalidate_recordset()
        self.assertIn(other["id"], self.pbx.health_warning)
        # the first goes on, also after a crash and its restart
        answer = self.post("/cc/facts", {"epoch": 4, "facts": [], "health": {}})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.hello(who={**own, "process": "p2"}).json()["epoch"], 5)

    def test_another_bridge_takes_over_from_one_that_is_silent(self):
        """Not at once: Odoo may have been away, and the bridge at work says hello again within seconds."""
        own = {"id": "spool-a@host-a", "process": "p1", "again": False}
        other = {"id": "spool-b@host-b", "process": "p9", "again": False}
        third = {"id": "spool-c@host-c", "process": "p5", "again": False}
        # no time passes but what is said here
        moment = now()
        self.patch(cc_pbx_cursor, "now", lambda: moment)
        self.assertEqual(self.hello(who=own).json()["epoch"], 4)

        def silent():
            self.cursor.heard_at = moment - timedelta(seconds=31)

        def asked(since, at):
            self.cursor.invalidate_recordset()
            self.cursor.write(
                {
                    "rival_since": moment - timedelta(seconds=since),
                    "rival_at": moment - timedelta(seconds=at),
                }
            )

        silent()
        self.assertEqual(self.hello(who=other).status_code, 409)
        self.assertEqual(self.hello(who=other).status_code, 409)
        # it comes back meanwhile
        self.assertEqual(self.hello(who={**own, "again": True}).json()["epoch"], 5)
        silent()
        # it asked some time ago, and was gone since
        asked(50, 20)
        self.assertEqual(self.hello(who=other).status_code, 409)
        self.assertEqual(self.hello(who=third).status_code, 409)
        asked(11, 5)
        self.assertEqual(self.hello(who=other).json()["epoch"], 6)
        self.cursor.invalidate_recordset()
        self.assertEqual((self.cursor.bridge_id, self.cursor.rival_id), (other["id"], False))

    def test_a_copied_machine_does_not_push_the_other_out_for_ever(self):
        """Same spool, same host name: the newer start wins, the older gives way."""
        old = {"id": "spool@host", "process": "p1", "again": False}
        new = {"id": "spool@host", "process": "p2", "again": False}
        self.assertEqual(self.hello(who=old).json()["epoch"], 4)
        self.assertEqual(self.hello(who=new).json()["epoch"], 5)
        refused = self.hello(who={**old, "again": True})
        self.assertEqual((refused.status_code, refused.json()["error"]), (409, "taken"))
        # the one at work may greet again at any time
        self.assertEqual(self.hello(who={**new, "again": True}).json()["epoch"], 6)

    def test_who_speaks_may_be_rubbish(self):
        """What is no name counts as none: the hello of an older bridge."""
        for who in (
            None,
            7,
            [],
            {"id": 5},
            {"id": ""},
            {"id": "\x00", "process": {}, "again": "x"},
        ):
            self.assertEqual(self.hello(who=who).status_code, 200, who)

    def test_restored_from_a_backup_of_the_same_epoch(self):
        """A bridge that believes more to be applied than is: it has to greet, and sends from there."""
        body = {"epoch": 3, "facts": [], "health": {}, "after": 101}
        answer = self.post("/cc/facts", body)
        self.assertEqual((answer.status_code, answer.json()["error"]), (409, "epoch"))
        for after in (100, 99, None, "x", 1.5):
            answer = self.post("/cc/facts", {**body, "after": after})
            self.assertEqual(answer.status_code, 200, after)

    def test_facts(self):
        facts = self.life()
        begun_us = now_us()
        health = {"spool": 7, "t": begun_us + 3600 * S, "uploads": 2}
        answer = self.post("/cc/facts", {"epoch": 3, "facts": facts, "health": health})
        taken_s = (now_us() - begun_us) / S
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(
            {name: answer.json()[name] for name in ("seq", "rejected")},
            {"seq": facts[-1]["seq"], "rejected": 0},
        )
        self.assertEqual(self.call_of(facts).talk_s, 48.0)
        self.cursor.invalidate_recordset()
        self.assertEqual((self.cursor.spool, self.cursor.uploads), (7, 2))
        # the request was on its way for some of that time
        self.assertTrue(3600 - taken_s <= self.cursor.skew_s <= 3600, self.cursor.skew_s)
        self.assertTrue(self.cursor.skewed)

    def test_old_epoch(self):
        """An older bridge learns which epoch is the newest, on every route that asks for one."""
        for path in ("/cc/facts", "/cc/commands", "/cc/intent"):
            answer = self.post(path, {"epoch": 2, "facts": []})
            self.assertEqual(answer.status_code, 409)
            self.assertEqual((answer.json()["error"], answer.json()["epoch"]), ("epoch", 3))

    def test_wrong_form(self):
        fact = self.life()[0]
        wrong = [
            "no json",
            "[]",
            {},
            {"epoch": "3", "facts": []},
            {"epoch": 3},
            {"epoch": 3, "facts": {}},
            {"epoch": 3, "facts": [1]},
            {"epoch": 3, "facts": [{**fact, "seq": 0}]},
            {"epoch": 3, "facts": [{**fact, "seq": True}]},
            {"epoch": 3, "facts": [fact, fact]},
            {"epoch": 3, "facts": [{**fact, "seq": 2**60}]},
        ]
        for body in wrong:
            answer = self.post("/cc/facts", body)
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"), body)
        self.assertFalse(self.call_of([fact]))

    def test_too_many(self):
        facts = [{"seq": n} for n in range(1, 502)]
        answer = self.post("/cc/facts", {"epoch": 3, "facts": facts})
        self.assertEqual((answer.status_code, answer.json()["error"]), (413, "too_large"))

    def test_commands(self):
        command = self.env["cc.command"]._issue(self.pbx, "check")
        # longer than a slow request takes
        command.expires_at += timedelta(hours=1)
        late = self.env["cc.command"]._issue(self.pbx, "check")
        late.expires_at = self.at(0)
        answer = self.post("/cc/commands", {"epoch": 3}).json()
        self.assertEqual([found["id"] for found in answer["commands"]], [command.uuid])
        self.ingest(
            self.fact(
                "command.result",
                command={
                    "id": command.uuid,
                    "ok": True,
                    "code": "ok",
                    "message": "",
                    "call_uid": None,
                },
            )
        )
        self.assertEqual(self.post("/cc/commands", {"epoch": 3}).json()["commands"], [])

    def test_ring(self):
        """A hint goes to the agent who is rung; of an older bridge, or in another form, to nobody."""
        hint = {
            "call_uid": "0190b6a2-6ed5-7b7e-9d6c-0c3a4f0d7a11",
            "rev": 2,
            "agent": "8101",
            "number": "13800138000",
            "name": None,
            "queue": self.queue.code,
            "t": T0,
            "ring_t": T0,
            "started_t": T0,
            "queued_t": T0,
        }
        self.bus_messages()
        self.assertEqual(self.post("/cc/ring", {"epoch": 2, "hint": hint}).status_code, 409)
        for wrong in (None, [], {**hint, "rev": "x"}):
            self.assertEqual(self.post("/cc/ring", {"epoch": 3, "hint": wrong}).status_code, 200)
        self.assertEqual(self.told(self.ann, "cc.call/hint"), [])
        self.assertEqual(self.post("/cc/ring", {"epoch": 3, "hint": hint}).status_code, 200)
        [card] = self.told(self.ann, "cc.call/hint")
        self.assertEqual(card["call_uid"], hint["call_uid"])

    def test_intent(self):
        answer = self.post("/cc/intent", {"epoch": 3}).json()
        self.assertEqual(answer["intent"], self.pbx.sudo()._intent())

    def test_session(self):
        """An anonymous session that belongs to nobody; how much its socket may say."""
        self.patch(config, "options", config.options.new_child({"websocket_rate_limit_burst": 40}))
        answer = self.post("/cc/session", {})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("session_id=", answer.headers["Set-Cookie"])
        self.assertTrue(answer.json()["channel"].startswith("cc.pbx:"))
        self.assertEqual(answer.json()["burst"], 40)
        self.assertEqual(
            answer.json()["within_s"], 40 * float(config["websocket_rate_limit_delay"])
        )

    def test_not_by_get(self):
        self.assertEqual(self.url_open("/cc/hello").status_code, 405)


@tagged("post_install", "-at_install")
class TestBell(RoutesMixin, PatientWebsocketCase):
    """The websocket: a doorbell for who holds the secret, silence for everybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def listen(self, channel):
        websocket = self.websocket_connect()
        self.subscribe(websocket, [channel], self.env["bus.bus"]._bus_last_id())
        return websocket

    def ring(self):
        self.env["cc.command"]._issue(self.pbx, "check")
        self.trigger_notification_dispatching([(self.pbx, self.pbx._bell_key())])

    def test_bell(self):
        token = tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()))
        self.env.cr.precommit.run()
        websocket = self.listen(f"cc.pbx:{token}")
        self.ring()
        messages = json.loads(websocket.recv())
        self.assertEqual(
            [message["message"] for message in messages],
            [{"type": "cc.pbx/bell", "payload": {"what": "command"}}],
        )

    def test_wrong_token(self):
        """Neither the string itself nor the bell is subscribed to."""
        good = tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()))
        wrong = tokens.mint(self.pbx.uuid, "b" * 64, int(time.time()))
        over = tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()) - 3600)
        pbxs = self.env["cc.pbx"]
        self.assertEqual(
            pbxs._bells(["a", f"cc.pbx:{good}"]), ["a", (self.pbx, self.pbx._bell_key())]
        )
        for token in (wrong, over, "", "x"):
            self.assertEqual(pbxs._bells([f"cc.pbx:{token}", "a"]), ["a"])

    def test_new_secret(self):
        """A changed secret moves the bell to where old sockets don't hear it."""
        before = self.pbx._bell_key()
        self.pbx.action_new_secret()
        self.assertNotEqual(self.pbx._bell_key(), before)
