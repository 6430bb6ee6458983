// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { advanceTime, animationFrame, describe, expect, freezeTime, test } from "@odoo/hoot";
import {
    click,
    edit,
    press,
    queryAll,
    queryAllTexts,
    queryOne,
    runAllTimers,
} from "@odoo/hoot-dom";
import { addBusServiceListeners } from "@bus/../tests/bus_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    asyncStep,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { Deferred } from "@web/core/utils/concurrency";
import { WEBSOCKET_CLOSE_CODES } from "@bus/workers/websocket_worker";
import { session } from "@web/session";
import { WebClient } from "@web/webclient/webclient";
import { nowUs, send, sendState, setupPhone, signedIn } from "../telephony_test_helpers";
import { waitFor, waitForNone, waitForSteps } from "../patience";

describe.current.tags("desktop");
defineMailModels();

const choice = (state) => `.o_cc_state_choice[data-state=${state}]`;

test("users who are no agents have no bar and ask for no phone", async () => {
    const server = setupPhone();
    patchWithCleanup(session, { cc_phone: false });
    await mountWithCleanup(WebClient);
    await animationFrame();
    expect(".o_cc_bar").toHaveCount(0);
    expect(server.asked).toEqual([]);
});

test("the menus beside the bar measure their room anew once it is there", async () => {
    setupPhone();
    const measure = () => asyncStep(`measured beside ${queryAll(".o_cc_bar").length} bar`);
    window.addEventListener("resize", measure);
    await mountWithCleanup(WebClient);
    await waitForSteps(["measured beside 1 bar"]);
    window.removeEventListener("resize", measure);
});

test("an agent without a session is offered to sign in, and signs in at a desk phone", async () => {
    const server = setupPhone();
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    expect(".o_cc_chip").toHaveText("Sign in");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in");
    expect(queryAllTexts(".o_cc_device .fw-bold")).toEqual([
        "This browser",
        "201 Reception",
        "External phone",
    ]);
    await click(".o_cc_device:contains(201) input");
    await click(".o_cc_sign_in_button");
    await waitFor(".o_cc_chip:contains(Signing in)");
    expect(server.asked.find(([method]) => method === "sign_in")).toEqual([
        "sign_in",
        "desk",
        "201",
    ]);
    expect(server.sips).toHaveLength(0, { message: "a desk phone needs no browser phone" });
    // Nothing is announced before the PBX has confirmed it.
    expect(".o_cc_bar").toHaveAttribute("data-state", "offline");
    sendState("busy", { session_id: 31 });
    await waitFor(".o_cc_bar[data-state=busy]");
    expect(".o_cc_word").toHaveText("Busy");
});

test("sign-in by keyboard alone: the cursor is in the box, Tab stays in it, Enter signs in", async () => {
    const server = setupPhone();
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    queryOne(".o_cc_state").focus();
    await press("enter");
    await waitFor(".o_cc_sign_in");
    expect(".o_cc_device:contains(This browser) input").toBeFocused();
    // From the last element on to the chosen of the radio buttons, and back.
    queryOne(".o_cc_sign_in_button").focus();
    await press("tab");
    expect(".o_cc_device:contains(This browser) input").toBeFocused();
    await press(["shift", "tab"]);
    expect(".o_cc_sign_in_button").toBeFocused();
    queryOne(".o_cc_device:contains(This browser) input").focus();
    await press("enter");
    await animationFrame();
    expect(server.asked.find(([method]) => method === "sign_in")).toEqual([
        "sign_in",
        "browser",
        "w1001",
    ]);
});

