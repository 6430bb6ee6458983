# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..utils.contract import tables
from ..utils.dialling import dialled
from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestDialling(FactsMixin, TransactionCase):
    """Dialling rules, trunks, voice menus: what they mean, who may change them, what the bridge gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def rule(self, name, **values):
        return self.env["cc.dial.rule"].create(
            {"name": name, "pbx_id": self.pbx.id, "sequence": 1, **values}
        )

    def trunk(self, code, **values):
        return self.env["cc.trunk"].create(
            {"name": code, "code": code, "pbx_id": self.pbx.id, **values}
        )

    def test_shared_vectors(self):
        """The same file holds the bridge."""
        data = tables.table("vectors/dial_rules.json")
        self.assertTrue(data["numbers"])
        for row in data["numbers"]:
            with self.subTest(number=row["number"]):
                found = dialled(row["number"], data["settings"])
                self.assertEqual(
                    found,
                    {
                        "number": row["dialled"],
                        "trunk": row["trunk"],
                        "caller_id": row["caller_id"],
                        "rule": row["rule"],
                    },
                )

    def test_intent(self):
        """In order, archived ones left out; the caller number dialable."""
        line = self.trunk("line2", caller_id="021 5432 1000")
        self.trunk("line1")
        late = self.rule("All", sequence=9)
        self.rule("Britain", prefix="44", strip=2, prepend="000", trunk_id=line.id)
        self.rule("Old", active=False)
        settings = self.pbx.sudo()._intent()["settings"]
        self.assertEqual(
            settings["dial_rules"],
            [
                {
                    "prefix": "44",
                    "strip": 2,
                    "prepend": "000",
                    "trunk": "line2",
                    "caller_id": "+862154321000",
                },
                {"prefix": "", "strip": 0, "prepend": "", "trunk": None, "caller_id": None},
            ],
        )
        self.assertEqual(
            settings["trunks"],
            [
                {"code": "line1", "caller_id": None},
                {"code": "line2", "caller_id": "+862154321000"},
            ],
        )
        late.sequence = 0
        self.assertEqual(self.pbx.sudo()._intent()["settings"]["dial_rules"][0]["prefix"], "")
        self.pbx.write({"dial_mode": "customer_first", "announce_agent": True})
        settings = self.pbx.sudo()._intent()["settings"]
        self.assertEqual(
            (settings["dial_mode"], settings["announce_agent"]), ("customer_first", True)
        )

    def test_caller_number(self):
        line = self.trunk("line2", caller_id="021 5432 1000")
        self.assertEqual(line.caller_id, "+86 21 5432 1000")
        line.caller_id = False
        self.assertFalse(line.caller_number_id)
        with self.assertRaisesRegex(ValidationError, "“hello” is not a phone number"):
            line.caller_id = "hello"

    def test_refused(self):
        """Nothing but what the bridge takes."""
        for values in (
            {"prefix": "8+6"},
            {"prefix": "+86"},
            {"prefix": "8" * 16},
            {"prefix": "86", "strip": 3},
            {"prefix": "86", "strip": -1},
            {"strip": 1},
            {"prefix": "x"},
            {"prepend": "#"},
            {"prepend": "0,1"},
            {"prepend": "0${EXTEN}"},
            {"prepend": "1" * 21},
        ):
            with self.assertRaisesRegex(ValidationError, "digits"):
                self.rule("Bad", **values)
        for code in ("a b", "a;b", "x", "general"):
            with self.assertRaises(ValidationError):
                self.trunk(code)
            with self.assertRaises(ValidationError):
                self.env["cc.ivr.menu"].create({"name": "M", "code": code, "pbx_id": self.pbx.id})
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        line = self.trunk("line3")
        with self.assertRaisesRegex(ValidationError, "another PBX"):
            self.rule("Bad", pbx_id=other.id, trunk_id=line.id)

    def test_bell(self):
        def rung():
            self.env.cr.precommit.data.pop("cc.pbx.rung", None)
            return [
                payload["what"]
                for channel, kind, payload in self.bus_messages()
                if kind == "cc.pbx/bell" and channel[:2] == ["cc.pbx", self.pbx.id]
            ]

        rung()
        for change in (
            lambda: self.rule("One"),
            lambda: self.trunk("line4"),
            lambda: self.pbx.dial_rule_ids.write({"prepend": "9"}),
            lambda: self.pbx.trunk_ids.unlink(),
            lambda: self.pbx.write({"dial_mode": "customer_first"}),
            lambda: self.pbx.write({"announce_agent": True}),
        ):
            change()
            self.assertEqual(rung(), ["intent"])

    def test_try_a_number(self):
        """The box shows what would be dialled, and makes no row of what was typed."""
        line = self.trunk("line2", caller_id="021 5432 1000")
        rule = self.rule("Mobiles", prefix="861", strip=2, prepend="90", trunk_id=line.id)
        self.assertEqual(
            self.pbx.with_user(self.max.user_id).action_try_number()["res_model"], "cc.dial.try"
        )
        tries = self.env["cc.dial.try"].with_user(self.max.user_id)
        form = Form(tries.with_context(default_pbx_id=self.pbx.id))
        form.number = "139 0000 7654"
        self.assertEqual(
            (form.shown, form.dialled, form.rule_id, form.trunk, form.caller_id),
            ("+86 139 0000 7654", "9013900007654", rule, "line2", "+862154321000"),
        )
        self.assertFalse(self.env["cc.phone.number"].search([("key", "like", "13900007654")]))
        form.number = "10086"
        self.assertEqual((form.dialled, bool(form.rule_id), form.trunk), ("10086", False, "trunk"))
        rule.copy({"name": "Wider", "prefix": "86", "prepend": "8", "sequence": 0})
        form.number = "139 0000 7655"
        self.assertEqual(form.rule_id, rule, "the longest beginning counts, whatever the order")
        form.number = "hello"
        self.assertIn("cannot be dialled", form.trouble)

    def test_access(self):
        """Rules and lines are the administrator's; managers read them; agents see menus only."""
        line, rule = self.trunk("line2"), self.rule("One")
        menu = self.env["cc.ivr.menu"].create(
            {"name": "Hours", "code": "hours", "pbx_id": self.pbx.id}
        )
        for record in (line, rule):
            record.with_user(self.ada).name = "Two"
            self.assertEqual(record.with_user(self.max.user_id).name, "Two")
            with self.assertRaises(AccessError):
                record.with_user(self.max.user_id).name = "Three"
            with self.assertRaises(AccessError):
                record.with_user(self.ann.user_id).read(["name"])
        self.assertEqual(menu.with_user(self.ann.user_id).name, "Hours")
        with self.assertRaises(AccessError):
            menu.with_user(self.lea.user_id).name = "Other"
        menu.with_user(self.max.user_id).name = "Other"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.max.user_id.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        for record in (line, rule, menu):
            self.assertFalse(
                self.env[record._name]
                .with_user(self.max.user_id)
                .with_context(allowed_company_ids=elsewhere.ids)
                .search([("id", "=", record.id)])
            )
