// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    advanceTime,
    animationFrame,
    describe,
    expect,
    freezeTime,
    getFixture,
    test,
} from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryOne, queryRect } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    getService,
    mountWithCleanup,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { WebClient } from "@web/webclient/webclient";
import {
    answered,
    card,
    delivered,
    ended,
    nowUs,
    send,
    sendState,
    signedIn,
} from "../telephony_test_helpers";
import { waitFor, waitForNone, waitUntil } from "../patience";

describe.current.tags("desktop");
defineMailModels();

/** A web client whose calls' moments are noted. */
async function startPhone() {
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await animationFrame();
    const moments = [];
    const { bus } = getService("cc_phone");
    for (const moment of ["RINGING", "ANSWERED", "ENDED"]) {
        bus.addEventListener(moment, ({ detail }) => moments.push(`${moment} ${detail.call_uid}`));
    }
    return moments;
}

/** What the bridge says at a ring before its fact is there. */
const hint = (more = {}) =>
    card({
        id: false,
        hint: true,
        rev: 2.5,
        caller: { name: "Li Wei", mask: "+86", known: 1 },
        ...more,
    });

test("a hint shows the ring at once; what follows a ring waits for its fact", async () => {
    signedIn("ready");
    const moments = await startPhone();
    freezeTime();
    send("cc.call/hint", hint());
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("Li Wei");
    expect(moments).toEqual([]);
    send("cc.call/changed", card());
    await delivered();
    expect(".o_cc_card").toHaveCount(1);
    expect(moments).toEqual(["RINGING 0190-a"]);
    await advanceTime(3000);
    await animationFrame();
    expect(".o_cc_card").toHaveCount(1);
});

test("a hint without a fact goes; one that comes late, twice or after the end shows nothing", async () => {
    signedIn("ready");
    const moments = await startPhone();
    freezeTime();
    send("cc.call/hint", hint({ t: nowUs() - 6e6 }));
    await delivered();
    expect(".o_cc_card").toHaveCount(0);
    send("cc.call/hint", hint());
    await waitFor(".o_cc_card");
    send("cc.call/hint", hint());
    await delivered();
    expect(".o_cc_card").toHaveCount(1);
    await advanceTime(3000);
    await waitForNone(".o_cc_card");
    expect(moments).toEqual([]);
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    send("cc.call/changed", ended());
    await waitForNone(".o_cc_card");
    send("cc.call/hint", hint());
    await delivered();
    expect(".o_cc_card").toHaveCount(0);
});

test("answering on a hint waits for the fact and is no error", async () => {
    const server = signedIn("ready");
    await startPhone();
    freezeTime();
    send("cc.call/hint", hint());
    await waitFor(".o_cc_card");
    await advanceTime(600);
    await click(".o_cc_answer");
    await advanceTime(50);
    expect(server.count("command")).toBe(0);
    send("cc.call/changed", card());
    await delivered();
    await advanceTime(50);
    await animationFrame();
    expect(server.asked.filter(([what]) => what === "command")).toEqual([
        ["command", "answer", {}, "0190-a"],
    ]);
    expect(".o_notification").toHaveCount(0);
});

test("a ringing call shows who, how many, which queue, what was dialled, how long it waits", async () => {
    signedIn("ready");
    await startPhone();
    send(
        "cc.call/changed",
        card({ caller: { name: "Li Wei", mask: "+86 138 •••• 8000", known: 3 } })
    );
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("Li Wei");
    expect(".o_cc_card_mask").toHaveText("+86 138 •••• 8000");
    expect(".o_cc_card_hint").toHaveText("3 contacts share this number");
    expect(".o_cc_card_queue").toHaveText("Support");
    expect(".o_cc_card_dialled").toHaveText("400 •••• 1234");
    expect(".o_cc_card_wait").toHaveText("00:32");
    expect(".o_cc_bar [aria-live=assertive]").toHaveText("Incoming call: Li Wei");
    expect(".o_cc_answer").toHaveAttribute("aria-keyshortcuts", "Alt+A");
    // A whole number is never sent, so none can be on the page.
    expect(queryOne(".o_cc_card").textContent).not.toMatch(/\d{7,}/);
});

