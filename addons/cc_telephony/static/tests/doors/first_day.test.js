// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    advanceTime,
    animationFrame,
    describe,
    expect,
    freezeTime,
    getFixture,
    mockDate,
    test,
} from "@odoo/hoot";
import {
    click,
    edit,
    hover,
    press,
    queryAllTexts,
    queryFirst,
    queryOne,
    queryRect,
} from "@odoo/hoot-dom";
import {
    MockServer,
    defineModels,
    fields,
    getMockEnv,
    getService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { logOutItem } from "@cc_telephony/log_out/log_out";
import { settling } from "@cc_telephony/phone/settled";
import {
    answered,
    card,
    definePhoneModels,
    ended,
    nowUs,
    party,
    send,
    sendState,
    signedIn,
    startPhone,
} from "../telephony_test_helpers";
import { waitFor, waitForNone, waitForSteps } from "../patience";

describe.current.tags("desktop");
definePhoneModels();

/** Every click counts as a person's, and a guard holds so long that a busy machine cannot outlast it. */
const GUARDED = { ms: 10_000, programs: true };

const held = (more = {}) =>
    answered({ held: true, state: "held", can: ["hangup", "mute", "resume"], ...more });

/** Odoo's own entry of the user menu, and how often it was carried out. */
function logOut() {
    const done = [];
    const own = () => ({ id: "logout", description: "Log out", callback: () => done.push("out") });
    return { done, item: logOutItem(getMockEnv(), own) };
}

test("log-out asks while signed in and signs out of the phone first (TEL-62)", async () => {
    const server = await startPhone("ready");
    const { done, item } = logOut();
    item.callback();
    await waitFor(".modal");
    expect(".modal-body").toHaveText(
        "You are still signed in to the phone. Sign out of it as well?"
    );
    await click(".modal-footer button:contains(Stay logged in)");
    await waitForNone(".modal");
    expect(server.count("sign_out")).toBe(0);
    item.callback();
    await waitFor(".modal");
    await click(".modal-footer button:contains(Sign out and log out)");
    await waitForNone(".modal");
    expect(server.count("sign_out")).toBe(1);
    expect(done).toEqual(["out"]);
});

test("log-out in a call says what it costs; without a session it is Odoo's own", async () => {
    const server = await startPhone("on_call", { calls: [answered()] });
    const { done, item } = logOut();
    item.callback();
    await waitFor(".modal-body:contains(You are on a call)");
    await click(".modal-footer button:contains(Log out anyway)");
    await waitForNone(".modal");
    expect(done).toEqual(["out"]);
    // The call goes on; nobody stays behind as ready after it.
    expect(server.count("sign_out")).toBe(0);
    expect(server.asked.at(-1)).toEqual(["set_next_state", "offline", false]);
    send("cc.call/changed", ended());
    // Also when only the colleague is left to talk to, and while it rings: then at once.
    sendState("on_call", { call_uid: "0190-a", talks_on: true });
    await waitFor(".o_cc_talks_on");
    item.callback();
    await waitFor(".modal-body:contains(You are on a call)");
    await click(".modal-footer button:contains(Stay logged in)");
    await waitForNone(".modal");
    sendState("ready");
    send("cc.call/changed", card({ call_uid: "0190-b", id: 901 }));
    sendState("ringing", { call_uid: "0190-b" });
    await waitFor(".o_cc_bar[data-state=ringing]");
    item.callback();
    await waitFor(".modal-body:contains(A call is ringing)");
    await click(".modal-footer button:contains(Log out anyway)");
    await waitForNone(".modal");
    expect(server.asked.at(-1)).toEqual(["sign_out"]);
    send("cc.call/changed", ended({ call_uid: "0190-b" }));
    sendState("offline");
    await waitFor(".o_cc_is_offline");
    item.callback();
    expect(done).toEqual(["out", "out", "out"]);
    expect(".modal").toHaveCount(0);
});

test("a microphone that is denied keeps from Ready and says what to do (TEL-62)", async () => {
    const server = await startPhone("busy", { device: "browser" });
    server.sip.handlers.onStatus("failed", "Allow the microphone.");
    await waitFor(".o_cc_trouble");
    await press(["alt", "r"]);
    await waitFor(".o_notification:contains(Allow the microphone.)");
    await click(".o_cc_state");
    await waitFor(".o_cc_state_choice[data-state=ready]");
    expect(queryOne(".o_cc_state_choice[data-state=ready]").title).toBe("Allow the microphone.");
    expect(".o_cc_todo").toHaveText("Allow the microphone.");
    await click(".o_cc_state_choice[data-state=ready]");
    await animationFrame();
    expect(server.count("set_state")).toBe(0);
    // A break that was chosen needs no microphone: the wrap-up can be finished into it.
    const phone = getService("cc_phone");
    sendState("wrap_up", { device: "browser" });
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    expect(phone.endWrapUp()).toBe(false);
    sendState("wrap_up", { device: "browser", next: { state: "break", reason: "Lunch" } });
    await waitFor(".o_cc_chip .o_cc_next");
    await phone.endWrapUp();
    expect(server.count("end_wrap_up")).toBe(1);
    sendState("busy", { device: "browser" });
    await waitFor(".o_cc_bar[data-state=busy]");
    // Taken away while Ready, or when the wrap-up runs out into it: nobody stands behind that.
    server.sip.handlers.onDenied();
    sendState("ready", { device: "browser" });
    await waitFor(".o_cc_bar[data-state=ready]");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_state", "busy", false]);
    sendState("busy", { device: "browser" });
    await waitFor(".o_cc_bar[data-state=busy]");
    server.sip.handlers.onStatus("registered", null);
    await waitForNone(".o_cc_trouble");
    await press("escape");
    await press(["alt", "r"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["set_state", "ready", false]);
});

test("every call stands at the same place of the bar", async () => {
    await startPhone("ready");
    for (const call_uid of ["0190-a", "0190-b", "0190-c"]) {
        send("cc.call/changed", answered({ call_uid }));
        await waitFor(".o_cc_call_strip");
        expect(queryFirst(".o_cc_bar .o_cc_call_strip, .o_cc_bar .o_cc_tool")).toHaveClass(
            "o_cc_call_strip"
        );
        send("cc.call/changed", ended({ call_uid }));
        await waitForNone(".o_cc_call_strip");
    }
});

test("one clock: a call that a colleague had before counts since it is mine", async () => {
    const now = nowUs();
    await startPhone("on_call", {
        since: now - 10e6,
        calls: [answered({ answered_t: now - 300e6 })],
    });
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("00:10");
});

test("one clock: a hold counts the hold, in the bar as in the list of parties", async () => {
    const now = nowUs();
    await startPhone("on_call", {
        since: now - 300e6,
        calls: [
            held({
                answered_t: now - 300e6,
                parties: [party({ state: "held", since: now - 42e6 })],
            }),
        ],
    });
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("00:42");
    await click(".o_cc_panel_tab_call");
    await waitFor(".o_cc_party_row");
    expect(".o_cc_party_row .o_cc_duration").toHaveText("00:42");
    send("cc.call/changed", answered({ rev: 9, answered_t: now - 300e6 }));
    await waitForNone(".o_cc_held");
    expect(".o_cc_call_strip .o_cc_duration").toHaveText("05:00");
});

test("who sent this: on the card and in the bar, waiting since the transfer (TEL-61)", async () => {
    await startPhone("ready");
    const since = nowUs() - 7e6;
    const asks = { kind: "consult", name: "Ann", agent_id: 3, since };
    send("cc.call/changed", card({ sender: asks }));
    await waitFor(".o_cc_card_sender");
    expect(".o_cc_card_sender").toHaveText("Ann asks about Li Wei");
    expect(".o_cc_card_wait").toHaveText("00:07");
    send("cc.call/changed", answered({ sender: { ...asks, kind: "transfer" } }));
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_call_strip .o_cc_sender").toHaveText("From Ann");
    send("cc.call/changed", answered({ rev: 9 }));
    await waitForNone(".o_cc_sender");
    expect(".o_cc_call_strip .o_cc_mask").toHaveText("+86 138 •••• 8000");
});

test("what comes under a resting pointer takes no click for half a second", async () => {
    patchWithCleanup(settling, GUARDED);
    const server = await startPhone("ready");
    send("cc.call/changed", card());
    await waitFor(".o_cc_answer");
    const spot = queryRect(".o_cc_answer");
    await hover(".o_cc_answer");
    await advanceTime(GUARDED.ms + 10);
    send("cc.call/changed", ended({ rev: 9, attempt_outcome: "cancelled" }));
    await waitForNone(".o_cc_card");
    // Another call rings at the same spot: the click was meant for the first.
    send("cc.call/changed", card({ id: 901, call_uid: "0190-b" }));
    await waitFor(".o_cc_answer");
    expect(queryRect(".o_cc_answer").x).toBe(spot.x);
    await animationFrame();
    await click(".o_cc_answer");
    await animationFrame();
    expect(server.count("command")).toBe(0);
    await advanceTime(GUARDED.ms + 10);
    await click(".o_cc_answer");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "answer", {}, "0190-b"]);
});

