// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    advanceTime,
    animationFrame,
    describe,
    expect,
    freezeTime,
    getFixture,
    mockSendBeacon,
    test,
} from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryOne, select } from "@odoo/hoot-dom";
import {
    MockServer,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { WebClient } from "@web/webclient/webclient";
import {
    answered,
    card,
    colleague,
    definePhoneModels,
    delivered,
    ended,
    Note,
    nowUs,
    party,
    send,
    sendState,
    signedIn,
} from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");

definePhoneModels();

const notes = () => MockServer.env["cc.call.note"].search_read([], ["call_id", "note"]);

/** With the note's tab open; what is typed is saved in a pause only where a test makes one. */
async function startTalk() {
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel.o_cc_folded");
    await click(".o_cc_panel_tab_call");
    await waitFor(".o_cc_call_note textarea");
    freezeTime();
}

test("nothing at the page's edge without a call", async () => {
    signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    expect(".o_cc_panel").toHaveCount(0);
});

test("purpose and note make one row, saved as the agent goes on", async () => {
    signedIn("on_call", { calls: [answered()] });
    await startTalk();
    await click("select[aria-label='Call purpose']");
    await select("2");
    await animationFrame();
    await click("select[aria-label='Customer source']");
    await select("4");
    await animationFrame();
    await click(".o_cc_call_note textarea");
    await edit("wants a refund", { confirm: "blur" });
    await waitFor(".o_cc_call_note [role=status]:contains(Saved)");
    const found = MockServer.env["cc.call.note"].search_read([]);
    expect(
        found.map((row) => [row.call_id, row.note, row.purpose_id[0], row.source_id[0]])
    ).toEqual([[900, "wants a refund", 2, 4]]);
});

test("after the call Enter saves and ends the wrap-up", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    await startTalk();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    expect(".o_cc_call_note").toHaveCount(1, { message: "the note stays while it is written" });
    await click(".o_cc_call_note textarea");
    await edit("will call back");
    await press("Enter");
    await animationFrame();
    // One request for both: no note without the end of the wrap-up, and the other way round.
    expect(server.asked.at(-1)).toEqual(["end_wrap_up", { note: "will call back", seen: "" }]);
});

test("the note is not taken away between the call's end and the wrap-up", async () => {
    signedIn("on_call", { calls: [answered()] });
    await startTalk();
    await click(".o_cc_call_note textarea");
    await edit("half a sen", { confirm: false });
    const field = queryOne(".o_cc_call_note textarea");
    const stays = () => {
        expect(queryOne(".o_cc_call_note textarea")).toBe(field);
        expect(field).toBeFocused();
        expect(field).toHaveValue("half a sen");
    };
    send("cc.call/changed", ended());
    await waitForNone(".o_cc_call_strip");
    stays();
    sendState("on_call", { call_uid: "0190-a", talks_on: true });
    await waitFor(".o_cc_talks_on");
    stays();
    sendState("wrap_up", { call_uid: "0190-a" });
    await waitFor(".o_cc_finish");
    stays();
    sendState("ready");
    await waitForNone(".o_cc_call_note");
    // the next call's state may come before its card
    sendState("on_call", { call_uid: "0190-b" });
    await waitFor(".o_cc_bar[data-state=on_call]");
    expect(".o_cc_call_note").toHaveCount(0);
});

test("what the same agent wrote in another tab stands with what is written here", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    onRpc("cc.call", "cc_save_note", ({ args }) => {
        server.asked.push(args);
        return `wants a refund\n${args[1].note}`;
    });
    await startTalk();
    await click(".o_cc_call_note textarea");
    await edit("calls back");
    await press("Enter");
    await waitFor(".o_cc_call_note [role=status]:contains(Saved)");
    expect(server.asked.at(-1)).toEqual([[900], { note: "calls back", seen: "" }]);
    expect(".o_cc_call_note textarea").toHaveValue("wants a refund\ncalls back");
    await edit("wants a refund\ncalls back today", { confirm: "blur" });
    await animationFrame();
    expect(server.asked.at(-1)[1].seen).toBe("wants a refund\ncalls back");
});

test("what is half written when the wrap-up runs out is kept", async () => {
    signedIn("on_call", { calls: [answered()] });
    await startTalk();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    await click(".o_cc_call_note textarea");
    await edit("half a sen");
    sendState("ready");
    await waitForNone(".o_cc_call_note");
    await animationFrame();
    expect(notes().map(({ note }) => note)).toEqual(["half a sen"]);
});

