// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { advanceTime, animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryOne, queryRect } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { callControls } from "../shared_tables";
import {
    answered,
    card,
    colleague,
    nowUs,
    party,
    send,
    sendState,
    signedIn,
} from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");
defineMailModels();

async function show(callCard, more = {}) {
    const server = signedIn("on_call", { calls: [callCard], ...more });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_call_strip");
    await animationFrame();
    return server;
}

/** kind: "on", or what its tooltip says is against it; in the order in which they stand. */
function shown() {
    return queryAll(".o_cc_control").map((el) => {
        const kind = [...el.classList].find(
            (name) => /^o_cc_(?!control|slot|keypad)/.test(name) && name !== "btn"
        );
        return [kind.slice(5), el.getAttribute("aria-disabled") === "true" ? "off" : "on"].join(
            " "
        );
    });
}

const held = (more = {}) =>
    answered({
        held: true,
        state: "held",
        parties: [party({ state: "held" })],
        can: ["hangup", "mute", "resume", "transfer", "consult"],
        ...more,
    });

const consulting = (state, more = {}) =>
    held({
        consult: { state, name: "Chen Li", mask: "1003" },
        parties: [
            party({ state: "held" }),
            colleague({ state: state === "ringing" ? "ringing" : "talking" }),
        ],
        can:
            state === "ringing"
                ? ["hangup", "mute", "cancel", "complete"]
                : ["hangup", "mute", "cancel", "complete", "toggle", "conference", "dtmf"],
        ...more,
    });

const SITUATIONS = [
    {
        name: "in talk",
        call: () => answered(),
        controls: "hold on, transfer on, consult on, invite on, dtmf on, mute on, hangup on",
        line: /^00:00/,
    },
    {
        name: "on hold",
        call: () => held(),
        controls: "resume on, transfer on, consult on, invite off, dtmf off, mute on, hangup on",
        line: /^On hold/,
    },
    {
        name: "the consulted is being rung",
        call: () => consulting("ringing"),
        controls:
            "toggle off, complete on, cancel on, conference off, dtmf off, mute on, hangup on",
        line: /^On hold/,
        third: ["Chen Li", "Calling"],
    },
    {
        name: "talking with the consulted",
        call: () => consulting("talking"),
        controls: "toggle on, complete on, cancel on, conference on, dtmf on, mute on, hangup on",
        line: /^On hold/,
        third: ["Chen Li", "Talking"],
    },
    {
        name: "talking with the customer while the consulted waits",
        call: () =>
            consulting("waiting", {
                held: false,
                state: "talking",
                parties: [party(), colleague({ state: "held" })],
            }),
        controls: "toggle on, complete on, cancel on, conference on, dtmf on, mute on, hangup on",
        line: /^00:00/,
        third: ["Chen Li", "Waits"],
    },
    {
        name: "somebody invited is being rung",
        call: () =>
            answered({
                parties: [party(), colleague({ leg: null, ring: 2, state: "ringing" })],
                can: [
                    "hangup",
                    "mute",
                    "hold",
                    "transfer",
                    "consult",
                    "invite",
                    "uninvite",
                    "dtmf",
                ],
            }),
        controls: "hold on, transfer on, consult on, uninvite on, dtmf on, mute on, hangup on",
        line: /^00:00/,
        third: ["Chen Li", "Calling"],
    },
    {
        name: "three talk",
        call: () =>
            answered({
                conference: true,
                parties: [
                    party(),
                    colleague(),
                    party({ leg: 5, role: "supervisor", mode: "listen" }),
                ],
                can: ["hangup", "mute", "hold", "complete", "invite", "kick", "dtmf"],
            }),
        // Agent, customer, colleague; who only listens does not talk.
        controls: "hold on, complete on, consult off, invite on, dtmf on, mute on, hangup on",
        line: /^3 in conference/,
    },
    {
        name: "the agent's own dialling",
        call: () =>
            card({
                direction: "outbound",
                can: ["hangup"],
                queue: null,
                ring_t: null,
                started_t: nowUs(),
            }),
        controls: "hold off, transfer off, consult off, invite off, dtmf off, mute on, hangup on",
        line: /^Calling/,
    },
];
for (const { name, call, controls, line, third } of SITUATIONS) {
    test(`${name}: what is shown and what can be done`, async () => {
        await show(call());
        expect(shown().join(", ")).toBe(controls);
        expect(".o_cc_party:first .o_cc_line").toHaveText(line);
        expect(".o_cc_third").toHaveCount(third ? 1 : 0);
        if (third) {
            expect(".o_cc_third .o_cc_caller").toHaveText(third[0]);
            expect(".o_cc_third .o_cc_line").toHaveText(third[1]);
        }
        for (const el of queryAll(".o_cc_control")) {
            // No button without a name, none that is off without its reason.
            expect(el.getAttribute("aria-label").length).toBeGreaterThan(3);
            if (el.getAttribute("aria-disabled")) {
                expect(el.title).toMatch(/: (Available|Go|Take|Not)/);
            }
        }
    });
}

