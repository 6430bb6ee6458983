// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { after, animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, press, queryAllTexts, queryOne, queryRect } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";
import { getService, mockService, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { registerCallControl } from "@cc_telephony/phone/control_registry";
import { registerCardAction } from "@cc_telephony/card/card_actions";
import {
    answered,
    card,
    definePhoneModels,
    delivered,
    ended,
    nowUs,
    send,
    sendState,
    startPhone,
} from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");
definePhoneModels();

/** What this test registers goes with it. */
function control(id, definition) {
    registerCallControl(id, definition);
    after(() => {
        registry.category("cc_telephony.call_controls").remove(id);
        registry.category("cc_telephony.shortcuts").remove(id);
    });
}

function cardAction(id, definition) {
    registerCardAction(id, definition);
    after(() => registry.category("cc_telephony.card_actions").remove(id));
}

function entry(category, id, definition, options) {
    registry.category(category).add(id, definition, options);
    after(() => registry.category(category).remove(id));
}

/** Errors that are meant to happen: they are told in the console, once. */
function expectWarnings() {
    const warned = [];
    patchWithCleanup(console, { warn: (...words) => warned.push(words[0]) });
    return warned;
}

test("registerCallControl: a control of an addon is in the menu of the call, moves nothing", async () => {
    await startPhone("on_call", { calls: [answered()] });
    const places = () => ["hold", "mute", "hangup"].map((slot) => queryRect(`.o_cc_${slot}`).x);
    const before = places();
    const asked = [];
    control("probe", {
        icon: "fa-ticket",
        label: "New ticket",
        isDisplayed: (call) => Boolean(call.caller.partner_id),
        run: (call, phone, env) =>
            asked.push([call.call_uid, phone.store.agent.name, Boolean(env.services)]),
    });
    send("cc.call/changed", answered({ rev: 5 }));
    await waitFor(".o_cc_more");
    expect(places()).toEqual(before);
    await click(".o_cc_more");
    await waitFor(".o_cc_more_item");
    expect(queryAllTexts(".o_cc_more_item")).toEqual(["New ticket"]);
    await click(".o_cc_more_item");
    expect(asked).toEqual([["0190-a", "Ann", true]]);
    // Its own condition: a stranger has none.
    send("cc.call/changed", answered({ rev: 6, caller: { name: null, mask: "1", known: 0 } }));
    await waitForNone(".o_cc_more");
});

test("registerCallControl: one that is off says why and does nothing, by its key neither", async () => {
    const asked = [];
    let why = "Pay first.";
    control("probe", {
        icon: "fa-ticket",
        label: "New ticket",
        hotkey: "g",
        why: () => why,
        run: (call) => asked.push(call.call_uid),
    });
    await startPhone("on_call", { calls: [answered()] });
    await click(".o_cc_more");
    await waitFor(".o_cc_more_item");
    expect(".o_cc_more_item").toHaveAttribute("aria-disabled", "true");
    expect(".o_cc_more_item").toHaveAttribute("title", "New ticket (Alt+G): Pay first.");
    await click(".o_cc_more_item");
    await press(["alt", "g"]);
    expect(asked).toEqual([]);
    why = "";
    await press(["alt", "g"]);
    expect(asked).toEqual(["0190-a"]);
});

test("registerCallControl: a command of its own waits with a spinner for its result", async () => {
    control("probe", {
        icon: "fa-ticket",
        label: "Probe",
        waiting: "Waiting for the probe …",
        run: (call, phone) => phone.command("probe", { deep: 3 }, call),
    });
    const server = await startPhone("on_call", { calls: [answered()] });
    await click(".o_cc_more");
    await click(await waitFor(".o_cc_more_item"));
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "probe", { deep: 3 }, "0190-a"]);
    expect(".o_cc_more .fa-spin").toHaveCount(1);
    send("cc.command/result", { id: "cmd-probe", kind: "probe", ok: true, code: "ok" });
    await waitForNone(".o_cc_more .fa-spin");
});

test("registerCallControl: one that breaks is left out, the phone works on", async () => {
    const warned = expectWarnings();
    control("broken", {
        icon: "fa-bug",
        label: "Broken",
        isDisplayed: (call) => call.no.such.thing,
        run: () => {},
    });
    control("whole", { icon: "fa-check", label: "Whole", run: () => {} });
    await startPhone("on_call", { calls: [answered()] });
    await click(".o_cc_more");
    await waitFor(".o_cc_more_item");
    expect(queryAllTexts(".o_cc_more_item")).toEqual(["Whole"]);
    expect(".o_cc_hangup").toHaveCount(1);
    expect(warned).toEqual(["cc_phone: “cc_telephony.call_controls/broken” was left out"]);
});

test("registerCallControl: an addon may take a place of the bar's own", async () => {
    control("park", {
        place: "hold",
        sequence: 1,
        icon: "fa-car",
        label: "Park",
        run: () => {},
    });
    await startPhone("on_call", { calls: [answered()] });
    expect(".o_cc_slot_hold").toHaveCount(1);
    expect(".o_cc_slot_hold").toHaveClass("o_cc_park");
});