test("what is written is saved in a pause, when the page goes, and as soon as Odoo is back", async () => {
    signedIn("on_call", { calls: [answered()] });
    mockSendBeacon((route) => expect.step(route));
    await startTalk();
    await click(".o_cc_call_note textarea");
    await edit("wants", { confirm: false });
    await advanceTime(2100);
    await waitFor(".o_cc_call_note [role=status]:contains(Saved)");
    expect(notes().map(({ note }) => note)).toEqual(["wants"]);
    window.dispatchEvent(new Event("pagehide"));
    expect.verifySteps([]);
    await edit("wants a refund", { confirm: false });
    window.dispatchEvent(new Event("pagehide"));
    expect.verifySteps(["/web/dataset/call_kw/cc.call/cc_save_note"]);
    const away = patchWithCleanup(getService("orm"), {
        call(_model, method) {
            const isLost = method === "cc_save_note";
            return isLost ? Promise.reject(new ConnectionLostError("/")) : super.call(...arguments);
        },
    });
    await edit("wants a refund today", { confirm: false });
    await advanceTime(2100);
    await waitFor(".o_cc_call_note [role=status]:contains(cannot be reached)");
    sendState("ready");
    send("cc.call/changed", ended());
    await waitForNone(".o_cc_call_note");
    away();
    await advanceTime(2100);
    await animationFrame();
    expect(notes().map(({ note }) => note)).toEqual(["wants a refund today"]);
});

test("a colleague's call in the middle of a wrap-up takes neither the note nor its call", async () => {
    const until = nowUs() + 30e6;
    const server = signedIn("wrap_up", { last_call: ended(), until });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_call_note textarea:focus");
    freezeTime();
    await edit("half a sen", { confirm: false });
    const other = { id: 901, call_uid: "0190-b" };
    send("cc.call/changed", card(other));
    sendState("ringing", { call_uid: "0190-b", until });
    await waitFor(".o_cc_bar[data-state=ringing]");
    expect(".o_cc_call_note textarea").toHaveValue("half a sen");
    expect(".o_cc_call_note textarea").toBeFocused();
    send("cc.call/changed", answered(other));
    sendState("on_call", { call_uid: "0190-b", until });
    await waitFor(".o_cc_call_strip");
    send("cc.call/changed", ended(other));
    sendState("wrap_up", { call_uid: "0190-a", until });
    await waitFor(".o_cc_call_note textarea:value(half a sen)");
    await click(".o_cc_call_note textarea");
    await edit("half a sentence", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual([
        "end_wrap_up",
        { note: "half a sentence", seen: "half a sen" },
    ]);
    expect(notes().map(({ call_id }) => call_id)).toEqual([900]);
});

test("a note that was begun is read again", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    // chosen by a colleague, who wrote nothing
    server.subject = { purpose_id: [1, "Order"], source_id: false };
    Note._records = [{ id: 5, call_id: 900, author_id: serverState.userId, note: "began before" }];
    await startTalk();
    expect(".o_cc_call_note textarea").toHaveValue("began before");
    expect("select[aria-label='Call purpose']").toHaveValue("1");
});

test("the wrap-up puts the cursor into one line, counts down, and folds again when it is over", async () => {
    signedIn("on_call", { calls: [answered()] });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel.o_cc_folded");
    send("cc.call/changed", ended());
    sendState("wrap_up", { until: nowUs() + 30e6 });
    await waitFor(".o_cc_call_note textarea");
    await animationFrame();
    expect(".o_cc_call_note textarea").toBeFocused();
    expect(".o_cc_call_note textarea").toHaveAttribute("rows", "1");
    expect(".o_cc_finish").toHaveText(/Finish wrap-up · 00:30/);
    sendState("ready");
    await waitForNone(".o_cc_panel");
});

test("the wrap-up can be made longer beside Done, as often as is allowed", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    onRpc("cc.agent", "prolong_wrap_up", () => {
        server.asked.push(["prolong_wrap_up"]);
        return { id: "c-9" };
    });
    await startTalk();
    send("cc.call/changed", ended());
    const since = nowUs();
    const until = since + 20e6;
    sendState("wrap_up", { since, until, more: 1 });
    await waitFor(".o_cc_prolong");
    expect(".o_cc_prolong").toHaveText("+30 s");
    expect(".o_cc_prolong").toHaveAttribute("title", "Extend wrap-up by 30 seconds (1 left)");
    await click(".o_cc_prolong");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["prolong_wrap_up"]);
    // Nothing is pretended: the countdown changes by the fact.
    expect(".o_cc_prolong").not.toBeEnabled();
    expect(".o_cc_chip .o_cc_duration").toHaveText("00:20");
    sendState("wrap_up", { since, until: until + 30e6, more: 0 });
    await waitFor(".o_cc_chip .o_cc_duration:contains(00:50)");
    expect(".o_cc_prolong").toHaveCount(0);
    // What was told before and arrives late takes nothing back.
    sendState("wrap_up", { since, until, more: 1 });
    await delivered();
    expect(".o_cc_chip .o_cc_duration").toHaveText("00:50");
    expect(".o_cc_prolong").toHaveCount(0);
});

test("the wrap-up does not take the cursor from who is typing", async () => {
    signedIn("on_call", { calls: [answered()] });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel.o_cc_folded");
    const field = document.createElement("input");
    getFixture().append(field);
    field.focus();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_call_note textarea");
    await animationFrame();
    expect(document.activeElement).toBe(field);
    field.remove();
});

