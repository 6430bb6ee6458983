# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real call becomes a ticket, is passed on, urged, answered by a call from the ticket, closed: TIC-01 … TIC-12."""

from __future__ import annotations

import time
from collections.abc import Callable

from axe import assert_no_faults
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer
from playwright.sync_api import expect

from cc_stack.stack import Stack

TITLE = "The teapot came in pieces"


def move(desk: Desk, kind: str, text: str = "", department: str = "") -> None:
    """A move on the ticket's page, as a person does it."""
    desk.page.click(f".o_cc_desk .o_cc_move[data-move={kind}]")
    if department:
        desk.page.locator(".o_cc_desk_department").select_option(label=department)
    if text:
        desk.page.fill(".o_cc_desk_text", text)
    if text or department:
        desk.page.click(".o_cc_desk_send:enabled")


def test_from_the_call_to_the_answer(stack: Stack, desk: Callable[..., Desk]) -> None:
    who = known_customer(stack, skip=6)
    ann, eva = desk("ann"), desk("eva")
    eva.sign_in("browser")
    ann.sign_in("browser")
    ann.choose_state("ready")

    dialled = time.time()
    customer = stack.customer(who.key, "100")
    ann.expect_card(who.name)
    ann.answer()
    ann.expect_talking()
    ann.page.click(".o_cc_panel_tab_tickets")
    ann.page.locator(".o_cc_ticket_template").select_option(label="Complaint about a delivery")
    ann.page.fill(".o_cc_ticket_name", TITLE)
    ann.page.fill(".o_cc_ticket_text", "She wants a new one.")
    assert_no_faults(ann, ".o_cc_ticket_panel")
    ann.page.click(".o_cc_ticket_make")
    row = ann.page.locator(".o_cc_ticket_row", has_text=TITLE)
    expect(row).to_contain_text("This call")
    ann.hang_up()
    customer.wait_end(PATIENCE_S)

    [[ticket, number]] = ask(
        stack,
        f"SELECT id, number FROM helpdesk_ticket WHERE name = '{TITLE}' ORDER BY id DESC LIMIT 1",
    )
    page = f"{stack.settings.url}/odoo/cc-tickets/{ticket}"
    ann.page.goto(page)
    move(ann, "accept")
    expect(ann.page.locator(".o_cc_desk_moves [data-move=submit]")).to_be_visible()
    # the demo's own are there already
    counter = eva.page.locator(".o_cc_cc_ticket_button .o_cc_count")
    before = eva.rpc("helpdesk.ticket", "cc_todo_count")
    expect(counter).to_have_text([str(before)] if before else [])
    move(ann, "pass_on", "Theirs", department="After-sales")

    # it is in Eva's bar without a reload
    expect(counter).to_have_text(str(before + 1))
    ann.page.goto(page)
    move(ann, "urge", "She called again.")
    expect(eva.page.locator(".o_notification", has_text=number).first).to_be_visible()

    eva.page.goto(page)
    move(eva, "accept")
    expect(eva.page.locator(".o_cc_desk_moves [data-move=submit]")).to_be_visible()
    asked = time.time()
    eva.page.click(".o_cc_desk_call")
    eva.expect_talking()
    eva.expect_sound()
    eva.hang_up()
    [call] = eventually(
        lambda: [
            c
            for c in calls(stack, who.key, asked)
            if c.state == "ended" and c.direction == "outbound"
        ]
    )
    assert call.agent == "1005"
    eventually(
        lambda: ask(
            stack,
            f"SELECT 1 FROM cc_ticket_call_rel WHERE ticket_id = {ticket} AND call_id = {call.id}",
        )
    )
    eva.page.goto(page)
    move(eva, "submit", "A new teapot is on its way.")

    eventually(
        lambda: ask(
            stack,
            f"SELECT 1 FROM helpdesk_ticket WHERE id = {ticket} AND user_id IN"
            " (SELECT id FROM res_users WHERE login = 'ann')",
        )
    )
    ann.page.goto(page)
    move(ann, "close", "Told her.")
    expect(ann.page.locator(".o_cc_desk_moves [data-move=reopen]")).to_be_visible()

    [[state, urges, count]] = ask(
        stack,
        f"""SELECT t.cc_state, t.cc_urge_count, (SELECT count(*) FROM cc_ticket_call_rel WHERE ticket_id = t.id)
              FROM helpdesk_ticket t WHERE t.id = {ticket}""",
    )
    assert (state, int(urges), int(count)) == ("closed", 1, 2)
    assert [call.id for call in calls(stack, who.key, dialled)]
    kinds = [
        row[0]
        for row in ask(
            stack, f"SELECT kind FROM cc_ticket_move WHERE ticket_id = {ticket} ORDER BY id"
        )
    ]
    assert kinds == ["create", "start", "accept", "pass_on", "urge", "accept", "submit", "close"]
    assert not ann.errors
    assert not eva.errors
