# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.addons.cc_telephony.tests.fake_bridge import FakeBridge
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPopTour(TourCase):
    """Pops in a real browser with the real server and ingest; only bridge and PBX are played."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.user = new_test_user(
            cls.env, "pop_agent", groups="cc_telephony.group_agent", name="Pop Agent"
        )
        if "odoobot_state" in cls.user._fields:
            cls.user.odoobot_state = "disabled"  # its chat would take the focus
        cls.pbx = cls.env["cc.pbx"].create(
            {"name": "Tour PBX", "code": "tour-pop", "country_id": cls.china.id}
        )
        cls.agent = cls.env["cc.agent"].create(
            {"user_id": cls.user.id, "number": "7301", "pbx_id": cls.pbx.id}
        )
        cls.env["cc.extension"].create({"code": "7302", "name": "Desk", "pbx_id": cls.pbx.id})
        cls.env["cc.queue"].create({"name": "Support", "code": "support", "pbx_id": cls.pbx.id})
        cls.env["res.partner"].create(
            [
                {"name": name, "phone": phone, "country_id": cls.china.id}
                for name, phone in [
                    ("Tour Known", "139-0000-9001"),
                    ("Tour Twin One", "13900009002"),
                    ("Tour Twin Two", "+86 139 0000 9002"),
                ]
            ]
        )

    def test_pop(self):
        """Known, several and unknown callers, one after the other, then the unknown one again."""
        bridge = FakeBridge(self, self.pbx)
        callers = iter(["8613900009001", "013900009002", "+86 139 0000 9003", "13900009003"])

        def next_call():
            bridge.on_ready = next_call
            return bridge.ring(next(callers), "4008001234", "support")

        bridge.on_ready = next_call
        self.start_tour("/odoo/action-cc_telephony.cc_call_action", "cc_crm_pop", login="pop_agent")
        number = self.env["cc.phone.number"]._find("13900009003", "CN")
        self.assertEqual(number._leads().name, "Call from +86 139 •••• 9003")
        self.assertEqual(len(number._leads()), 1)