test("a refused end of the wrap-up does not lose the note", async () => {
    signedIn("on_call", { calls: [answered()] });
    onRpc("cc.agent", "end_wrap_up", () => {
        throw makeServerError({ message: "You are not in wrap-up." });
    });
    await startTalk();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_finish");
    await click(".o_cc_call_note textarea");
    await edit("kept");
    await press("Enter");
    await waitFor(".o_notification:contains(not in wrap-up)");
    await waitFor(".o_cc_call_note [role=status]:contains(Saved)");
    expect(notes().map(({ note }) => note)).toEqual(["kept"]);
});

test("Alt+N puts the cursor into the note, also of a folded panel", async () => {
    signedIn("on_call", { calls: [answered()] });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel.o_cc_folded");
    await press(["alt", "n"]);
    await waitFor(".o_cc_call_note textarea:focus");
    expect(".o_cc_panel").not.toHaveClass("o_cc_folded");
});

test("a name from right to left is cut at its end, not at its beginning", async () => {
    const parties = [party(), colleague({ name: "محمد عبد الرحمن" })];
    signedIn("on_call", { calls: [answered({ conference: true, parties })] });
    await startTalk();
    const { direction, textOverflow } = getComputedStyle(queryOne(".o_cc_party_name:last"));
    expect([direction, textOverflow]).toEqual(["rtl", "ellipsis"]);
});

test("who is in the call, in which state; colleagues can be removed, never customer or supervisor", async () => {
    const server = signedIn("on_call", {
        calls: [
            answered({
                conference: true,
                can: ["hangup", "mute", "kick"],
                parties: [
                    party(),
                    colleague(),
                    party({ leg: 4, role: "outside", name: null, mask: "+86 10 •••• 9988" }),
                    party({ leg: 5, role: "supervisor", name: "Lea", mode: "listen" }),
                ],
            }),
        ],
    });
    await startTalk();
    expect(queryAllTexts(".o_cc_party_name")).toEqual([
        "Li Wei",
        "Chen Li",
        "+86 10 •••• 9988",
        "Lea",
    ]);
    expect(".o_cc_party_row:eq(3) .o_cc_party_state").toHaveText(/^Listening/);
    expect(".o_cc_kick").toHaveCount(2);
    expect(".o_cc_kick:first").toHaveAttribute("aria-label", "Remove Chen Li from the call");
    await click(".o_cc_kick:first");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "kick", { leg: 3 }, "0190-a"]);
});

test("who is rung in vain can be taken back, each by itself", async () => {
    const rings = (ring, more) => colleague({ leg: null, ring, state: "ringing", ...more });
    const server = signedIn("on_call", {
        calls: [
            answered({
                can: ["hangup", "mute", "uninvite"],
                parties: [party(), rings(2), rings(3, { name: "Fang", agent_id: 9 })],
            }),
        ],
    });
    await startTalk();
    expect(".o_cc_uninvite_party").toHaveCount(2);
    expect(".o_cc_uninvite_party:first").toHaveAttribute(
        "aria-label",
        "Cancel invitation: Chen Li"
    );
    await click(".o_cc_uninvite_party:last");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "uninvite", { ring: 3 }, "0190-a"]);
});

test("asking the customer for keys: how many, how long, and what came", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    await startTalk();
    await click(".o_cc_collect");
    await waitFor(".o_cc_collect_max");
    await click(".o_cc_collect_max");
    await edit("4");
    await click(".o_cc_collect_form button[type=submit]");
    await waitFor(".o_cc_keys_row [role=status]:contains(Collecting digits)");
    expect(server.asked.at(-1)).toEqual(["command", "collect", { max: 4, seconds: 20 }, "0190-a"]);
    send("cc.call/changed", answered({ rev: 5, keys: "1234" }));
    await waitFor(".o_cc_pressed_keys");
    expect(".o_cc_pressed_keys").toHaveText("1234");
});

test("a page that is opened in the wrap-up has the note to write", async () => {
    signedIn("wrap_up", { last_call: ended(), until: nowUs() + 20e6 });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_call_note textarea:focus");
    expect(".o_cc_finish").toHaveCount(1);
});

test("a wrap-up in which the agent types is extended, once for each typing, as often as is allowed", async () => {
    const since = nowUs();
    const server = signedIn("wrap_up", {
        last_call: ended(),
        since,
        until: since + 20e6,
        more: 2,
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_call_note textarea");
    await advanceTime(16_000);
    expect(server.count("prolong_wrap_up")).toBe(0, { message: "nobody types" });
    await click(".o_cc_call_note textarea");
    await edit("wants", { confirm: false });
    await animationFrame();
    await advanceTime(1600);
    expect(server.count("prolong_wrap_up")).toBe(1);
    sendState("wrap_up", { since, until: since + 50e6, more: 1 });
    await delivered();
    await advanceTime(31_000);
    expect(server.count("prolong_wrap_up")).toBe(1, { message: "nothing was typed since" });
    // On the customer's page, with the panel folded, it is the same.
    await click(".o_cc_panel_fold");
    const field = document.createElement("input");
    getFixture().append(field);
    await click(field);
    await edit("Shanghai", { confirm: false });
    await advanceTime(1000);
    expect(server.count("prolong_wrap_up")).toBe(2);
    field.remove();
});
