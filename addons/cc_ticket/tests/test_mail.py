# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import email.message

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import MailMixin

# as Postfix writes it
DSN = """\
Return-Path: <>
From: MAILER-DAEMON@customers.example.com (Mail Delivery System)
To: bounce@example.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@customers.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

No such user.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customers.example.com

Final-Recipient: rfc822; one@customers.example.com
Action: failed
Status: 5.1.1

--part
Content-Type: message/rfc822

From: support@example.com
To: one@customers.example.com
Subject: Closed
Message-Id: {message_id}

Closed
--part--
"""


@tagged("post_install", "-at_install")
class TestMail(MailMixin, TransactionCase):
    """What e-mails do to tickets, and which do nothing. T09, T11"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()

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

    def test_reply_is_told(self):
        """Whoever is to handle the sub-ticket has it in the list, and is told which closed one it goes on with."""
        ticket = self.closed()
        self.bus_messages()
        self.receive(self.mail(ticket))
        told = self.told(self.ben, "cc_ticket/notice")
        self.assertTrue(any(ticket.number in message["text"] for message in told), told)
        child = ticket.cc_child_ids
        self.assertIn(child, child.search(child.with_user(self.ben.user_id)._cc_todo_domain()))

    def test_automatic_reply(self):
        """T09: "I am out of office" reopens nothing and ends no waiting; it is kept in the history."""
        ticket = self.closed()
        raw = self.mail(ticket, body="I am away until Monday", **{"Auto-Submitted": "auto-replied"})
        self.receive(raw)
        self.assertFalse(ticket.cc_child_ids)
        self.assertFalse(ticket.activity_ids)
        self.assertIn("I am away until Monday", ticket.cc_move_ids.sorted("id")[-1].text)
        other = self.with_ben()
        self.do(other, self.ben, "pause")
        raw = self.mail(other, message_id="<away-2@customers.example.com>", Precedence="auto_reply")
        self.receive(raw)
        self.assertTrue(other.cc_waiting)

    def test_reply_of_somebody_else(self):
        """T11: a forwarded thread that a stranger answers is not the customer's; it has a reader of its own."""
        ticket = self.with_ben()
        self.do(ticket, self.ben, "pause")
        raw = self.mail(ticket, sender="two@elsewhere.example.com", body="Me too")
        self.receive(raw)
        self.assertTrue(ticket.cc_waiting)
        self.assertNotIn("reply", ticket.cc_move_ids.mapped("kind"))
        self.assertNotIn("Me too", "".join(ticket.message_ids.mapped("body")))
        own = self.env["helpdesk.ticket"].search([("partner_email", "ilike", "two@elsewhere")])
        self.assertEqual((len(own), own.cc_state, own.cc_department_id), (1, "open", self.service))
        self.assertIn(ticket.number, own.cc_move_ids.filtered(lambda row: row.kind == "note").text)
        # somebody of the customer's company may answer
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "email": "c@customers.example.com", "parent_id": self.partner.id}
        )
        raw = self.mail(ticket, sender=colleague.email, message_id="<3@customers.example.com>")
        self.receive(raw)
        self.assertFalse(ticket.cc_waiting)

    def test_number_in_a_subject(self):
        """T11: neither a ticket's number in the subject nor an empty Message-Id joins anything."""
        ticket = self.with_ben()
        before = len(ticket.message_ids)
        for number in range(2):
            message = email.message.EmailMessage()
            message["From"] = "two@elsewhere.example.com"
            message["To"] = "support@example.com"
            message["Subject"] = f"Re: [{ticket.number}] It is broken"
            message["Message-Id"] = message["References"] = "<none@x>"
            message.set_content(f"Mine {number}")
            self.receive(message.as_bytes().replace(b"<none@x>", b"<>"))
        self.assertEqual(len(ticket.message_ids), before)

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

    def test_second_reply_to_a_closed_ticket(self):
        """It goes on with what the first one reopened, it does not reopen once more."""
        ticket = self.closed()
        self.receive(self.mail(ticket))
        child = ticket.cc_child_ids
        self.do(child, self.ben, "accept")
        self.do(child, self.ben, "pause")
        raw = self.mail(ticket, message_id="<2@customers.example.com>", body="And the lid is gone")
        self.receive(raw)
        self.assertEqual(ticket.cc_child_ids, child)
        self.assertIn(
            "the lid is gone", child.cc_move_ids.filtered(lambda m: m.kind == "reply").text
        )
        self.assertFalse(child.cc_waiting)

    def test_reply_to_a_merged_ticket(self):
        """It is the other's, which goes on with it."""
        target, source = self.with_ben(), self.with_ben()
        raw = self.mail(source)
        self.do(source, self.ben, "merge", number=target.number)
        self.do(target, self.ben, "pause")
        self.env["mail.message"].search(
            [("model", "=", target._name), ("res_id", "=", target.id)]
        ).filtered(lambda message: "Closed" in message.body).res_id = source.id
        self.receive(raw)
        self.assertFalse(source.cc_child_ids)
        self.assertFalse(target.cc_waiting)
        self.assertIn("reply", target.cc_move_ids.mapped("kind"))

    def test_reply_of_a_colleague(self):
        """Whoever works here and answers by mail adds to the ticket: it is no word of the customer."""
        self.ben.user_id.partner_id.email = "ben@centre.example.com"
        ticket = self.with_ben()
        self.do(ticket, self.ben, "pause")
        self.receive(self.mail(ticket, sender="ben@centre.example.com", body="I asked them again"))
        added = ticket.cc_move_ids.sorted("id")[-1]
        self.assertEqual((added.kind, added.user_id), ("add", self.ben.user_id))
        self.assertIn("I asked them again", added.text)
        self.assertTrue(ticket.cc_waiting)
        closed = self.closed()
        raw = self.mail(
            closed, sender="ben@centre.example.com", message_id="<b2@centre.example.com>"
        )
        self.receive(raw)
        self.assertFalse(closed.cc_child_ids)

    def test_alias_with_a_template(self):
        """A mail to an address whose defaults name a template begins its flow: it waits for the first step."""
        domain = self.env["mail.alias.domain"].create({"name": "flows.example.com"})
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "complaints",
                "alias_domain_id": domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "alias_defaults": repr({"cc_template_id": self.template.id}),
            }
        )
        raw = self.stray(1, sender="one@customers.example.com").replace(
            b"support@example.com", alias.alias_full_name.encode()
        )
        self.assertEqual(self.began(raw), 1)
        ticket = self.env["helpdesk.ticket"].search([("cc_template_id", "=", self.template.id)])
        self.assertEqual((ticket.cc_state, ticket.cc_department_id), ("open", self.service))
        self.assertEqual((ticket.partner_id, ticket.name), (self.partner, "I am away"))
        self.assertIn("accept", self.allowed(ticket, self.ben))

    # ---- loops ----

    def stray(self, number, sender="robot@elsewhere.example.com", **headers):
        """A mail to nobody's ticket."""
        message = email.message.EmailMessage()
        message["From"] = sender
        message["To"] = "support@example.com"
        message["Subject"] = "I am away"
        message["Message-Id"] = f"<stray-{number}@elsewhere.example.com>"
        for name, value in headers.items():
            message[name] = value
        message.set_content("Until Monday")
        return message.as_bytes()

    def began(self, raw):
        """:return: how many tickets this mail made"""
        before = self.env["helpdesk.ticket"].search_count([])
        self.receive(raw)
        return self.env["helpdesk.ticket"].search_count([]) - before

    AUTOREPLIES = (
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "Auto-Replied; owner-email=robot@elsewhere.example.com"},
        {"Precedence": "auto_reply"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "away"},
        {"Return-Path": "<>"},
    )

    @mute_logger("odoo.addons.cc_ticket.models.mail_thread")
    def test_autoresponder_of_a_stranger(self):
        """It begins no ticket: neither by the address of a team, nor where it quotes somebody's ticket."""
        ticket = self.with_ben()
        moves = len(ticket.cc_move_ids)
        for number, headers in enumerate(self.AUTOREPLIES):
            with self.subTest(headers=headers):
                self.assertEqual(self.began(self.stray(number, **headers)), 0)
                raw = self.mail(
                    ticket,
                    sender="robot@elsewhere.example.com",
                    message_id=f"<quoting-{number}@elsewhere.example.com>",
                    **headers,
                )
                moves = len(ticket.cc_move_ids)
                self.assertEqual(self.began(raw), 0)
                self.assertEqual(len(ticket.cc_move_ids), moves)
        # a person's begins one, and so does what a machine reports without being asked
        self.assertEqual(self.began(self.stray(100)), 1)
        self.assertEqual(self.began(self.stray(101, **{"Auto-Submitted": "no"})), 1)
        self.assertEqual(self.began(self.stray(102, **{"Auto-Submitted": "auto-generated"})), 1)

    @mute_logger("odoo.addons.cc_ticket.models.mail_thread")
    def test_mail_of_our_own(self):
        """What comes from an address of ours (a customer's address was mistyped as it, mail is sent round
        in a ring) begins nothing and moves nothing."""
        domain = self.env["mail.alias.domain"].create(
            {"name": "ours.example.com", "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )
        team = self.template.team_id
        team.alias_id.write({"alias_name": "centre-help", "alias_domain_id": domain.id})
        ticket = self.with_ben()
        self.do(ticket, self.ben, "pause")
        ours = (
            "centre-help@ours.example.com",
            "Help <CENTRE-HELP@ours.example.com>",
            "catchall@ours.example.com",
        )
        for number, sender in enumerate((*ours, domain.default_from_email)):
            with self.subTest(sender=sender):
                self.assertEqual(self.began(self.stray(number, sender=sender)), 0)
                raw = self.mail(
                    ticket, sender=sender, message_id=f"<ring-{number}@ours.example.com>"
                )
                self.assertEqual(self.began(raw), 0)
                self.assertTrue(ticket.cc_waiting)

    def test_machine_that_does_not_say_so(self):
        """Without any header it is a person's: a sender begins as many tickets as Odoo lets them, no more."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 5)
        began = [self.began(self.stray(number)) for number in range(9)]
        self.assertEqual(began, [1] * 5 + [0] * 4)
        # the answer that says so is not answered again
        sent = self.env["mail.mail"].sudo().search([("email_to", "ilike", "robot@elsewhere")])
        self.assertTrue(sent)
        raw = self.stray(20, References=sent[0].references)
        self.assertEqual(self.began(raw), 0)

    def test_machine_that_quotes_a_ticket(self):
        """The same where each of its mails quotes somebody's ticket, or a closed one of its own."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 5)
        ticket, closed = self.with_ben(), self.closed()
        began = [
            self.began(
                self.mail(
                    ticket, sender="robot@elsewhere.example.com", message_id=f"<q{n}@e.example>"
                )
            )
            for n in range(9)
        ]
        self.assertEqual(sum(began), 5)
        began = [self.began(self.mail(closed, message_id=f"<c{n}@e.example>")) for n in range(9)]
        self.assertEqual(sum(began), 1)

    def test_mail_that_did_not_arrive(self):
        """A bounce begins nothing; whoever has the ticket is told."""
        ticket = self.with_ben()
        sent = ticket.message_post(
            body="Closed", partner_ids=self.partner.ids, message_type="comment"
        )
        bounce = DSN.format(message_id=sent.message_id).encode()
        self.bus_messages()
        self.assertEqual(self.began(bounce), 0)
        told = self.told(self.ben, "cc_ticket/notice")
        self.assertIn("could not be delivered", told[-1]["text"])
        self.assertEqual(ticket.cc_move_ids.sorted("id")[-1].kind, "note")
