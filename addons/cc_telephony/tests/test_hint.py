# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from websocket import WebSocketTimeoutException

from odoo.http import root
from odoo.tests import TransactionCase, new_test_user, tagged

from .call_stories import CUSTOMER, CallStories
from .common import T0, S
from .sockets import PatientWebsocketCase


@tagged("post_install", "-at_install")
class TestHint(CallStories, TransactionCase):
    """The fast lane of a ring: what it shows before the fact, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def hint(self, **more):
        """What the bridge says at the ring of `ringing()`."""
        return {
            "call_uid": self.call_uid,
            "rev": 2,
            "agent": "8101",
            "number": CUSTOMER,
            "name": None,
            "queue": self.queue.code,
            "t": T0 + 5 * S,
            "ring_t": T0 + 5 * S,
            "started_t": T0,
            "queued_t": T0 + S,
            **more,
        }

    def shown(self, to, **more):
        self.bus_messages()
        self.env.flush_all()
        self.env["cc.call"]._cc_hint(self.pbx, self.hint(**more))
        return self.told(to, "cc.call/hint")

    def customer(self, name="Li Wei", **more):
        return self.env["res.partner"].create({"name": name, "phone": CUSTOMER, **more})

    def test_as_the_fact_says_later(self):
        """Name, mask, queue and controls are those of the card that the fact brings; its revision is less."""
        firm = self.env["res.partner"].create({"name": "Jade Ltd", "is_company": True})
        self.customer(parent_id=firm.id)
        [early] = self.shown(self.ann)
        self.bus_messages()
        self.tell("ringing", **self.ringing("8101"))
        late = self.told(self.ann, "cc.call/changed")[-1]
        for name in ("call_uid", "state", "direction", "mine", "queue", "can", "sender"):
            self.assertEqual(early[name], late[name], name)
        self.assertEqual(early["caller"], late["caller"])
        # what addons have to say of a call they say of one that is kept
        self.assertEqual(early["extra"], {})
        self.assertEqual(early["caller"]["name"], "Li Wei, Jade Ltd")
        self.assertFalse(early["id"])
        self.assertLess(early["rev"], self.hint()["rev"])
        self.assertLessEqual(set(late), set(early) | {"pop", "campaign", "brought"})

    def test_shared_and_unknown_numbers(self):
        """Several customers: nobody's name, unless one is the main one; nobody: what the network says."""
        [card] = self.shown(self.ann, name="LI W")
        self.assertEqual((card["caller"]["name"], card["caller"]["known"]), ("LI W", 0))
        first, second = self.customer(), self.customer("Wang Fang")
        [card] = self.shown(self.ann)
        self.assertEqual((card["caller"]["name"], card["caller"]["known"]), (None, 2))
        second.phone_link_ids.main = True
        [card] = self.shown(self.ann)
        self.assertEqual(card["caller"]["partner_id"], second.id)
        second.active = False
        [card] = self.shown(self.ann)
        self.assertEqual(card["caller"]["partner_id"], first.id)
        [card] = self.shown(self.ann, number=None)
        self.assertEqual((card["caller"]["mask"], card["caller"]["known"]), (None, 0))

    def test_masks_only(self):
        [card] = self.shown(self.ann)
        self.assertNotIn(CUSTOMER[-8:], str(card))

    def test_own_agents_only(self):
        """Whoever is rung, and nobody of another PBX, whatever the number."""
        self.assertEqual(len(self.shown(self.ann)), 1)
        self.assertFalse(self.told(self.ben, "cc.call/hint"))
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other3", "company_id": self.company.id}
        )
        self.bus_messages()
        self.env["cc.call"]._cc_hint(other, self.hint())
        self.assertFalse(self.told(self.ann, "cc.call/hint"))

    def test_few_statements(self):
        """It must be faster than the fact: one question for the people, and at most one for the PBX's row."""
        self.customer()
        # one without a country of its own asks for its company's as well
        self.pbx.country_id = self.env.ref("base.cn")
        self.shown(self.ann)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env["cc.call"]._cc_hint(self.pbx, self.hint())
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)

    def test_nothing_is_written(self):
        before = [self.env[model].search_count([]) for model in ("cc.call", "cc.phone.number")]
        self.shown(self.ann, number="13700009999")
        after = [self.env[model].search_count([]) for model in ("cc.call", "cc.phone.number")]
        self.assertEqual(before, after)

    def test_other_forms_are_passed_over(self):
        for wrong in (
            {"call_uid": "x"},
            {"rev": "2"},
            {"rev": True},
            {"rev": 10**400},
            {"agent": None},
            {"number": 13800138000},
            {"name": "x" * 300},
            {"t": "now"},
            {"ring_t": -1},
        ):
            with self.subTest(wrong):
                self.assertFalse(self.shown(self.ann, **wrong))
        self.bus_messages()
        for wrong in (None, [], "x", {"call_uid": self.call_uid}):
            self.env["cc.call"]._cc_hint(self.pbx, wrong)
        self.assertFalse(self.told(self.ann, "cc.call/hint"))

    def test_only_the_bridges_socket(self):
        """A browser's socket has no bell; a new secret silences the old one."""
        database = self.env.cr.dbname
        bell = (database, "cc.pbx", self.pbx.id, self.pbx._bell_key())
        find = self.env["cc.pbx"]._at_socket
        self.assertEqual(find({"broadcast", bell}), self.pbx)
        for channels in (
            {(database, "res.partner", 1)},
            {(database, "cc.pbx", self.pbx.id)},
            {(*bell[:3], "guessed")},
            set(),
        ):
            self.assertFalse(find(channels))
        self.pbx.secret = "0" * 64
        self.assertFalse(find({bell}))


@tagged("post_install", "-at_install")
class TestAtOnce(PatientWebsocketCase):
    """A message past the bus's table: to the browsers this process serves, and to no session that is over."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(self.env, "at_once", groups="base.group_user", password="at_once")
        self.env.cr.precommit.run()

    def rows(self):
        self.env.cr.precommit.run()
        return self.env["bus.bus"].search_count([("message", "like", "test/at_once")])

    def test_without_a_browser_it_goes_by_the_bus(self):
        self.env["bus.bus"]._cc_send_at_once(self.user.partner_id, "test/at_once", {"n": 1})
        self.assertEqual(self.rows(), 1)

    def test_a_browser_has_it_at_once(self):
        """It leaves the browser's place in the bus where it was."""
        session = self.authenticate("at_once", "at_once")
        websocket = self.websocket_connect(cookie=f"session_id={session.sid}")
        last = self.env["bus.bus"]._bus_last_id()
        self.subscribe(websocket, [], last)
        send = self.env["bus.bus"]._cc_send_at_once
        send(self.user.partner_id, "test/at_once", {"n": 1})
        self.assertEqual(
            json.loads(websocket.recv()),
            [{"id": last, "message": {"type": "test/at_once", "payload": {"n": 1}}}],
        )
        self.assertEqual(self.rows(), 0)
        # whoever has logged out is told nothing more
        root.session_store.delete(session)
        send(self.user.partner_id, "test/at_once", {"n": 2})
        websocket.settimeout(0.3)
        with self.assertRaises(WebSocketTimeoutException):
            websocket.recv()
