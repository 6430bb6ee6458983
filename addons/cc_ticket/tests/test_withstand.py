# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import PatientCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MailMixin, TicketMixin


@tagged("post_install", "-at_install")
class TestWithstand(MailMixin, TransactionCase):
    """What happens to tickets when the world around them changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()

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

    def test_too_many_automatic_steps(self):
        """X05: a flow that goes on by itself more often than twenty times stops and says so."""
        steps = [
            {
                "code": f"s{number}",
                "name": f"Step {number}",
                "handler_kind": "none",
                "exit_ids": [(0, 0, {"target": f"s{number + 1}" if number < 20 else ""})],
            }
            for number in range(21)
        ]
        template = self.make_template("For ever", steps)
        with self.assertRaisesRegex(UserError, "more than 20 times"):
            self.make_ticket(cc_template_id=template.id)

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
        # the customer's own address is proposed, without the gaps of their country's format
        self.partner.write({"city": "Nanjing", "country_id": self.env.ref("base.cn").id})
        proposed = wizards.with_user(self.ben.user_id).new({"ticket_id": ticket.id}).address
        self.assertIn("Nanjing", proposed)
        self.assertNotIn(",,", proposed.replace(" ", ""))
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
class TestClosingRoute(TicketMixin, PatientCase):
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

    def test_pictures_that_are_programs(self):
        """K05: an SVG or HTML file of an article runs nothing when it is opened in its own tab."""
        page = self.env["document.page"].create({"name": "Hostile files", "company_id": False})
        body = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        self.authenticate("cc_ben", "cc_ben")
        for name, kind in (("a.svg", "image/svg+xml"), ("b.html", "text/html")):
            file = (
                self.env["ir.attachment"]
                .with_user(self.lea.user_id)
                .create(
                    {
                        "name": name,
                        "raw": body,
                        "mimetype": kind,
                        "res_model": page._name,
                        "res_id": page.id,
                    }
                )
            )
            answer = self.url_open(f"/web/content/{file.id}")
            self.assertEqual(answer.status_code, 200)
            inert = "default-src 'none'" in answer.headers.get("Content-Security-Policy", "")
            self.assertTrue(inert or answer.headers["Content-Type"].startswith("text/plain"))


@tagged("post_install", "-at_install")
class TestCustomersPage(TicketMixin, PatientCase):
    """T05: OCA's page of a ticket shows every file of it and makes a token for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.customer = new_test_user(
            cls.env,
            "cc_customer",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def file(self, name, ticket=None):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": name.encode(),
                "res_model": "helpdesk.ticket",
                "res_id": ticket.id if ticket else False,
            }
        )

    def test_files(self):
        """They see and fetch what was sent to them; a note's file and one beside the ticket are kept inside."""
        ticket = self.make_ticket(partner_id=self.customer.partner_id.id)
        sent, noted, beside = (
            self.file(name, ticket) for name in ("sent.txt", "noted.txt", "beside.txt")
        )
        ticket.message_post(
            body="For you",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.partner_id.ids,
            attachment_ids=sent.ids,
        )
        ticket.message_post(body="Among us", message_type="comment", attachment_ids=noted.ids)
        ticket.message_subscribe(self.customer.partner_id.ids)
        self.authenticate("cc_customer", "cc_customer")
        page = self.url_open(f"/my/ticket/{ticket.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(ticket.name, page.text)
        self.assertIn("sent.txt", page.text)
        self.assertNotIn("noted.txt", page.text)
        self.assertNotIn("beside.txt", page.text)
        self.assertTrue(sent.access_token)
        self.assertEqual((noted.access_token, beside.access_token), (False, False))
        with mute_logger("odoo.http"):
            fetched = [
                self.url_open(f"/web/content/{one.id}?access_token={token}").content == one.raw
                for one in (sent, noted, beside)
                for token in (one.access_token or "", sent.access_token)
            ]
        self.assertEqual(fetched, [True, True, False, False, False, False])
        # colleagues have them all
        for one in (sent, noted, beside):
            self.assertTrue(one.with_user(self.ann.user_id).has_access("read"))


@tagged("post_install", "-at_install")
class TestSalespersonField(TicketMixin, PatientCase):
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
