# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import email.message

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
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

    def test_template_is_taken_away(self):
        """While tickets walk it a template is archived, not deleted: they go on, no new ones begin."""
        ticket = self.with_ben(cc_properties={"amount": 900})
        for what in (self.template, ticket.cc_version_id, ticket.cc_step_id):
            with self.assertRaises(UserError), self.cr.savepoint():
                what.with_user(self.max.user_id).unlink()
        self.template.with_user(self.max.user_id).action_archive()
        self.do(ticket, self.ben, "submit")
        self.assertEqual(ticket.cc_step_id.code, "decide")
        with self.assertRaisesRegex(UserError, "no longer in use"), self.cr.savepoint():
            self.make_ticket()

    def test_template_is_published_anew(self):
        """A ticket goes on by the flow that it began with, though its next step is gone from the new one."""
        ticket = self.with_ben(cc_properties={"amount": 900})
        self.template.with_user(self.max.user_id).action_draw()
        draft = self.template.draft_id
        draft.step_ids.filtered(lambda step: step.code == "check").exit_ids[0].unlink()
        draft.step_ids.filtered(lambda step: step.code == "decide").unlink()
        draft.field_ids.filtered(lambda row: row.code == "amount").unlink()
        draft.with_user(self.max.user_id).action_publish()
        self.do(ticket, self.ben, "submit")
        self.assertEqual(ticket.cc_step_id.code, "decide")
        self.assertEqual(ticket.cc_properties["amount"], 900)
        # T21: also after another write, and in the file that people download
        ticket.with_user(self.max.user_id).priority = "3"
        self.assertEqual(ticket.cc_properties["amount"], 900)
        rows = ticket.export_data(["number", "cc_properties.amount"])
        self.assertEqual(rows["datas"], [[ticket.number, 900]])
        new = self.make_ticket()
        self.assertEqual(new.cc_version_id, draft)

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
        for name, value in headers.items():
            message[name] = value
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

    def test_tickets_are_merged(self):
        """T17: everything hangs on the ticket that goes on, whose handler stays; the earlier deadline counts."""
        target, source = self.with_ben(), self.with_ben()
        file = (
            self.env["ir.attachment"]
            .with_user(self.ben.user_id)
            .create({"name": "later.txt", "raw": b"later"})
        )
        self.do(source, self.ben, "add", text="A file", attachment_ids=file.ids)
        first = self.env["ir.attachment"].create(
            {"name": "first.txt", "raw": b"1", "res_model": source._name, "res_id": source.id}
        )
        wrote = source.message_post(body="Wrote", message_type="comment", attachment_ids=first.ids)
        child = self.make_ticket(cc_parent_id=source.id)
        self.do(source, self.ann, "copy", user_ids=self.cai.user_id.ids)
        due = source.cc_deadline
        target.cc_turn_id.allowed_s *= 3
        target.cc_turn_id._cc_deadline()
        target.sudo()._cc_write({"cc_deadline": target.cc_turn_id.deadline})
        self.do(source, self.ben, "merge", number=target.number.lower(), text="The same")
        self.assertEqual((source.cc_state, source.cc_parent_id), ("closed", target))
        self.assertEqual((target.cc_state, target.user_id), ("progress", self.ben.user_id))
        self.assertEqual(target.cc_deadline, due)
        self.assertIn(wrote, target.message_ids)
        self.assertIn(first, target.attachment_ids)
        self.assertIn(file, target.cc_move_ids.attachment_ids)
        self.assertTrue(file.with_user(self.ann.user_id).has_access("read"))
        self.assertEqual(child.cc_parent_id, target)
        self.assertTrue(target.with_user(self.cai.user_id).has_access("read"))
        merged = target.cc_move_ids.filtered(lambda move: move.kind == "merge")
        self.assertIn(source.number, merged.text)
        self.assertEqual(merged.user_id, self.ben.user_id)
        # the customer's answer to what stood on the merged one comes to the one that goes on
        self.do(target, self.ben, "pause")
        self.receive(self.mail(target))
        self.assertFalse(target.cc_waiting)

    def test_not_merged(self):
        """Not into a closed one, another customer's, one that the user may not change, or itself."""
        source, closed = self.with_ben(), self.closed()
        other = self.with_ben(partner_id=self.env["res.partner"].create({"name": "Two"}).id)
        foreign = self.make_ticket()
        self.do(foreign, self.ann, "accept")
        for target in (closed, other, foreign, source):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.do(source, self.ben, "merge", number=target.number)
        # part of a number, or what is none, names no ticket
        below = self.make_ticket(cc_parent_id=self.make_ticket(cc_parent_id=source.id).id)
        self.do(below, self.ben, "accept")
        for number in ("%", f"{below.number[:-1]}_", 7, [], below.number):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.do(source, self.ben, "merge", number=number)
        self.assertEqual(source.cc_state, "progress")
        self.assertNotIn("merge", self.allowed(source, self.cai))
        self.assertNotIn("merge", self.allowed(source, self.ann))

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
        self.partner._cc_give(self.cai.user_id, "leader")
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

    def test_two_in_one_ticket(self):
        """T01: who has the same ticket open is named to both; a closed browser is forgotten by itself."""
        ticket = self.with_ben()
        self.assertEqual(self.names(ticket, self.ben), [self.ben.user_id.name])
        self.bus_messages()
        both = [self.ann.user_id.name, self.ben.user_id.name]
        self.assertEqual(self.names(ticket, self.ann), both)
        told = self.told(self.ben, "cc_ticket/presence")
        self.assertEqual(sorted(one["name"] for one in told[-1]["people"]), both)
        with self.assertRaises(AccessError):
            ticket.with_user(self.cai.user_id).cc_be_here()
        ticket.with_user(self.ann.user_id).cc_leave()
        self.assertEqual(self.names(ticket, self.ben), [self.ben.user_id.name])
        self.names(ticket, self.ann)
        self.env["cc.ticket.presence"].search(
            [("user_id", "=", self.ann.user_id.id)]
        ).seen_at = "2026-01-01 00:00:00"
        self.assertEqual(self.names(ticket, self.ben), [self.ben.user_id.name])

    def names(self, ticket, agent):
        return sorted(one["name"] for one in ticket.with_user(agent.user_id).cc_be_here())

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

    def test_files(self):
        """T05: a file of a move is fetched by who may read the ticket, and no longer by who has lost it."""
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        file = (
            self.env["ir.attachment"]
            .with_user(self.ben.user_id)
            .create({"name": "note.txt", "raw": b"secret"})
        )
        self.do(ticket, self.ben, "add", text="See", attachment_ids=file.ids)

        def fetched(login):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                answers = [
                    self.url_open(f"/web/{way}/{file.id}", allow_redirects=False)
                    for way in ("content", "image")
                ]
            return [answer.content == b"secret" for answer in answers]

        self.assertTrue(fetched("cc_ben")[0])
        self.assertEqual(fetched("cc_cai"), [False, False])
        self.assertEqual(fetched(None), [False, False])
        self.do(ticket, self.ben, "pass_on", department_id=self.sales.id)
        self.assertFalse(ticket.with_user(self.ben.user_id).has_access("read"))
        self.assertEqual(fetched("cc_ben"), [False, False])
        self.assertTrue(fetched("cc_cai")[0])


