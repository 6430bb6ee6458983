# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Keys to and from the other side, mute, and calling again, by the bar: TEL-04, TEL-05, TEL-11, TEL-12."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from at_the_bar import Talking, asked_for_a_key, control, customers_channel, ended
from desk import Desk, eventually
from facts_of import Call, ask, calls
from playwright.sync_api import expect
from wire import KeysTo

from cc_stack.asterisk import Ami
from cc_stack.stack import Stack

#: The loudness of what this page's microphone gives to the line, 0 to 1.
LOUDNESS = """async () => {
    let loudest = 0;
    for (const peer of window.ccPeers) {
        for (const [, stat] of await peer.getStats()) {
            if (stat.type === "media-source" && stat.kind === "audio") {
                loudest = Math.max(loudest, stat.audioLevel || 0);
            }
        }
    }
    return loudest;
}"""


#: Keeps that the panel has said it asks the customer: it does until they hear the beep, which may be a moment only.
ASKING = """() => {
    window.ccAsked = false;
    new MutationObserver(() => {
        window.ccAsked ||= Boolean(document.querySelector(".o_cc_keys_row [role=status]"));
    }).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.mark.parametrize("device", ["browser", "desk", "mobile"])
def test_keys_to_the_customer_and_from_him(
    stack: Stack, talking: Callable[[str], Talking], ami: Ami, device: str
) -> None:
    talk = talking(device)
    ann, who = talk.ann, talk.who
    his = customers_channel(ami, who)
    with KeysTo(talk.customer.media_port) as wire:
        ann.page.keyboard.press("Alt+k")
        expect(ann.page.locator(".o_cc_keypad")).to_be_visible()
        ann.page.keyboard.type("5#")
        expect(ann.page.locator(".o_cc_keypad_sent")).to_contain_text("5#")
        eventually(lambda: wire.keys == "5#")
    ann.page.keyboard.press("Escape")
    ann.page.click(".o_cc_panel_tab_call")
    ann.page.click(".o_cc_collect")
    ann.page.fill(".o_cc_collect_max", "4")
    ann.page.evaluate(ASKING)
    ann.page.press(".o_cc_collect_max", "Enter")
    eventually(lambda: asked_for_a_key(ami))
    eventually(lambda: ann.page.evaluate("window.ccAsked"))
    for digit in "4711":
        ami.action("PlayDTMF", Channel=his, Digit=digit, Receive="true")
        time.sleep(0.3)
    expect(ann.page.locator(".o_cc_pressed_keys")).to_have_text("4711")
    control(ann, "hangup")
    call = ended(stack, talk)
    kept = ask(stack, f"SELECT node, key FROM cc_call_key WHERE call_id = {call.id} ORDER BY n")
    assert "".join(key for node, key in kept if node == "collect") == "4711"
    assert call.ended_by == "agent"


def test_mute_at_the_browser(talking: Callable[[str], Talking], stack: Stack) -> None:
    """Nothing of her microphone goes out until she unmutes; the call goes on."""
    talk = talking("browser")
    ann = talk.ann
    eventually(lambda: ann.page.evaluate(LOUDNESS) > 0.001)
    ann.page.keyboard.press("Alt+m")
    expect(ann.page.locator(".o_cc_mute[aria-pressed=true]")).to_be_visible()
    # the microphone of this Chromium beeps every second; muted it has only the noise of its last bit
    eventually(lambda: loudest(ann) < 2 / 32768)
    ann.page.keyboard.press("Alt+m")
    eventually(lambda: ann.page.evaluate(LOUDNESS) > 0.001)
    ann.hang_up()
    assert ended(stack, talk).ended_by == "agent"


def loudest(ann: Desk, seconds: float = 1.5) -> float:
    """The loudest moment of what she says, over so long."""
    end = time.monotonic() + seconds
    found = 0.0
    while time.monotonic() < end:
        found = max(found, ann.page.evaluate(LOUDNESS))
        time.sleep(0.05)
    return found


def test_calling_again_from_the_last_calls(stack: Stack, desk: Callable[..., Desk]) -> None:
    """Redial and call back are one button in the list of last calls."""
    ann = desk("ann")
    ann.sign_in("browser")
    key = "+8613800004733"
    began = time.time()
    ann.page.click(".o_cc_dial")
    ann.page.fill(".o_cc_dial_pad input", key)
    ann.page.press(".o_cc_dial_pad input", "Enter")
    ann.expect_talking()
    ann.hang_up()
    ann.expect_state("busy")
    # the call has left the bar, and what stands there no longer moves
    expect(ann.page.locator(".o_cc_dial")).to_be_visible()

    def over() -> list[Call]:
        return [call for call in calls(stack, key, began) if call.state == "ended"]

    # only then is it the first of the last calls: the bar shows already that she has left it
    eventually(over)
    ann.page.click(".o_cc_recent_button")
    again = ann.page.locator(".o_cc_row .o_cc_call_back").first
    expect(again).to_be_enabled()
    again.click()
    ann.expect_talking()
    ann.hang_up()
    both = eventually(lambda: over() if len(over()) == 2 else [])
    assert [(c.direction, c.agent, c.ended_by) for c in both] == [
        ("outbound", "1001", "agent"),
        ("outbound", "1001", "agent"),
    ]
