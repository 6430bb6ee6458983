# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import email.message

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import TicketMixin


@tagged("post_install", "-at_install")
class TestWithstand(TicketMixin, TransactionCase):
    """What happens to tickets when the world around them changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()

    def with_ben(self, **values):
        ticket = self.make_ticket(**values)
        self.do(ticket, self.ben, "accept")
        return ticket

    def test_handler_leaves(self):
        """A leaver's tickets are in the department's list, past steps keep the name, the leader is told."""
        tickets = self.with_ben() | self.with_ben()
        done = self.with_ben()
        self.do(done, self.ben, "submit")
        self.bus_messages()
        self.ben.user_id.active = False
        for ticket in tickets:
            self.assertFalse(ticket.user_id)
            self.assertEqual((ticket.cc_department_id, ticket.cc_state), (self.service, "open"))
            self.assertEqual(ticket.cc_move_ids[0].kind, "handover")
            self.assertIn("accept", self.allowed(ticket, self.ann))
        self.assertEqual(
            done.cc_turn_ids.filtered(lambda turn: turn.ended_at).user_id, self.ben.user_id
        )
        self.assertEqual(len(self.told(self.lea, "cc_ticket/notice")), 2)

    def test_department_is_taken_away(self):
        """Who changes departments leaves the tickets behind."""
        ticket = self.with_ben()
        self.ben.department_id = self.sales
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.cc_department_id, self.service)
        self.assertFalse(ticket.with_user(self.ben.user_id).has_access("read"))

    def test_department_disappears(self):
        """Its tickets go to the one above, and the template's owner learns of it."""
        ticket = self.make_ticket()
        self.bus_messages()
        self.service.active = False
        self.assertEqual(ticket.cc_department_id, self.root)
        told = self.told(self.max, "cc_ticket/notice")
        self.assertIn("Check", told[0]["text"])
        # a new ticket does not wait in a department that is no more
        other = self.make_ticket(self.cai)
        self.assertNotEqual(other.cc_department_id, self.service)
        self.assertTrue(other.cc_department_id.active)

    def test_person_of_a_step_left(self):
        template = self.make_template(
            "Personal",
            [
                {
                    "code": "one",
                    "name": "One",
                    "handler_kind": "person",
                    "handler_user_id": self.cai.user_id.id,
                }
            ],
            department_id=self.sales.id,
        )
        self.bus_messages()
        self.cai.user_id.active = False
        self.assertIn("One", self.told(self.max, "cc_ticket/notice")[0]["text"])
        ticket = self.make_ticket(cc_template_id=template.id)
        self.assertEqual(ticket.cc_department_id, self.sales)
        self.assertFalse(ticket.user_id)

    def test_hand_over_screen(self):
        """T19: one screen, everything: tickets, drafts, opinions; by a leader of the person only."""
        ticket = self.with_ben()
        draft = self.make_ticket(self.ben, start=False)
        other = self.make_ticket()
        self.do(other, self.ann, "copy", user_ids=self.ben.user_id.ids)
        values = {"user_id": self.ben.user_id.id, "to_user_id": self.ann.user_id.id}
        with self.assertRaises(AccessError):
            self.env["cc.ticket.handover"].with_user(self.ann.user_id).create(values)
        wizards = self.env["cc.ticket.handover"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.lin.user_id).create(values).action_apply()
        wizard = wizards.with_user(self.lea.user_id).create(values)
        self.assertEqual(wizard.ticket_ids, ticket.with_user(self.lea.user_id))
        self.assertEqual((wizard.draft_count, wizard.copy_count), (1, 1))
        wizard.action_apply()
        self.assertEqual(ticket.user_id, self.ann.user_id)
        self.assertEqual(draft.cc_creator_id, self.ann.user_id)
        self.assertEqual(
            other.cc_reader_ids.filtered(lambda row: row.kind == "copy").user_id, self.ann.user_id
        )

    def test_condition_names_a_removed_field(self):
        """It is passed over, and the template's owner is told; the ticket goes on."""
        ticket = self.with_ben(cc_properties={"amount": 900})
        exits = ticket.cc_step_id.exit_ids
        self.env.cr.execute(
            "UPDATE cc_ticket_exit SET condition = %s WHERE id = %s",
            ["[('cc_properties.gone', '>', 5)]", exits[0].id],
        )
        exits.invalidate_recordset()
        self.bus_messages()
        self.do(ticket, self.ben, "submit")
        self.assertEqual(ticket.cc_step_id.code, "answer")
        self.assertIn("no longer exist", self.told(self.max, "cc_ticket/notice")[0]["text"])

    def test_bad_condition_is_not_published(self):
        template = self.make_template(
            "Bad",
            [
                {
                    "code": "a",
                    "name": "A",
                    "handler_department_id": self.service.id,
                    "exit_ids": [(0, 0, {"condition": "[('nothing_of_this', '=', 1)]"})],
                }
            ],
            publish=False,
        )
        with self.assertRaisesRegex(UserError, "nothing_of_this"):
            template.draft_id.action_publish()

    def test_customer_is_merged(self):
        """The ticket is the remaining customer's."""
        ticket = self.with_ben()
        other = self.env["res.partner"].create({"name": "The same customer"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | other).ids, other)
        self.assertEqual(ticket.partner_id, other)
        self.do(ticket, self.ben, "submit")

    def mail(self, ticket, sender="one@customers.example.com", body="It broke again", **headers):
        """An e-mail that answers the ticket, through the gateway."""
        sent = ticket.message_post(
            body="Closed", partner_ids=self.partner.ids, message_type="comment"
        )
        message = email.message.EmailMessage()
        message["From"] = sender
        message["To"] = "support@example.com"
        message["Subject"] = "Re: ticket"
        message["Message-Id"] = headers.pop("message_id", "<answer-1@customers.example.com>")
        message["In-Reply-To"] = message["References"] = sent.message_id
        message.set_content(body)
        return message.as_bytes()

    def receive(self, raw):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process("helpdesk.ticket", raw)

    def closed(self):
        ticket = self.with_ben()
        self.do(ticket, self.ben, "submit")
        self.do(ticket, self.ann, "close")
        return ticket

    def test_reply_to_a_closed_ticket(self):
        """T09: a sub-ticket goes on; the same message once more does nothing."""
        ticket = self.closed()
        raw = self.mail(ticket)
        self.receive(raw)
        child = ticket.cc_child_ids
        self.assertEqual(len(child), 1)
        self.assertIn("It broke again", child.description)
        self.assertEqual(child.cc_state, "open")
        self.receive(raw)
        self.assertEqual(len(ticket.cc_child_ids), 1)
        self.assertEqual(ticket.cc_state, "closed")

    def test_reply_as_a_to_do(self):
        self.template.closed_reply = "note"
        ticket = self.closed()
        self.receive(self.mail(ticket))
        self.assertFalse(ticket.cc_child_ids)
        self.assertEqual(ticket.activity_ids.user_id, self.ann.user_id)
        # and when who had it last has left, somebody who leads
        other = self.closed()
        self.ann.user_id.active = False
        self.receive(self.mail(other, message_id="<answer-2@customers.example.com>"))
        self.assertTrue(other.activity_ids.user_id.active)

    def test_reply_ends_the_waiting(self):
        ticket = self.with_ben()
        self.do(ticket, self.ben, "pause")
        self.receive(self.mail(ticket, body="Here is the picture"))
        self.assertFalse(ticket.cc_waiting)
        self.assertIn("reply", ticket.cc_move_ids.mapped("kind"))

    def test_sub_tickets(self):
        """TIC-07: the parent waits, or closes with the last."""
        for rule in ("wait", "close"):
            self.template.parent_rule = rule
            parent = self.with_ben()
            self.do(parent, self.ben, "submit")
            child = self.make_ticket(cc_parent_id=parent.id)
            if rule == "wait":
                with self.assertRaisesRegex(UserError, child.number):
                    self.do(parent, self.ann, "close")
            self.do(child, self.ben, "accept")
            self.do(child, self.ben, "submit")
            self.do(child, self.ann, "close")
            self.assertEqual(parent.cc_state, "closed" if rule == "close" else "progress")

    def test_automatic_steps(self):
        """Steps of nobody are gone through at once."""
        template = self.make_template(
            "By itself",
            [
                {
                    "code": "sort",
                    "name": "Sort",
                    "handler_kind": "none",
                    "exit_ids": [
                        (0, 0, {"condition": "[('priority', '=', '3')]", "target": "fast"}),
                        (0, 0, {"target": "slow"}),
                    ],
                },
                {"code": "fast", "name": "Fast", "handler_department_id": self.sales.id},
                {"code": "slow", "name": "Slow", "handler_department_id": self.service.id},
            ],
        )
        for priority, code in (("3", "fast"), ("1", "slow")):
            ticket = self.make_ticket(cc_template_id=template.id, priority=priority)
            self.assertEqual(ticket.cc_step_id.code, code)

    def test_salesperson(self):
        template = self.make_template(
            "Sale",
            [{"code": "offer", "name": "Offer", "handler_kind": "salesperson"}],
            department_id=self.sales.id,
        )
        ticket = self.make_ticket(cc_template_id=template.id)
        self.assertEqual((ticket.user_id.ids, ticket.cc_department_id), ([], self.sales))
        self.partner.user_id = self.cai.user_id
        ticket = self.make_ticket(cc_template_id=template.id)
        self.assertEqual(ticket.user_id, self.cai.user_id)

    def test_dispatch(self):
        """TIC-17: time and address on the technician's calendar; by who has the ticket."""
        ticket = self.with_ben()
        values = {
            "ticket_id": ticket.id,
            "user_id": self.cai.user_id.id,
            "start": "2026-03-02 02:00:00",
            "hours": 2,
            "address": "1 Long Road",
        }
        wizards = self.env["cc.ticket.dispatch"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.ann.user_id).create(values).action_send()
        wizards.with_user(self.ben.user_id).create(values).action_send()
        event = ticket.cc_event_ids
        self.assertEqual((event.location, event.duration), ("1 Long Road", 2))
        self.assertIn(self.cai.user_id.partner_id, event.partner_ids)
        again = wizards.with_user(self.ben.user_id).create(values)
        self.assertIn("not available at that time", again.busy)

    def test_files(self):
        """T05: a file of the handling history follows the ticket and never gets a token."""
        ticket = self.with_ben()
        file = (
            self.env["ir.attachment"]
            .with_user(self.ben.user_id)
            .create({"name": "note.txt", "raw": b"secret"})
        )
        self.do(ticket, self.ben, "add", text="See", attachment_ids=file.ids)
        self.assertEqual(file.res_model, "cc.ticket.move")
        self.assertFalse(file.access_token)
        self.assertNotIn(file, ticket.attachment_ids)
        self.assertTrue(file.with_user(self.ann.user_id).has_access("read"))
        self.assertFalse(file.with_user(self.cai.user_id).has_access("read"))
        # somebody else's file is not put on a ticket by its number
        theirs = (
            self.env["ir.attachment"]
            .with_user(self.cai.user_id)
            .create({"name": "theirs.txt", "raw": b"theirs"})
        )
        with self.assertRaises(AccessError):
            self.do(ticket, self.ben, "add", text="See", attachment_ids=theirs.ids)


@tagged("post_install", "-at_install")
class TestClosingRoute(TicketMixin, HttpCase):
    """T03: OCA's route closes any ticket for anybody who is signed in; with ours it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.done.close_from_portal = True
        for login in ("cc_ben", "cc_cai", "cc_max"):
            cls.env["res.users"].search([("login", "=", login)]).password = login

    def close(self, ticket, login):
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/ticket/close?ticket_id={ticket.id}&stage_id={self.done.id}",
                allow_redirects=False,
            ).status_code

    def test_route(self):
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        plain = self.env["helpdesk.ticket"].create(
            {"name": "Plain", "description": "<p>x</p>", "company_id": self.company.id}
        )
        for login in ("cc_ben", "cc_cai"):
            self.assertEqual(self.close(ticket, login), 403)
            self.assertEqual(self.close(plain, login), 403)
        self.assertEqual(self.close(ticket, "cc_max"), 403)
        self.assertEqual(ticket.cc_state, "progress")
        self.assertFalse(ticket.closed)
        # whoever may write a plain ticket closes it
        self.assertEqual(self.close(plain, "cc_max"), 302)
        self.assertTrue(plain.closed)
