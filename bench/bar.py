# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a click in the bar to what Asterisk does, and what the page's memory does over many calls.

    .cache/venv-bridge/bin/python bench/bar.py [--clicks 30] [--calls 200]

Real Asterisk, Odoo with two workers behind nginx, Chromium with the browser phone. Hold and resume are clicked in turn:
*on the PBX* is the AMI event of the music's start or stop (the event's own timestamp), *in the bar* the moment the
button shows it. Baselines in the same run: the same Redirect sent straight over AMI by this script, and the smallest
RPC that writes nothing, from the same page. Memory is the JavaScript heap after forced collections, with the number
of DOM nodes and listeners, every quarter of the calls.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from table import percentile, show

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("scripts", "tests", "tests/system")]

from chromium import CHROMIUM  # noqa: E402
from desk import Desk, eventually  # noqa: E402
from facts_of import known_customer  # noqa: E402

from cc_stack.asterisk import Ami  # noqa: E402
from cc_stack.stack import Stack  # noqa: E402

CLICK = """kind => {
    window.ccClicked = performance.timeOrigin + performance.now();
    document.querySelector(`.o_cc_call_strip .o_cc_${kind}`).click();
}"""
SHOWN = """async kind => {
    while (!document.querySelector(`.o_cc_call_strip .o_cc_${kind}`)) {
        await new Promise(requestAnimationFrame);
    }
    return performance.timeOrigin + performance.now();
}"""

# the way of the click's own RPC, ms since 1970: when it was sent, when its answer was there
SENT = """() => {
    const rpc = performance.getEntriesByType("resource").filter(
        (entry) => entry.name.includes("/cc.agent/command")).at(-1);
    return rpc && [rpc.requestStart, rpc.responseEnd].map((at) => performance.timeOrigin + at);
}"""

RPC = """async ([model, method, args]) => {
    const begun = performance.now();
    const reply = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
        method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({jsonrpc: "2.0", method: "call", params: {model, method, args, kwargs: {}}}),
    });
    await reply.json();
    return performance.now() - begun;
}"""


def music(ami: Ami, mark: int, on: bool) -> float:
    """When the customer's half of the call got (or lost) its music, s since 1970."""
    event = ami.wait(
        "MusicOnHoldStart" if on else "ConfbridgeJoin", since=mark, Channel="Local/1001@cc-agent"
    )
    return float(event["Timestamp"])


def clicks(ann: Desk, ami: Ami, count: int) -> dict[str, list[float]]:
    """Hold and resume in turn by the bar; ms from the click."""
    took: dict[str, list[float]] = {
        name: [] for name in ("RPC sent", "RPC answered", "on the PBX", "in the bar")
    }
    for n in range(2 * count):
        kind, then = (("hold", "resume"), ("resume", "hold"))[n % 2]
        ann.page.wait_for_selector(f".o_cc_call_strip .o_cc_{kind}:not(.disabled)")
        mark = ami.mark()
        ann.page.evaluate(CLICK, kind)
        clicked = ann.page.evaluate("window.ccClicked") / 1000
        took["on the PBX"].append((music(ami, mark, kind == "hold") - clicked) * 1000)
        took["in the bar"].append((ann.page.evaluate(SHOWN, then) / 1000 - clicked) * 1000)
        sent, answered = ann.page.evaluate(SENT)
        took["RPC sent"].append(sent - clicked * 1000)
        took["RPC answered"].append(answered - clicked * 1000)
        ann.page.evaluate("performance.clearResourceTimings()")
        time.sleep(0.4)
    return took


def straight(ami: Ami, count: int) -> list[float]:
    """The same Redirect without Odoo, bridge and browser, ms."""
    rows = ami.list("CoreShowChannels", "CoreShowChannelsComplete")
    [leg] = [row["Channel"] for row in rows if row["Channel"].endswith(";2")]
    took = []
    for n in range(2 * count):
        hold = n % 2 == 0
        mark = ami.mark()
        asked = time.time()
        ami.action(
            "Redirect",
            Channel=leg,
            Context="cc-room",
            Exten="hold" if hold else "cust",
            Priority="1",
        )
        took.append((music(ami, mark, hold) - asked) * 1000)
        time.sleep(0.4)
    return took


