# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .bodies import call_body, leg_body
from .common import T0, FactsMixin, S


@tagged("post_install", "-at_install")
class TestMissedCall(FactsMixin, TransactionCase):
    """The list of missed calls: what comes in, what is done by itself, who sees to it (TEL-18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def lose(self, loss="queue", number="13800138000", after=0, **more):
        """A call that nobody answers.

        :return: its fact
        """
        start = T0 + after * S
        end = start + 30 * S
        body = self.call_body(
            str(uuid.uuid4()),
            1,
            "ended",
            **{
                "from": {"number": number, "name": None},
                "queue": "help",
                "started_t": start,
                "queued_t": start + S,
                "ended_t": end,
                "ended_by": "customer",
                "loss": loss,
                "legs": [leg_body(1, "customer", number, start, end)],
                **more,
            },
        )
        fact = self.fact("call.ended", end, call=body)
        self.ingest(fact)
        return fact

    def missed(self):
        return self.env["cc.missed.call"].search([("company_id", "=", self.company.id)])

    def test_every_way(self):
        """In the queue, out of hours, too long, at an agent, in the menu; not: answered, outbound."""
        for n, loss in enumerate(("queue", "out_of_hours", "overflow", "agent_no_answer", "ivr")):
            self.lose(loss, number=f"1380013800{n}")
        self.ingest(*self.life())
        outbound = call_body(
            str(uuid.uuid4()),
            1,
            "ended",
            direction="outbound",
            started_t=T0,
            ended_t=T0 + 9 * S,
            legs=[leg_body(1, "agent", "8101", T0, T0 + 9 * S)],
        )
        self.ingest(self.fact("call.ended", T0, call=outbound))
        self.assertEqual(
            set(self.missed().mapped("entry")),
            {"queue", "out_of_hours", "overflow", "agent_no_answer", "ivr"},
        )
        self.assertEqual(set(self.missed().mapped("state")), {"open"})
        self.assertEqual(len(self.missed()), 5)

    def test_told_again(self):
        """One row a call, however often it is told; a correction that somebody answered takes it away."""
        fact = self.lose()
        again = {**fact["call"], "rev": 2}
        self.ingest(self.fact("call.corrected", T0 + 90 * S, call=again))
        self.assertEqual(len(self.missed()), 1)
        answered = {**again, "rev": 3, "answered_t": T0 + 10 * S, "loss": None}
        self.ingest(self.fact("call.corrected", T0 + 95 * S, call=answered))
        self.assertFalse(self.missed())

    def test_spoken_to(self):
        """The caller calls again and is answered, or is called back: done, by whom and how."""
        self.lose(after=-600)
        other = self.lose(number="13912345678", after=-600)
        self.ingest(*self.life())
        row = self.missed().filtered(lambda one: one.number_id.key == "+8613800138000")
        self.assertEqual(
            (row.state, row.handling, row.handled_by_id), ("handled", "called_again", self.ann)
        )
        self.assertEqual(row.handled_at, self.at(7))
        still = self.missed() - row
        self.assertEqual(still.state, "open")
        start = T0 + 300 * S
        body = call_body(
            str(uuid.uuid4()),
            1,
            "talking",
            direction="outbound",
            to={"number": other["call"]["from"]["number"]},
            started_t=start,
            answered_t=start + 5 * S,
            legs=[
                leg_body(1, "agent", "8102", start),
                leg_body(2, "customer", "13912345678", start + 5 * S),
            ],
        )
        self.ingest(self.fact("call.answered", start + 5 * S, call=body))
        self.assertEqual(
            (still.state, still.handling, still.handled_by_id), ("handled", "called_back", self.ben)
        )

    def test_later_loss(self):
        """Who was spoken to and is then lost is missed again."""
        self.ingest(*self.life())
        self.lose(after=600)
        self.assertEqual(self.missed().state, "open")

    def test_who(self):
        """Agents of the department take, handle and reopen; others see nothing; nobody writes by RPC."""
        self.lose()
        row = self.missed()
        mine = row.with_user(self.ann.user_id)
        mine.action_assign_me()
        self.assertEqual(row.agent_id, self.ann)
        seen = self.env["cc.missed.call"]
        self.assertTrue(seen.with_user(self.ann.user_id).search([]))
        self.assertFalse(seen.with_user(self.ben.user_id).search([]))
        self.assertFalse(seen.with_user(self.cai.user_id).search([]))
        self.assertFalse(seen.with_user(self.lin.user_id).search([]))
        self.assertTrue(seen.with_user(self.lea.user_id).search([]))
        with self.assertRaises(AccessError):
            mine.write({"agent_id": False})
        with self.assertRaises(AccessError):
            row.with_user(self.cai.user_id).action_handle()
        with self.assertRaises(AccessError):
            row.with_user(self.lea.user_id).write({"number_id": False})
        row.with_user(self.lea.user_id).write({"agent_id": self.ben.id})
        self.assertTrue(seen.with_user(self.ben.user_id).search([]))
        row.with_user(self.ben.user_id).action_handle()
        self.assertEqual(
            (row.state, row.handling, row.handled_by_id), ("handled", "by_hand", self.ben)
        )
        row.with_user(self.ben.user_id).action_reopen()
        self.assertEqual((row.state, row.handled_by_id), ("open", self.env["cc.agent"]))

    def test_may_call(self):
        """Who sees the missed call may have its number dialled, others not."""
        self.lose()
        number = self.missed().number_id
        for agent, may in ((self.ann, True), (self.cai, False), (self.lea, True)):
            with self.subTest(agent.name):
                self.assertIs(bool(number.with_user(agent.user_id)._cc_may_call()), may)
        with self.assertRaises(UserError):
            # not signed in: the text says why
            self.missed().with_user(self.ann.user_id).action_call_back()

    def test_reminder(self):
        """Leaders are told once a day what is left of a week, without numbers."""
        self.lose()
        self.lose("out_of_hours", number="13912345678")
        told = []
        thread = type(self.env["mail.thread"])
        now = self.at(0) + timedelta(days=1)
        with (
            patch.object(thread, "message_notify", lambda model, **values: told.append(values)),
            patch(
                "odoo.addons.cc_telephony.models.call.cc_missed_call.fields.Datetime.now",
                return_value=now,
            ),
        ):
            self.env["cc.missed.call"]._cron_remind()
        of_us = [
            values
            for values in told
            if values["partner_ids"]
            in (self.lea.user_id.partner_id.ids, self.lin.user_id.partner_id.ids)
        ]
        self.assertEqual(
            [values["partner_ids"] for values in of_us], [self.lea.user_id.partner_id.ids]
        )
        self.assertIn("2", of_us[0]["subject"])
        self.assertNotIn("139", of_us[0]["body"])