test("an unknown caller is called so", async () => {
    signedIn("ready");
    await startPhone();
    send(
        "cc.call/changed",
        card({ caller: { name: null, mask: null, known: 0, partner_id: false } })
    );
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("Unknown caller");
    expect(".o_cc_card_mask").toHaveText("No number");
    expect(".o_cc_card_hint").toHaveCount(0);
});

test("a caller's name is text, whatever is in it", async () => {
    signedIn("ready");
    await startPhone();
    const name = `<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">`;
    send("cc.call/changed", card({ caller: { name, mask: "+86 •••• 8000", known: 1 } }));
    await waitFor(".o_cc_card");
    expect(queryOne(".o_cc_card_name").textContent).toBe(name);
    expect(queryAll(".o_cc_card script, .o_cc_card img")).toHaveLength(0);
    send("cc.call/changed", answered({ caller: { name, mask: "+86 •••• 8000", known: 1 } }));
    await waitFor(".o_cc_call_strip");
    expect(queryOne(".o_cc_caller").textContent).toBe(name);
    expect(queryAll(".o_cc_call_strip script, .o_cc_call_strip img")).toHaveLength(0);
    expect(window.pwned).toBe(undefined);
});

test("ringing, answered, ended: card, strip and moments follow the facts", async () => {
    const server = signedIn("ready");
    const moments = await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    await press(["alt", "a"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "answer", {}, "0190-a"]);
    expect(".o_cc_card").toHaveCount(1, { message: "it rings until the PBX says otherwise" });
    expect(".o_cc_answer").toHaveAttribute("disabled");
    expect(".o_cc_call_strip").toHaveCount(0);
    send("cc.call/changed", answered());
    sendState("on_call", { call_uid: "0190-a" });
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_card").toHaveCount(0);
    expect(".o_cc_caller").toHaveText("Li Wei");
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("00:00");
    await advanceTime(2600);
    await waitFor(".o_cc_call_strip .o_cc_duration:contains(00:02)");
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("00:02");
    await press(["alt", "e"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hangup", {}, "0190-a"]);
    expect(".o_cc_call_strip").toHaveCount(1);
    send("cc.call/changed", ended());
    await waitForNone(".o_cc_call_strip");
    expect(moments).toEqual(["RINGING 0190-a", "ANSWERED 0190-a", "ENDED 0190-a"]);
    // Late and doubled messages don't bring it back.
    send("cc.call/changed", card());
    send("cc.call/changed", answered());
    sendState("ready");
    await waitFor(".o_cc_bar[data-state=ready]");
    expect(".o_cc_card, .o_cc_call_strip").toHaveCount(0);
    expect(moments).toHaveLength(3);
});

test("facts out of order: the newer revision stays", async () => {
    signedIn("ready");
    const moments = await startPhone();
    send("cc.call/changed", answered({ rev: 6 }));
    await waitFor(".o_cc_call_strip");
    send("cc.call/changed", card({ rev: 3 }));
    sendState("on_call");
    await waitFor(".o_cc_bar[data-state=on_call]");
    expect(".o_cc_card").toHaveCount(0);
    expect(moments).toEqual(["ANSWERED 0190-a"]);
});

test("a caller who hangs up takes the card away", async () => {
    signedIn("ready");
    const moments = await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    send("cc.call/changed", ended({ mine: null }));
    await waitForNone(".o_cc_card");
    expect(moments).toEqual(["RINGING 0190-a", "ENDED 0190-a"]);
});

test("an old ringing message asks the server whether it still rings: no", async () => {
    const server = signedIn("ready");
    const moments = await startPhone();
    send("cc.call/changed", card({ t: nowUs() - 30e6 }));
    await waitUntil(() => server.count("my_phone") === 2);
    await animationFrame();
    expect(".o_cc_card").toHaveCount(0);
    expect(moments).toEqual([]);
});

test("an old ringing message asks the server whether it still rings: yes", async () => {
    const server = signedIn("ready");
    const moments = await startPhone();
    server.phone.calls = [card({ t: null, started_t: nowUs() - 60e6 })];
    send("cc.call/changed", card({ t: nowUs() - 30e6 }));
    await waitFor(".o_cc_card");
    expect(server.count("my_phone")).toBe(2);
    expect(moments).toEqual(["RINGING 0190-a"]);
});

test("a page that opens while it rings or in a talk shows it", async () => {
    const answered_t = nowUs() - 87e6;
    signedIn("on_call", { since: answered_t, calls: [answered({ answered_t })] });
    await startPhone();
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("01:27");
    expect(".o_cc_dial").toHaveCount(0);
});

test("two calls at once are both shown", async () => {
    const server = signedIn("ready");
    await startPhone();
    send("cc.call/changed", answered());
    await waitFor(".o_cc_call_strip");
    const second = { call_uid: "0190-b", id: 901, caller: { name: "Wang Fang", mask: "•••• 77" } };
    send("cc.call/changed", card(second));
    await waitFor(".o_cc_card");
    expect(".o_cc_caller").toHaveText("Li Wei");
    expect(".o_cc_card_name").toHaveText("Wang Fang");
    send("cc.call/changed", card({ ...second, call_uid: "0190-c", id: 902 }));
    await waitFor(".o_cc_card:nth-child(2)");
    expect(queryAll(".o_cc_card")).toHaveLength(2);
    send("cc.call/changed", answered({ ...second }));
    await waitFor(".o_cc_other_call");
    // The controls are those of one call; the other is beside it, with its name and time.
    expect(queryAllTexts(".o_cc_caller")).toEqual(["Li Wei"]);
    expect(queryAllTexts(".o_cc_other_name")).toEqual(["Wang Fang"]);
    await click(".o_cc_other_call");
    await waitFor(".o_cc_caller:contains(Wang Fang)");
    expect(queryAllTexts(".o_cc_other_name")).toEqual(["Li Wei"]);
    // Who is put on hold steps back for who is talked with, unless it was chosen.
    send("cc.call/changed", answered({ ...second, rev: 5, held: true, state: "held" }));
    await waitFor(".o_cc_call_strip.o_cc_held");
    expect(queryAllTexts(".o_cc_caller")).toEqual(["Wang Fang"]);
    await press(["alt", "e"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hangup", {}, "0190-b"]);
});

test("an outbound call to somebody unknown is called by its number", async () => {
    signedIn("on_call");
    await startPhone();
    send(
        "cc.call/changed",
        answered({
            direction: "outbound",
            state: "ringing",
            answered_t: null,
            ring_t: null,
            started_t: nowUs() - 4e6,
            caller: { name: null, mask: "+86 10 •••• 9988", known: 0, partner_id: false },
        })
    );
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_caller").toHaveText("+86 10 •••• 9988");
    expect(".o_cc_line").toHaveText(/^Calling\s*00:04$/);
});

test("desk phone: reject and mute go to the PBX, mute shows what the PBX says", async () => {
    const server = signedIn("ready");
    await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    await click(".o_cc_reject");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "reject", {}, "0190-a"]);
    send("cc.call/changed", answered());
    await waitFor(".o_cc_call_strip");
    await click(".o_cc_mute");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "mute", { on: true }, "0190-a"]);
    expect(".o_cc_mute").toHaveAttribute("aria-pressed", "false");
    send("cc.call/changed", answered({ rev: 5, muted: true }));
    await waitFor(".o_cc_mute[aria-pressed=true]");
    expect(".o_cc_mute").not.toHaveAttribute("disabled");
});