@tagged("post_install", "-at_install")
class TestSalespersonField(TicketMixin, HttpCase):
    """The contact's salesperson is written by salespeople: with that they would give tickets to themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.template = cls.make_template(
            "Sale",
            [{"code": "offer", "name": "Offer", "handler_kind": "salesperson"}],
            department_id=cls.sales.id,
        )
        cls.seller = new_test_user(
            cls.env,
            "cc_seller",
            groups="base.group_user,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def rpc(self, model, method, *args):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"model": model, "method": method, "args": args, "kwargs": {}},
            },
        ).json()

    def test_written_by_oneself(self):
        self.authenticate("cc_seller", "cc_seller")
        wrote = self.rpc("res.partner", "write", self.partner.ids, {"user_id": self.seller.id})
        self.assertTrue(wrote.get("result"), wrote)
        self.assertEqual(self.partner.user_id, self.seller)
        ticket = self.make_ticket(cc_template_id=self.template.id)
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.cc_department_id, self.sales)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            for method, args in (
                ("read", (ticket.ids, ["name"])),
                ("web_search_read", ([], {"name": {}})),
                ("cc_move", (ticket.ids, "accept")),
            ):
                found = self.rpc("helpdesk.ticket", method, *args)
                if "result" in found:
                    self.assertNotIn(ticket.id, [row["id"] for row in found["result"]["records"]])
                else:
                    self.assertIn("Access", found["error"]["data"]["name"])