test("a second click where Answer was hits nothing that lay below it", async () => {
    patchWithCleanup(settling, GUARDED);
    await startPhone("ready");
    const below = document.createElement("button");
    Object.assign(below.style, { position: "fixed", inset: "0" });
    below.addEventListener("click", () => expect.step("below"));
    getFixture().append(below);
    send("cc.call/changed", card());
    await waitFor(".o_cc_answer");
    const spot = queryRect(".o_cc_answer");
    await hover(".o_cc_answer");
    await advanceTime(GUARDED.ms + 10);
    await click(".o_cc_answer");
    // a button that has been clicked takes no second one, and lets it through to what it lies on
    await waitFor(".o_cc_answer[disabled]");
    send("cc.call/changed", answered());
    await waitForNone(".o_cc_card");
    const clickWithoutMoving = () =>
        below.dispatchEvent(
            new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 })
        );
    const moveBy = (px) =>
        below.dispatchEvent(
            new PointerEvent("pointermove", {
                bubbles: true,
                clientX: spot.x + spot.width / 2 + px,
                clientY: spot.y + spot.height / 2,
            })
        );
    clickWithoutMoving();
    // nor where a hand shakes a little
    moveBy(5);
    moveBy(-5);
    clickWithoutMoving();
    expect.verifySteps([]);
    moveBy(30);
    clickWithoutMoving();
    expect.verifySteps(["below"]);
    below.remove();
});