test("browser phone: answer, mute and hang up are done here", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    expect(server.sip.config.extension).toBe("w1001");
    server.sip.invite("s1");
    send("cc.call/changed", card());
    await waitFor(".o_cc_card_name:contains(Li Wei)");
    await click(".o_cc_answer");
    await animationFrame();
    expect(server.sip.asked).toEqual(["answer s1"]);
    expect(".o_cc_card").toHaveCount(1, { message: "answered only when the PBX says so" });
    send("cc.call/changed", answered());
    await waitFor(".o_cc_call_strip");
    await press(["alt", "m"]);
    await waitFor(".o_cc_mute[aria-pressed=true]");
    await click(".o_cc_hangup");
    await animationFrame();
    expect(server.sip.asked).toEqual(["answer s1", "mute s1 true", "hangup s1"]);
    expect(server.count("command")).toBe(0);
});

test("browser phone: the INVITE may be faster than the fact, or slower", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    server.sip.invite("s1");
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("Incoming call");
    send("cc.call/changed", card());
    await waitFor(".o_cc_card_name:contains(Li Wei)");
    expect(queryAll(".o_cc_card")).toHaveLength(1);
    await click(".o_cc_reject");
    send("cc.call/changed", ended({ mine: null }));
    await waitForNone(".o_cc_card");
    expect(server.sip.asked).toEqual(["reject s1"]);
    send("cc.call/changed", card({ call_uid: "0190-b" }));
    await waitFor(".o_cc_card");
    freezeTime();
    await click(".o_cc_answer");
    await advanceTime(300);
    server.sip.invite("s2", { callUid: "0190-b" });
    await animationFrame();
    expect(server.sip.asked).toEqual(["reject s1", "answer s2"]);
});

