// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { Deferred } from "@web/core/utils/concurrency";
import { session } from "@web/session";
import { getTimeOffset } from "@web/../lib/hoot-dom/helpers/time";
import { WebClient } from "@web/webclient/webclient";
import { sipFactory } from "@cc_telephony/phone/sip_client";
import { tabLocks } from "@cc_telephony/phone/media_link";
import { forgetPointer } from "@cc_telephony/phone/settled";
import { agentStates, callControls } from "./shared_tables";
import { waitFor } from "./patience";

class Purpose extends models.Model {
    _name = "cc.call.purpose";
    name = fields.Char();
    _records = [
        { id: 1, name: "Order" },
        { id: 2, name: "Complaint" },
    ];
}
class Source extends models.Model {
    _name = "cc.call.source";
    name = fields.Char();
    _records = [{ id: 4, name: "Website" }];
}
export class Note extends models.Model {
    _name = "cc.call.note";
    call_id = fields.Integer();
    author_id = fields.Many2one({ relation: "res.users", default: () => serverState.userId });
    note = fields.Text();
    purpose_id = fields.Many2one({ relation: "cc.call.purpose" });
    source_id = fields.Many2one({ relation: "cc.call.source" });
    _records = [];
}
/** Models behind the bar and its panel; for every test file that shows them. */
export function definePhoneModels() {
    defineMailModels();
    defineModels([Purpose, Source, Note]);
}

/** @returns {number} the server's clock, µs, in these tests two minutes ahead of the browser's */
export const nowUs = () => (Date.now() + 120_000) * 1000;

/**
 * From here on the clock goes by `advanceTime` alone: on a busy machine seconds pass between two lines of a
 * test. Timers still run out by themselves too; where one must not, `freezeTime()` stops them.
 */
function stopClock() {
    const begun = Date.now() - getTimeOffset();
    patchWithCleanup(Date, { now: () => begun + getTimeOffset() });
}

/** The browser phone without network and sound: notes what it is asked, rings when told. */
export class FakeSip {
    constructor(config, handlers) {
        this.config = config;
        this.handlers = handlers;
        this.asked = [];
        this.stopped = false;
    }
    start() {
        this.handlers.onStatus("registered", null);
    }
    stop() {
        this.stopped = true;
    }
    invite(id, { callUid = null, auto = false } = {}) {
        this.handlers.onSession({ id, callUid, auto, state: "ringing", muted: false });
    }
    answer(id) {
        this.asked.push(`answer ${id}`);
        this.handlers.onSession({ id, callUid: null, auto: false, state: "talking", muted: false });
    }
    reject(id) {
        this.asked.push(`reject ${id}`);
        this.handlers.onSession({ id, callUid: null, auto: false, state: "ended", muted: false });
    }
    hangup(id) {
        this.asked.push(`hangup ${id}`);
        this.handlers.onSession({ id, callUid: null, auto: false, state: "ended", muted: false });
    }
    mute(id, on) {
        this.asked.push(`mute ${id} ${on}`);
        this.handlers.onSession({ id, callUid: null, auto: false, state: "talking", muted: on });
    }
}

/**
 * Puts an agent and a server behind the bar. What the server was asked stands in `asked`; `phone` is
 * what `my_phone()` answers and may be changed at any time.
 *
 * @param {object} [phone] differences from a signed-out agent
 */
export function setupPhone(phone = {}) {
    stopClock();
    patchWithCleanup(session, { cc_phone: true });
    forgetPointer();
    const server = {
        asked: [],
        sips: [],
        refuse: null,
        phone: {
            agent: { id: 7, number: "1001", name: "Ann" },
            session: false,
            state: "offline",
            reason: null,
            since: null,
            until: null,
            more: 0,
            next: null,
            reachable: true,
            device: null,
            extension: null,
            calls: [],
            pbx: { id: 1, code: "main", connected: true, message: "" },
            sip: false,
            states: agentStates,
            controls: callControls,
            announcements: 0,
            break_reasons: [
                { id: 1, name: "Lunch" },
                { id: 2, name: "Training" },
            ],
            devices: [
                { device: "browser", extension: "w1001", label: "This browser" },
                { device: "desk", extension: "201", label: "201 Reception" },
            ],
            ...phone,
        },
        recent: { calls: [], missed: 0 },
        /** what the calls are about, as Odoo has it */
        subject: { purpose_id: false, source_id: false },
        announcements: [],
        targets: () => ({ agents: [], queues: [], ivrs: [], phones: [], number: false }),
        get sip() {
            return server.sips.at(-1);
        },
        count(what) {
            return server.asked.filter((asked) => asked[0] === what).length;
        },
    };
    const answer = (method, make) =>
        onRpc("cc.agent", method, ({ args }) => {
            server.asked.push([method, ...args]);
            return make(...args);
        });
    answer("my_phone", () => ({ ...server.phone, clock_us: nowUs() }));
    answer("sign_in", (device, extension) => {
        Object.assign(server.phone, { session: 31, device, extension });
        server.phone.sip = device === "browser" ? sipAccount : false;
        return { id: "cmd-sign_in", session: 31, sip: server.phone.sip };
    });
    answer("sign_out", () => ({ id: "cmd-sign_out" }));
    answer("set_state", (state) => ({ id: `cmd-${state}` }));
    answer("set_next_state", () => ({ id: "cmd-next_state" }));
    answer("prolong_wrap_up", () => ({ id: "cmd-prolong" }));
    answer("recent_calls", () => server.recent);
    answer("recent_seen", () => true);
    answer("announcements", () => server.announcements);
    answer("announcement_read", () => 0);
    answer("transfer_targets", (search, callUid) => server.targets(search, callUid));
    answer("end_wrap_up", () => ({ id: "cmd-end_wrap_up" }));
    onRpc("cc.call", "search_read", () => [server.subject]);
    // Odoo joins what is newer than `seen`; here nobody else writes.
    onRpc("cc.call", "cc_save_note", ({ args }) => {
        const [[callId]] = args;
        const values = { ...args[1] };
        delete values.seen;
        const notes = MockServer.env["cc.call.note"];
        const [own] = notes.search([["call_id", "=", callId]]);
        if (own) {
            notes.write([own], values);
        } else {
            notes.create({ ...values, call_id: callId });
        }
        server.asked.push(["cc_save_note", ...args]);
        return notes.search_read([["call_id", "=", callId]], ["note"])[0].note || "";
    });
    answer("command", (kind) => ({ id: `cmd-${kind}` }));
    patchWithCleanup(sipFactory, {
        create(config, handlers) {
            server.sips.push(new FakeSip(config, handlers));
            return server.sips.at(-1);
        },
    });
    patchWithCleanup(tabLocks, {
        request: (options, callback) => Promise.resolve(callback({ name: "cc_phone" })),
    });
    return server;
}

