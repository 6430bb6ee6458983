# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The company's SMS gateway is a real HTTP server of the test's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from facts_of import ask
from rpc import Person

from cc_stack.settings import REPO
from cc_stack.stack import Stack

sys.path.insert(0, str(REPO / "addons" / "cc_survey_dialer" / "tests"))
from sms_server import SmsServer


@dataclass(frozen=True, slots=True)
class Gateway:
    """What it was sent stands in ``server.requests``; it reports and delivers replies to the two addresses."""

    server: SmsServer
    report_url: str
    inbox_url: str


@contextmanager
def sms_gateway(stack: Stack, **values: Any) -> Iterator[Gateway]:
    """The first gateway of the agents' company, for as long as the test goes on.

    :param values: of the gateway, besides address and form of request and answer
    """
    server = SmsServer()
    admin = Person(stack, "admin")
    [[company]] = ask(stack, "SELECT company_id FROM res_users WHERE login = 'ann'")
    values = {
        "name": "Of the test",
        "sequence": 1,
        "url": server.url,
        "company_id": int(company),
        "body": "json",
        "params": "phone = {number}\ncontent = {text}\nid = {uuid}",
        "answer": "json",
        "ok_path": "code",
        "ok_values": "0",
        "ref_path": "msgid",
        **values,
    }
    made = admin.rpc("create", [values], model="cc.sms.gateway")
    [row] = admin.rpc("read", made, ["report_url", "inbox_url"], model="cc.sms.gateway")
    try:
        yield Gateway(server, row["report_url"], row["inbox_url"])
    finally:
        admin.rpc("write", made, {"active": False}, model="cc.sms.gateway")
        server.close()
