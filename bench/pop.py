# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the AMI event's own timestamp of the ring to the customer's name painted in Chromium.

    .cache/venv-bridge/bin/python bench/pop.py [--calls 20] [--rates 0,10,20] [--agents 50]

Every call counts. Two moments: the caller's name on the bar's card, and on the customer's page behind it. *cold* is
the first pop of a fresh page with an empty browser cache; *warm* all after it. Load: other agents' calls at the given
rate. Baseline in the same run: a bare relay of AMI events to a page over a websocket (relay.py). Under each row of
warm calls stand the phases of a ring, so that one sees where a millisecond goes: *hint* and *fact* are the moments at
which the bus's messages are in the page; *card, first frame* is what the browser says itself (Element Timing), while
*painted* is two frames after the name is in the page. With `--before` every second ring is served as it was before
(but for its fact, which waits in both): the card drawn with Owl's frame, the page opened at the fact, in a form of
its own.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import Iterator

from parts import BenchStack
from playwright.async_api import Browser, Page, async_playwright
from relay import Relay
from table import percentile, show

# The moment a name is painted: two frames after it is in the page (the first frame draws it).
WATCH = """
window.ccPainted = {};
window.ccWant = null;
const now = () => performance.timeOrigin + performance.now();
const phase = (what) => { window.ccPhases[what] ??= now(); };
window.ccPhases = {};
const phone = window.odoo?.__WOWL_DEBUG__?.root.env.services.cc_phone;
phone?.bus.addEventListener("HINTED", () => phase("hint"));
phone?.bus.addEventListener("RINGING", () => phase("fact"));
const seen = (what) => {
    if (window.ccPainted[what]) { return; }
    window.ccPainted[what] = -1;
    phase(`${what} in the page`);
    requestAnimationFrame(() => requestAnimationFrame(() => {
        window.ccPainted[what] = now();
        phase(`${what} painted`);
    }));
};
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        window.ccPhases["card, first frame"] ??= performance.timeOrigin + entry.renderTime;
    }
}).observe({type: "element"});
const look = () => {
    if (!window.ccWant) { return; }
    const card = document.querySelector(".o_cc_card_name");
    if (card && !card.hasAttribute("elementtiming")) { card.setAttribute("elementtiming", "card"); }
    if (card && card.textContent.includes(window.ccWant)) { seen("card"); }
    const name = document.querySelector(".o_form_view .o_field_widget[name=name]");
    if (name) {
        const input = name.querySelector("input, textarea");
        if ((input ? input.value : name.textContent).includes(window.ccWant)) { seen("page"); }
    }
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
// a form that turns to another record sets the value of its input, which no observer is told; no animation
// frames are asked for, for a page that draws all the time shows a change later than one at rest
setInterval(look, 4);
"""
# in turn: as it is, and as it was before the page came with the hint
BEFORE = """(before) => {
    const {root} = window.odoo.__WOWL_DEBUG__;
    const pop = root.env.services.cc_pop;
    const scheduler = root.__owl__.app.scheduler;
    const {onHinted, _turn} = Object.getPrototypeOf(pop);
    pop.onHinted = before ? ({caller}) => pop.ahead.ask("res.partner", caller.partner_id) : onHinted;
    pop._turn = before ? async () => false : _turn;
    const process = Object.getPrototypeOf(scheduler).processTasks;
    scheduler.processTasks = before ? () => scheduler.flush() : process;
    scheduler.requestAnimationFrame = before
        ? (draw) => requestAnimationFrame(() => process.call(scheduler))
        : (draw) => requestAnimationFrame(draw);
}"""
NEW_CALL = "name => { window.ccPainted = {}; window.ccPhases = {}; window.ccWant = name; }"
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # fmt: skip


async def painted(page: Page, what: str, seconds: float = 10) -> float:
    """When `what` was painted (s since 1970); inf if not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        at = await page.evaluate(f"window.ccPainted['{what}'] || 0")
        if at > 0:
            return float(at) / 1000
        await asyncio.sleep(0.02)
    return float("inf")


async def desk(browser: Browser, bench: BenchStack) -> Page:
    """A fresh browser profile with Ann's web client open, her phone shown as signed in."""
    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    page = await context.new_page()
    await page.goto(f"{bench.stack.settings.url}/web/login")
    await page.fill("input[name=login]", "ann")
    await page.fill("input[name=password]", "ann")
    await page.click("button[type=submit]")
    await page.wait_for_selector(".o_cc_bar")
    await page.evaluate(WATCH)
    await asyncio.sleep(2)
    return page


async def one_call(
    bench: BenchStack,
    page: Page,
    number: str,
    name: str,
    times: dict[str, list[float]],
    phases: dict[str, list[float]] | None = None,
) -> None:
    rang: dict[str, float] = {}
    bench.player.on_ring = lambda agent, caller, t: rang.setdefault(caller, t)
    await page.evaluate(NEW_CALL, name)
    call = bench.player.play("1001", number, keep_s=0.3)
    card = await painted(page, "card")
    form = await painted(page, "page")
    await call
    times["card"].append((card - rang[number]) * 1000)
    times["page"].append((form - rang[number]) * 1000)
    seen = await page.evaluate("() => { window.ccWant = null; return window.ccPhases; }")
    for what, at in seen.items():
        if phases is not None:
            phases.setdefault(what, []).append(at - rang[number] * 1000)
    await asyncio.sleep(0.5)


