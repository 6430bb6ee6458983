# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.cases import CentreCase
from odoo.addons.cc_telephony.utils.dashboard import make_period


class TestLongHold(CentreCase):
    def test_fact(self):
        self.sign_in(self.ann)
        call = self.play_call(talk_s=120)
        self.apply(
            self.fact(
                "long_hold.over",
                hold={"call_uid": call.call_uid, "agent": self.ann.number, "seconds": 70},
            )
        )
        [hold] = self.env["cc.long.hold"].search([])
        self.assertEqual((hold.call_id, hold.agent_id, hold.seconds), (call, self.ann, 70))
        self.assertTrue(self.told(self.ann, "cc_long_hold/over"))
        day = make_period("today", hold.held_at, "UTC")
        tile = self.env["cc.dashboard"].with_user(self.lea.user_id)._cc_tile_long_holds(day)
        self.assertEqual([f["value"] for f in tile["figures"]], [1, 70])
        self.assertEqual(
            self.env["cc.long.hold"].with_user(self.user_of(self.ben)).search_count([]), 0
        )

    def test_intent(self):
        self.pbx.long_hold_s = 7
        self.assertEqual(self.pbx.sudo()._intent()["cc_long_hold"], {"seconds": 7})