test("mute and hang up never move: not by hold, not by a consultation, not by what is waited for", async () => {
    await show(answered());
    const places = () => [queryRect(".o_cc_mute").x, queryRect(".o_cc_hangup").x];
    const before = places();
    const width = () => queryRect(".o_cc_call_strip").width;
    const first = width();
    const long = { name: "Sun Juan, Silver Crane Textiles International Trading", mask: "+86 138" };
    send("cc.call/changed", answered({ rev: 5, caller: { ...long, known: 1, partner_id: 12 } }));
    await waitFor(".o_cc_call_strip .o_cc_caller:contains(Silver)");
    expect(places()).toEqual(before);
    expect(width()).toBe(first, {
        message: "where the bar is full, its width moves what it holds",
    });
    send("cc.call/changed", held({ rev: 5 }));
    await waitFor(".o_cc_resume");
    expect(places()).toEqual(before);
    send("cc.call/changed", consulting("ringing", { rev: 6 }));
    await waitFor(".o_cc_cancel");
    expect(places()).toEqual(before);
    send("cc.call/changed", consulting("talking", { rev: 7 }));
    await waitFor(".o_cc_third[data-state=talking]");
    expect(places()).toEqual(before);
    expect(width()).toBe(first);
    await press(["alt", "h"]);
    await advanceTime(2100);
    await waitFor(".o_cc_waiting");
    expect(places()).toEqual(before);
});

test("hold and resume: the screen changes by the fact; a slow one says what it waits for", async () => {
    const server = await show(answered());
    await press(["alt", "h"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hold", {}, "0190-a"]);
    expect(".o_cc_call_strip").not.toHaveClass("o_cc_held");
    expect(".o_cc_hold .fa-spin").toHaveCount(1);
    await advanceTime(2100);
    await waitFor(".o_cc_waiting:contains(put the customer on hold)");
    send("cc.call/changed", held({ rev: 5 }));
    await waitFor(".o_cc_call_strip.o_cc_held");
    expect(".o_cc_waiting").toHaveCount(0);
    expect(".o_cc_control .fa-spin").toHaveCount(0);
    expect(".o_cc_bar [aria-live=assertive]").toHaveText("Li Wei is on hold");
    await click(".o_cc_resume");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "resume", {}, "0190-a"]);
});

test("whom one has invited in vain is taken back, in the bar and in the panel", async () => {
    const server = await show(
        answered({
            parties: [party(), colleague({ leg: null, ring: 2, state: "ringing" })],
            can: ["hangup", "mute", "hold", "invite", "uninvite"],
        })
    );
    await click(".o_cc_slot_invite");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "uninvite", { ring: 2 }, "0190-a"]);
    expect(".o_cc_slot_invite .fa-spin").toHaveCount(1);
    send("cc.call/changed", answered({ rev: 6 }));
    await waitFor(".o_cc_invite");
    expect(".o_cc_third").toHaveCount(0);
});