test("the state never changes before its button: both come with the whole picture", async () => {
    const server = setupPhone();
    let answer = Promise.resolve();
    onRpc("cc.agent", "my_phone", async ({ parent }) => {
        await answer;
        return parent();
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in");
    const slow = new Deferred();
    answer = slow;
    await click(".o_cc_device:contains(201) input");
    await click(".o_cc_sign_in_button");
    sendState("busy", { session_id: 31 });
    await advanceTime(100);
    await animationFrame();
    expect(".o_cc_bar").toHaveAttribute("data-state", "offline");
    expect(".o_cc_chip").toHaveText("Sign in");
    Object.assign(server.phone, { state: "busy", since: nowUs() });
    slow.resolve();
    await waitFor(".o_cc_bar[data-state=busy]");
    expect(".o_cc_word").toHaveText("Busy");
    expect(".o_cc_sign_in").toHaveCount(0);
    expect(".o_cc_chip .fa-spin").toHaveCount(0);
    await click(".o_cc_state");
    await waitFor(choice("ready"));
});

test("an open menu stays open when the bar is drawn anew", async () => {
    signedIn("offline");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_chip:contains(Signing in)");
    await click(".o_cc_state");
    await waitFor(choice("ready"));
    sendState("busy");
    await waitFor(".o_cc_bar[data-state=busy]");
    await animationFrame();
    expect(choice("ready")).toHaveCount(1);
    expect(choice("ready")).toHaveAttribute("aria-disabled", "false");
    send("cc.pbx/state", { pbx_id: 1, connected: false, message: "" });
    await waitFor(".o_cc_trouble");
    expect(choice("ready")).toHaveCount(1);
});

const WORDS = {
    ready: "Ready",
    ringing: "Ringing",
    on_call: "On call",
    wrap_up: "Wrap-up",
    busy: "Busy",
    break: "Break",
};
for (const [state, word] of Object.entries(WORDS)) {
    test(`state ${state} has word, icon, colour and time`, async () => {
        signedIn(state);
        await mountWithCleanup(WebClient);
        await waitFor(`.o_cc_bar[data-state=${state}]`);
        expect(".o_cc_word").toHaveText(word);
        expect(".o_cc_chip .o_cc_duration").toHaveText("01:05");
        expect(".o_cc_state").toHaveClass(`o_cc_is_${state}`);
        expect(".o_cc_chip i:first").toBeVisible();
    });
}

test("time ticks from the fact's time, by the server's clock", async () => {
    signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_duration:contains(01:05)");
    await advanceTime(3600);
    // the clock stands there: a tick that comes late shows it too
    await waitFor(".o_cc_chip .o_cc_duration:contains(01:08)");
    expect(".o_cc_chip .o_cc_duration").toHaveText("01:08");
});

test("wrap-up counts down to its end", async () => {
    signedIn("wrap_up", { until: nowUs() + 20e6 });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    await advanceTime(5700);
    await waitFor(".o_cc_chip .o_cc_duration:contains(00:15)");
    expect(".o_cc_chip .o_cc_duration").toHaveText("00:15");
});

test("a break shows its reason", async () => {
    signedIn("break", { reason: "Lunch" });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=break]");
    expect(".o_cc_word").toHaveText("Lunch");
});

test("illegal moves can't be chosen and say why", async () => {
    const server = signedIn("ringing");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(choice("busy"));
    for (const state of ["ready", "busy", "break"]) {
        expect(`${choice(state)}:first`).toHaveAttribute("aria-disabled", "true");
        expect(`${choice(state)}:first`).toHaveAttribute("title", "End the call first.");
    }
    await click(choice("busy"));
    await animationFrame();
    expect(server.count("set_state") + server.count("set_next_state")).toBe(0);
    await press(["alt", "b"]);
    expect(server.count("set_state")).toBe(0, { message: "nor by its key" });
});

test("during a call one chooses what comes after it, and may take it back (TEL-60)", async () => {
    const server = signedIn("on_call", { since: nowUs() - 30e6 });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_next_heading:contains(After this call)");
    await click(`${choice("break")}:contains(Lunch)`);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_next_state", "break", 1]);
    // Shown by the fact alone.
    expect(".o_cc_next").toHaveCount(0);
    sendState("on_call", { since: nowUs() - 30e6, next: { state: "break", reason: "Lunch" } });
    await waitFor(".o_cc_chip .o_cc_next:contains(Lunch)");
    expect(queryOne(".o_cc_state").title).toBe("On call, then Lunch, on phone 201");
    await click(".o_cc_state");
    await waitFor(`${choice("break")}:contains(Lunch)[aria-pressed=true]`);
    expect(`${choice("busy")}`).toHaveAttribute("aria-pressed", "false");
    await click(`${choice("break")}:contains(Lunch)`);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_next_state", false, false]);
    sendState("on_call", { since: nowUs() - 30e6 });
    await waitForNone(".o_cc_next");
});

test("in the wrap-up signing out can be chosen; Ready ends it at once", async () => {
    const server = signedIn("wrap_up", { until: nowUs() + 60e6 });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_out:contains(Sign out after this call)");
    await click(".o_cc_sign_out");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_next_state", "offline", false]);
    await click(".o_cc_state");
    await waitFor(choice("ready"));
    await click(choice("ready"));
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_state", "ready", false]);
});

test("a phone that the PBX cannot reach is said, with what to do (TEL-62)", async () => {
    signedIn("ready", { reachable: false });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_trouble");
    expect(queryOne(".o_cc_trouble").title).toMatch(/^The PBX cannot reach your phone/);
    // a state that nobody stands behind does not look like one
    expect(".o_cc_state .o_cc_word").toHaveText("Not reachable");
    expect(".o_cc_state").toHaveClass("o_cc_is_away");
    expect(queryOne(".o_cc_state").title).toMatch(/^Ready, but not reachable/);
    expect(".o_cc_take_over").toHaveCount(0);
    sendState("ready");
    await waitForNone(".o_cc_trouble");
    expect(".o_cc_state .o_cc_word").toHaveText("Ready");
    expect(".o_cc_state").toHaveClass("o_cc_is_ready");
});

test("nobody becomes Ready where no phone can be reached", async () => {
    const server = signedIn("busy", { reachable: false });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_trouble");
    await press(["alt", "r"]);
    await waitFor(".o_notification:contains(cannot reach your phone)");
    expect(server.count("set_state")).toBe(0);
});

test("the state changes by the fact, not by the click; a slow one says what it waits for", async () => {
    const server = signedIn("busy");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    freezeTime();
    await press(["alt", "r"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_state", "ready", false]);
    expect(".o_cc_bar").toHaveAttribute("data-state", "busy");
    expect(".o_cc_chip .fa-spin").toHaveCount(1);
    expect(".o_cc_waiting").toHaveCount(0);
    await advanceTime(2100);
    await waitFor(".o_cc_waiting:contains(Waiting for the PBX)");
    sendState("ready");
    await waitFor(".o_cc_bar[data-state=ready]");
    expect(".o_cc_waiting").toHaveCount(0);
    expect(".o_cc_chip .fa-spin").toHaveCount(0);
});

test("a state that came about by itself as it was asked for is awaited no longer", async () => {
    signedIn("busy");
    onRpc("cc.agent", "set_state", () => {
        asyncStep("asked");
        return false;
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await press(["alt", "r"]);
    await waitForSteps(["asked"]);
    await animationFrame();
    expect(".o_cc_chip .fa-spin").toHaveCount(0);
    expect(".o_notification").toHaveCount(0);
});

test("a break is asked for with its reason", async () => {
    const server = signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(choice("break"));
    await click(`${choice("break")}:contains(Training)`);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_state", "break", 2]);
});

test("a command that fails is explained, with the way out", async () => {
    signedIn("busy");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await press(["alt", "r"]);
    await animationFrame();
    send("cc.command/result", {
        id: "cmd-ready",
        kind: "set_state",
        ok: false,
        code: "not_registered",
        message: "no contact",
    });
    await waitFor(".o_notification:contains(Check that it is switched on)");
    expect(".o_cc_bar").toHaveAttribute("data-state", "busy");
    expect(".o_cc_chip .fa-spin").toHaveCount(0);
});

test("a command without an answer is given up after 15 seconds", async () => {
    signedIn("busy");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await press(["alt", "r"]);
    await advanceTime(15100);
    await waitFor(".o_notification:contains(has not answered for 15 seconds)");
    expect(".o_cc_waiting").toHaveCount(0);
});

test("an old state message changes nothing", async () => {
    signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=ready]");
    sendState("busy", { since: nowUs() - 600e6 });
    sendState("break", { agent_id: 8 });
    send("cc.pbx/state", { pbx_id: 1, connected: false, message: "" });
    await waitFor(".o_cc_trouble");
    expect(".o_cc_bar").toHaveAttribute("data-state", "ready");
});

test("a lost PBX is shown in words until it is back", async () => {
    signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    send("cc.pbx/state", { pbx_id: 1, connected: false, message: "login refused" });
    await waitFor(".o_cc_trouble");
    expect(queryOne(".o_cc_trouble").title).toInclude("login refused");
    send("cc.pbx/state", { pbx_id: 1, connected: true, message: "" });
    await waitForNone(".o_cc_trouble");
});

test("a session that was taken over ends here and says so", async () => {
    const server = signedIn("ready", { device: "browser" });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=ready]");
    await animationFrame();
    expect(server.sips).toHaveLength(1);
    server.phone.session = false;
    send("cc.agent/session", { session_id: 30, ended: "taken_over" });
    await waitFor(".o_cc_chip:contains(Sign in)");
    expect(server.sip.stopped).toBe(true);
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in [role=alert]");
    expect(".o_cc_sign_in [role=alert]").toHaveText(
        "You signed in somewhere else, so you were signed out here."
    );
    expect(server.sips).toHaveLength(1, { message: "it does not register again" });
});

/** Ready with another browser's phone. */
function signedInElsewhere(more = {}) {
    localStorage.removeItem("cc_phone.session.7");
    return setupPhone({
        session: 29,
        device: "browser",
        extension: "w1001",
        state: "ready",
        since: nowUs(),
        sip: { ws: "/pbx/main/ws", extension: "w1001", secret: "x", realm: "", ice: [] },
        ...more,
    });
}

test("another browser's session is shown, but its phone is not taken", async () => {
    const server = signedInElsewhere();
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=ready]");
    expect(server.sips).toHaveLength(0);
    await click(".o_cc_trouble");
    await waitFor(".o_cc_sign_in_here");
    await click(".o_cc_sign_in_here");
    await animationFrame();
    expect(
        server.asked.some(([method, device]) => method === "sign_in" && device === "browser")
    ).toBe(true);
});

test("a session whose browser is gone is no Ready, and is taken over by one click", async () => {
    const server = signedInElsewhere({ reachable: false });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_state .o_cc_word:contains(Not reachable)");
    expect(server.sips).toHaveLength(0);
    await press(["alt", "r"]);
    await waitFor(".o_notification:contains(Sign in here)");
    expect(server.count("set_state")).toBe(0);
    await click(".o_cc_take_over");
    await animationFrame();
    expect(
        server.asked
            .filter(([method]) => method === "sign_in")
            .at(-1)
            .slice(1, 3)
    ).toEqual(["browser", "w1001"]);
});

test("a phone that can't register says why and what to do", async () => {
    const server = signedIn("ready", { device: "browser" });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=ready]");
    await animationFrame();
    server.sip.handlers.onStatus("failed", "Allow the microphone");
    await waitFor(".o_cc_trouble");
    expect(queryOne(".o_cc_trouble").title).toBe("Allow the microphone");
    server.sip.handlers.onStatus("registered", null);
    await waitForNone(".o_cc_trouble");
});

test("dial pad: Enter dials, the last number again", async () => {
    const server = signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_dial");
    await waitFor(".o_cc_dial_pad input");
    await click(".o_cc_dial_pad input");
    await edit("010 5555 1234", { confirm: "enter" });
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "dial", { number: "010 5555 1234" }, false]);
    send("cc.command/result", { id: "cmd-dial", kind: "dial", ok: true, code: "ok", message: "" });
    await waitForNone(".o_cc_dial .fa-spin");
    await click(".o_cc_dial");
    await waitFor(".o_cc_redial");
    expect(".o_cc_redial").toHaveText("Redial: 010 5555 1234");
    await click(".o_cc_redial");
    await animationFrame();
    expect(server.count("command")).toBe(2);
});