const sipAccount = {
    ws: "/pbx/main/ws",
    extension: "w1001",
    secret: "not-a-real-secret",
    realm: "pbx.test",
    ice: [],
};

/** A phone that is signed in at a desk extension, or in this browser. */
export function signedIn(state = "ready", more = {}) {
    const browserPhone = more.device === "browser";
    if (browserPhone) {
        localStorage.setItem(`cc_phone.session.${serverState.userId}`, "30");
    }
    return setupPhone({
        session: 30,
        device: "desk",
        extension: browserPhone ? "w1001" : "201",
        state,
        since: nowUs() - 65e6,
        sip: browserPhone ? sipAccount : false,
        ...more,
    });
}

/** The web client with the bar of somebody who is signed in; the parameters are those of `signedIn`. */
export async function startPhone(state = "ready", more = {}) {
    const server = signedIn(state, more);
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    await animationFrame();
    return server;
}

/** What the bus brings to the agent's own user. */
export function send(type, payload) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, type, {
        clock_us: nowUs(),
        ...payload,
    });
}

/** Resolved once all that was sent so far has arrived and been drawn. */
export async function delivered() {
    const bus = getService("bus_service");
    const last = new Deferred();
    const hear = () => last.resolve();
    bus.subscribe("test/last", hear);
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "test/last", {});
    await last;
    bus.unsubscribe("test/last", hear);
    await animationFrame();
}

export function sendState(state, more = {}) {
    send("cc.agent/state", {
        agent_id: 7,
        session_id: 30,
        state,
        reason: null,
        since: nowUs(),
        until: null,
        device: "desk",
        extension: "201",
        call_uid: null,
        ...more,
    });
}

/** The card of a call that rings at the agent now. */
export function card(more = {}) {
    const now = nowUs();
    return {
        id: 900,
        call_uid: "0190-a",
        rev: 3,
        moment: "ringing",
        state: "ringing",
        direction: "inbound",
        mine: "ringing",
        t: now,
        clock_us: now,
        started_t: now - 40e6,
        queued_t: now - 32e6,
        ring_t: now,
        answered_t: null,
        ended_t: null,
        queue: { id: 4, name: "Support" },
        line: "trunk",
        dialled: "400 •••• 1234",
        caller: { name: "Li Wei", mask: "+86 138 •••• 8000", known: 1, partner_id: 12 },
        attempt_outcome: null,
        sender: null,
        extra: {},
        muted: false,
        held: false,
        parties: [],
        consult: null,
        conference: false,
        keys: "",
        can: ["answer", "reject", "hangup"],
        ...more,
    };
}

/** What may be done with a customer in talk, by `call_controls.json`. */
export const IN_TALK = [
    "hangup",
    "mute",
    "hold",
    "transfer",
    "consult",
    "invite",
    "dtmf",
    "collect",
];

/** Somebody else in the call. */
export const party = (more = {}) => ({
    leg: 1,
    role: "customer",
    name: "Li Wei",
    mask: "+86 138 •••• 8000",
    agent_id: false,
    state: "talking",
    mode: "talk",
    since: nowUs() - 20e6,
    ...more,
});

/** A colleague who is consulted or has joined. */
export const colleague = (more = {}) =>
    party({ leg: 3, role: "agent", name: "Chen Li", mask: "1003", agent_id: 9, ...more });

export const answered = (more = {}) =>
    card({
        can: IN_TALK,
        parties: [party()],
        rev: 4,
        moment: "answered",
        state: "talking",
        mine: "talking",
        answered_t: nowUs(),
        ...more,
    });

export const ended = (more = {}) =>
    card({
        rev: 5,
        can: [],
        moment: "ended",
        state: "ended",
        mine: "left",
        ended_t: nowUs(),
        ...more,
    });
