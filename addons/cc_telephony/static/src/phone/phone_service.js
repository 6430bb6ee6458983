// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { EventBus, markRaw, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session as pageSession } from "@web/session";
import { PanelState } from "../panel/panel_state";
import { ShortcutKeys } from "../shortcuts/shortcut_keys";
import { CallActions } from "./call_actions";
import { ServerClock } from "./clock";
import { shapingControls } from "./control_registry";
import { DesktopNotice } from "./desktop_notice";
import { MediaLink } from "./media_link";
import { PhoneCommands } from "./phone_commands";
import { PhoneLists } from "./phone_lists";
import { PhoneStore, isOwnDialling } from "./phone_store";
import { AWAY_WORDS, LEFT_ELSEWHERE_WORDS, callerWords, commandWords } from "./phone_words";
import { TabFocus } from "./tab_focus";

/** A ringing message older than this may be a replay: the server is asked whether it still rings, µs. */
const STALE_AFTER = 5e6;
/** A hint that no fact follows shows a call that is none: its card goes after this, ms. */
const HINT_LASTS = 3000;
/** Twice a second, so that none is seen to be skipped, ms. */
const TICK = 500;

/**
 * The agent's phone in this page. What is shown comes from facts (`store`); what the agent wants
 * goes out as commands (`commands`) or to the browser phone (`media`).
 *
 * `bus` tells other addons of calls: `RINGING`, `ANSWERED`, `ENDED`, and `CHANGED` for each fact,
 * each with the call's card as `detail`; of the agent's state: `STATE` with `{state, reason, since, until, callUid, before}`; and of
 * the whole picture read anew: `SNAPSHOT` with `{agent, session, state, extra}`. Every tab fires them;
 * `focus.isLast` says whether the agent looked at this tab last.
 */
export class CcPhone extends CallActions {
    constructor({ orm, bus_service, notification, "bus.monitoring_service": link }) {
        super();
        this.services = markRaw({ orm: orm.silent, bus_service, notification });
        /** Whether facts reach this page; Odoo's own watch over its websocket. */
        this.link = link;
        this.store = new PhoneStore();
        this.lists = new PhoneLists(this.services.orm);
        this.panel = new PanelState();
        this.keys = new ShortcutKeys(user.userId);
        this.commands = new PhoneCommands();
        this.media = new MediaLink();
        this.clock = markRaw(new ServerClock());
        this.notice = markRaw(new DesktopNotice());
        this.focus = markRaw(new TabFocus());
        this.bus = markRaw(new EventBus());
        /** Odoo's clock, µs; one timer moves it for all that tick. */
        this.now = 0;
        /** Last thing said to screen readers. */
        this.announcement = "";
        this.lastDialled = "";
        /** When a number was typed and dialled in this page last, µs: whose it is comes with the call. */
        this.typedAt = 0;
        /** What addons keep that others look at (`isDisplayed`, `isComplete` …), by their names. */
        this.parts = {};
        /** Whether this browser is the one that the agent signed in with. */
        this.isHere = false;
        this._reading = null;
        this._readAgain = false;
        this._ticking = null;
    }

