# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An agent at their desk: Odoo's web client in Chromium, driven by what they see."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from cc_stack.stack import Stack

#: What must come is waited for so long: a busy machine has whole stages of tests beside this one.
PATIENCE_S = 60.0
#: Whoever comes first waits until a worker of Odoo's has read all addons, and made the scripts and styles; ms.
FIRST_MS = 3 * PATIENCE_S * 1000
expect.set_options(timeout=PATIENCE_S * 1000)

# every peer connection of the page is kept, so that a test can read what really went over the wire
KEEP_PEERS = """
window.ccPeers = [];
const Native = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); window.ccPeers.push(this); }
};
"""
AUDIO_STATS = """async () => {
    const sum = {received: 0, sent: 0, energy: 0};
    for (const peer of window.ccPeers) {
        for (const [, stat] of await peer.getStats()) {
            if (stat.type === "inbound-rtp") {
                sum.received += stat.packetsReceived;
                sum.energy += stat.totalAudioEnergy || 0;
            }
            if (stat.type === "outbound-rtp") { sum.sent += stat.packetsSent; }
        }
    }
    return sum;
}"""
# in one go: between two questions another page may come
FORM_NAME = """() => {
    const name = document.querySelector(".o_form_view .o_field_widget[name=name]");
    const field = name && name.querySelector("input, textarea");
    return field ? field.value : name ? name.innerText : "";
}"""


class Desk:
    """One signed-in user of the web client in a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        stack: Stack,
        login: str,
        lang: str = "en-US",
        permissions: tuple[str, ...] = ("microphone",),
        size: tuple[int, int] = (1280, 720),
    ) -> None:
        self.stack = stack
        self.login = login
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=lang,
            permissions=list(permissions),
        )
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.context.add_init_script(KEEP_PEERS)
        self.errors: list[str] = []
        self.page = self._login_page(f"{stack.settings.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]", timeout=FIRST_MS)
        self.page.wait_for_selector(".o_web_client .o_main_navbar", timeout=FIRST_MS)

    def _login_page(self, url: str) -> Page:
        """The login page in a tab of its own. An error that the server sends fails at once, in its words."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        shown = page.goto(url, timeout=FIRST_MS)
        assert shown and shown.ok, f"{shown and shown.status}: {page.inner_text('body')[:500]}"
        page.wait_for_selector("input[name=login]")
        return page

    # ---- what they do

    def sign_in(self, device: str = "browser", extension: str = "") -> None:
        """Signs in at the bar and waits until the PBX has confirmed it."""
        self._choose(f".o_cc_device:has(input[value^='{device}:{extension}'])")
        self.page.click(".o_cc_sign_in_button")
        self.expect_state("busy")

    def choose_state(self, state: str) -> None:
        """Picks a state from the bar's menu and waits until it is theirs."""
        self._choose(
            f".o_cc_state_choice[data-state={state}]:not([aria-disabled=true])",
            lambda: self.page.get_attribute(".o_cc_bar", "data-state") == state,
        )
        self.expect_state(state)

    def _choose(self, selector: str, done: Callable[[], bool] = lambda: False) -> None:
        """Clicks something in the bar's menu, which may be open, or just opening or closing.

        :param done: whether a click that the page was too slow to confirm did it: it can't be chosen again
        """
        choice: Locator = self.page.locator(selector)
        end = time.monotonic() + PATIENCE_S
        while True:
            if not choice.is_visible():
                self.page.click(".o_cc_bar .o_cc_state")
            try:
                choice.click(timeout=5000)
                return
            except TimeoutError:
                if done():
                    return
                if time.monotonic() > end:
                    raise

    def sign_out(self) -> None:
        self.page.click(".o_cc_bar .o_cc_state")
        self.page.click(".o_cc_sign_out")
        self.expect_state("offline")

    def answer(self) -> None:
        self.page.mouse.move(1, 1)  # what has just come under a resting pointer takes no click
        self.page.click(".o_cc_card .o_cc_answer")

    def hang_up(self) -> None:
        self.page.click(".o_cc_call_strip .o_cc_hangup")

    def leave(self) -> None:
        """Ends what is still open, whatever state the test left: the next test begins with nobody signed in."""
        try:
            self.rpc("cc.agent", "sign_out")
        except RuntimeError:
            return  # was not signed in

    def close(self) -> None:
        self.context.close()

    # ---- what she sees

    def expect_state(self, state: str, seconds: float = PATIENCE_S) -> None:
        if state == "offline":
            expect(self.page.locator(".o_cc_bar .o_cc_is_offline")).to_be_visible(
                timeout=seconds * 1000
            )
            return
        expect(self.page.locator(".o_cc_bar")).to_have_attribute(
            "data-state", state, timeout=seconds * 1000
        )

    def expect_card(self, text: str, seconds: float = PATIENCE_S) -> None:
        """A call rings at her screen and names `text`."""
        expect(self.page.locator(".o_cc_card").first).to_contain_text(text, timeout=seconds * 1000)

    def expect_talking(self, seconds: float = PATIENCE_S) -> None:
        self.expect_state("on_call", seconds)
        expect(self.page.locator(".o_cc_call_strip")).to_be_visible()

    def form_name(self) -> str:
        """The name on the form that is open; empty without one."""
        return str(self.page.evaluate(FORM_NAME))

    def audio(self) -> dict[str, float]:
        """Packets received and sent, and the energy of the sound heard, over all calls of this page."""
        stats: dict[str, float] = self.page.evaluate(AUDIO_STATS)
        return stats

    def expect_sound(self, packets: int = 60) -> None:
        """Waits until so many packets more went each way, and what is heard is no silence."""
        before = self.audio()

        def both_ways() -> bool:
            """She hears the customer, the customer hears her."""
            now = self.audio()
            enough = all(now[way] - before[way] > packets for way in ("received", "sent"))
            return enough and now["energy"] > before["energy"]

        eventually(both_ways)

    def rpc(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """An RPC with this user's session, as the web client makes it. Raises RuntimeError with the server's words."""
        answer = self.page.evaluate(
            """async ([model, method, args, kwargs]) => {
                const reply = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
                    method: "POST", headers: {"Content-Type": "application/json"},
                    body: JSON.stringify({jsonrpc: "2.0", method: "call", params: {model, method, args, kwargs}}),
                });
                return reply.json();
            }""",
            [model, method, list(args), kwargs],
        )
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]


def eventually(what: Any, seconds: float = PATIENCE_S, step: float = 0.2) -> Any:
    """The first true value of `what()`; AssertionError when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < end, (
            f"not so after {seconds} s: {getattr(what, '__doc__', '') or what}"
        )
        time.sleep(step)
