# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who comes up when somebody calls: nobody known, several, and while something unsaved is open. CRM-02, CRM-04."""

from __future__ import annotations

import time

from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer, shared_number
from playwright.sync_api import expect

from cc_stack.stack import Stack


def test_unknown_caller_becomes_a_lead_and_is_known_next_time(stack: Stack, ben: Desk) -> None:
    key = f"+86137{int(time.time()) % 100000000:08d}"
    began = time.time()
    customer = stack.customer(key, "100")
    expect(ben.page.locator(".o_cc_card")).to_be_visible()

    # a new lead, not yet saved, with the number and the place filled in
    phone = ben.page.locator(".o_form_view .o_field_widget[name=phone] input").first
    expect(phone).to_be_visible()
    assert phone.input_value().replace(" ", "") == key
    # a reload neither saves it nor leaves an empty one in its place
    ben.page.reload()
    expect(phone).not_to_have_value("")
    assert phone.input_value().replace(" ", "") == key
    assert not ask(stack, f"SELECT 1 FROM crm_lead WHERE phone_sanitized = '{key}'")
    ben.page.locator(".o_form_view .o_field_widget[name=name]").first.locator(
        "input, textarea"
    ).first.fill("Wants two hundred chairs")
    ben.page.locator(".o_form_button_save:visible").click()
    eventually(lambda: ask(stack, f"SELECT 1 FROM crm_lead WHERE phone_sanitized = '{key}'"))
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    ben.expect_state("ready")
    eventually(lambda: [c for c in calls(stack, key, began) if c.state == "ended"])

    ben.page.goto(f"{stack.settings.url}/odoo/contacts")
    ben.expect_state("ready")
    again = stack.customer(key, "100")
    ben.expect_card("Wants two hundred chairs")
    eventually(lambda: ben.form_name() == "Wants two hundred chairs")
    assert ask(stack, f"SELECT count(*) FROM crm_lead WHERE phone_sanitized = '{key}'") == [["1"]]
    again.hang_up()
    again.wait_end(PATIENCE_S)
    assert not ben.errors


def test_several_customers_share_the_number(stack: Stack, ben: Desk) -> None:
    key, names = shared_number(stack)
    began = time.time()
    customer = stack.customer(key, "100")
    chooser = ben.page.locator(".o_cc_chooser")
    expect(chooser).to_be_visible()
    choices = chooser.locator(".o_cc_choice_name")
    expect(choices).to_have_count(len(names))
    assert sorted(choices.all_inner_texts()) == sorted(names)
    chosen = names[-1]
    chooser.locator(".o_cc_choice", has_text=chosen).click()
    eventually(lambda: chosen in ben.form_name())
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    [call] = eventually(lambda: [c for c in calls(stack, key, began) if c.state == "ended"])
    kept = ask(
        stack,
        f"SELECT p.name FROM cc_call c JOIN res_partner p ON p.id = c.partner_id WHERE c.id = {call.id}",
    )
    assert kept == [[chosen]]
    assert not ben.errors


def test_a_pop_never_loses_what_she_was_typing(stack: Stack, ben: Desk) -> None:
    other = known_customer(stack, skip=6)
    who = known_customer(stack, skip=7)
    ben.page.goto(f"{stack.settings.url}/odoo/res.partner/{other.partner_id}")
    eventually(lambda: other.name in ben.form_name())
    ben.expect_state("ready")
    job = ben.page.locator(".o_field_widget[name=function] input").first
    job.fill("half a senten")

    customer = stack.customer(who.key, "100")
    ben.expect_card(who.name)
    # the pop has come and found the page taken
    expect(ben.page.locator(".o_cc_pop_back[title^='Unsaved']")).to_be_visible()
    assert other.name in ben.form_name()
    assert job.input_value() == "half a senten"
    # nothing was saved behind her back either
    [[saved]] = ask(
        stack,
        f"SELECT 'job: ' || coalesce(function, '') FROM res_partner WHERE id = {other.partner_id}",
    )
    assert saved == "job: "
    # one click brings the caller's page, as soon as she wants it
    job.fill("half a sentence, finished")
    ben.page.locator(".o_form_button_save:visible").click()
    ben.page.locator(".o_cc_pop_back").first.click()
    eventually(lambda: who.name in ben.form_name())
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    assert not ben.errors
