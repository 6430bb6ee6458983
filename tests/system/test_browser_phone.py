# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The browser phone over reloads, tabs, browsers and broken links, with sound flowing: TEL-01, TEL-46, design §6."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer
from playwright.sync_api import Browser, Page, TimeoutError, expect

from cc_stack.stack import Stack


def talks(stack: Stack, ann: Desk) -> tuple[str, float]:
    """Ann, at the browser phone, talks with a known customer: the customer's key, since when."""
    who = known_customer(stack)
    ann.sign_in("browser")
    ann.choose_state("ready")
    began = time.time()
    stack.customer(who.key, "100")
    ann.expect_card(who.name)
    ann.answer()
    ann.expect_talking()
    expect_sound(ann.page)
    return who.key, began


@pytest.fixture
def talking(stack: Stack, desk: Callable[..., Desk]) -> tuple[Desk, str, float]:
    """The same, with her desk."""
    ann = desk("ann")
    return ann, *talks(stack, ann)


def stats(page: Page) -> dict[str, float]:
    """What went over the page's live connections so far."""
    found: dict[str, float] = page.evaluate(
        """async () => {
            const sum = {received: 0, sent: 0, live: 0};
            for (const peer of window.ccPeers) {
                if (peer.connectionState !== "connected") { continue; }
                sum.live += 1;
                for (const [, stat] of await peer.getStats()) {
                    if (stat.type === "inbound-rtp") { sum.received += stat.packetsReceived; }
                    if (stat.type === "outbound-rtp") { sum.sent += stat.packetsSent; }
                }
            }
            return sum;
        }"""
    )
    return found


def expect_sound(page: Page) -> None:
    """Waits until sound goes both ways for half a second."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        before = stats(page)
        time.sleep(0.5)
        after = stats(page)
        if after["received"] - before["received"] > 15 and after["sent"] - before["sent"] > 15:
            return
    raise AssertionError(f"no sound after {PATIENCE_S} s: {stats(page)}")


def expect_one_call(stack: Stack, key: str, began: float) -> None:
    """One call, one answered ring of one agent, whatever happened to the phone meanwhile."""
    [call] = eventually(lambda: [c for c in calls(stack, key, began) if c.state == "ended"])
    assert len(calls(stack, key, began)) == 1
    assert call.attempts == [("1001", "answered")]
    assert call.ended_by == "agent"
    assert "customer" in call.legs


def test_reload_in_a_call(stack: Stack, talking: tuple[Desk, str, float]) -> None:
    ann, key, began = talking
    ann.page.reload()
    gone = time.monotonic()
    ann.page.wait_for_selector(".o_cc_call_strip")
    expect_sound(ann.page)
    print(f"sound is back {time.monotonic() - gone:.1f} s after the reload")
    # the customer was never let go
    [[open_calls]] = ask(
        stack,
        f"""SELECT count(*) FROM cc_call c JOIN cc_phone_number n ON n.id = c.number_id
            WHERE n.key = '{key}' AND c.state != 'ended'""",
    )
    assert open_calls == "1"
    ann.hang_up()
    expect_one_call(stack, key, began)


def test_the_tab_with_the_sound_is_closed(stack: Stack, talking: tuple[Desk, str, float]) -> None:
    ann, key, began = talking
    second = ann.context.new_page()
    second.goto(f"{stack.settings.url}/odoo")
    second.wait_for_selector(".o_cc_call_strip")
    assert stats(second)["live"] == 0, "two tabs would both hold the sound"
    # what the second tab asks is done by the first
    muted = second.locator(".o_cc_call_strip .o_cc_mute[aria-pressed=true]")

    def mute() -> bool:
        """A tab that does not say within a second that it has heard is given up, and she clicks again."""
        if not muted.is_visible():
            second.click(".o_cc_call_strip .o_cc_mute")
            with suppress(TimeoutError):
                muted.wait_for(timeout=5000)
        return muted.is_visible()

    eventually(mute)
    expect(ann.page.locator(".o_cc_call_strip .o_cc_mute")).to_have_attribute(
        "aria-pressed", "true"
    )
    second.click(".o_cc_call_strip .o_cc_mute")
    ann.page.close()
    expect_sound(second)
    ann.page = second
    ann.hang_up()
    expect_one_call(stack, key, began)


def test_a_second_sign_in_takes_over(
    stack: Stack, browser: Browser, desk: Callable[..., Desk]
) -> None:
    ann = desk("ann")
    ann.sign_in("browser")
    elsewhere = desk("ann")
    elsewhere.page.click(".o_cc_trouble")
    elsewhere.page.click(".o_cc_sign_in_here")
    # the first browser says so
    expect(ann.page.locator(".o_cc_trouble")).to_have_attribute(
        "title", re.compile("another browser")
    )
    elsewhere.choose_state("ready")
    who = known_customer(stack)
    stack.customer(who.key, "100")
    elsewhere.expect_card(who.name)
    elsewhere.answer()
    elsewhere.expect_talking()
    expect_sound(elsewhere.page)
    assert stats(ann.page)["live"] == 0
    elsewhere.hang_up()


#: The PBX hears of no candidate in the answer: it begins no check, never completes ICE, and drops what the browser,
#: whose own checks have found the way, sends it. The browser's offers are left alone.
NO_CANDIDATES = """(() => {
    const native = Object.getPrototypeOf(RTCPeerConnection.prototype);
    const own = Object.getOwnPropertyDescriptor(native, "localDescription");
    Object.defineProperty(RTCPeerConnection.prototype, "localDescription", {
        get() {
            const told = own.get.call(this);
            return told?.type === "answer"
                ? { type: told.type, sdp: told.sdp.replace(/a=candidate:.*\\r\\n/g, "") }
                : told;
        },
    });
})()"""


def test_a_pbx_that_missed_the_way_of_the_sound_is_offered_one(
    stack: Stack, desk: Callable[..., Desk]
) -> None:
    """On a slow machine the answer may leave before a candidate is found that it can use: there was no sound at all."""
    ann = desk("ann")
    ann.page.evaluate(NO_CANDIDATES)
    key, began = talks(stack, ann)
    ann.hang_up()
    expect_one_call(stack, key, began)


def test_the_link_to_odoo_breaks_in_a_call(stack: Stack, talking: tuple[Desk, str, float]) -> None:
    ann, key, began = talking
    stack.nginx.stop()
    try:
        expect(ann.page.locator(".o_cc_trouble")).to_be_visible()
        # the sound does not pass through Odoo
        expect_sound(ann.page)
    finally:
        stack.nginx.up()
    # the page tries again the more seldom the longer Odoo was away
    expect(ann.page.locator(".o_cc_trouble")).to_have_count(0, timeout=3 * PATIENCE_S * 1000)
    expect_sound(ann.page)
    ann.hang_up()
    expect_one_call(stack, key, began)


def test_no_microphone_is_explained(stack: Stack, browser: Browser) -> None:
    """A browser that may not use the microphone says what to do, and nobody is rung there."""
    refusing = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            "--deny-permission-prompts",
        ],
    )
    try:
        ann = Desk(refusing, stack, "ann", permissions=())
        ann.page.click(".o_cc_bar .o_cc_state")
        ann.page.click(".o_cc_device:has(input[value^='browser:'])")
        ann.page.click(".o_cc_sign_in_button")
        expect(ann.page.locator(".o_cc_trouble")).to_have_attribute(
            "title", re.compile("not allowed to use the microphone")
        )
        ann.leave()
        ann.close()
    finally:
        refusing.close()
