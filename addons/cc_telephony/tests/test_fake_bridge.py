# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, tagged

from .common import FactsMixin
from .fake_bridge import FakeBridge


@tagged("post_install", "-at_install")
class TestFakeBridge(FactsMixin, TransactionCase):
    """The bridge that tours play: what a click causes in Odoo, from command to card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.ingest(cls.agent_fact(cls.ben, "ready", 0))

    def setUp(self):
        super().setUp()
        self.bridge = FakeBridge(self, self.pbx)
        self.phone = self.env["cc.agent"].with_user(self.ann.user_id)
        self.phone.sign_in("desk", "8201")
        self.phone.set_state("ready")
        admin = self.env(user=self.env.ref("base.user_root"))
        self.bridge.tell(admin, self.bridge.ring("13800138000", "4008001000", "help"))
        self.phone.command("answer")

    def card(self):
        self.env.invalidate_all()
        return next(iter(self.phone.my_phone()["calls"]), None)

    def test_every_control(self):
        """One call through all that an agent can do with it."""
        ben = {"to": {"kind": "agent", "id": self.ben.id}}
        self.assertEqual((self.card()["mine"], self.card()["held"]), ("talking", False))
        self.phone.command("hold")
        self.assertTrue(self.card()["held"])
        self.phone.command("resume")
        self.assertFalse(self.card()["held"])
        self.phone.command("consult", ben)
        self.assertEqual(self.card()["consult"]["state"], "talking")
        self.phone.command("toggle")
        self.assertEqual(self.card()["consult"]["state"], "waiting")
        self.phone.command("cancel")
        self.assertEqual((self.card()["consult"], len(self.card()["parties"])), (None, 1))
        self.phone.command("consult", ben)
        self.phone.command("conference")
        self.assertTrue(self.card()["conference"])
        self.phone.command("kick", {"leg": self.card()["parties"][-1]["leg"]})
        self.assertFalse(self.card()["conference"])
        self.phone.command("collect")
        self.assertEqual(self.card()["keys"], "4711")
        self.phone.command("invite", {"to": {"kind": "number", "number": "139 1234 5678"}})
        self.assertEqual(self.card()["parties"][-1]["mask"], "+86 139 •••• 5678")
        self.phone.command("complete")
        self.assertIsNone(self.card())
        call = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual((call.state, call.hold_count, call.transfer_count), ("ended", 3, 3))

    def test_transfer(self):
        self.phone.command("transfer", {"to": {"kind": "queue", "id": self.queue.id}})
        self.assertIsNone(self.card())
        call = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual(call.transfer_ids.to_queue_id, self.queue)
        self.assertEqual(self.phone.my_phone()["state"], "wrap_up")