test("what the panel brings by itself under a resting pointer takes no click for half a second", async () => {
    patchWithCleanup(settling, GUARDED);
    const until = nowUs() + 60e6;
    const server = await startPhone("wrap_up", { last_call: ended(), until });
    await waitFor(".o_cc_finish");
    const spot = queryRect(".o_cc_finish");
    sendState("ready");
    await waitForNone(".o_cc_panel");
    await hover(getFixture(), {
        position: { x: spot.x + spot.width / 2, y: spot.y + spot.height / 2 },
    });
    send("cc.call/changed", answered({ call_uid: "0190-b" }));
    send("cc.call/changed", ended({ call_uid: "0190-b" }));
    sendState("wrap_up", { call_uid: "0190-b", until });
    await waitFor(".o_cc_finish");
    await animationFrame();
    await click(".o_cc_finish");
    await animationFrame();
    expect(server.count("end_wrap_up")).toBe(0);
    await advanceTime(GUARDED.ms + 10);
    await click(".o_cc_finish");
    await animationFrame();
    expect(server.count("end_wrap_up")).toBe(1);
});

test("a missed ring is missed at once: the count in the bar, the row in red", async () => {
    const server = await startPhone("ready");
    send("cc.call/changed", card());
    await waitFor(".o_cc_card");
    server.recent = {
        calls: [
            {
                id: 900,
                direction: "inbound",
                missed: true,
                new: true,
                at: nowUs(),
                talk_s: 0,
                name: "Li Wei",
                agent: null,
                mask: "+86 138 •••• 8000",
                number_id: 44,
                queue: "Support",
            },
        ],
        missed: 1,
    };
    // The queue goes on ringing others: here it is over.
    send(
        "cc.call/changed",
        card({ rev: 4, mine: null, attempt_outcome: "no_answer", state: "queued" })
    );
    await waitFor(".o_cc_recent_button .o_cc_count:contains(1)");
    await click(".o_cc_recent_button");
    await waitFor(".o_cc_row_missed .o_cc_row_name:contains(Li Wei)");
});

test("a refusal of another's phone is not told as one's own", async () => {
    await startPhone("on_call", { calls: [answered()] });
    const phone = getService("cc_phone");
    phone.bring("transfer", answered(), { kind: "agent", id: 9 });
    await animationFrame();
    send("cc.command/result", {
        id: "cmd-transfer",
        kind: "transfer",
        ok: false,
        code: "not_registered",
        message: "",
    });
    await waitFor(".o_notification:contains(The other phone is not registered)");
    expect(queryAllTexts(".o_notification_content").join()).not.toMatch(/Your phone/);
});

class Call extends models.Model {
    _name = "cc.call";
    name = fields.Char();
    state = fields.Char();
    _records = [{ id: 900, name: "A call", state: "talking" }];
    _views = {
        form: /* xml */ `
            <form js_class="cc_call_form"><field name="name"/><field name="state"/></form>`,
    };
}