def bare_rpc(ann: Desk, count: int) -> list[float]:
    """A read of one's own name by the web client's RPC, timed in the page, ms."""
    user = ann.rpc("res.users", "context_get")["uid"]
    return [
        float(ann.page.evaluate(RPC, ["res.users", "read", [[user], ["name"]]]))
        for _ in range(2 * count)
    ]


def memory(desk: Desk) -> list[float]:
    """Heap in MB, DOM nodes, listeners, after collections."""
    session = desk.context.new_cdp_session(desk.page)
    # what a first collection frees by finalizers goes with the next ones
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return [metrics["JSHeapUsedSize"] / 2**20, metrics["Nodes"], metrics["JSEventListeners"]]


def one_call(stack: Stack, ann: Desk, number: str) -> None:
    """A customer calls, is answered and let go; then she is ready again."""
    # Desk keeps every peer connection to read what went over it: here that would be the leak
    ann.page.evaluate("window.ccPeers.length = 0")
    customer = stack.customer(number, "100")
    # no wait_for_selector: it hands out a handle that holds the card, with all its components, for good
    ann.page.locator(".o_cc_card .o_cc_answer").wait_for(timeout=30_000)
    ann.answer()
    ann.expect_talking(20)
    ann.hang_up()
    customer.wait_end(20)
    ann.page.locator(".o_cc_call_strip").wait_for(state="detached", timeout=20_000)
    if ann.page.locator(".o_cc_bar").get_attribute("data-state") == "wrap_up":
        ann.rpc("cc.agent", "set_state", "ready")
    ann.expect_state("ready", 30)


def run(stack: Stack, browser: Browser, count: int, calls: int) -> None:
    number = known_customer(stack).key
    ann = Desk(browser, stack, "ann")
    try:
        ann.sign_in("browser")
        ann.choose_state("ready")
        customer = stack.customer(number, "100", patience=3600)
        ann.page.wait_for_selector(".o_cc_card .o_cc_answer", timeout=30_000)
        ann.answer()
        ann.expect_talking(20)
        with stack.asterisk.ami() as ami:
            plain = straight(ami, count)
            rpc = bare_rpc(ann, count)
            took = clicks(ann, ami, count)
        show(
            "Hold and resume, ms from the click",
            ["", "n", "p50", "p99", "max"],
            [
                [name, len(values), percentile(values, 0.5), percentile(values, 0.99), max(values)]
                for name, values in [
                    ("baseline: Redirect by AMI", plain),
                    ("baseline: an RPC that reads", rpc),
                    *took.items(),
                ]
            ],
        )
        ann.hang_up()
        customer.wait_end(20)
        eventually(lambda: ann.page.locator(".o_cc_call_strip").count() == 0)
        ann.rpc("cc.agent", "set_state", "ready")
        ann.expect_state("ready", 30)
        one_call(stack, ann, number)
        rows: list[list[object]] = [["after 2 calls (baseline)", *memory(ann)]]
        for n in range(calls):
            one_call(stack, ann, number)
            if (n + 1) % max(1, calls // 4) == 0:
                rows.append([f"{n + 1} calls more", *memory(ann)])
                print(rows[-1], flush=True)
        show("The page's memory", ["", "heap MB", "DOM nodes", "listeners"], rows)
    finally:
        ann.leave()
        ann.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clicks", type=int, default=30, help="holds and resumes each")
    parser.add_argument("--calls", type=int, default=200, help="calls for the memory's table")
    options = parser.parse_args()
    stack = Stack("bench")
    stack.down()
    stack.up(fresh=True)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=[*CHROMIUM, "--js-flags=--expose-gc"]
            )
            run(stack, browser, options.clicks, options.calls)
            browser.close()
    finally:
        stack.down()


if __name__ == "__main__":
    main()
