# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""TIC-12: the customer is answered from the ticket, by e-mail over a real mail server and by SMS over a real gateway.

No browser: what the page's buttons open is filled in and sent by the same RPCs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from desk import PATIENCE_S, eventually
from facts_of import ask, known_customer
from mail_server import MailServer
from rpc import Person
from sms_gateway import Gateway, sms_gateway

from cc_stack.stack import Stack

ADDRESS = "teapot@customers.example.com"
TICKETS = "helpdesk.ticket"


@pytest.fixture
def mails(stack: Stack) -> Iterator[MailServer]:
    """Where Odoo's e-mail goes."""
    server = MailServer()
    admin = Person(stack, "admin")
    made = admin.rpc(
        "create",
        [
            {
                "name": "Of the test",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.port,
                "sequence": 1,
            }
        ],
        model="ir.mail_server",
    )
    yield server
    admin.rpc("unlink", made, model="ir.mail_server")
    server.close()


@pytest.fixture
def gateway(stack: Stack) -> Iterator[Gateway]:
    """Where Odoo's messages go."""
    with sms_gateway(stack, signature="Shop") as made:
        yield made


class Answering:
    """Ann with a ticket of a customer who has an address and a number."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.ann = Person(stack, "ann")
        self.admin = Person(stack, "admin")
        self.customer = known_customer(stack, skip=9)
        self.admin.rpc("write", [self.customer.partner_id], {"email": ADDRESS}, model="res.partner")
        template = self.ann.rpc(
            "search", [["version_id", "!=", False]], limit=1, model="cc.ticket.template"
        )
        [self.ticket] = self.ann.rpc(
            "create",
            [
                {
                    "cc_template_id": self.template("Technical support") or template[0],
                    "name": f"The scale is dark {time.time()}",
                    "partner_id": self.customer.partner_id,
                }
            ],
            model=TICKETS,
        )
        self.move("start")
        self.move("accept")

    def template(self, name: str) -> int:
        found = self.ann.rpc("search", [["name", "=", name]], model="cc.ticket.template")
        return int(found[0])

    def move(self, kind: str, **values: Any) -> Any:
        return self.ann.rpc("cc_move", [self.ticket], kind, values, model=TICKETS)

    def send(self, button: str, model: str, method: str, **values: Any) -> None:
        """The button of the page, its dialog filled in, and sent."""
        context = self.ann.rpc(button, [self.ticket], model=TICKETS)["context"]
        made = self.ann.rpc("create", [values], model=model, context=context)
        self.ann.rpc(method, made, model=model, context=context)

    @property
    def history(self) -> list[list[str]]:
        return ask(
            self.stack,
            "SELECT kind, replace(coalesce(text, ''), chr(10), ' ') FROM cc_ticket_move"
            f" WHERE ticket_id = {self.ticket} ORDER BY id",
        )

    def children(self) -> list[list[str]]:
        return ask(
            self.stack,
            f"SELECT id, cc_state FROM helpdesk_ticket WHERE cc_parent_id = {self.ticket}",
        )


def test_by_email_and_back(stack: Stack, mails: MailServer) -> None:
    work = Answering(stack)
    work.send(
        "action_cc_email", "mail.compose.message", "action_send_mail", body="<p>Two AAA cells.</p>"
    )

    def arrived() -> list[EmailMessage]:
        return [one for one in mails.messages if ADDRESS in one["X-Rcpt"]]

    [sent] = eventually(arrived)
    body = sent.get_body(("html",))
    assert body is not None
    assert "Two AAA cells." in body.get_content()
    assert [kind for kind, text in work.history if "Two AAA cells." in text] == ["answer"]

    work.move("submit", text="Cells.")
    work.move("close", text="Written.")
    reply = EmailMessage()
    reply["From"], reply["To"] = ADDRESS, "support@contact-centre.example.com"
    reply["Subject"], reply["Message-Id"] = "Re: scale", f"<{time.time()}@customers.example.com>"
    reply["In-Reply-To"] = reply["References"] = sent["Message-Id"]
    reply.set_content("It is dark again")
    for _again in range(2):  # a mailbox that is fetched twice
        work.admin.rpc("message_process", False, reply.as_string(), model="mail.thread")
    [[child, state]] = eventually(work.children)
    assert state == "open"
    assert "It is dark again" in dict(work.history)["reply"]
    words = f"SELECT 1 FROM helpdesk_ticket WHERE id = {child} AND description LIKE '%It is dark again%'"
    assert ask(stack, words)
    # whoever is to handle it has it in the list
    todo = work.ann.rpc("action_cc_todo", model=TICKETS)["domain"]
    assert int(child) in work.ann.rpc("search", todo, model=TICKETS)


def test_by_sms(stack: Stack, gateway: Gateway) -> None:
    work = Answering(stack)
    work.send("action_cc_sms", "sms.composer", "action_send_sms", body="Your cells are on the way")
    # at the latest by the job that runs each minute
    [request] = eventually(
        lambda: [one for one in gateway.server.requests if "on the way" in one.get("content", "")],
        3 * PATIENCE_S,
    )
    assert request["phone"].lstrip("+").endswith(work.customer.key.lstrip("+")[-8:])
    assert [kind for kind, text in work.history if "on the way" in text] == ["answer"]