test("registerCardAction: on the card of a call that rings, with what addons put on the card", async () => {
    const asked = [];
    cardAction("orders", {
        icon: "fa-shopping-cart",
        label: ({ extra }) => `${extra.shop.orders} orders`,
        isDisplayed: ({ extra }) => Boolean(extra?.shop),
        run: (call) => asked.push(call.call_uid),
    });
    await startPhone();
    send("cc.call/changed", card({ extra: { shop: { orders: 3 } } }));
    await waitFor(".o_cc_card_action");
    expect(".o_cc_card_action").toHaveText("3 orders");
    await click(".o_cc_card_action");
    expect(asked).toEqual(["0190-a"]);
    send("cc.call/changed", card({ rev: 4, extra: {} }));
    await waitForNone(".o_cc_card_action");
    expect(".o_cc_answer").toHaveCount(1);
});

test("snapshot: addons' own data and the events STATE and SNAPSHOT", async () => {
    await startPhone("ready", { extra: { cc_probe: { todo: 3 } } });
    const phone = getService("cc_phone");
    expect(phone.store.extra).toEqual({ cc_probe: { todo: 3 } });
    const heard = [];
    phone.bus.addEventListener("STATE", ({ detail }) =>
        heard.push(`${detail.before} → ${detail.state}`)
    );
    phone.bus.addEventListener("SNAPSHOT", ({ detail }) => heard.push(detail.extra.cc_probe.todo));
    sendState("busy");
    await waitFor(".o_cc_bar[data-state=busy]");
    // The same state again is no change.
    sendState("break", { since: nowUs() - 600e6 });
    await delivered();
    expect(heard).toEqual(["ready → busy"]);
    send("cc.agent/extra", { extra: { cc_probe: { todo: 2 } } });
    await delivered();
    expect(heard).toEqual(["ready → busy", 2]);
    await phone.refresh();
    expect(heard.slice(2)).toEqual([3]);
});

test("bar_counts: a counter is always there, shows its number, and opens what it says", async () => {
    const done = [];
    mockService("action", { doAction: (what) => done.push(what) });
    entry("cc_telephony.bar_counts", "todo", {
        icon: "fa-ticket",
        label: "Tickets",
        count: (extra) => extra.cc_probe?.todo,
        action: "cc_probe.action_todo",
    });
    await startPhone("ready");
    expect(".o_cc_todo_button").toHaveAttribute("title", "Tickets");
    expect(".o_cc_todo_button .o_cc_count").toHaveCount(0);
    const before = queryRect(".o_cc_state").x;
    send("cc.agent/extra", { extra: { cc_probe: { todo: 120 } } });
    await waitFor(".o_cc_todo_button .o_cc_count");
    expect(".o_cc_todo_button .o_cc_count").toHaveText("99+");
    expect(".o_cc_todo_button").toHaveAttribute("title", "Tickets: 120");
    expect(queryRect(".o_cc_state").x).toBe(before);
    await click(".o_cc_todo_button");
    expect(done).toEqual(["cc_probe.action_todo"]);
});

class Survey extends Component {
    static template = xml`<button class="survey" t-on-click="fill" t-esc="props.card.call_uid"/>`;
    static props = { card: Object };
    fill() {
        getService("cc_phone").parts.survey = { filled: true };
    }
}

test("wrap_up: an incomplete part keeps from Ready, says why, and no longer once it is done", async () => {
    entry("cc_telephony.wrap_up", "survey", {
        Component: Survey,
        isComplete: (call, phone) =>
            phone.parts.survey?.filled || `Ask ${call.caller.name} the question.`,
    });
    const server = await startPhone("wrap_up", {
        last_call: ended(),
        until: nowUs() + 60e6,
    });
    await waitFor(".o_cc_call_note .survey");
    expect(".survey").toHaveText("0190-a");
    expect(".o_cc_incomplete").toHaveText("Ask Li Wei the question.");
    expect(".o_cc_finish").not.toBeEnabled();
    await press(["alt", "r"]);
    await waitFor(".o_notification:contains(Ask Li Wei the question.)");
    await click(".o_cc_state");
    await waitFor(".o_cc_state_choice[data-state=ready]");
    expect(".o_cc_state_choice[data-state=ready]").toHaveAttribute("aria-disabled", "true");
    expect(queryOne(".o_cc_state_choice[data-state=ready]").title).toBe("Ask Li Wei the question.");
    // A break is no ready: that may be taken.
    expect(".o_cc_state_choice[data-state=break]:first").toHaveAttribute("aria-disabled", "false");
    await press("escape");
    expect(server.count("set_state") + server.count("end_wrap_up")).toBe(0);
    await click(".survey");
    await animationFrame();
    expect(".o_cc_incomplete").toHaveCount(0);
    await click(".o_cc_finish");
    await animationFrame();
    expect(server.count("end_wrap_up")).toBe(1);
});

test("a part that breaks says so in its place; the note beside it works on", async () => {
    const warned = expectWarnings();
    class Broken extends Component {
        static template = xml`<p t-esc="props.card.no.such.thing"/>`;
        static props = { card: Object };
    }
    entry("cc_telephony.wrap_up", "broken", { Component: Broken });
    await startPhone("wrap_up", { last_call: ended(), until: nowUs() + 60e6 });
    await waitFor(".o_cc_broken");
    expect(".o_cc_broken").toHaveText(
        "“broken” cannot be shown. Reload the page, or contact your administrator."
    );
    expect(".o_cc_call_note textarea").toHaveCount(1);
    expect(warned).toEqual(["cc_phone: “broken” broke"]);
});