test("after a reconnection the whole picture is read again", async () => {
    const server = signedIn("ready");
    addBusServiceListeners(
        ["BUS:CONNECT", () => asyncStep("connected")],
        ["BUS:DISCONNECT", () => asyncStep("disconnected")]
    );
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar[data-state=ready]");
    await waitForSteps(["connected"]);
    Object.assign(server.phone, { state: "break", reason: "Lunch", since: nowUs() });
    MockServer.env["bus.bus"]._simulateDisconnection(WEBSOCKET_CLOSE_CODES.ABNORMAL_CLOSURE);
    await waitForSteps(["disconnected"]);
    expect(".o_cc_bar").toHaveAttribute("data-state", "ready");
    await runAllTimers();
    await waitFor(".o_cc_bar[data-state=break]");
});

test("an outside phone: its number is typed once, then it is a choice like the others", async () => {
    const server = setupPhone();
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in");
    expect(".o_cc_outside_number").toHaveCount(0);
    await click(".o_cc_device:contains(External phone) input");
    await waitFor(".o_cc_outside_number");
    await click(".o_cc_outside_number");
    await edit("139 1111 2222");
    await click(".o_cc_sign_in_button");
    await animationFrame();
    expect(server.asked.find(([method]) => method === "sign_in")).toEqual([
        "sign_in",
        "mobile",
        "139 1111 2222",
    ]);
});

