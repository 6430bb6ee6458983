# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestAgentCreate(FactsMixin, TransactionCase):
    """Agents made of users, one or many, with the next free numbers; phones set up without knowing secrets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.users = cls.env["res.users"]
        for name in ("una", "ulf", "uwe"):
            cls.users += cls.make_user(name, "base.group_user")

    def wizard(self, user, users=None, **more):
        context = {"active_model": "res.users", "active_ids": (users or self.users).ids}
        wizards = self.env["cc.agent.create"].with_user(user).with_context(**context)
        return wizards.create({"pbx_id": self.pbx.id, **more})

    def test_next_free_numbers(self):
        """Behind the highest; what an archived agent or another phone has is not given again."""
        agents = self.env["cc.agent"]
        highest = max(map(int, agents.search([("pbx_id", "=", self.pbx.id)]).mapped("number")))
        self.assertEqual(agents._free_numbers(self.pbx, 1), [str(highest + 1)])
        self.ben.active = False
        self.env["cc.extension"].create({"code": "8103", "name": "Lobby", "pbx_id": self.pbx.id})
        found = agents._free_numbers(self.pbx, 2, first="8101")
        self.assertFalse({"8101", "8102", "8103"} & set(found))
        self.assertEqual(len(set(found)), 2)
        # digits that are no numbers, and no digits at all: the next free ones
        for first in ("²", "x", ""):
            self.assertEqual(len(agents._free_numbers(self.pbx, 1, first=first)), 1)

    def test_in_bulk(self):
        wizard = self.wizard(self.ada, first_number="8501", queue_ids=self.queue.ids)
        self.assertEqual(wizard.user_ids, self.users)
        action = wizard.action_create()
        agents = self.env["cc.agent"].search(action["domain"])
        self.assertEqual(agents.user_id, self.users)
        self.assertEqual(agents.mapped("number"), ["8501", "8502", "8503"])
        self.assertEqual(agents.member_ids.queue_id, self.queue)
        self.assertTrue(all(user.has_group("cc_telephony.group_agent") for user in self.users))
        # each has a phone at once, and is not offered again
        self.assertEqual(len(agents.extension_ids), 3)
        with self.assertRaisesRegex(UserError, "not agents yet"):
            self.wizard(self.ada, user_ids=self.users.ids).action_create()

    def test_first_number(self):
        """Exactly this one, zeros and all; one that is taken, or none, is named and not passed over."""
        for typed, told in (
            ("8101", "8101 is already in use"),
            ("abc", "2 to 8 digits"),
            ("²", "2 to 8 digits"),
            ("1", "2 to 8 digits"),
            ("123456789", "2 to 8 digits"),
        ):
            with self.subTest(typed), self.assertRaisesRegex(UserError, told):
                self.wizard(self.ada, first_number=typed).action_create()
        action = self.wizard(self.ada, first_number=" ０８８８ ").action_create()
        agents = self.env["cc.agent"].search(action["domain"])
        self.assertEqual(agents.mapped("number"), ["0888", "0889", "0890"])

    def test_who_was_one_before(self):
        """Their agent is to be unarchived: a person has one, with number and history."""
        self.ben.active = False
        with self.assertRaisesRegex(UserError, "archived: .*8102"):
            self.wizard(self.ada, self.ben.user_id, first_number="8501").action_create()

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.wizard(self.ann.user_id)
        # the button on a user's own form
        form = self.env.ref("base.view_users_form")
        for person, may in ((self.max, True), (self.lea, False)):
            users = self.env["res.users"].with_user(person.user_id)
            arch = users.get_view(form.id, "form")["arch"]
            self.assertEqual('string="Create agent"' in arch, may, person.name)

    def test_name_that_is_still_to_come(self):
        self.assertEqual(self.env["cc.agent"].new({"number": "8501"}).display_name, "(8501)")

    def test_registered_or_not(self):
        """By the PBX's word: the last counts, of phones that Odoo knows; silence is neither."""
        self.assertFalse(self.desk.registered)
        for there, shown in ((True, "yes"), (False, "no")):
            facts = [
                self.fact("phone.changed", phone={"extension": code, "there": state})
                for code, state in (("8201", not there), ("8201", there), ("9999", True))
            ]
            self.assertEqual(self.ingest(*facts)[1], 0)
            self.desk.invalidate_recordset()
            self.assertEqual(self.desk.registered, shown)
        wrong = self.fact("phone.changed", phone={"extension": "8201", "there": "maybe"})
        self.assertEqual(self.ingest(wrong)[1], 1)
        self.assertEqual(self.desk.registered, "no")

    def test_password_is_shown_once(self):
        """It is made when it is shown; who looks later makes another, and only administrators do."""
        desk = self.desk.with_user(self.ada)
        before = self.desk.secret
        action = desk.action_new_password()
        self.assertNotEqual(self.desk.secret, before)
        setup = self.env["cc.extension.setup"].with_user(self.ada).browse(action["res_id"])
        for word in (self.desk.code, self.desk.secret):
            self.assertIn(word, setup.text)
        self.assertTrue(setup.qr_code)
        other = self.make_user("eva", "cc_telephony.group_admin")
        with self.assertRaises(AccessError):
            setup.with_user(other).read(["text"])
        with self.assertRaises(AccessError):
            self.desk.with_user(self.max.user_id).action_new_password()
        form = self.env["cc.extension"].with_user(self.ada).get_view(view_type="form")
        self.assertNotIn('name="secret"', form["arch"])
