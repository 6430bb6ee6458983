# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.tests import new_test_user, tagged

from .fake_bridge import FakeBridge


@tagged("post_install", "-at_install")
class TestBarTour(TourCase):
    """The bar in a real browser with the real server; only bridge and PBX are played."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "bar_agent",
            groups="base.group_user,cc_telephony.group_agent",
            name="Bar Agent",
        )
        cls.pbx = cls.env["cc.pbx"].create(
            {"name": "Tour PBX", "code": "tour", "country_id": cls.env.ref("base.cn").id}
        )
        cls.agent = cls.env["cc.agent"].create(
            {"user_id": cls.user.id, "number": "7001", "pbx_id": cls.pbx.id}
        )
        cls.env["cc.extension"].create({"code": "7201", "name": "Desk", "pbx_id": cls.pbx.id})
        cls.queue = cls.env["cc.queue"].create(
            {"name": "Support", "code": "support", "pbx_id": cls.pbx.id}
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Li Wei", "phone": "+86 138 0013 8000"}
        )

    def test_bar(self):
        """Sign in at a desk phone, take a call, dial one, sign out: screen and rows agree."""
        bridge = FakeBridge(self, self.pbx)
        bridge.on_ready = lambda: bridge.ring("13800138000", "4008001234", "support")
        self.start_tour("/odoo", "cc_telephony_bar", login="bar_agent")
        self.assertEqual(
            bridge.taken,
            [
                "sign_in",
                "set_state",
                "answer",
                "hangup",
                "set_state",
                "dial",
                "hangup",
                "set_state",
                "sign_out",
            ],
        )
        calls = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)], order="id")
        self.assertEqual(calls.mapped("direction"), ["inbound", "outbound"])
        self.assertEqual(calls.mapped("state"), ["ended", "ended"])
        self.assertEqual(calls.agent_id, self.agent)
        self.assertEqual(self.agent.state, "offline")

    def test_talk(self):
        """Everything that is done with a call in talk, and the note that ends the wrap-up."""
        bridge = FakeBridge(self, self.pbx)
        bridge.on_ready = lambda: bridge.ring("13800138000", "4008001234", "support")
        self.start_tour("/odoo", "cc_telephony_talk", login="bar_agent")
        self.assertEqual(
            bridge.taken,
            [
                "sign_in",
                "set_state",
                "answer",
                "hold",
                "resume",
                "collect",
                "consult",
                "toggle",
                "conference",
                "kick",
                "transfer",
                "finish_wrap_up",
                "sign_out",
            ],
        )
        call = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual(call.note, "Sent on to the office")
        self.assertEqual(call.hold_count, 2)

    def test_click_to_dial(self):
        """A number in a list of customers is dialled by a click, and the row is not opened."""
        bridge = FakeBridge(self, self.pbx)
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Customers of the tour",
                "res_model": "res.partner",
                "view_mode": "list,form",
                "domain": [("id", "=", self.partner.id)],
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}", "cc_telephony_click_to_dial", login="bar_agent"
        )
        self.assertEqual(bridge.taken, ["sign_in", "dial", "hangup"])
        call = self.env["cc.call"].search([("pbx_id", "=", self.pbx.id)])
        self.assertEqual(call.number_id.key, "+8613800138000")
        self.assertEqual(call.partner_id, self.partner)

    def test_not_an_agent(self):
        """A user who is no agent has no bar, and the page does not ask for a phone."""
        new_test_user(self.env, "bar_nobody", groups="base.group_user")
        self.start_tour("/odoo", "cc_telephony_no_bar", login="bar_nobody")

    def test_session_info(self):
        """Agents' pages know that they have a phone, others' pages that they have none."""
        self.authenticate("bar_agent", "bar_agent")
        self.assertIs(self._session_info()["cc_phone"], True)
        new_test_user(self.env, "bar_group_only", groups="cc_telephony.group_agent")
        self.authenticate("bar_group_only", "bar_group_only")
        self.assertIs(self._session_info()["cc_phone"], False)

    def _session_info(self):
        return self.make_jsonrpc_request("/web/session/get_session_info")