test("an outside phone counts once its code was keyed in there", async () => {
    const server = setupPhone();
    const asks = { id: "cmd-confirm", code: "482193", number: "+86 139 •••• 2222" };
    onRpc("cc.agent", "sign_in", ({ parent }) =>
        server.confirmed ? parent() : { confirm: { ...asks } }
    );
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in");
    await click(".o_cc_device:contains(External phone) input");
    await waitFor(".o_cc_outside_number");
    await click(".o_cc_outside_number");
    await edit("139 1111 2222");
    await click(".o_cc_sign_in_button");
    await waitFor(".o_cc_confirm");
    expect(".o_cc_confirm").toHaveText(/\+86 139 •••• 2222.*482193/s);
    expect(".o_cc_sign_in_button").not.toBeEnabled();
    const told = (code) =>
        send("cc.command/result", {
            id: "cmd-confirm",
            kind: "confirm_number",
            ok: code === "ok",
            code,
            message: "",
        });
    told("wrong_code");
    await waitForNone(".o_cc_confirm");
    expect(".o_cc_sign_in [role=alert]").toHaveText(/not keyed in correctly/);
    await click(".o_cc_sign_in_button");
    await waitFor(".o_cc_confirm");
    expect(".o_cc_sign_in [role=alert]").toHaveCount(0);
    server.confirmed = true;
    told("ok");
    await waitForNone(".o_cc_sign_in");
    expect(server.phone.session).toBe(31);
});

test("the phone signed in with last is chosen already, also at another computer", async () => {
    localStorage.removeItem("cc_phone.last_device");
    const server = setupPhone({
        devices: [
            { device: "browser", extension: "w1001", label: "This browser" },
            { device: "mobile", extension: 77, label: "+86 139 •••• 2222" },
        ],
        last_device: { device: "mobile", extension: 77 },
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_in");
    expect(".o_cc_device:contains(2222) input").toBeChecked();
    expect(".o_cc_device:contains(Another external phone)").toHaveCount(1);
    await click(".o_cc_sign_in_button");
    await animationFrame();
    expect(server.asked.find(([method]) => method === "sign_in")).toEqual([
        "sign_in",
        "mobile",
        77,
    ]);
});
