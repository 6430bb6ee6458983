# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestCallLog(FactsMixin, TransactionCase):
    """What people type into the search of the call log, and what they read there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        number = {"name": "Zhang at the gate", "number": "13800138000"}
        facts = cls.life(**{"from": number})
        other = cls.life(**{"from": {"name": None, "number": "01062881234"}}, cause=17)
        inside = cls.life(**{"from": {"name": None, "number": "2001"}})
        cls.ingest(*facts, *other, *inside)
        cls.call, cls.other, cls.inside = map(cls.call_of, (facts, other, inside))
        cls.customer = cls.env["res.partner"].create({"name": "Wang Trading"})
        cls.other.sudo().partner_id = cls.customer

    def found(self, typed):
        """Calls that the search view's first field finds."""
        arch = self.env["cc.call"].get_view(view_type="search")["arch"]
        field = etree.fromstring(arch).find("field")
        domain = safe_eval(field.get("filter_domain"), {"self": typed})
        calls = self.env["cc.call"].with_user(self.max.user_id)
        return calls.search([("pbx_id", "=", self.pbx.id), *domain])

    def test_any_written_form(self):
        for typed in (
            "+86 138 0013 8000",
            "13800138000",
            "138-0013-8000",
            "0086 13800138000",
            "+8613800138000",
            "tel:+86-138-0013-8000",
            "１３８００１３８０００",
            # pieces: the front, the middle, the end
            "1380013",
            "138 0013",
            "138-001",
            "0138001",
            "38-0013",
            "8000",
        ):
            self.assertEqual(self.found(typed), self.call, typed)
        for typed in ("010-62881234", "(010) 6288 1234", "0106288", "010 6288", "62881234"):
            self.assertEqual(self.found(typed), self.other, typed)
        self.assertEqual(self.found("2001"), self.inside)
        for typed in ("13900139000", "+1 138 0013 8000", "80001"):
            self.assertFalse(self.found(typed), typed)

    def test_names(self):
        self.assertEqual(self.found("wang"), self.other)
        self.assertEqual(self.found("at the gate"), self.call)

    def test_a_call_is_named_by_number_and_customer(self):
        calls = self.env["cc.call"]
        for typed, call in (("0086-138-0013-8000", self.call), ("wang tr", self.other)):
            self.assertEqual([row[0] for row in calls.name_search(typed)], call.ids)

    def test_cause_in_words(self):
        self.assertEqual(self.call.cause_text, "Ended normally")
        self.call.cause = 17
        self.assertEqual(self.call.cause_text, "Number busy")
        self.call.cause = 99
        self.assertEqual(self.call.cause_text, "Another cause")
        self.call.cause = 0
        self.assertFalse(self.call.cause_text)

    def test_phone_is_named_once(self):
        desk = self.desk.sudo()
        self.assertEqual(desk._label(), "8201 Desk")
        desk.name = "Desk 8201"
        self.assertEqual(desk._label(), "Desk 8201")
        desk.name = "Desk 82011"
        self.assertEqual(desk._label(), "8201 Desk 82011")

    def test_where_agents_are(self):
        self.ingest(
            self.agent_fact(self.ann, "ready", 1_772_438_400_000_000),
            self.agent_fact(
                self.ben, "ready", 1_772_438_400_000_000, device="browser", extension="w8102"
            ),
        )
        self.assertEqual(
            (self.ann + self.ben + self.cai).mapped(lambda agent: agent.phone_label or ""),
            ["8201", "Browser", ""],
        )