    /** To be called on the reactive object, so that what happens later is seen by components. */
    start() {
        this.commands.onProblem = (problem) => this._tellProblem(problem);
        this.media.onProblem = (words) => this._warn(words);
        this.media.onDenied = () => this._leaveReady();
        const subscribe = (type, take) =>
            this.services.bus_service.subscribe(type, (payload) => {
                if (!this.store.loaded) {
                    // The picture under way may be older than this.
                    this._readAgain = true;
                    return;
                }
                this.clock.hear(payload.clock_us);
                this.now = this.clock.now();
                take(payload);
            });
        subscribe("cc.agent/state", (message) => this._onState(message));
        subscribe("cc.call/changed", (card) => this._onCard(card));
        subscribe("cc.call/hint", (card) => this._onHint(card));
        subscribe("cc.command/result", (result) => {
            const uid = this.commands.finish(result);
            if (result.kind === "dtmf" && uid) {
                this._sendRest(uid);
            }
        });
        subscribe("cc.announcement/new", (message) => this._onAnnouncement(message));
        subscribe("cc.agent/session", (message) => {
            const before = this._stateDetail();
            if (this.store.applySessionEnd(message)) {
                this._tellState(before);
                this._sync();
            }
        });
        subscribe("cc.pbx/state", (message) => this.store.applyPbx(message));
        subscribe("cc.agent/extra", (message) => {
            this.store.applyExtra(message);
            this._tellSnapshot();
        });
        this.services.bus_service.addEventListener("BUS:RECONNECT", () => this.refresh());
        browser.addEventListener("storage", ({ key }) => {
            if (key === this._sessionKey) {
                this._sync();
            }
        });
        return this.refresh();
    }

    // --- what is shown --------------------------------------------------------------------------

    get isVisible() {
        return this.store.loaded && Boolean(this.store.agent);
    }

    get signedIn() {
        return this.store.signedIn;
    }

    get usesBrowser() {
        return this.store.session && this.store.session.device === "browser";
    }

    /** @returns {boolean} whether no phone stands behind the state: nothing rings, whatever it says */
    get isAway() {
        return this.signedIn && !this.store.reachable;
    }

    /** @returns {boolean} whether the browser that the agent signed in with is gone, and this one could be their phone */
    get isLeftElsewhere() {
        return Boolean(this.isAway && this.usesBrowser && !this.isHere);
    }

    /** Why no phone stands behind the state, and what to do. */
    get awayWords() {
        return (this.isLeftElsewhere ? LEFT_ELSEWHERE_WORDS : AWAY_WORDS).toString();
    }

    /** @returns {boolean} whether calls can be answered and ended from this page */
    get hasHands() {
        return !this.usesBrowser || this.isHere;
    }

    /** @returns {object[]} SIP calls that ring before the PBX's fact about them has arrived */
    get early() {
        const { calls, ringing } = this.store;
        return this.media.ringing.filter(({ callUid }) =>
            callUid ? calls.every((card) => card.call_uid !== callUid) : !ringing.length
        );
    }

    /** @returns {string|null} what is wrong with the link or the phone, and what to do */
    get trouble() {
        const { pbx, session } = this.store;
        if (!session) {
            return null;
        }
        if (this.link.isConnectionLost) {
            return _t(
                "The connection to Odoo is lost, so what you see may be out of date. Reconnecting automatically; if this persists, check your network."
            );
        }
        if (!pbx.connected) {
            return pbx.message
                ? _t("The PBX is unreachable: %(message)s. Reconnecting automatically.", {
                      message: pbx.message,
                  })
                : _t("The PBX is unreachable. Reconnecting automatically.");
        }
        if (this.isLeftElsewhere) {
            return this.awayWords;
        }
        if (this.usesBrowser && !this.isHere) {
            return _t("You are signed in with another browser. Sign in here to talk in this one.");
        }
        if (this.usesBrowser && this.media.problem) {
            return this.media.problem.toString();
        }
        if (!this.store.reachable) {
            return this.awayWords;
        }
        if (this.media.soundBlocked) {
            return _t("The browser is blocking audio. Click here to hear the call.");
        }
        return null;
    }

    /** @returns {string} who the other party is, in words */
    callerName(card) {
        return callerWords(card, this.store.names[card.call_uid]);
    }

    isMuted(card) {
        if (!this.usesBrowser) {
            return Boolean(card.muted);
        }
        const talks = this.media.sessions.filter((session) => session.state === "talking");
        const session = talks.find((talk) => talk.callUid === card.call_uid) || talks[0];
        return Boolean(session?.muted);
    }

    // --- what the PBX says ----------------------------------------------------------------------