test("browser phone: an answered call that never comes is explained", async () => {
    signedIn("ready", { device: "browser" });
    await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    freezeTime();
    await click(".o_cc_answer");
    await advanceTime(4100);
    await waitFor(".o_notification:contains(has not reached this browser)");
    expect(".o_cc_answer").not.toHaveAttribute("disabled");
});

test("browser phone: it answers by itself only what the PBX asks it to answer", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    server.sip.invite("s1", { auto: true });
    await animationFrame();
    expect(server.sip.asked).toEqual(["answer s1"]);
    expect(".o_cc_card").toHaveCount(0);
    server.sip.hangup("s1");
    // A customer's call that comes while the agent's own dialling is under way is no answer to it.
    await getService("cc_phone").dial("10086");
    server.sip.invite("s2");
    await waitFor(".o_cc_card");
    expect(server.sip.asked).toEqual(["answer s1", "hangup s1"]);
});

test("the own phone that rings for a dialled call is no incoming call", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    send(
        "cc.call/changed",
        card({
            direction: "outbound",
            started_t: nowUs(),
            ring_t: null,
            queue: null,
            caller: { name: "Li Wei", mask: "+86 138 •••• 8000", known: 1, partner_id: 12 },
        })
    );
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_card").toHaveCount(0);
    expect(".o_cc_caller").toHaveText("Li Wei");
    expect(".o_cc_line").toHaveText(/^Calling\s*00:00 ·/);
    expect(".o_cc_bar [aria-live=assertive]").toHaveText("Calling Li Wei");
    expect(".o_cc_dial").toHaveCount(0);
    server.sip.invite("s1", { auto: true });
    await click(".o_cc_hangup");
    await animationFrame();
    expect(server.sip.asked).toEqual(["answer s1", "hangup s1"]);
    // A colleague who is dialled: the own phone rings first, theirs is told with its ring.
    const direct = { direction: "internal", call_uid: "0190-b", id: 901, queue: null };
    send("cc.call/changed", card({ ...direct, ring_t: null }));
    await waitFor(".o_cc_bar [data-call='0190-b']");
    expect(".o_cc_card").toHaveCount(0);
    send("cc.call/changed", card({ ...direct, call_uid: "0190-c", id: 902 }));
    await waitFor(".o_cc_card[data-call='0190-c']");
});

