# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import email.message

from odoo.addons.cc_telephony.tests.common import FactsMixin
from odoo.tools import mute_logger

PHONE = "+86 138 0013 8000"


class TicketMixin(FactsMixin):
    """The centre of cc_telephony, with a customer and a template.

    Its flow: Service checks (4 h) → Sales decides if the amount is above 500 → the creator answers and
    closes. Ann creates; Ben of Service and Cai of Sales handle; Lea leads Service, Lin leads Sales.
    """

    @classmethod
    def make_tickets(cls):
        cls.make_centre()
        env = cls.env
        cls.company.resource_calendar_id = env["resource.calendar"].create(
            {
                "name": "Weekdays 9 to 17",
                "company_id": cls.company.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        cls.partner = env["res.partner"].create(
            {"name": "Customer One", "email": "one@customers.example.com", "phone": PHONE}
        )
        cls.template = cls.make_template(
            "Complaint",
            [
                {
                    "code": "check",
                    "name": "Check",
                    "handler_kind": "department",
                    "handler_department_id": cls.service.id,
                    "deadline_h": 4,
                    "may_send_back": True,
                    "exit_ids": [
                        (
                            0,
                            0,
                            {
                                "condition": "[('cc_properties.amount', '>', 500)]",
                                "target": "decide",
                                "sequence": 1,
                            },
                        ),
                        (0, 0, {"condition": "[]", "target": "answer", "sequence": 2}),
                    ],
                },
                {
                    "code": "decide",
                    "name": "Decide",
                    "handler_kind": "department",
                    "handler_department_id": cls.sales.id,
                    "may_feedback": True,
                    "exit_ids": [(0, 0, {"condition": "[]", "target": "answer"})],
                },
                {
                    "code": "answer",
                    "name": "Answer the customer",
                    "handler_kind": "creator",
                    "may_visit": True,
                    "may_close": True,
                    "may_submit": False,
                },
            ],
        )

    @classmethod
    def make_template(cls, name, steps, publish=True, **values):
        template = cls.env["cc.ticket.template"].create(
            {
                "name": name,
                "type_id": cls.env.ref("cc_ticket.type_complaint").id,
                "company_id": cls.company.id,
                "owner_id": cls.max.user_id.id,
                **values,
            }
        )
        version = template.draft_id
        version.fields_definition = [
            {"name": "amount", "type": "integer", "string": "Amount"},
            {"name": "product", "type": "char", "string": "Product"},
        ]
        version.step_ids = [
            (0, 0, {"sequence": index, **step}) for index, step in enumerate(steps, 1)
        ]
        if publish:
            version.action_publish()
        return template

    @classmethod
    def make_ticket(cls, agent=None, start=True, **values):
        user = (agent or cls.ann).user_id
        ticket = (
            cls.env["helpdesk.ticket"]
            .with_user(user)
            .create(
                {
                    "cc_template_id": cls.template.id,
                    "name": "It is broken",
                    "description": "<p>It does not work.</p>",
                    "partner_id": cls.partner.id,
                    **values,
                }
            )
        )
        if start:
            ticket.cc_move("start")
        return ticket.with_user(cls.env.user)

    def do(self, ticket, agent, kind, **values):
        """A move by an agent, as the page does it."""
        return ticket.with_user(agent.user_id).cc_move(kind, values)

    def allowed(self, ticket, agent):
        return ticket.with_user(agent.user_id)._cc_allowed()

    def with_ben(self, **values):
        ticket = self.make_ticket(**values)
        self.do(ticket, self.ben, "accept")
        return ticket

    def closed(self):
        ticket = self.with_ben()
        self.do(ticket, self.ben, "submit")
        self.do(ticket, self.ann, "close")
        return ticket


class MailMixin(TicketMixin):
    """E-mails that come in, through the gateway."""

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
