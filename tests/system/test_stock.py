# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real call sells, the warehouse sends, the ticket is sent back, the goods come back: INV-04 … INV-08.

What is in stock, what it is worth and what the journal says is compared with a hand count after each step.
"""

from __future__ import annotations

from collections.abc import Callable

from axe import assert_no_faults
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer
from playwright.sync_api import expect
from rpc import Person

from cc_stack.stack import Stack

TITLE = "Three headsets, and a kettle by its code"
HEADSET, KETTLE = "CC-HS2", "CC-KT"


class Shelf:
    """A product of the demo, as Odoo counts and values it."""

    def __init__(self, person: Person, code: str) -> None:
        self.person = person
        [found] = person.rpc(
            "search_read",
            [["default_code", "=", code]],
            ["name", "barcode", "standard_price", "lst_price"],
            model="product.product",
        )
        self.id, self.name, self.barcode = found["id"], found["name"], found["barcode"]
        self.cost, self.price = found["standard_price"], found["lst_price"]

    def now(self) -> tuple[float, float, float]:
        """(on hand, free, value) by Odoo."""
        [found] = self.person.rpc(
            "read", [self.id], ["qty_available", "free_qty", "total_value"], model="product.product"
        )
        return found["qty_available"], found["free_qty"], round(found["total_value"], 2)


def test_sold_sent_and_back(stack: Stack, desk: Callable[..., Desk]) -> None:
    who = known_customer(stack, skip=8)
    admin, kim = Person(stack, "admin"), Person(stack, "kim")
    headset, kettle = Shelf(admin, HEADSET), Shelf(admin, KETTLE)
    on_hand, free, worth = headset.now()
    kettles_free = kettle.now()[1]
    assert free >= 3, "the demo has too few headsets"
    ann = desk("ann")
    ann.sign_in("browser")
    ann.choose_state("ready")

    # the call becomes a sale: one product typed, one scanned
    customer = stack.customer(who.key, "100")
    ann.expect_card(who.name)
    ann.answer()
    ann.expect_talking()
    page = ann.page
    page.click(".o_cc_panel_tab_tickets")
    page.locator(".o_cc_ticket_template").select_option(label="Sale")
    page.fill(".o_cc_product_term", "headset, two")
    found = page.locator(".o_cc_product_found", has_text=headset.name)
    expect(found).to_contain_text(f"{headset.price:.2f}")
    expect(found).to_contain_text(f"Available: {free:g}")
    found.click()
    first = page.locator(".o_cc_product_row", has_text=headset.name)
    first.locator("input").fill("3")
    first.locator("input").press("Tab")
    expect(page.locator(".o_cc_product_total")).to_contain_text(f"{3 * headset.price:.2f}")
    page.fill(".o_cc_product_term", kettle.barcode)
    page.press(".o_cc_product_term", "Enter")
    expect(page.locator(".o_cc_product_row", has_text=kettle.name)).to_be_visible()
    assert_no_faults(ann, ".o_cc_products")
    page.fill(".o_cc_ticket_name", TITLE)
    page.click(".o_cc_ticket_make:enabled")
    row = page.locator(".o_cc_ticket_row", has_text=TITLE)
    expect(row).to_contain_text("This call")
    expect(row.locator(".o_cc_ticket_mark").first).to_contain_text(
        "Reserved" if kettles_free >= 1 else "Waiting for stock"
    )
    ann.hang_up()
    customer.wait_end(PATIENCE_S)
    [[ticket_text]] = ask(stack, f"SELECT max(id) FROM helpdesk_ticket WHERE name = '{TITLE}'")
    ticket = int(ticket_text)
    [call] = calls(stack, who.key)
    eventually(
        lambda: ask(
            stack,
            f"SELECT 1 FROM cc_ticket_call_rel WHERE ticket_id = {ticket} AND call_id = {call.id}",
        )
    )
    # three are promised, none has left
    assert headset.now() == (on_hand, free - 3, worth)

    # the warehouse sends the headsets; the kettle may wait
    [[order]] = ask(stack, f"SELECT id FROM sale_order WHERE cc_ticket_id = {ticket}")
    [delivery] = kim.rpc("search", [["sale_id", "=", int(order)]], model="stock.picking")
    kim.rpc(
        "button_validate",
        [delivery],
        model="stock.picking",
        context={"skip_backorder": True, "skip_sms": True},
    )
    assert headset.now() == (on_hand - 3, free - 3, round(worth - 3 * headset.cost, 2))
    # whoever is the customer's salesperson: this time it is Ann
    manager = Person(stack, "max")
    [[ann_id]] = ask(stack, "SELECT id FROM res_users WHERE login = 'ann'")
    manager.rpc("cc_move", [ticket], "assign", {"user_id": int(ann_id)}, model="helpdesk.ticket")
    page.goto(f"{stack.settings.url}/odoo/cc-tickets/{ticket}")
    page.click(".o_notebook .nav-link[name=products]")
    state = page.locator(".o_field_widget[name=cc_stock_state]")
    expect(state).to_contain_text("elivered")

    # the next step, whose handler sends it back: the headsets are asked for, not believed
    for kind, text in (
        ("accept", ""),
        ("submit", "Sent"),
        ("accept", ""),
        ("send_back", "Refused"),
    ):
        button = page.locator(f".o_cc_desk .o_cc_move[data-move={kind}]")
        button.click()
        if text:
            page.fill(".o_cc_desk_text", text)
            page.click(".o_cc_desk_send:enabled")
        expect(button).to_be_hidden()
    expect(state).to_contain_text("Return expected")
    assert headset.now() == (on_hand - 3, free - 3, round(worth - 3 * headset.cost, 2))
    [receipt] = kim.rpc(
        "search",
        [["cc_return_ticket_id", "=", ticket], ["state", "!=", "cancel"]],
        model="stock.picking",
    )
    kim.rpc(
        "button_validate",
        [receipt],
        model="stock.picking",
        context={"skip_backorder": True, "skip_sms": True},
    )
    assert headset.now() == (on_hand, free, worth)
    assert kettle.now()[1] == kettles_free
    page.reload()
    page.click(".o_notebook .nav-link[name=products]")
    expect(state).to_contain_text("Back in stock")

    # the journal has both, each with its move; the history of the ticket says who did what
    journal = ask(
        stack,
        f"""SELECT m.cc_kind, m.quantity::int, round(m.value::numeric, 2)
              FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id
             WHERE l.order_id = {order} AND m.product_id = {headset.id} AND m.state = 'done' ORDER BY m.id""",
    )
    moved = [(kind, int(quantity), float(value)) for kind, quantity, value in journal]
    value = round(3 * headset.cost, 2)
    assert moved == [("normal", 3, value), ("restored", 3, value)]
    assert not ann.errors
