# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.errors import CheckViolation

from odoo.addons.cc_telephony.tests.cases import CentreCase
from odoo.tests import Form, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestLead(CentreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.numbers = cls.env["cc.phone.number"]
        cls.call = cls.play_call(number="13900002222", until="ringing")
        cls.unknown = cls.call.number_id

    def _new_lead(self, user=None):
        leads = self.env["crm.lead"].with_user(user or self.ann.user_id)
        return Form(leads.with_context(default_cc_call_id=self.call.id))

    def test_new_lead_is_filled_in(self):
        form = self._new_lead()
        self.assertEqual(form.name, "Call from +86 139 •••• 2222")
        self.assertEqual(form.phone, "+86 139 0000 2222")
        lead = form.save()
        self.assertEqual(lead.country_id, self.china)
        self.assertEqual(lead.cc_call_id, self.call)
        self.assertEqual(lead.user_id, self.ann.user_id)
        self.assertIn("2026-03-02", lead.description)
        self.assertIn(self.unknown.region, lead.description)

    def test_another_agents_call_fills_nothing_in(self):
        """Who can't read the call can't read its number by asking for a new lead's defaults."""
        values = (
            self.env["crm.lead"]
            .with_user(self.cai.user_id)
            .with_context(default_cc_call_id=self.call.id)
            .default_get(["name", "phone", "description"])
        )
        self.assertFalse(values.get("phone"))
        self.assertFalse(values.get("description"))

    def test_saving_makes_the_number_known(self):
        self.assertFalse(self.unknown.link_ids)
        lead = self._new_lead().save()
        self.assertEqual(self.unknown._leads(), lead)
        self.assertEqual(self.call.lead_id, lead)
        self.assertEqual(
            self.call._cc_pop(),
            {"kind": "lead", "model": "crm.lead", "id": lead.id, "name": lead.name, "count": 1},
        )

    def test_the_lead_s_name_is_on_the_card_of_the_next_call(self):
        lead = self._new_lead().save()
        lead.name = "Wants two hundred chairs"
        card = self.call._cc_card(self.ann)
        self.assertEqual(card["caller"]["name"], "Wants two hundred chairs")
        self.assertFalse(card["caller"]["partner_id"])

    def test_number_of_the_call_stays_known_when_typed_over(self):
        form = self._new_lead()
        form.phone = "13900003333"
        lead = form.save()
        self.assertEqual(self.unknown._leads(), lead)
        self.assertEqual(self.call.lead_id, lead)
        self.assertEqual(self.numbers._find("+8613900003333")._leads(), lead)

    def test_number_moves_on_to_the_customer(self):
        lead = self._new_lead().save()
        partner = self.env["res.partner"].create({"name": "Zhao", "country_id": self.china.id})
        lead.partner_id = partner
        self.assertEqual(self.unknown._partners(), partner)
        self.assertFalse(self.unknown._leads())
        self.assertEqual(self.call._cc_pop()["model"], "res.partner")
        self.assertEqual(self.call._cc_pop()["id"], partner.id)

    def test_customer_made_from_the_lead_has_the_number_once(self):
        lead = self._new_lead().save()
        lead.contact_name = "Zhao"
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(self.unknown._partners(), lead.partner_id)
        self.assertEqual(len(self.unknown.link_ids), 1)

    def test_lost_lead_does_not_pop(self):
        lead = self._new_lead().save()
        lead.action_set_lost()
        self.assertEqual(self.call._cc_pop()["id"], False)

    def test_phone_edit_keeps_links(self):
        lead = self.env["crm.lead"].create(
            {"name": "X", "phone": "139 0000 4444", "country_id": self.china.id}
        )
        self.assertEqual(lead.phone_link_ids.number_id.key, "+8613900004444")
        lead.phone = "0086-139-0000-5555"
        self.assertEqual(lead.phone_link_ids.number_id.key, "+8613900005555")
        lead.phone = False
        self.assertFalse(lead.phone_link_ids)

    @mute_logger("odoo.sql_db")
    def test_link_has_one_owner(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env["cc.phone.link"].create({"number_id": self.unknown.id})

    def test_history(self):
        lead = self._new_lead().save()
        again = self.play_call(number="13900002222")
        self.env.invalidate_all()
        self.assertEqual(lead.with_user(self.ann.user_id).cc_call_count, 2)
        action = lead.with_user(self.ann.user_id).action_cc_calls()
        self.assertEqual(self.env["cc.call"].search(action["domain"]), again | self.call)
