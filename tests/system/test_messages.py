# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Text messages from a contact, a ticket and a list leave through a real HTTP gateway, each once; its report and the
customer's reply come back (DIA-12, DIA-14, DIA-16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from desk import PATIENCE_S, eventually
from facts_of import ask
from rpc import Person
from sms_gateway import Gateway, sms_gateway

from cc_stack.stack import Stack

NUMBERS = ("+86 139 7700 0001", "+86 139 7700 0002", "+86 139 7700 0003")


class Office(Person):
    """Somebody of the web client."""

    def do(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return self.rpc(method, *args, model=model, **kwargs)

    def compose(self, context: dict[str, Any], text: str, **values: Any) -> None:
        """Odoo's own composer, opened with that context, and sent."""
        [composer] = self.do("sms.composer", "create", [{"body": text, **values}], context=context)
        self.do("sms.composer", "action_send_sms", [composer], context=context)


@pytest.fixture
def gateway(stack: Stack) -> Iterator[Gateway]:
    """Where messages go."""
    with sms_gateway(
        stack,
        account="shop",
        password="secret",
        report_ref="msgid",
        report_status="status",
        report_delivered="DELIVRD",
        inbox_number="phone",
        inbox_text="text",
        inbox_ref="id",
    ) as made:
        yield made


def tell(stack: Stack, address: str, **params: str) -> None:
    """The gateway calls one of the two addresses that it was given."""
    path = urlsplit(address).path
    requests.post(f"{stack.settings.url}{path}", data=params, timeout=30).raise_for_status()


def test_from_contact_ticket_and_list(stack: Stack, gateway: Gateway) -> None:
    admin = Office(stack, "admin")
    partners = admin.do(
        "res.partner",
        "create",
        [{"name": f"Texted {n}", "phone": number} for n, number in enumerate(NUMBERS)],
    )
    one = {
        "default_composition_mode": "comment",
        "default_res_model": "res.partner",
        "default_res_id": partners[0],
    }
    admin.compose(one, "From the contact")
    [ticket] = admin.do(
        "helpdesk.ticket",
        "create",
        [{"name": "Parcel", "description": "<p>Where is it?</p>", "partner_id": partners[1]}],
    )
    admin.compose(
        admin.do("helpdesk.ticket", "action_cc_sms", [ticket])["context"], "From the ticket"
    )
    several = {
        "default_composition_mode": "mass",
        "default_res_model": "res.partner",
        "active_model": "res.partner",
        "active_ids": partners,
        "default_mass_keep_log": True,
    }
    admin.compose(several, "From the list", mass_force_send=True)

    def sent() -> list[tuple[str, str]]:
        return sorted((r["content"], r["phone"][-4:]) for r in gateway.server.requests)

    wanted = [("From the contact", "0001"), ("From the ticket", "0002")]
    wanted += [("From the list", end) for end in ("0001", "0002", "0003")]
    # at the latest by the job that runs each minute
    eventually(lambda: len(sent()) >= len(wanted), 3 * PATIENCE_S)
    assert sent() == sorted(wanted)
    # on the ticket's own timeline
    messages = admin.do(
        "mail.message",
        "search_read",
        [["model", "=", "helpdesk.ticket"], ["res_id", "=", ticket], ["message_type", "=", "sms"]],
        ["body"],
    )
    assert "From the ticket" in messages[0]["body"]
    # the gateway reports, and a customer answers
    # whose number for it is written down after its answer
    [[ref]] = eventually(
        lambda: ask(
            stack,
            "SELECT ref FROM cc_sms_message WHERE text LIKE '%From the ticket%' AND ref IS NOT NULL",
        )
    )
    tell(stack, gateway.report_url, msgid=ref, status="DELIVRD")
    tell(stack, gateway.inbox_url, phone="+8613977000002", text="Thank you", id="r1")
    [[state, reply, partner]] = ask(
        stack,
        f"""SELECT o.state, i.text, i.partner_id FROM cc_sms_message o
              JOIN cc_sms_message i ON i.number_id = o.number_id AND i.direction = 'in'
             WHERE o.ref = '{ref}'""",
    )
    assert (state, reply, int(partner)) == ("delivered", "Thank you", partners[1])