test("who talks on after the customer has left can hang up", async () => {
    const server = await show(consulting("talking"));
    send("cc.call/changed", answered({ rev: 9, mine: "left", state: "ended", moment: "ended" }));
    await waitForNone(".o_cc_call_strip");
    sendState("on_call", { call_uid: "0190-a", talks_on: true });
    await waitFor(".o_cc_talks_on:contains(Customer left)");
    expect(".o_cc_call_strip").toHaveCount(1);
    // A call can't be dialled from within a talk.
    expect(".o_cc_dial").toHaveCount(0);
    await click(".o_cc_talks_on .o_cc_hangup");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hangup", {}, "0190-a"]);
    expect(".o_cc_talks_on .o_cc_hangup").not.toBeEnabled();
    sendState("ready");
    await waitForNone(".o_cc_talks_on");
    sendState("on_call", { call_uid: "0190-a", talks_on: true });
    await waitFor(".o_cc_talks_on");
    server.asked.length = 0;
    await press(["alt", "e"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hangup", {}, "0190-a"]);
});

test("a consultation's four, each by one key", async () => {
    const server = await show(consulting("talking"));
    for (const [key, kind] of [
        ["h", "toggle"],
        ["t", "complete"],
        ["l", "cancel"],
        ["w", "conference"],
    ]) {
        await press(["alt", key]);
        await animationFrame();
        expect(server.asked.at(-1)).toEqual(["command", kind, {}, "0190-a"]);
        send("cc.command/result", { id: `cmd-${kind}`, kind, ok: true, code: "ok", message: "" });
        await waitForNone(".o_cc_control .fa-spin");
    }
});

test("what is off does nothing when clicked, nor by its key", async () => {
    const server = await show(held());
    await click(".o_cc_invite");
    await click(".o_cc_slot_dtmf");
    await press(["alt", "i"]);
    await press(["alt", "k"]);
    await animationFrame();
    expect(server.count("command")).toBe(0);
    expect(".o_cc_picker, .o_cc_keypad").toHaveCount(0);
    expect(queryOne(".o_cc_invite").title).toMatch(/Take the customer off hold first/);
});

test("what the phone can't do at all is left out", async () => {
    const desk = callControls.controls.map((row) =>
        row.control === "invite" ? { ...row, devices: ["browser"] } : row
    );
    await show(answered(), { controls: { controls: desk } });
    expect(".o_cc_slot_invite").toHaveCount(0);
    expect(".o_cc_hold").toHaveCount(1);
});

test("keypad: keys go out in their order, however fast; what the customer presses is shown", async () => {
    const server = await show(answered());
    await press(["alt", "k"]);
    await waitFor(".o_cc_keypad");
    await animationFrame();
    await press("1");
    await press("2");
    await press("#");
    await animationFrame();
    const sent = () =>
        server.asked.filter(([, kind]) => kind === "dtmf").map(([, , a]) => a.digits);
    expect(sent()).toEqual(["1"]);
    expect(".o_cc_keypad_sent").toHaveText("12#");
    send("cc.command/result", { id: "cmd-dtmf", kind: "dtmf", ok: true, code: "ok", message: "" });
    await waitFor(".o_cc_slot_dtmf:not(:disabled)");
    expect(sent()).toEqual(["1", "2#"]);
    send("cc.call/changed", answered({ rev: 5, keys: "47" }));
    await waitFor(".o_cc_keypad_received");
    expect(".o_cc_keypad_received b").toHaveText("47");
    expect(".o_cc_bar [aria-live=assertive]").toHaveText("Keys pressed: 47");
});

test("in another browser than the one signed in with there are no controls", async () => {
    localStorage.removeItem("cc_phone.session.7");
    await show(answered(), { session: 29, device: "browser", extension: "w1001" });
    expect(".o_cc_control").toHaveCount(0);
    expect(".o_cc_caller").toHaveText("Li Wei");
});

test("every state that the agent can be in with a call keeps the call's controls", async () => {
    await show(answered());
    for (const state of ["on_call", "busy", "ready"]) {
        sendState(state);
        await waitFor(`.o_cc_bar[data-state=${state}]`);
        expect(".o_cc_hangup").toHaveCount(1);
        expect(".o_cc_dial").toHaveCount(0);
    }
});