test("an open call's form follows the call, but not over what somebody writes there", async () => {
    defineModels([Call]);
    await startPhone("on_call", { calls: [answered()] });
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "cc.call",
        res_id: 900,
        views: [[false, "form"]],
    });
    await waitFor(".o_form_view [name=state] input");
    const server = MockServer.env["cc.call"];
    server.write([900], { state: "held" });
    send("cc.call/changed", held({ rev: 9 }));
    await waitFor(".o_form_view [name=state] input:value(held)");
    await click("[name=name] input");
    await edit("Mine", { confirm: "blur" });
    server.write([900], { state: "talking" });
    send("cc.call/changed", answered({ rev: 10 }));
    await advanceTime(6000);
    expect("[name=name] input").toHaveValue("Mine");
    expect("[name=state] input").toHaveValue("held");
});

class Interval extends models.Model {
    _name = "cc.agent.interval";
    started_at = fields.Datetime();
    ended_at = fields.Datetime();
    duration_s = fields.Float();
    _records = [{ id: 1, started_at: "2026-03-02 09:00:00", ended_at: false, duration_s: 0 }];
}

test("the running row of the work log counts", async () => {
    defineModels([Interval]);
    mockDate("2026-03-02 09:02:03");
    freezeTime();
    signedIn("ready");
    await mountView({
        type: "list",
        resModel: "cc.agent.interval",
        arch: `<list><field name="started_at"/><field name="ended_at"/><field name="duration_s"
            widget="cc_duration" options="{'since': 'started_at', 'until': 'ended_at'}"/></list>`,
    });
    expect(".o_cc_seconds").toHaveText("0:02:03");
    await advanceTime(2000);
    expect(".o_cc_seconds").toHaveText("0:02:05");
});

test("durations in pivots are h:mm:ss, those under an hour too", async () => {
    Interval._records = [
        { id: 1, started_at: "2026-03-02 09:00:00", duration_s: 247 },
        { id: 2, started_at: "2026-03-03 09:00:00", duration_s: 7322 },
    ];
    defineModels([Interval]);
    signedIn("ready");
    await mountView({
        type: "pivot",
        resModel: "cc.agent.interval",
        arch: `<pivot><field name="started_at" interval="day" type="row"/>
            <field name="duration_s" type="measure" widget="cc_duration"/></pivot>`,
    });
    await waitFor(".o_pivot_cell_value");
    expect(queryAllTexts(".o_pivot_cell_value")).toEqual(["2:06:09", "0:04:07", "2:02:02"]);
    // the file is told what its figures are
    patchWithCleanup(download, {
        _download: async ({ data }) => {
            const { rows } = JSON.parse(await data.data.text());
            expect.step(rows.map(({ values: [cell] }) => [cell.value, cell.cc_kind]));
        },
    });
    await click(".o_pivot_download");
    await waitForSteps([
        [
            [7569, "duration"],
            [247, "duration"],
            [7322, "duration"],
        ],
    ]);
});

test("below a grouped list stands the average of its rows, not of its groups", async () => {
    class Stay extends models.Model {
        _name = "cc.stay";
        place = fields.Char();
        wait_s = fields.Float({ aggregator: "avg" });
        waited = fields.Integer({ aggregator: "sum" });
        // 10 s here, 60 and 80 s there: 50 s, not (10 + 70) / 2; one there and one outside did not wait
        _records = [
            { id: 1, place: "here", wait_s: 10, waited: 1 },
            { id: 2, place: "there", wait_s: 60, waited: 1 },
            { id: 3, place: "there", wait_s: 80, waited: 1 },
            { id: 4, place: "there", wait_s: 0, waited: 0 },
            { id: 5, place: "outside", wait_s: 0, waited: 0 },
        ];
    }
    defineModels([Stay]);
    // the mock server's averages are sums
    onRpc("cc.stay", "web_read_group", async ({ parent }) => {
        const answer = await parent();
        for (const group of answer.groups) {
            const count = group["waited:sum"];
            group["wait_s:avg"] = count ? group["wait_s:avg"] / count : null;
        }
        return answer;
    });
    signedIn("ready");
    const arch = `<list><field name="place"/><field name="waited" column_invisible="1"/>
        <field name="wait_s" widget="cc_duration" avg="Average wait" options="{'counts': 'waited'}"
            invisible="not waited"/></list>`;
    await mountView({ type: "list", resModel: "cc.stay", groupBy: ["place"], arch });
    expect(queryAllTexts(".o_group_header .o_list_number")).toEqual(["0:00:10", "", "0:01:10"]);
    expect("tfoot .o_list_number").toHaveText("0:00:50");
    await mountView({ type: "list", resModel: "cc.stay", arch });
    expect(queryAllTexts("tfoot .o_list_number").at(-1)).toBe("0:00:50");
    expect(queryAllTexts(".o_data_cell.o_list_number").slice(-5)).toEqual([
        "0:00:10",
        "0:01:00",
        "0:01:20",
        "",
        "",
    ]);
});