async def load(bench: BenchStack, rate: float, stop: asyncio.Event) -> None:
    """Other agents' calls, until `stop`."""
    n = 0
    tasks = set()
    others = [agent for agent in bench.agents if agent != "1001"]
    while rate and not stop.is_set():
        task = bench.player.play(others[n % len(others)], f"+86137{n:08d}")
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        n += 1
        await asyncio.sleep(1 / rate)
    await asyncio.gather(*tasks)


async def measure(
    bench: BenchStack,
    browser: Browser,
    options: argparse.Namespace,
    rate: float,
    customers: Iterator[tuple[str, ...]],
) -> list[list[object]]:
    calls = options.calls
    stop = asyncio.Event()
    background = asyncio.create_task(load(bench, rate, stop))
    ways = ("before", "warm") if options.before else ("warm",)
    times: dict[str, dict[str, list[float]]] = {
        w: {"card": [], "page": []} for w in ("cold", *ways)
    }
    phases: dict[str, dict[str, list[float]]] = {w: {} for w in ways}
    for _ in range(max(2, calls // (50 if rate else 10))):
        page = await desk(browser, bench)
        number, name = next(customers)
        await one_call(bench, page, number, name, times["cold"])
        await page.context.close()
    page = await desk(browser, bench)
    number, name = next(customers)
    await one_call(bench, page, number, name, {"card": [], "page": []})
    for n in range(calls * len(ways)):
        way = ways[n % len(ways)]
        await page.evaluate(BEFORE, way == "before")
        number, name = next(customers)
        await one_call(bench, page, number, name, times[way], phases[way])
    await page.context.close()
    stop.set()
    await background
    rows: list[list[object]] = []
    for warmth, moments in times.items():
        for moment, values in moments.items():
            rows.append(row(f"{rate:g} calls/s, {warmth}, {moment}", values))
        found = sorted(phases.get(warmth, {}).items(), key=lambda item: percentile(item[1], 0.5))
        rows += [row(f"    {what}", values) for what, values in found]
    return rows


def row(what: str, values: list[float]) -> list[object]:
    """A line of the table; a ring that was not shown counts as the worst."""
    missed = sum(v == float("inf") for v in values)
    return [what, len(values), percentile(values, 0.5), percentile(values, 0.99), max(values), missed]  # fmt: skip


async def baseline(bench: BenchStack, browser: Browser, calls: int) -> list[object]:
    relay = Relay(bench.stack.settings.ports.ami, bench.stack.settings.ports.callers)
    await relay.start()
    page = await (await browser.new_context()).new_page()
    await page.goto(f"http://127.0.0.1:{relay.port}/")
    await page.wait_for_function("window.ready")
    await page.evaluate(WATCH)
    values = []
    for n in range(calls):
        number = f"+86135{n:08d}"
        rang: dict[str, float] = {}
        bench.player.on_ring = lambda agent, caller, t, rang=rang: rang.setdefault(caller, t)
        await page.evaluate("want => { window.ccPainted = {}; window.ccWant = want; }", number)
        call = bench.player.play("9999", number, keep_s=0.2)
        values.append((await painted(page, "card") - rang[number]) * 1000)
        await call
    await page.context.close()
    await relay.stop()
    return row("baseline: bare relay, quiet, name painted", values)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--rates", default="0,10,20")
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--before", action="store_true", help="every second ring as it was before")
    options = parser.parse_args()
    bench = BenchStack(options.agents)
    try:
        bench.up()
        server = await bench.player.start()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=ARGS
            )
            rows = [await baseline(bench, browser, options.calls)]
            await asyncio.get_running_loop().run_in_executor(None, bench.bridge_up)
            known = bench.ask(
                "SELECT n.key, p.name FROM cc_phone_number n JOIN cc_phone_link l ON l.number_id = n.id"
                " JOIN res_partner p ON p.id = l.partner_id WHERE n.key LIKE '+%' AND"
                " (SELECT count(*) FROM cc_phone_link o WHERE o.number_id = n.id) = 1"
                # a page that is there already is not painted again
                " AND n.id = (SELECT min(number_id) FROM cc_phone_link f WHERE f.partner_id = p.id)"
                " ORDER BY p.id"
            )
            customers = itertools.cycle(known)
            for rate in options.rates.split(","):
                rows += await measure(bench, browser, options, float(rate), customers)
                print(f"{rate} calls/s: measured", flush=True)
            await browser.close()
        show(
            f"ring on the PBX to the customer's name painted, {options.agents} agents signed in",
            ["", "calls", "p50 ms", "p99 ms", "worst ms", "not shown"],
            rows,
        )
        server.close()
    finally:
        bench.down()


if __name__ == "__main__":
    asyncio.run(main())