    /** Reads the whole picture; a second call while one is under way reads once more after it. */
    async refresh() {
        if (this._reading) {
            this._readAgain = true;
            return this._reading;
        }
        this._reading = this._read();
        try {
            await this._reading;
        } finally {
            this._reading = null;
        }
    }

    async _read() {
        do {
            this._readAgain = false;
            const askedAt = Date.now();
            let data;
            try {
                data = await this.services.orm.call("cc.agent", "my_phone", []);
            } catch (error) {
                // At the next reconnection it is read again; a broken page helps nobody.
                console.warn("cc_phone: my_phone failed", error);
                return;
            }
            this.clock.measure(data.clock_us, askedAt, Date.now());
            const before = this._stateDetail();
            const changes = this.store.applySnapshot(data, askedAt);
            this._tellState(before);
            this._leaveReady();
            this._tell(changes);
            this._tellSnapshot();
            if (this.signedIn) {
                this.commands.settle("sign_in");
            }
            this._sync();
            this.lists.unread = data.announcements || 0;
        } while (this._readAgain);
        this._readRecent();
    }

    /** Nobody stands behind Ready where nobody could be heard, also when the wrap-up has run out into it. */
    _leaveReady() {
        if (this.media.isDenied && this.store.state === "ready") {
            this.setState("busy");
        }
    }

    /** For the events: the state as it is now. */
    _stateDetail() {
        const { state, reason, since, until, callUid } = this.store;
        return { state, reason, since, until, callUid };
    }

    _tellState(before) {
        const detail = this._stateDetail();
        if (Object.keys(detail).some((key) => detail[key] !== before[key])) {
            this.bus.trigger("STATE", { ...detail, before: before.state });
        }
    }

    _tellSnapshot() {
        const { agent, session, state, extra } = this.store;
        this.bus.trigger("SNAPSHOT", { agent, session, state, extra });
    }

    _onState(message) {
        const { state: before, until } = this.store;
        const detail = this._stateDetail();
        if (this.store.applyState(message)) {
            this.refresh();
            return;
        }
        this._tellState(detail);
        this._leaveReady();
        if (before !== this.store.state || until !== this.store.until) {
            this.commands.settle("prolong");
        }
        this.commands.settle("next_state");
        if (before === "on_call" && this.store.state !== "on_call" && this.store.lastCall) {
            this.commands.settleCall(this.store.lastCall.call_uid);
        }
        if (before !== this.store.state) {
            this.commands.settle("set_state");
            if (before === "offline") {
                this.commands.settle("sign_in");
            }
            if (this.store.state === "offline") {
                this.commands.settle("sign_out");
            }
        }
        this._sync();
    }

    _onCard(card) {
        const known = this.store.calls.find((other) => other.call_uid === card.call_uid);
        const stale = this.clock.now() - (card.t || card.clock_us || 0) > STALE_AFTER;
        if (card.mine === "ringing" && known?.mine !== "ringing" && stale) {
            this.refresh();
            return;
        }
        this._tell(this.store.applyCard(card));
        this.bus.trigger("CHANGED", card);
    }

    /**
     * The PBX's word that a call rings here, ahead of the fact: the card is shown, and what addons do at a
     * ring waits for the fact. `HINTED` tells them to get ready.
     */
    _onHint(card) {
        const isLate = this.clock.now() - card.t > STALE_AFTER;
        const isKnown = this.store.calls.some((known) => known.call_uid === card.call_uid);
        if (isLate || isKnown || !this.signedIn) {
            return;
        }
        const changes = this.store.applyCard(card);
        if (!changes.length) {
            return;
        }
        this._announceRing(card);
        this.bus.trigger("HINTED", card);
        browser.setTimeout(() => {
            if (this.store.dropHint(card)) {
                this.notice.close(card.call_uid);
            }
        }, HINT_LASTS);
    }

    _announceRing(card) {
        this.announcement = _t("Incoming call: %(caller)s", { caller: this.callerName(card) });
        if (this.focus.isLast) {
            this.notice.show(card.call_uid, this.announcement, card.queue?.name || "");
        }
    }

