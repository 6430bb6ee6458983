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
import { click, edit, press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { answered, nowUs, signedIn } from "../telephony_test_helpers";
import { waitFor, waitForNone, waitUntil } from "../patience";

describe.current.tags("desktop");
defineMailModels();

const agent = (id, name, state, more = {}) => ({
    id,
    name,
    number: String(1000 + id),
    department: null,
    state,
    reason: null,
    since: nowUs() - 65e6,
    why: null,
    why_consult: null,
    ringing: false,
    ...more,
});

const TEAM = {
    owner: agent(5, "Emil", "ready"),
    last: false,
    agents: [
        agent(2, "Ben", "ready"),
        agent(3, "Chen Li", "busy", { why_consult: "Chen Li is not ready." }),
        agent(4, "Dora", "on_call", {
            why: "Dora is on a call.",
            why_consult: "Dora is on a call.",
        }),
    ],
    queues: [{ id: 1, name: "Support", waiting: 3, ready: 1, open: true }],
    ivrs: [{ id: 6, name: "Main menu" }],
    phones: [{ id: 44, mask: "+86 138 •••• 8000", partner: "Li Wei", label: "Mobile" }],
    number: false,
};

/** What the server finds: by name, and any number. */
function find(search) {
    const wanted = (row) => row.name?.toLowerCase().includes(search.toLowerCase());
    return {
        ...TEAM,
        // The server tells them always: of this customer, whatever is typed.
        owner: TEAM.owner,
        last: TEAM.agents[0],
        agents: TEAM.agents.filter(wanted),
        queues: TEAM.queues.filter(wanted),
        ivrs: search ? [] : TEAM.ivrs,
        phones: search ? [] : TEAM.phones,
        number: /^\d{5,}$/.test(search),
    };
}

async function inCall(more = {}) {
    const server = signedIn("on_call", { calls: [answered()], ...more });
    server.targets = find;
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_call_strip, .o_cc_dial");
    await animationFrame();
    return server;
}

const shown = () => queryAllTexts(".o_cc_target_name");
/** The last command; an open list may have asked for its targets after it. */
const commanded = (server) => server.asked.findLast(([what]) => what === "command");
const active = () => queryOne("[aria-selected=true] .o_cc_target_name").textContent;

test("Alt+T, a name, Enter: the call is transferred, and everything is as it was before", async () => {
    const server = await inCall();
    const field = document.createElement("input");
    getFixture().append(field);
    field.focus();
    await press(["alt", "t"]);
    await waitFor(".o_cc_picker_search:focus");
    expect(shown()).toEqual([
        "Emil",
        "Ben",
        "Ben",
        "Chen Li",
        "Dora",
        "Support",
        "Main menu",
        "Li Wei",
    ]);
    expect(active()).toBe("Emil", { message: "the customer's salesperson is one key away" });
    await edit("ben");
    await advanceTime(200);
    await waitForNone("[data-target='agent-3']");
    expect(shown()).toEqual(["Ben"]);
    await press("Enter");
    await animationFrame();
    expect(commanded(server)).toEqual([
        "command",
        "transfer",
        { to: { kind: "agent", id: 2 } },
        "0190-a",
    ]);
    await waitFor(".o_cc_panel.o_cc_folded");
    expect(document.activeElement).toBe(field);
    field.remove();
});

test("arrows choose, Shift+Enter consults; who can't be consulted is off and says why", async () => {
    const server = await inCall();
    await press(["alt", "o"]);
    await waitFor(".o_cc_picker_search:focus");
    expect(".o_cc_mode_consult").toHaveAttribute("aria-pressed", "true");
    expect("[data-target='agent-3']").toHaveAttribute("aria-disabled", "true");
    expect("[data-target='agent-3']").toHaveAttribute("title", "Chen Li is not ready.");
    expect("[data-target='queue-1']").toHaveAttribute("title", "Only transfers are possible here.");
    await press("ArrowDown");
    await animationFrame();
    expect(active()).toBe("Ben");
    expect(queryOne(".o_cc_picker_search").getAttribute("aria-activedescendant")).toBe(
        queryOne(".o_cc_target[aria-selected=true]").id
    );
    await press("ArrowDown");
    await press("ArrowDown");
    await animationFrame();
    expect(active()).toBe("Chen Li");
    await press("Enter");
    await animationFrame();
    expect(server.count("command")).toBe(0, { message: "Chen Li can't be consulted" });
    await press("ArrowUp");
    await animationFrame();
    await press(["shift", "Enter"]);
    await animationFrame();
    expect(commanded(server)).toEqual([
        "command",
        "consult",
        { to: { kind: "agent", id: 2 } },
        "0190-a",
    ]);
});

test("by mouse: owner, queue, voice menu, customer's number, each in one click", async () => {
    const server = await inCall();
    for (const [key, to] of [
        ["owner-5", { kind: "owner" }],
        ["queue-1", { kind: "queue", id: 1 }],
        ["ivr-6", { kind: "ivr", id: 6 }],
        ["phone-44", { kind: "phone", id: 44 }],
    ]) {
        await click(".o_cc_slot_transfer");
        await waitFor(`[data-target='${key}']`);
        await click(`[data-target='${key}']`);
        await animationFrame();
        expect(commanded(server)).toEqual(["command", "transfer", { to }, "0190-a"]);
        await advanceTime(15_100);
    }
});

test("a typed number goes out as it was typed", async () => {
    const server = await inCall();
    await press(["alt", "i"]);
    await waitFor(".o_cc_picker_search:focus");
    await edit("01065529988");
    await advanceTime(200);
    await waitFor("[data-target=number]");
    await press("Enter");
    await animationFrame();
    expect(commanded(server)).toEqual([
        "command",
        "invite",
        { to: { kind: "number", number: "01065529988" } },
        "0190-a",
    ]);
});

test("Enter before the answer is there does nothing that is in doubt", async () => {
    const server = await inCall();
    await press(["alt", "t"]);
    await waitFor(".o_cc_picker_search:focus");
    freezeTime();
    await edit("n");
    await press("Enter");
    await animationFrame();
    // Ben and Chen Li both fit: neither is taken.
    expect(server.count("command")).toBe(0);
    await waitFor("[data-target='agent-2']");
    await edit("ben");
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(commanded(server)[2]).toEqual({ to: { kind: "agent", id: 2 } });
});

test("Enter is not lost when the list is asked for anew meanwhile", async () => {
    const server = await inCall();
    await press(["alt", "t"]);
    await waitFor(".o_cc_picker_search:focus");
    freezeTime();
    // Enter's own question, and the list's of every five seconds
    const answers = [];
    server.targets = (search) => {
        const found = find(search);
        return answers.length < 2
            ? new Promise((resolve) => answers.push(() => resolve(found)))
            : found;
    };
    await edit("ben");
    await press("Enter");
    await advanceTime(5000);
    await waitUntil(() => answers.length === 2);
    answers[0]();
    await waitUntil(() => commanded(server));
    expect(commanded(server)[2]).toEqual({ to: { kind: "agent", id: 2 } });
    answers[1]();
    await waitFor(".o_cc_panel.o_cc_folded");
    await animationFrame();
});

test("Escape empties the search, then goes back", async () => {
    await inCall();
    await press(["alt", "t"]);
    await waitFor(".o_cc_picker_search:focus");
    await edit("ben");
    await press("Escape");
    await animationFrame();
    expect(".o_cc_picker_search").toHaveValue("");
    await press("Escape");
    await waitFor(".o_cc_panel.o_cc_folded");
});

test("without a call the same list dials, and picks up what rings at a colleague", async () => {
    const server = signedIn("ready");
    server.targets = (search) => ({
        ...find(search),
        agents: [
            agent(2, "Ben", "ringing", {
                why: "Ben is being rung.",
                ringing: { call_uid: "0190-z", name: "Wang Fang", mask: "•••• 77" },
            }),
            agent(3, "Chen Li", "ready"),
        ],
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await click(".o_cc_state");
    await waitFor(".o_cc_open_tab[data-tab=team]");
    await click(".o_cc_open_tab[data-tab=team]");
    await waitFor(".o_cc_target");
    expect(".o_cc_modes").toHaveCount(0);
    expect("[data-group=queues], [data-group=owner]").toHaveCount(0);
    await click("[data-target='pickup-2']");
    await animationFrame();
    expect(commanded(server)).toEqual(["command", "pickup", {}, "0190-z"]);
    await click("[data-target='agent-3']");
    await animationFrame();
    expect(commanded(server)).toEqual(["command", "dial", { agent: 3 }, false]);
});

test("a queue outside its working hours is said to be closed", async () => {
    const server = await inCall();
    const closed = { id: 2, name: "Night shift", waiting: 0, ready: 0, open: false };
    server.targets = (search) => ({ ...find(search), queues: [...TEAM.queues, closed] });
    await press(["alt", "t"]);
    await waitFor("[data-target=queue-2]");
    expect("[data-target=queue-1] small").toHaveText("3 waiting, 1 ready");
    expect("[data-target=queue-2] small").toHaveText("closed now");
});

test("who has just become ready is not refused by a list that is some seconds old", async () => {
    const server = await inCall();
    await press(["alt", "t"]);
    await waitFor("[data-target='agent-4'][aria-disabled=true]");
    await click("[data-target='agent-4']");
    await waitFor(".o_cc_refused:contains(Dora is on a call.)");
    expect(server.count("command")).toBe(0);
    server.targets = () => ({ ...find(""), agents: [agent(4, "Dora", "ready")] });
    await click("[data-target='agent-4']");
    await waitUntil(() => server.count("command"));
    expect(commanded(server).slice(1, 3)).toEqual(["transfer", { to: { kind: "agent", id: 4 } }]);
});

test("the colleagues' states stay fresh while the list is open", async () => {
    const server = await inCall();
    await press(["alt", "t"]);
    await waitFor("[data-target='agent-4'][aria-disabled=true]");
    server.targets = () => ({ ...find(""), agents: [agent(4, "Dora", "ready")] });
    await advanceTime(5100);
    await waitFor("[data-target='agent-4']:not([aria-disabled])");
});
