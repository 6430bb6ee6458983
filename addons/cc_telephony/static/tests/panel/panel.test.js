// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, press, queryAllTexts, queryOne, queryRect } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import {
    answered,
    ended,
    nowUs,
    send,
    sendState,
    signedIn,
    startPhone,
} from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");
defineMailModels();

const recentCall = (more = {}) => ({
    id: 5,
    direction: "inbound",
    missed: false,
    new: false,
    at: nowUs() - 600e6,
    talk_s: 187,
    name: "Li Wei",
    mask: "+86 138 •••• 8000",
    number_id: 44,
    queue: "Support",
    agent: null,
    ...more,
});

/** The registry without what needs models of its own in a test. */
function onlyTabs(...keys) {
    const panels = registry.category("cc_telephony.panels");
    const wanted = panels.getEntries().filter(([key]) => keys.includes(key));
    patchWithCleanup(panels, { getEntries: () => wanted });
}

test("an addon's tab is there by the registry alone, with the call and new for each call", async () => {
    const made = [];
    class Orders extends Component {
        static template = xml`<p class="orders" t-esc="props.card.caller.name"/>`;
        static props = { card: Object };
        setup() {
            made.push(this.props.card.call_uid);
        }
    }
    const panels = registry.category("cc_telephony.panels");
    panels.add("orders", {
        title: "Orders",
        icon: "fa-shopping-cart",
        Component: Orders,
        isDisplayed: (card) => card.direction === "inbound",
    });
    onlyTabs("orders", "recent");
    await startPhone("on_call", { calls: [answered()] });
    await click(".o_cc_panel_tab_orders");
    await waitFor(".orders");
    expect(".orders").toHaveText("Li Wei");
    expect(".o_cc_panel_tab_orders").toHaveAttribute("aria-selected", "true");
    send("cc.call/changed", answered({ rev: 9, direction: "outbound" }));
    await waitForNone(".o_cc_panel_tab_orders");
    expect(made).toEqual(["0190-a"]);
    panels.remove("orders");
});

test("a tab that opens for a call is shown by itself, in its wrap-up too", async () => {
    class Script extends Component {
        static template = xml`<p class="script">Good morning</p>`;
        static props = { card: { type: [Object, { value: null }] } };
    }
    const panels = registry.category("cc_telephony.panels");
    panels.add("script", {
        title: "Script",
        icon: "fa-comment",
        Component: Script,
        opensFor: (card) => card.brought,
    });
    onlyTabs("script", "recent");
    await startPhone("on_call", { calls: [answered({ brought: true })] });
    await waitFor(".script");
    send("cc.call/changed", ended({ brought: true }));
    sendState("wrap_up");
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    await animationFrame();
    expect(".script").toHaveCount(1);
    sendState("ready");
    await waitForNone(".script");
    send("cc.call/changed", answered({ call_uid: "0190-b", id: 901 }));
    await waitFor(".o_cc_panel_tab_script");
    await animationFrame();
    expect(".script").toHaveCount(0);
    panels.remove("script");
});

test("last calls: the count of the missed goes when they are looked at; one click calls back", async () => {
    const server = signedIn("ready");
    server.recent = {
        calls: [
            recentCall({ id: 6, missed: true, new: true, name: "Wang Fang", talk_s: 0 }),
            recentCall(),
            recentCall({
                id: 4,
                direction: "internal",
                name: null,
                agent: "Ben",
                mask: "1002",
                number_id: false,
            }),
        ],
        missed: 1,
    };
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_recent_button .o_cc_count");
    expect(".o_cc_recent_button .o_cc_count").toHaveText("1");
    expect(".o_cc_recent_button").toHaveAttribute("aria-label", "Recent calls, 1 missed");
    await click(".o_cc_recent_button");
    await waitFor(".o_cc_row");
    expect(queryAllTexts(".o_cc_row_name")).toEqual(["Wang Fang", "Li Wei", "Ben"]);
    expect(".o_cc_row:first").toHaveClass("o_cc_row_missed");
    expect(".o_cc_row:eq(1) .o_cc_row_main").toHaveText(/03:07/);
    await waitForNone(".o_cc_recent_button .o_cc_count");
    expect(server.count("recent_seen")).toBe(1);
    expect(".o_cc_row:eq(2) .o_cc_call_back").toHaveCount(0, { message: "no number to call" });
    await click(".o_cc_row:first .o_cc_call_back");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "dial", { phone: 44 }, false]);
});

test("no calling back in a call: the button says why", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    server.recent = { calls: [recentCall()], missed: 0 };
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel");
    await click(".o_cc_panel_tab_recent");
    await waitFor(".o_cc_call_back");
    expect(".o_cc_call_back").toHaveAttribute("title", "End the call first.");
    await click(".o_cc_call_back");
    await animationFrame();
    expect(server.count("command")).toBe(0);
});

