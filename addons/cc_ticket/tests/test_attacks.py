# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TicketMixin


@tagged("post_install", "-at_install")
class TestAttacks(TicketMixin, TransactionCase):
    """What somebody may try past the buttons, with what any RPC may write. A ticket is Ben's, of Service; Cai is
    of Sales, the clerk has none of our roles, the customer is of the portal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        company = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.clerk = new_test_user(cls.env, "cc_clerk", groups="base.group_user", **company)
        cls.customer = new_test_user(cls.env, "cc_portal", groups="base.group_portal", **company)
        cls.ticket = cls.make_ticket(partner_id=cls.customer.partner_id.id)
        cls.ticket.with_user(cls.ben.user_id).cc_move("accept")

    def as_(self, who, record=None):
        record = self.ticket if record is None else record
        return record.with_user(who.user_id if who._name == "cc.agent" else who)

    def test_foreign_call(self):
        """A call that one may not read is not got by tying it to one's ticket: its customer would be dialled."""
        facts = self.life(target="8103")
        facts = [{**fact, "call": {**fact["call"], "queue": None}} for fact in facts]
        self.ingest(*facts)
        call = self.call_of(facts)
        self.assertFalse(self.as_(self.ben, call).has_access("read"))
        for commands in ([Command.link(call.id)], [Command.set(call.ids)], [(4, call.id)]):
            with self.assertRaises(AccessError):
                self.as_(self.ben).write({"cc_call_ids": commands})
            with self.assertRaises(AccessError):
                self.make_ticket(self.ben, start=False, cc_call_ids=commands)
        with self.assertRaises(AccessError):
            self.as_(self.ben, call).cc_make_ticket(self.template.id)
        # who may read both ties them; what is tied stays when others save
        self.ticket.sudo()._cc_write({"cc_call_ids": [Command.link(call.id)]})
        self.as_(self.ben).write({"cc_call_ids": [Command.set(call.ids)], "name": "Saved"})
        self.env.invalidate_all()
        self.assertFalse(self.as_(self.ben).read(["cc_call_ids"])[0]["cc_call_ids"])

    def test_kind_and_archive(self):
        """Neither the kind by which it is counted nor that it counts at all is the handler's to write."""
        other = self.env.ref("cc_ticket.type_sale")
        for who in (self.ben, self.lea, self.max):
            with self.assertRaises(UserError):
                self.as_(who).write({"type_id": other.id})
            with self.assertRaises(UserError):
                self.as_(who).write({"active": False})
            with self.assertRaises(UserError):
                self.as_(who).action_archive()
            with self.assertRaises(UserError):
                self.as_(who).unlink()

    def test_sub_ticket_of_a_foreign_one(self):
        """A ticket that closes with its last sub-ticket is not closed by a colleague in copy who hangs one
        below it."""
        self.template.parent_rule = "close"
        self.do(self.ticket, self.ann, "copy", user_ids=self.cai.user_id.ids)
        self.assertTrue(self.as_(self.cai).has_access("read"))
        self.assertFalse(self.as_(self.cai).cc_desk()["may_sub"])
        with self.assertRaises(AccessError):
            self.make_ticket(self.cai, start=False, cc_parent_id=self.ticket.id)
        mine = self.make_ticket(self.cai, start=False)
        with self.assertRaises(AccessError):
            self.as_(self.cai, mine).write({"cc_parent_id": self.ticket.id})
        for who in (self.ben, self.ann, self.lea):
            self.assertTrue(self.as_(who).cc_desk()["may_sub"])
            self.make_ticket(who, start=False, cc_parent_id=self.ticket.id)

    def test_visit(self):
        """Where a technician is sent is the ticket's: for others their time is taken, and no more is told. Only
        they and who sent them change it."""
        wizards = self.env["cc.ticket.dispatch"]
        values = {
            "ticket_id": self.ticket.id,
            "user_id": self.cai.user_id.id,
            "start": "2026-03-02 02:00:00",
            "address": "1 Long Road",
        }
        self.as_(self.ben, wizards).create(values).action_send()
        event = self.ticket.sudo().cc_event_ids
        for who in (self.cai, self.ben, self.ann, self.lea):
            self.assertEqual(self.as_(who, event).location, "1 Long Road")
        for who in (self.clerk, self.lin):
            self.env.invalidate_all()
            read = self.as_(who, event).read(["name", "location", "description", "cc_ticket_id"])[0]
            self.assertEqual(
                (read["location"], read["description"], read["cc_ticket_id"]), (False, False, False)
            )
            self.assertNotIn(self.ticket.number, read["name"])
        with self.assertRaises(AccessError):
            self.as_(self.ann, event).write({"location": "2 Other Road"})
        with self.assertRaises(AccessError):
            self.as_(self.clerk, event).write({"location": "2 Other Road"})
        self.as_(self.ben, event).write({"location": "2 Other Road"})
        self.as_(self.cai, event).write({"location": "3 Other Road"})

    def test_names_through_other_records(self):
        """Not even its name is got at by a record of one's own that points to it."""
        values = {"name": "Mine", "start": "2026-03-02 02:00:00", "stop": "2026-03-02 03:00:00"}
        for who in (self.clerk, self.cai, self.lin):
            events = self.as_(who, self.env["calendar.event"])
            with self.assertRaises(AccessError):
                events.create({**values, "cc_ticket_id": self.ticket.id})
            with self.assertRaises(AccessError):
                events.create(values).write({"cc_ticket_id": self.ticket.id})
        wizards = self.as_(self.cai, self.env["cc.ticket.dispatch"])
        with self.assertRaises(AccessError):
            wizards.create({"ticket_id": self.ticket.id, "user_id": self.cai.user_id.id})
        mine = self.make_ticket(self.cai, start=False)
        with self.assertRaises(AccessError):
            self.as_(self.cai, mine).write({"duplicate_id": self.ticket.id})
        with self.assertRaises(AccessError):
            self.make_ticket(self.cai, start=False, duplicate_id=self.ticket.id)
        wizard = wizards.create(
            {
                "ticket_id": mine.id,
                "user_id": self.cai.user_id.id,
                "start": "2026-03-02 02:00:00",
                "address": "x",
            }
        )
        with self.assertRaises(AccessError):
            wizard.write({"ticket_id": self.ticket.id})
        self.customer.partner_id.street = "Secret street 5"
        with self.assertRaises(AccessError):
            Form(wizards.with_context(default_ticket_id=self.ticket.id))
        # OCA lets every internal user and every customer read SLA rows
        rows = self.env["helpdesk.ticket.sla"]
        sla = self.env["helpdesk.sla"].create(
            {
                "name": "Two days",
                "team_ids": [(6, 0, self.ticket.team_id.ids)],
                "stage_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
                "days": 2,
            }
        )
        row = rows.create({"ticket_id": self.ticket.id, "sla_id": sla.id})
        for who, may in (
            (self.ben, True),
            (self.ann, True),
            (self.lea, True),
            (self.customer, True),
            (self.cai, False),
            (self.lin, False),
            (self.clerk, False),
        ):
            found = self.as_(who, rows).search([("ticket_id", "=", self.ticket.id)])
            self.assertEqual(bool(found), may, who)
        self.assertTrue(row.exists())

    def test_follower_by_command(self):
        """A follower's row that is written past the subscription is refused, and gives no right where it is."""
        values = {"res_model": "helpdesk.ticket", "partner_id": self.clerk.partner_id.id}
        command = {"message_follower_ids": [Command.create(values)]}
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.as_(self.ben).write(command)
        self.env["mail.followers"].create({**values, "res_id": self.ticket.id})
        for who in (self.clerk, self.cai):
            with mute_logger("odoo.addons.base.models.ir_rule"):
                self.assertFalse(self.as_(who).has_access("read"))
                self.assertFalse(self.as_(who).has_access("write"))
            tickets = self.as_(who, self.env["helpdesk.ticket"])
            self.assertNotIn(self.ticket.id, tickets.search([]).ids)
            messages = self.as_(who, self.env["mail.message"]).search(
                [("model", "=", "helpdesk.ticket"), ("res_id", "=", self.ticket.id)]
            )
            self.assertFalse(messages)

    def test_customer(self):
        """Their own ticket is read by a customer, without what is among us, and moved by nobody of theirs."""
        stranger = new_test_user(self.env, "cc_portal_2", groups="base.group_portal")
        self.ticket.sudo().message_subscribe(self.customer.partner_id.ids)
        mine = self.as_(self.customer)
        self.assertTrue(mine.has_access("read"))
        self.assertEqual(mine.read(["name"])[0]["name"], self.ticket.name)
        for field in ("cc_properties", "cc_result", "cc_move_ids", "cc_turn_ids", "cc_flow"):
            with self.assertRaises(AccessError, msg=field):
                mine.read([field])
        for who in (self.customer, stranger, self.env.ref("base.public_user")):
            theirs = self.as_(who)
            for method, *args in (
                ("write", {"name": "Mine"}),
                ("write", {"cc_state": "closed"}),
                ("cc_move", "close"),
                ("cc_move", "add", {"text": "x"}),
                ("cc_desk",),
                ("cc_be_here",),
                ("action_cc_call_customer",),
                ("unlink",),
            ):
                with (
                    self.assertRaises(UserError, msg=f"{who.name} {method} {args}"),
                    self.cr.savepoint(),
                ):
                    getattr(theirs, method)(*args)
        self.assertFalse(self.as_(stranger).has_access("read"))
        self.assertEqual(self.ticket.cc_state, "progress")

    def test_export(self):
        """TIC-09: agents take along the tickets that they may read, and nothing else."""
        fields = ["number", "name", "partner_id/name"]
        mine = self.as_(self.ben).export_data(fields)["datas"]
        self.assertEqual(
            mine, [[self.ticket.number, self.ticket.name, self.customer.partner_id.name]]
        )
        with self.assertRaises(AccessError):
            self.as_(self.cai).export_data(fields)
        for who in (self.clerk, self.customer):
            with self.assertRaises(UserError):
                self.as_(who).export_data(fields)
        with self.assertRaises(UserError):
            self.as_(self.ben, self.partner).export_data(["name"])

    def test_other_company(self):
        """A ticket is not passed into a company whose people don't see it: it would be in nobody's list."""
        company = self.env["res.company"].create({"name": "Another"})
        far = self.env["hr.department"].create({"name": "Far", "company_id": company.id})
        stranger = new_test_user(
            self.env,
            "cc_far",
            groups="cc_telephony.group_agent",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        with self.assertRaisesRegex(UserError, "another company"):
            self.do(self.ticket, self.ben, "pass_on", department_id=far.id)
        with self.assertRaises(UserError):
            self.do(self.ticket, self.lea, "assign", user_id=stranger.id)
        with self.assertRaises(UserError):
            self.do(self.ticket, self.ben, "copy", user_ids=stranger.ids)

    def test_hostile_text(self):
        """What is typed into moves, descriptions, own fields and titles is shown as text, or without its teeth."""
        bad = "<p>fine</p><img src=x onerror=alert(1)><script>alert(1)</script>"
        mine = self.as_(self.ben)
        mine.write({"description": bad, "name": bad, "cc_properties": {"product": bad}})
        self.do(self.ticket, self.ben, "add", text=bad)
        desk = mine.cc_desk()
        texts = [row["text"] for row in desk["history"]] + [mine.description]
        for text in texts:
            self.assertNotIn("<script", text)
            self.assertNotIn("onerror", text)
        self.assertIn("fine", desk["history"][0]["text"])