test("the keypad has no place while it rings", async () => {
    signedIn("ready");
    await startPhone();
    expect(".o_cc_dial").toHaveCount(1);
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    expect(".o_cc_dial").toHaveCount(0);
    send("cc.call/changed", ended({ mine: null }));
    await waitFor(".o_cc_dial");
});

test("contacts of one company who share a number are shown as the company", async () => {
    signedIn("ready");
    await startPhone();
    const company = "Silver Crane Textiles";
    send("cc.call/changed", card({ caller: { name: null, company, mask: "1", known: 2 } }));
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("Silver Crane Textiles (2 contacts)");
    expect(".o_cc_card_hint").toHaveCount(0);
});

test("several known customers with one number are no unknown caller", async () => {
    signedIn("ready");
    await startPhone();
    const shared = { name: null, mask: "+86 138 •••• 8000", known: 2, partner_id: false };
    send("cc.call/changed", card({ caller: shared }));
    await waitFor(".o_cc_card");
    expect(".o_cc_card_name").toHaveText("2 contacts");
    expect(".o_cc_card_mask").toHaveText("+86 138 •••• 8000");
    expect(".o_cc_card_hint").toHaveCount(0, { message: "the name says it already" });
    send("cc.call/changed", answered({ caller: shared }));
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_caller").toHaveText("2 contacts");
    expect(".o_cc_call_strip .o_cc_mask").toHaveText("+86 138 •••• 8000");
    getService("cc_phone").store.nameCall("0190-a", "Li Wei");
    await waitFor(".o_cc_caller:contains(Li Wei)");
    send("cc.call/changed", answered({ rev: 6, caller: shared }));
    await delivered();
    expect(".o_cc_caller").toHaveText("Li Wei", { message: "the card is older than the choice" });
});

test("browser phone: with two calls each button means its own", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    server.sip.invite("s1", { callUid: "0190-a" });
    server.sip.invite("s2", { callUid: "0190-b" });
    send("cc.call/changed", card());
    send("cc.call/changed", card({ call_uid: "0190-b", id: 901 }));
    await waitFor(".o_cc_card[data-call='0190-b'] .o_cc_card_queue");
    await waitFor(".o_cc_card[data-call='0190-a'] .o_cc_card_queue");
    await click(".o_cc_card[data-call='0190-b'] .o_cc_reject");
    await animationFrame();
    expect(server.sip.asked).toEqual(["reject s2"]);
});

test("a tab that follows asks the holder of the phone, and says when nobody answers", async () => {
    const server = signedIn("ready", { device: "browser", calls: [card()] });
    await startPhone();
    const { media } = getService("cc_phone");
    // As if another tab held the lock.
    media.holder = false;
    const heard = [];
    const holder = new BroadcastChannel("cc_phone");
    const told = new Promise((resolve) => {
        holder.onmessage = ({ data }) => resolve(heard.push(`${data.type} ${data.action}`));
    });
    // what is asked goes by way of another process, which may take longer than the tab waits
    freezeTime();
    await click(".o_cc_answer");
    await told;
    expect(heard).toEqual(["act answer"]);
    await advanceTime(1100);
    await waitFor(".o_notification:contains(Reload this page)");
    expect(server.sip.asked).toEqual([]);
    holder.close();
});

test("the card makes room for what is being typed, not for a field that a form has focused", async () => {
    signedIn("ready");
    await startPhone();
    const field = document.createElement("input");
    Object.assign(field.style, { position: "fixed", top: "60px", right: "20px", width: "200px" });
    getFixture().append(field);
    field.focus();
    send("cc.call/changed", card());
    await waitFor(".o_cc_cards[data-place=top-end]");
    send("cc.call/changed", ended({ rev: 9 }));
    await waitForNone(".o_cc_card");
    await click(field);
    send("cc.call/changed", card({ id: 901, call_uid: "0190-b" }));
    await waitFor(".o_cc_card");
    await animationFrame();
    const cards = queryRect(".o_cc_cards");
    const typing = field.getBoundingClientRect();
    const apart = cards.top >= typing.bottom || cards.right <= typing.left;
    expect(apart).toBe(true);
    expect(document.activeElement).toBe(field, { message: "nor does it take the focus" });
    field.blur();
    await animationFrame();
    expect(queryRect(".o_cc_cards")).toEqual(cards, { message: "it stays where it was seen" });
    field.remove();
});