test("announcements: a new one pops up, the count stands in the bar, opening marks as read", async () => {
    const server = await startPhone();
    expect(".o_cc_announcements_button .o_cc_count").toHaveCount(0);
    server.announcements = [
        {
            id: 8,
            title: "New prices",
            body: "<p>From <b>Monday</b></p>",
            at: nowUs(),
            author: "Lea",
            read: false,
        },
        { id: 7, title: "Old", body: "", at: nowUs() - 9e12, author: "Lea", read: true },
    ];
    send("cc.announcement/new", { id: 8, title: "New prices", unread: 1 });
    await waitFor(".o_notification:contains(New prices)");
    expect(".o_cc_announcements_button .o_cc_count").toHaveText("1");
    expect(".o_cc_announcements_button").toHaveAttribute("aria-label", "Announcements, 1 unread");
    await click(".o_notification button:contains(Open)");
    await waitFor(".o_cc_announcement");
    expect(".o_cc_announcement b").toHaveText("Monday");
    expect(".o_cc_announcement .badge").toHaveCount(1);
    expect(queryAllTexts(".o_cc_announcement_title")).toEqual(["New prices", "Old"]);
    await waitForNone(".o_cc_announcements_button .o_cc_count");
    expect(server.asked.at(-1)).toEqual(["announcement_read", [8]]);
});

test("the panel folds, docks at either edge, floats, and remembers all that", async () => {
    await startPhone();
    await click(".o_cc_recent_button");
    await waitFor(".o_cc_panel");
    expect(document.body).toHaveClass("o_cc_docked_end");
    expect(Math.round(queryRect(".o_cc_panel").right)).toBe(window.innerWidth);
    await click(".o_cc_panel_move");
    await waitFor(".o_cc_side_start");
    expect(Math.round(queryRect(".o_cc_panel").left)).toBe(0);
    const pointer = async (type, x, y) => {
        const at = type === "pointerdown" ? queryOne(".o_cc_panel_move") : document.body;
        at.dispatchEvent(
            new PointerEvent(type, { bubbles: true, button: 0, clientX: x, clientY: y })
        );
        await animationFrame();
    };
    const from = queryRect(".o_cc_panel_move");
    await pointer("pointerdown", from.x, from.y);
    await pointer("pointermove", from.x + 300, from.y + 100);
    await pointer("pointerup", from.x + 300, from.y + 100);
    await waitFor(".o_cc_floating");
    expect(document.body).not.toHaveClass("o_cc_docked");
    const { panel } = getService("cc_phone");
    expect(JSON.parse(localStorage.getItem("cc_phone.panel"))).toEqual({
        open: true,
        tab: "recent",
        side: "start",
        floating: true,
        x: panel.x,
        y: panel.y,
    });
    queryOne(".o_cc_panel_move").focus();
    await press("ArrowRight");
    await animationFrame();
    expect(Math.round(queryRect(".o_cc_panel").left)).toBe(Math.round(panel.x));
    await click(".o_cc_panel_fold");
    await waitForNone(".o_cc_panel");
    expect(JSON.parse(localStorage.getItem("cc_phone.panel")).open).toBe(false);
});

test("arrow keys go from tab to tab", async () => {
    onlyTabs("recent", "announcements");
    await startPhone();
    await click(".o_cc_recent_button");
    await waitFor(".o_cc_panel_tab_recent[aria-selected=true]");
    queryOne(".o_cc_panel_tab_recent").focus();
    await press("ArrowRight");
    expect(".o_cc_panel_tab_announcements").toBeFocused();
    await press("ArrowRight");
    expect(".o_cc_panel_tab_recent").toBeFocused();
});

test("tabs that the panel has no room for are in a menu; the one opened there gets a place", async () => {
    class Empty extends Component {
        static template = xml`<p t-esc="env.isSmall"/>`;
        static props = ["*"];
    }
    const panels = registry.category("cc_telephony.panels");
    const keys = [..."abcdefghijk"];
    for (const key of keys) {
        panels.add(key, { title: `Tab ${key}`, icon: "fa-star", Component: Empty });
    }
    onlyTabs(...keys);
    await startPhone("on_call", { calls: [answered()] });
    const inside = () => {
        const panel = queryRect(".o_cc_panel");
        const boxes = [...queryOne(".o_cc_panel_head").querySelectorAll("button")].map((el) =>
            el.getBoundingClientRect()
        );
        return boxes.every(({ left, right }) => left >= panel.left && right <= panel.right + 1);
    };
    await click(".o_cc_panel_tab_a");
    await waitFor(".o_cc_panel_body");
    expect(queryAllTexts("[role=tab]", { root: queryOne(".o_cc_panel") })).toHaveLength(7);
    expect(inside()).toBe(true);
    await click(".o_cc_panel_more");
    await waitFor(".o_cc_menu .o_cc_panel_tab_k");
    expect(queryAllTexts(".o_cc_menu .dropdown-item")).toEqual(
        ["h", "i", "j", "k"].map((key) => `Tab ${key}`)
    );
    await click(".o_cc_menu .o_cc_panel_tab_k");
    await waitFor(".o_cc_panel [role=tab].o_cc_panel_tab_k[aria-selected=true]");
    expect(".o_cc_panel [role=tab]").toHaveCount(7);
    expect(inside()).toBe(true);
    await click(".o_cc_panel_more");
    await waitFor(".o_cc_menu .dropdown-item");
    expect(queryAllTexts(".o_cc_menu .dropdown-item")).toEqual(
        ["g", "h", "i", "j"].map((key) => `Tab ${key}`)
    );
});
