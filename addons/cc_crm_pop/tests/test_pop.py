# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.cases import T0, RecordingMixin, S
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

DAY = 86_400 * S


@tagged("post_install", "-at_install")
class TestPop(RecordingMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_recordings()
        cls.old, cls.new, cls.never = cls.env["res.partner"].create(
            [
                {"name": name, "phone": phone}
                for name, phone in [
                    ("Old", "139 0000 7777"),
                    ("New", "+86-139-0000-7777"),
                    ("Never", "０１３９００００７７７７"),
                ]
            ]
        )
        cls.shared = cls.env["cc.phone.number"]._find("+8613900007777")
        # told with the number, as yet of one of them only
        (cls.new | cls.never).phone_link_ids.unlink()
        cls.play_call(number="13900007777", start=T0 - 5 * DAY)
        new = cls.env["cc.phone.link"].create(
            {"partner_id": cls.new.id, "number_id": cls.shared.id, "main": True}
        )
        cls.play_call(number="13900007777", start=T0 - 2 * DAY)
        new.main = False
        cls.env["cc.phone.link"].create({"partner_id": cls.never.id, "number_id": cls.shared.id})
        cls.ringing = cls.ring()

    @classmethod
    def ring(cls, number="13900007777", **what):
        """A call that rings at Ann."""
        return cls.play_call(number=number, until="ringing", **what)

    def test_known(self):
        call = self.ring("13900001111")
        self.assertEqual(
            call._cc_card(self.ann)["pop"],
            {
                "kind": "record",
                "model": "res.partner",
                "id": self.partner.id,
                "name": "Li Wei",
                "count": 1,
            },
        )

    def test_unknown(self):
        pop = self.ring("13900008888")._cc_card(self.ann)["pop"]
        self.assertEqual(
            pop,
            {
                "kind": "lead",
                "model": "crm.lead",
                "id": False,
                "name": "+86 139 •••• 8888",
                "count": 0,
            },
        )

    def test_withheld_and_internal(self):
        self.assertIsNone(self.ring(None)._cc_card(self.ann)["pop"])
        inside = self.ring(None, direction="internal", agent=self.ben, colleague=self.ann)
        self.assertIsNone(inside._cc_card(self.ann)["pop"])

    def test_card_has_no_whole_number(self):
        card = self.ringing._cc_card(self.ann)
        self.assertNotIn("13900007777", repr(card).replace(" ", ""))

    def test_several_are_ranked_by_last_contact(self):
        pop = self.ringing._cc_pop()
        self.assertEqual((pop["kind"], pop["id"], pop["count"]), ("choose", False, 3))
        choices = self.ringing.with_user(self.ann.user_id).cc_pop_choices()
        self.assertEqual([choice["name"] for choice in choices], ["New", "Old", "Never"])
        self.assertTrue(choices[0]["last_contact"] > choices[1]["last_contact"])
        self.assertIsNone(choices[2]["last_contact"])

    def test_chosen_stays(self):
        pop = self.ringing.with_user(self.ann.user_id).cc_pop_choose(self.old.id)
        self.assertEqual((pop["kind"], pop["id"]), ("record", self.old.id))
        self.assertEqual(self.ringing.partner_id, self.old)
        self.assertEqual(self.ringing._cc_pop()["id"], self.old.id)
        self.assertEqual(self.ring()._cc_pop()["kind"], "choose")
        # this call is the newest contact now
        choices = self.ringing.with_user(self.ann.user_id).cc_pop_choices()
        self.assertEqual(choices[0]["name"], "Old")

    def test_chosen_is_the_calls_customer_in_the_log(self):
        """The log and the recent calls name whom the agent chose, also after the call's next fact."""
        self.ringing.with_user(self.ann.user_id).cc_pop_choose(self.old.id)
        self.assertEqual(self.ringing.partner_id, self.old)

    def test_main_pops_next_time(self):
        self.ringing.with_user(self.ann.user_id).cc_pop_choose(self.never.id, True)
        self.assertEqual(self.shared._partners()[0], self.never)
        self.assertEqual(len(self.shared.link_ids.filtered("main")), 1)

    def test_somebody_else_is_linked(self):
        self.ringing.with_user(self.ann.user_id).cc_pop_choose(self.partner.id)
        self.assertIn(self.partner, self.shared._partners())

    def test_deals_and_company_of_a_choice(self):
        company = self.env["res.partner"].create({"name": "Jade", "is_company": True})
        self.new.parent_id = company
        self.env["crm.lead"].create(
            [
                {"name": "Open", "partner_id": self.new.id},
                {"name": "Lost", "partner_id": self.new.id, "active": False, "probability": 0},
            ]
        )
        choice = self.ringing.with_user(self.ann.user_id).cc_pop_choices()[0]
        self.assertEqual((choice["company"], choice["deals"]), ("Jade", 1))

    def test_still_rings(self):
        call = self.ring("13900001111")
        asked = call.with_user(self.ann.user_id)
        self.assertEqual(asked.cc_still_rings()["id"], self.partner.id)
        self.apply(self.over(call))
        self.assertFalse(asked.cc_still_rings())

    def over(self, call):
        """The fact that the caller has hung up."""
        body = self.call_body(
            call.call_uid,
            call.rev + 1,
            "ended",
            **{"from": {"number": "13900001111", "name": None}},
            attempts=[self.attempt(1, "8101", T0 + 3 * S, T0 + 9 * S, "cancelled")],
            ended_t=T0 + 9 * S,
        )
        return self.fact("call.ended", T0 + 9 * S, call=body)

    def test_another_departments_call_tells_nothing(self):
        """By no RPC does an agent learn whose number rings at another department's agent."""
        asked = self.ringing.with_user(self.cai.user_id)
        for method, args in [
            ("cc_pop_choices", []),
            ("cc_pop_choose", [self.old.id]),
            ("cc_still_rings", []),
            ("cc_banner", ["res.partner", self.old.id]),
        ]:
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(asked, method)(*args)
        allowed = self.ringing.with_user(self.ann.user_id)
        self.assertTrue(allowed.cc_pop_choices())
        self.assertTrue(allowed.cc_banner("res.partner", self.old.id))

    def test_banner(self):
        deal = self.env["crm.lead"].create({"name": "Tea", "partner_id": self.partner.id})
        before = self.call_with(self.partner)
        self.record(before)
        foreign = self.call_with(self.partner, self.cai)
        self.record(foreign)
        foreign.with_user(self.cai.user_id)._cc_write_note({"note": "Wants the blue one"})
        call = self.ring("13900001111", dialled="4008123123")
        banner = call.with_user(self.ann.user_id).cc_banner("res.partner", self.partner.id)
        self.assertEqual(banner["dialled"], "+86 400 812 3123")
        self.assertEqual(banner["owner"], self.owner.name)
        self.assertEqual([row["id"] for row in banner["deals"]], [deal.id])
        shown = {row["id"]: row for row in banner["calls"]}
        self.assertTrue(shown[before.id]["open"])
        self.assertEqual(len(shown[before.id]["recordings"]), 1)
        # a colleague's: when, with whom and what was noted; neither the recording nor the call itself
        self.assertEqual(shown[foreign.id]["agent"], self.cai.name)
        self.assertEqual(shown[foreign.id]["note"], "Wants the blue one")
        self.assertEqual(shown[foreign.id]["recordings"], [])
        self.assertFalse(shown[foreign.id]["open"])

    def test_a_choice_opens_no_others_calls(self):
        """Whom the agent chooses on a call is their word, not the PBX's: others' calls stay shut."""
        other = self.env["res.partner"].create({"name": "Somebody", "phone": "13900009999"})
        foreign = self.ring("13900009999", agent=self.cai)
        call = self.ring("13900001111")
        asked = call.with_user(self.ann.user_id)
        asked._cc_choose({"partner_id": other.id})
        banner = asked.cc_banner("res.partner", other.id)
        self.assertNotIn(foreign.id, [row["id"] for row in banner["calls"]])

    def test_a_call_registered_by_hand_opens_no_others_calls(self):
        """Whoever types a number into the wizard has not spoken with it."""
        foreign = self.call_with(self.partner, self.cai)
        wizard = self.env["cc.call.register"].with_user(self.ann.user_id)
        row = wizard.create({"number": "13900001111", "partner_id": self.partner.id})
        call = self.env["cc.call"].browse(row.action_register()["res_id"])
        self.assertEqual(call.number_id, foreign.number_id)
        banner = call.with_user(self.ann.user_id).cc_banner("res.partner", self.partner.id)
        self.assertNotIn(foreign.id, [shown["id"] for shown in banner["calls"]])

    def test_follow_up(self):
        """CRM-35: a call-back agreed in the wrap-up is the agent's own activity with the customer."""
        call = self.ringing.with_user(self.ann.user_id)
        done = call.cc_follow_up("res.partner", self.old.id, "call", "2026-03-05", "Offer")
        activity = self.env["mail.activity"].browse(done["id"])
        self.assertEqual(
            (activity.res_model, activity.res_id, activity.user_id, activity.summary),
            ("res.partner", self.old.id, self.ann.user_id, "Offer"),
        )
        self.assertEqual(done["deadline"], "2026-03-05")
        self.assertEqual(activity.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        with self.assertRaises(AccessError):
            call.cc_follow_up("res.users", 1, "call", "2026-03-05")

    def test_follow_up_of_anothers_call(self):
        """Who can't read the call agrees on nothing in it."""
        with self.assertRaises(AccessError):
            self.ringing.with_user(self.cai.user_id).cc_follow_up(
                "res.partner", self.old.id, "todo", "2026-03-05"
            )

    def test_banner_on_other_models_is_refused(self):
        with self.assertRaises(AccessError):
            self.ringing.with_user(self.ann.user_id).cc_banner("res.users", 1)

    def test_history_on_the_customer(self):
        """Calls of a shared number count for who was chosen."""
        self.ringing.with_user(self.ann.user_id).cc_pop_choose(self.old.id)
        self.assertIn(self.ringing, self.env["cc.call"].search(self.old._cc_calls_domain()))
        self.assertNotIn(self.ringing, self.env["cc.call"].search(self.new._cc_calls_domain()))
