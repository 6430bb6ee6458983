# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import TicketMixin


def local(text):
    """Shanghai time of 2026 as naive UTC; the calendar is weekdays 9 to 17."""
    from datetime import timedelta

    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M") - timedelta(hours=8)


@tagged("post_install", "-at_install")
class TestDeadlines(TicketMixin, TransactionCase):
    """TIC-08, TIC-16: deadlines of steps, waiting, warnings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.template = cls.make_template(
            "One day",
            [
                {
                    "code": "work",
                    "name": "Work",
                    "handler_department_id": cls.service.id,
                    "deadline_h": 8,
                    "may_close": True,
                }
            ],
        )

    def now(self, text):
        return patch.object(fields.Datetime, "now", lambda *_args: local(text))

    def begun(self):
        """Accepted on Monday 2 March 2026 at 10:00: 8 hours are over on Tuesday at 10:00."""
        with self.now("03-02 10:00"):
            ticket = self.make_ticket()
            self.do(ticket, self.ben, "accept")
        self.assertEqual(ticket.cc_deadline, local("03-03 10:00"))
        return ticket

    def wait(self, ticket, start, end):
        with self.now(start):
            self.do(ticket, self.ben, "pause")
            self.assertFalse(ticket.cc_overdue)
        with self.now(end):
            self.do(ticket, self.ben, "resume")

    def test_a_night_of_waiting_moves_nothing(self):
        ticket = self.begun()
        self.wait(ticket, "03-02 17:00", "03-03 09:00")
        self.assertEqual(ticket.cc_deadline, local("03-03 10:00"))

    def test_two_working_hours_of_waiting(self):
        ticket = self.begun()
        self.wait(ticket, "03-02 16:00", "03-03 10:00")
        self.assertEqual(ticket.cc_deadline, local("03-03 12:00"))
        self.assertIn("8 working hours", ticket._cc_why_due())
        self.assertIn("2 h of waiting", ticket._cc_why_due())

    def test_waiting_twice_is_counted_once_each(self):
        ticket = self.begun()
        self.wait(ticket, "03-02 11:00", "03-02 12:00")
        self.wait(ticket, "03-02 14:00", "03-02 15:00")
        self.assertEqual(ticket.cc_deadline, local("03-03 12:00"))
        with self.now("03-02 16:00"):
            self.do(ticket, self.ben, "close")
        turn = ticket.cc_turn_ids
        # from 10:00 to 16:00 without two hours of waiting
        self.assertEqual((turn.work_s, turn.wait_s), (4 * 3600, 2 * 3600))
        self.assertFalse(turn.overdue)

    def test_waiting_begun_on_a_holiday(self):
        ticket = self.begun()
        with self.now("03-02 16:00"):
            self.do(ticket, self.ben, "pause")
        with self.now("03-07 12:00"):  # Saturday
            self.do(ticket, self.ben, "resume")
        # Mo 16-17, Tu to Fr 8 hours each: 33 hours; 8 + 33 from Monday 10:00
        self.assertEqual(
            ticket.cc_deadline,
            self.company.resource_calendar_id._cc_plan(local("03-02 10:00"), 41 * 3600),
        )

    def test_warning_and_overdue(self):
        """Warned once, one working hour ahead; when it is over the leader is told, once."""
        ticket = self.begun()
        tickets = self.env["helpdesk.ticket"]
        self.bus_messages()
        with self.now("03-02 16:59"):
            tickets._cron_cc_deadlines()
            self.assertFalse(self.told(self.ben, "cc_ticket/notice"))
        with self.now("03-03 09:00"):
            tickets._cron_cc_deadlines()
            tickets._cron_cc_deadlines()
            self.assertEqual(len(self.told(self.ben, "cc_ticket/notice")), 1)
        with self.now("03-03 10:01"):
            self.assertTrue(ticket.cc_overdue)
            self.assertIn(ticket, tickets.search([("cc_overdue", "=", True)]))
            tickets._cron_cc_deadlines()
            tickets._cron_cc_deadlines()
            told = self.bus_messages()
        for agent in (self.ben, self.lea):
            partner = agent.user_id.partner_id.id
            mine = [
                m for m in told if m[0] == ["res.partner", partner] and m[1] == "cc_ticket/notice"
            ]
            self.assertEqual(len(mine), 1, agent.name)
        with self.now("03-03 11:00"):
            self.do(ticket, self.ben, "close")
        self.assertTrue(ticket.cc_turn_ids.overdue)
        self.assertFalse(ticket.cc_overdue)

    def test_more_time_is_warned_of_anew(self):
        """Overdue, then given more time: the new deadline has its own warnings."""
        ticket = self.begun()
        tickets = self.env["helpdesk.ticket"]
        with self.now("03-03 10:01"):
            tickets._cron_cc_deadlines()
            self.do(ticket, self.ben, "extend", hours=2, text="Parts are late")
            ticket.cc_extension_ids.with_user(self.lea.user_id).action_approve()
            self.assertFalse(ticket.cc_overdue)
        self.bus_messages()
        with self.now("03-03 12:01"):
            tickets._cron_cc_deadlines()
            self.assertIn(
                "is overdue",
                " ".join(told["text"] for told in self.told(self.lea, "cc_ticket/notice")),
            )

    def test_no_warning_while_waiting(self):
        ticket = self.begun()
        with self.now("03-02 12:00"):
            self.do(ticket, self.ben, "pause")
        self.bus_messages()
        with self.now("03-20 12:00"):
            self.env["helpdesk.ticket"]._cron_cc_deadlines()
            self.assertFalse(ticket.cc_overdue)
        self.assertFalse(self.told(self.ben, "cc_ticket/notice"))

    def test_schedule(self):
        """A recurring ticket begins once for each time, and what was missed is not made up for."""
        row = self.env["cc.ticket.schedule"].create(
            {
                "name": "Look after it",
                "template_id": self.template.id,
                "partner_id": self.partner.id,
                "every": 1,
                "unit": "month",
                "next_at": local("01-31 09:00"),
                "user_id": self.ann.user_id.id,
                "company_id": self.company.id,
            }
        )
        with self.now("03-02 10:00"):
            row._cron_cc_schedules()
            row._cron_cc_schedules()
        ticket = row.ticket_ids
        self.assertEqual(len(ticket), 1)
        self.assertEqual((ticket.cc_state, ticket.cc_creator_id), ("open", self.ann.user_id))
        # the last of the month stays the last: 31 March
        self.assertEqual(row.next_at, local("03-31 09:00"))
