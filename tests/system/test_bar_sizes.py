# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every control is in the window and under nothing, at an office screen and at a phone's width: TEL-46."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from at_the_bar import control, pick
from desk import PATIENCE_S, Desk
from facts_of import known_customer
from playwright.sync_api import expect

from cc_stack.rpc import Person
from cc_stack.stack import Stack

SIZES = {"office": (1280, 720), "mobile": (390, 844)}
# what is outside of the window, below something else, or makes the page wider than the window
FAULTS = """(selectors) => {
    const faults = [];
    const width = document.documentElement.clientWidth, height = window.innerHeight;
    if (document.scrollingElement.scrollWidth > width) {
        faults.push(`the page is ${document.scrollingElement.scrollWidth} wide`);
    }
    const shown = (selector) =>
        [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    for (const selector of selectors.split(", ")) {
        if (!shown(selector).length) { faults.push(`there is no ${selector}`); }
    }
    for (const one of shown(selectors)) {
        const box = one.getBoundingClientRect();
        const name = one.title || one.getAttribute("aria-label") || one.textContent.trim() || one.className;
        if (box.left < -1 || box.top < -1 || box.right > width + 1 || box.bottom > height + 1) {
            faults.push(`${name} is outside: ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
            continue;
        }
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!(one === top || one.contains(top))) {
            faults.push(`${name} is below ${top.className || top.tagName}`);
        }
    }
    return faults;
}"""
#: Where the controls have words beside their icons.
WIDE = {"width": 1920, "height": 1080}
STRIP = ".o_cc_call_strip button, .o_cc_call_strip .o_cc_caller"


def fits(desk: Desk, what: str, selectors: str) -> None:
    """Waits until there are some of each of these and all can be seen and clicked; they may come and move."""
    end = time.monotonic() + PATIENCE_S
    while faults := desk.page.evaluate(FAULTS, selectors):
        assert time.monotonic() < end, f"{what}: {faults}"
        time.sleep(0.2)


def places(desk: Desk) -> dict[str, list[int]]:
    """Where mute and hang up are, to the pixel."""
    found: dict[str, list[int]] = desk.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(
            ".o_cc_call_strip .o_cc_slot_mute, .o_cc_call_strip .o_cc_slot_hangup")].map((one) => {
            const { x, y, width, height } = one.getBoundingClientRect();
            const name = one.classList.contains("o_cc_slot_mute") ? "mute" : "hangup";
            return [name, [x, y, width, height].map(Math.round)];
        }))"""
    )
    return found


def at_rest(desk: Desk) -> dict[str, list[int]]:
    """Where both are once they move no more: a window of another size is laid out anew, part of it a moment later."""
    end = time.monotonic() + PATIENCE_S
    before: dict[str, list[int]] = {}
    while set(now := places(desk)) != {"mute", "hangup"} or now != before:
        assert time.monotonic() < end, f"{before}, then {now}"
        before = now
        time.sleep(1)
    return now


def stay(desk: Desk, what: str, where: dict[str, list[int]]) -> None:
    """Waits until mute and hang up, as far as they are given, are just there; the page may still be laid out."""
    end = time.monotonic() + PATIENCE_S
    while (now := places(desk)) != where:
        assert time.monotonic() < end, f"{what}: {now}, not {where}"
        time.sleep(0.2)


def fits_wide_too(desk: Desk, what: str, selectors: str) -> None:
    """As `fits`, at a large office screen; then as before."""
    before = desk.page.viewport_size
    assert before
    if before["width"] > 1000:
        desk.page.set_viewport_size(WIDE)
        fits(desk, f"{what}, wide", selectors)
        desk.page.set_viewport_size(before)


@pytest.mark.parametrize("size", SIZES)
def test_every_control_is_in_reach(stack: Stack, desk: Callable[..., Desk], size: str) -> None:
    """Signing in, ringing, talking, its keypad and panel, a consultation, the work after the call.

    Mute and hang up stay where they are all the while, also when the customer leaves and the agents talk on.
    """
    # else the bot greets who comes for the first time, over the whole of a small window
    admin = Person(stack.settings.url, stack.settings.database, "admin")
    admin("res.users", "write", admin("res.users", "search", []), {"odoobot_state": "disabled"})
    who = replace(known_customer(stack), name="Anastasia Konstantinopolskaya-Zhang")
    admin("res.partner", "write", [who.partner_id], {"name": who.name})
    stack.phone("2001", answer="auto")
    ben = desk("ben")
    ben.sign_in("desk", "2001")
    ann = desk("ann", size=SIZES[size])
    page = ann.page
    fits(ann, "signed out", ".o_cc_bar .o_cc_state, .o_main_navbar img")
    page.click(".o_cc_bar .o_cc_state")
    fits(ann, "signing in", ".o_cc_sign_in_button, .o_cc_device")
    page.keyboard.press("Escape")
    ann.sign_in("browser")
    ann.choose_state("ready")
    customer = stack.customer(who.key, "100")
    ann.expect_card(who.name)
    fits(ann, "ringing", ".o_cc_card button, .o_cc_bar .o_cc_state, .o_main_navbar img")
    ann.answer()
    ann.expect_talking()
    fits(ann, "talking", f"{STRIP}, .o_cc_bar .o_cc_state, .o_main_navbar img")
    fits_wide_too(ann, "talking", f"{STRIP}, .o_cc_bar .o_cc_state, .o_main_navbar img")
    at_first = at_rest(ann)
    page.click(".o_cc_keypad_button")
    fits(ann, "keypad", ".o_cc_key_button")
    page.keyboard.press("Escape")
    ben.choose_state("ready")
    control(ann, "consult")
    fits(ann, "list of targets", f".o_cc_panel_head button, .o_cc_picker_search, {STRIP}")
    pick(ann, "ben", "Enter")
    expect(page.locator(".o_cc_third[data-state=talking]")).to_be_visible()
    fits_wide_too(ann, "consultation", f"{STRIP}, .o_cc_third, .o_main_navbar img")
    fits(ann, "consultation", f".o_cc_panel_head button, .o_cc_third .o_cc_caller, {STRIP}")
    stay(ann, "consultation", at_first)
    control(ann, "conference")
    expect(page.locator(".o_cc_call_word")).to_have_text(re.compile("in conference"))
    fits(ann, "all together", f".o_cc_panel_head button, {STRIP}")
    stay(ann, "all together", at_first)
    customer.hang_up()
    expect(page.locator(".o_cc_talks_on")).to_be_visible()
    fits(ann, "talking on", ".o_cc_talks_on button, .o_cc_talks_on .o_cc_caller")
    stay(ann, "talking on", {"hangup": at_first["hangup"]})
    control(ann, "hangup")
    ann.expect_state("wrap_up")
    fits(ann, "wrap-up", ".o_cc_finish, .o_cc_panel_head button, .o_cc_bar .o_cc_state")