    _tell(changes) {
        for (const { before, after } of changes) {
            const was = before && !before.hint ? before.mine : null;
            const open = this.store.calls.some((card) => card.call_uid === after.call_uid);
            const is = open ? after.mine : null;
            const caller = this.callerName(after);
            if (is === "ringing" && was !== "ringing" && isOwnDialling(after)) {
                this.announcement = _t("Calling %(caller)s", { caller });
                this.bus.trigger("RINGING", after);
            } else if (is === "ringing" && was !== "ringing") {
                if (!before) {
                    this._announceRing(after);
                }
                this.bus.trigger("RINGING", after);
            } else if (is === "talking" && was !== "talking") {
                this.commands.settle("answer", after.call_uid);
                this.commands.settle("dial");
                this.announcement = _t("Talking with %(caller)s", { caller });
                this.notice.close(after.call_uid);
                this.bus.trigger("ANSWERED", after);
            } else if (!is) {
                this.commands.settleCall(after.call_uid);
                this.announcement = _t("Call ended: %(caller)s", { caller });
                this.notice.close(after.call_uid);
                this._forgetKeys(after.call_uid);
                this.bus.trigger("ENDED", after);
                this._readRecent();
            } else if (before) {
                this.announcement = this.changeWords(before, after) || this.announcement;
            }
            if (before && callShape(before) !== callShape(after)) {
                shapingControls().forEach((kind) => this.commands.settle(kind, after.call_uid));
            }
            if (before && Boolean(before.muted) !== Boolean(after.muted)) {
                this.commands.settle("mute", after.call_uid);
            }
        }
    }

    /** For the count of missed calls; the list itself is read again when it is looked at. */
    async _readRecent() {
        if (!this.store.agent) {
            return;
        }
        try {
            await this.lists.loadRecent();
        } catch (error) {
            console.warn("cc_phone: recent_calls failed", error);
        }
    }

    _onAnnouncement({ title, unread }) {
        this.lists.unread = unread;
        this.services.notification.add(title, {
            title: _t("Announcement"),
            type: "info",
            buttons: [{ name: _t("Open"), onClick: () => this.panel.show("announcements") }],
        });
    }

    /** Browser phone and timer follow what is known of the session. */
    _sync() {
        const { session, sip } = this.store;
        this.isHere =
            Boolean(session) &&
            browser.localStorage.getItem(this._sessionKey) === String(session.id);
        if (this.usesBrowser && sip && this.isHere) {
            this.media.start(sip);
        } else if (this.media.status !== "off") {
            this.media.stop();
        }
        this.now = this.clock.now();
        if (session && !this._ticking) {
            this._ticking = browser.setInterval(() => {
                this.now = this.clock.now();
            }, TICK);
        } else if (!session && this._ticking) {
            browser.clearInterval(this._ticking);
            this._ticking = null;
        }
    }

    get _sessionKey() {
        return `cc_phone.session.${user.userId}`;
    }

    _tellProblem({ kind, code, message }) {
        if (kind === "sign_in") {
            this.refresh();
        }
        this._warn(commandWords(code, message, kind));
    }

    _warn(words) {
        this.services.notification.add(words.toString(), { title: _t("Phone"), type: "danger" });
    }
}

/** @returns {string} what the controls of a call can change */
function callShape({ held, consult, conference, parties }) {
    return JSON.stringify([held, consult?.state, conference, parties?.length]);
}

export const ccPhoneService = {
    dependencies: ["orm", "bus_service", "notification", "bus.monitoring_service"],
    /** @returns {CcPhone} reactive */
    start(env, services) {
        const phone = reactive(new CcPhone(services));
        // Set by the server for agents: others are spared the request.
        if (pageSession.cc_phone) {
            phone.start();
        }
        return phone;
    },
};

registry.category("services").add("cc_phone", ccPhoneService);