test("the card does not give way to a field that gets the focus after the ring", async () => {
    signedIn("ready");
    await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    await animationFrame();
    const cards = queryRect(".o_cc_cards");
    expect(Math.abs(cards.right - window.innerWidth)).toBeLessThan(10);
    const field = document.createElement("input");
    Object.assign(field.style, { position: "fixed", top: "60px", right: "20px", width: "200px" });
    getFixture().append(field);
    field.focus();
    await animationFrame();
    expect(queryRect(".o_cc_cards")).toEqual(cards);
    field.remove();
});

test("the browser phone is let go at sign-out", async () => {
    const server = signedIn("ready", { device: "browser" });
    await startPhone();
    await click(".o_cc_state");
    await waitFor(".o_cc_sign_out");
    await click(".o_cc_sign_out");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["sign_out"]);
    expect(server.sip.stopped).toBe(false, { message: "not before it is confirmed" });
    send("cc.agent/session", { session_id: 30, ended: "signed_out" });
    await waitFor(".o_cc_chip:contains(Sign in)");
    expect(server.sip.stopped).toBe(true);
    expect(localStorage.getItem(`cc_phone.session.${serverState.userId}`)).toBe("30");
});

test("an outside phone can't be answered from here: no button, and where to take the call", async () => {
    const server = signedIn("ready", { device: "mobile", extension: "+86 139 •••• 1111" });
    await startPhone();
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    expect(".o_cc_answer").toHaveCount(0);
    expect(".o_cc_reject").toHaveCount(1);
    expect(".o_cc_card_elsewhere").toHaveText("Answer on your phone.");
    await press(["alt", "a"]);
    await animationFrame();
    expect(server.count("command")).toBe(0);
});

describe("desktop notification", () => {
    /** Notes what is shown and taken back; `focused` is whether Odoo's window is the one in use. */
    function notices(focused, permission = "granted") {
        const steps = [];
        patchWithCleanup(document, { hasFocus: () => focused });
        class Notification {
            static permission = permission;
            constructor(title, { body, tag }) {
                this.tag = tag;
                steps.push(`show ${tag}: ${title} | ${body}`);
            }
            close() {
                steps.push(`close ${this.tag}`);
            }
        }
        patchWithCleanup(browser, { Notification });
        return steps;
    }

    const mallory = { name: "<b>Mallory</b>", mask: "•••• 8000", known: 1 };

    test("tells of a call while another program is in use, until it is answered", async () => {
        const steps = notices(false);
        signedIn("ready");
        await startPhone();
        send("cc.call/changed", card({ caller: mallory }));
        await waitFor(".o_cc_card");
        const tag = `cc_phone-${card().call_uid}`;
        expect(steps).toEqual([`show ${tag}: Incoming call: <b>Mallory</b> | Support`]);
        send("cc.call/changed", answered({ caller: mallory }));
        await waitFor(".o_cc_call_strip");
        expect(steps.slice(1)).toEqual([`close ${tag}`]);
    });

    test("is silent where the agent looks at the page, or has not allowed it", async () => {
        const looking = notices(true);
        signedIn("ready");
        await startPhone();
        send("cc.call/changed", card({ caller: mallory }));
        await waitFor(".o_cc_card");
        expect(looking).toEqual([]);
        send("cc.call/changed", ended());
        await waitForNone(".o_cc_card");
        const forbidden = notices(false, "denied");
        send("cc.call/changed", card({ caller: mallory, call_uid: "0190-b" }));
        await delivered();
        expect(forbidden).toEqual([]);
    });
});
