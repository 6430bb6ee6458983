# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import MONDAY, QualityCase


@tagged("post_install", "-at_install")
class TestSummary(QualityCase, TransactionCase):
    """The wrap-up's summary (QUA-13) and the rating by key (TEL-27), as the queue has them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()
        cls.queue.wrap_up_s = 15
        cls.other = cls.env["cc.queue"].create(
            {"name": "Other", "code": "other", "pbx_id": cls.pbx.id}
        )
        cls.sold, cls.lost = cls.env["cc.call.summary"].create(
            [{"name": "Sold"}, {"name": "Not sold"}]
        )
        cls.price = cls.env["cc.call.summary"].create(
            {"name": "Price", "parent_id": cls.lost.id, "queue_ids": [(6, 0, cls.queue.ids)]}
        )
        cls.mine = cls.make_call(
            cls.ann, started_at=MONDAY, queue_id=cls.queue.id, answered_at=MONDAY, state="ended"
        )
        # the PBX owns states: a wrap-up is an open interval
        cls.env["cc.agent.session"].create(
            {
                "agent_id": cls.ann.id,
                "company_id": cls.pbx.company_id.id,
                "device": "desk",
                "extension": "9201",
                "started_at": MONDAY,
            }
        )
        cls.env["cc.agent.interval"].create(
            {
                "agent_id": cls.ann.id,
                "company_id": cls.pbx.company_id.id,
                "state": "wrap_up",
                "started_at": MONDAY,
                "call_id": cls.mine.id,
            }
        )

    def agents(self):
        return self.env["cc.agent"].with_user(self.ann.user_id)

    def test_required(self):
        """Not ready before the summary, by none of the two ways; a break is free."""
        self.assertTrue(self.agents().set_state("ready")["id"])
        self.queue.summary_required = True
        for way in (lambda: self.agents().set_state("ready"), self.agents().end_wrap_up):
            with self.assertRaises(UserError):
                way()
        self.assertTrue(self.agents().set_state("break")["id"])
        call = self.mine.with_user(self.ann.user_id)
        call.cc_save_summary(self.price.id)
        self.assertEqual(self.mine.summary_id, self.price)
        # the summary has made the agent's note: what is typed after it goes into the same one
        self.assertEqual(call.cc_save_note({"note": "Too dear", "seen": ""}), "Too dear")
        self.assertEqual((self.mine.summary_id, self.mine.note), (self.price, "Too dear"))
        self.assertTrue(self.agents().end_wrap_up()["id"])

    def test_levels(self):
        """Only the last level is a summary, and only one of the call's queue."""
        call = self.mine.with_user(self.ann.user_id)
        self.assertEqual(self.price.display_name, "Not sold / Price")
        with self.assertRaises(UserError):
            call.cc_save_summary(self.lost.id)
        self.mine.queue_id = self.other
        with self.assertRaises(UserError):
            call.cc_save_summary(self.price.id)
        # there "not sold" is the last level
        call.cc_save_summary(self.lost.id)
        self.assertEqual(self.mine.summary_id, self.lost)
        with self.assertRaises(UserError):
            self.lost.parent_id = self.price
            self.env.flush_all()

    def test_no_choices(self):
        """A queue that requires one of none asks for nothing."""
        self.env["cc.call.summary"].search([]).active = False
        self.queue.summary_required = True
        self.assertTrue(self.agents().set_state("ready")["id"])

    def test_others(self):
        """A colleague writes no summary of somebody else's call."""
        with self.assertRaises(UserError):
            self.mine.with_user(self.ben.user_id).cc_save_summary(self.sold.id)

    def test_of_several(self):
        """Of several notes that of who spoke last counts, else the last; lists filter by the same."""
        wrong, right = self.env["cc.call.kind"].create([{"name": "Wrong"}, {"name": "Right"}])
        notes = self.env["cc.call.note"]
        calls = self.env["cc.call"]

        def kinds():
            self.mine.invalidate_recordset()
            self.assertEqual(
                calls.search([("kind_id", "in", self.mine.kind_id.ids), ("id", "=", self.mine.id)]),
                self.mine if self.mine.kind_id else calls,
            )
            return self.mine.kind_id, self.mine.summary_id

        self.assertEqual(kinds(), (self.env["cc.call.kind"], self.env["cc.call.summary"]))
        first = notes.create(
            {
                "call_id": self.mine.id,
                "author_id": self.max_user.id,
                "kind_id": wrong.id,
                "summary_id": self.sold.id,
            }
        )
        notes.create({"call_id": self.mine.id, "author_id": self.ben.user_id.id, "note": "?"})
        self.assertEqual(kinds(), (wrong, self.sold))
        own = notes.create(
            {"call_id": self.mine.id, "author_id": self.ann.user_id.id, "kind_id": right.id}
        )
        # Ann spoke last; she chose no summary
        self.assertEqual(kinds(), (right, self.sold))
        first.note = "Later"
        self.assertEqual(kinds(), (right, self.sold))
        self.assertFalse(calls.search([("kind_id", "=", wrong.id), ("id", "=", self.mine.id)]))
        self.assertEqual(calls.search([("kind_id.name", "=", "Right")]), self.mine)
        self.assertEqual(calls.search([("kind_id", "!=", False)]), self.mine)
        self.assertNotIn(self.mine, calls.search([("summary_id", "=", False)]))
        # handed over, it is the other's to say
        self.mine.agent_id = self.ben
        notes.search([("author_id", "=", self.ben.user_id.id)]).kind_id = wrong
        self.assertEqual(kinds()[0], wrong)
        own.unlink()
        self.assertEqual(kinds()[0], wrong)

    def test_card(self):
        """The card says whether a summary is wanted and there."""
        self.queue.summary_required = True
        extra = self.env["cc.call"]._cc_card_extra(self.mine, self.ann)["cc_quality"]
        self.assertEqual(extra, {"summary": True, "required": True, "done": False})
        self.mine.with_user(self.ann.user_id).cc_save_summary(self.sold.id)
        extra = self.env["cc.call"]._cc_card_extra(self.mine, self.ann)["cc_quality"]
        self.assertTrue(extra["done"])
        found = self.mine.with_user(self.ann.user_id).cc_summary_choices()
        self.assertEqual(found["summary"], self.sold.id)

    def intent(self):
        return {row["queue"]: row for row in self.pbx._intent()["queues"]}

    def test_intent(self):
        """What the bridge is told: the keys, and a wrap-up that lasts until the summary."""
        self.assertNotIn("rating", self.intent()["help"])
        self.assertEqual(self.intent()["help"]["wrap_up_s"], 15)
        self.queue.write(
            {
                "rating_on": True,
                "rating_satisfied": "15",
                "rating_prompt": "cc/rate",
                "summary_required": True,
            }
        )
        row = self.intent()["help"]
        self.assertEqual(
            row["rating"],
            {
                "satisfied": "15",
                "neutral": "2",
                "dissatisfied": "3",
                "wait_s": 8,
                "tries": 2,
                "prompt": "cc/rate",
                "thanks": "auth-thankyou",
            },
        )
        self.assertEqual(row["wrap_up_s"], 86400)
        self.assertNotIn("rating", self.intent()["other"])

    def test_bell(self):
        """The bridge hears of a change."""
        rung = []
        self.patch(type(self.pbx), "_cc_ring", lambda pbx, what: rung.append((pbx, what)))
        self.queue.rating_on = True
        self.queue.rating_wait_s = 5
        self.queue.summary_required = True
        self.assertEqual(rung, [(self.pbx, "intent")] * 3)

    def test_keys(self):
        """Digits, each with one meaning; sounds without tricks."""
        for values in (
            {"rating_satisfied": "12"},
            {"rating_satisfied": "11"},
            {"rating_neutral": "*"},
            {"rating_prompt": "a,b"},
            {"rating_thanks": "${X}"},
            {
                "rating_on": True,
                "rating_satisfied": "",
                "rating_neutral": "",
                "rating_dissatisfied": "",
            },
        ):
            with self.assertRaises(ValidationError):
                self.queue.write(values)
