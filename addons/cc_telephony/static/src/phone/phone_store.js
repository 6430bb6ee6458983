// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

/** How often a wait for the fact behind a hint looks, ms. */
const HINT_LOOK = 20;
/** How many ended calls are remembered, so that late messages don't bring them back. */
const ENDED_KEPT = 50;
/** How many calls this agent was in are remembered: the wrap-up of one may be interrupted by others. */
const WRAPPED_KEPT = 5;

/**
 * What the PBX said about this agent, as far as it has arrived here. Changes by facts only: no
 * method here is called for a click.
 *
 * Times are µs since 1970 UTC.
 */
export class PhoneStore {
    constructor() {
        this.loaded = false;
        /** @type {{id: number, number: string, name: string}|false} */
        this.agent = false;
        /** @type {{id: number, device: string, extension: string}|false} */
        this.session = false;
        this.state = "offline";
        this.reason = null;
        this.since = null;
        this.until = null;
        /** the call that the state is about; whether it is over and the agent talks on */
        this.callUid = null;
        this.customerLeft = false;
        /** how often the wrap-up may still be prolonged */
        this.more = 0;
        /** @type {{state: string, reason: string|null}|null} what comes after the call and its wrap-up */
        this.next = null;
        /** whether the PBX reaches the agent's phone, as far as is known */
        this.reachable = true;
        /** cards of calls that ring here or that this agent is in, oldest first */
        this.calls = [];
        this.pbx = { connected: true, message: "" };
        this.sip = false;
        this.states = { states: {}, moves: [] };
        /** `call_controls.json` */
        this.controls = { controls: [] };
        this.breakReasons = [];
        /** @type {{device: string, extension: string, label: string}[]} */
        this.devices = [];
        /** @type {{device: string, extension: string|number}|null} where the agent signed in last */
        this.lastDevice = null;
        /** why the last session ended when it was not by this agent's own click */
        this.endedBy = null;
        /** the call that ended last, for the wrap-up */
        this.lastCall = null;
        /** call_uid: the name that was found for the caller here, newer than what the cards say */
        this.names = {};
        /** what addons added to the snapshot (`cc.agent._cc_snapshot_extra`), by their names */
        this.extra = {};
        /** call_uid: card of a call, over here, that this agent was in; the last few */
        this._wrapped = new Map();
        this._ended = new Map();
        this._heard = new Map();
    }

    get signedIn() {
        return Boolean(this.session) && this.state !== "offline";
    }

    /** Calls of others that ring here. */
    get ringing() {
        return this.calls.filter((card) => card.mine === "ringing" && !isOwnDialling(card));
    }

    /** Calls this agent is in, or has dialled while the own phone still rings. */
    get talking() {
        return this.calls.filter((card) => card.mine === "talking" || isOwnDialling(card));
    }

    /** @returns {object|null} the call, over, after which the agent talks on with whoever was asked */
    get talksOn() {
        const { calls, lastCall, callUid, customerLeft } = this;
        return customerLeft && !calls.length && lastCall?.call_uid === callUid ? lastCall : null;
    }

    /**
     * Takes the whole picture as `cc.agent.my_phone()` gives it.
     *
     * @param {object} data
     * @param {number} askedAt Date.now() when it was asked for: what was heard after that is newer
     * @returns {{before: object|null, after: object}[]} changed cards
     */
    applySnapshot(data, askedAt) {
        const first = !this.loaded;
        const sameSession = this.session && this.session.id === data.session;
        this.loaded = true;
        this.agent = data.agent;
        this.session = data.session
            ? { id: data.session, device: data.device, extension: data.extension }
            : false;
        if (!sameSession || !this.since || (data.since || 0) >= this.since) {
            this._takeUntil(data);
            this.state = data.session ? data.state || "offline" : "offline";
            this.reason = data.reason || null;
            this.since = data.since || null;
            this._takeRest(data);
        }
        this.pbx = data.pbx || { connected: true, message: "" };
        this.sip = data.sip || false;
        this.states = data.states || this.states;
        this.controls = data.controls || this.controls;
        // A page that opens in the wrap-up did not see the call.
        this.lastCall = data.last_call || this.lastCall;
        if (data.last_call) {
            this._wraps(data.last_call);
        }
        this.callUid = data.last_call?.call_uid || null;
        this.customerLeft = Boolean(data.last_call) && data.state === "on_call";
        this.breakReasons = data.break_reasons || [];
        this.devices = data.devices || [];
        this.lastDevice = data.last_device || null;
        this.extra = data.extra || {};
        if (this.session) {
            this.endedBy = null;
        }
        const changes = [];
        const cards = (data.calls || []).filter(isOpen);
        const uids = new Set(cards.map((card) => card.call_uid));
        for (const card of [...this.calls]) {
            if (!uids.has(card.call_uid) && (this._heard.get(card.call_uid) || 0) < askedAt) {
                this.calls = this.calls.filter((known) => known.call_uid !== card.call_uid);
                changes.push({ before: card, after: { ...card, mine: "left", moment: "ended" } });
            }
        }
        for (const card of cards) {
            const put = this._put(card);
            // A page that opens in the middle of a talk is no answering.
            changes.push(...(first && card.mine === "talking" ? [] : put));
        }
        return changes;
    }

    /**
     * @param {object} message `cc.agent/state`
     * @returns {boolean} true when it names a session that this page knows nothing of: nothing is
     *   taken from it then, the whole picture is to be read, so that state and session change together
     */
    applyState(message) {
        if (!this.agent || message.agent_id !== this.agent.id) {
            return false;
        }
        const known = this.session ? this.session.id : null;
        if (this.since && message.since && message.since < this.since) {
            return false; // overtaken by a newer one
        }
        if (message.session_id && known && message.session_id < known) {
            return false; // of a session that is over
        }
        if (message.state === "offline" && this.state === "offline") {
            return false; // a session that is just beginning is not ended by the one before
        }
        if (message.state !== "offline" && message.session_id && message.session_id !== known) {
            return true;
        }
        this._takeUntil(message);
        this.state = message.state;
        this.callUid = message.call_uid || null;
        this.customerLeft = Boolean(message.talks_on);
        this.lastCall = this._wrappedUp() || this.lastCall;
        this.reason = message.reason || null;
        this.since = message.since || null;
        this._takeRest(message);
        if (message.state === "offline") {
            this.session = false;
            this.sip = false;
        }
        return false;
    }

    _takeRest({ next, reachable }) {
        this.next = next || null;
        this.reachable = reachable !== false;
    }

    _wraps(card) {
        this._wrapped.set(card.call_uid, card);
        if (this._wrapped.size > WRAPPED_KEPT) {
            this._wrapped.delete(this._wrapped.keys().next().value);
        }
    }

    /** @returns {object|undefined} the call that is wrapped up: a colleague's may have come and gone meanwhile */
    _wrappedUp() {
        return this.state === "wrap_up" ? this._wrapped.get(this.callUid) : undefined;
    }

    /** The end of the wrap-up: of the same one it only moves on, whatever arrives late. */
    _takeUntil({ state, since, until, more }) {
        const same = state === this.state && since && since === this.since;
        if (same && (until || 0) < (this.until || 0)) {
            return;
        }
        this.until = until || null;
        this.more = more || 0;
    }

    /**
     * @param {object} card `cc.call/changed`
     * @returns {{before: object|null, after: object}[]} the change, if it is one
     */
    applyCard(card) {
        this._heard.set(card.call_uid, Date.now());
        return this._put(card);
    }

    /**
     * No fact has followed the hint: there is no such call, or it rings here no more.
     *
     * @returns {boolean} whether the card was that of a hint
     */
    dropHint({ call_uid: callUid }) {
        const kept = this.calls.filter((card) => card.call_uid !== callUid || !card.hint);
        const isDropped = kept.length < this.calls.length;
        this.calls = kept;
        return isDropped;
    }

    /**
     * Waits for the fact behind a hint: what is asked of the PBX is about a call that Odoo knows.
     *
     * @returns {Promise<void>} settled also when none comes: the server then says why not
     */
    async whenTold(callUid) {
        const isHint = () => this.calls.some((card) => card.call_uid === callUid && card.hint);
        while (isHint()) {
            await new Promise((resolve) => browser.setTimeout(resolve, HINT_LOOK));
        }
    }

    /**
     * @param {object} message `cc.agent/session`: a session is over
     * @returns {boolean} true when it was this page's session
     */
    applySessionEnd(message) {
        if (!this.session || this.session.id !== message.session_id) {
            return false;
        }
        this.session = false;
        this.sip = false;
        this.state = "offline";
        this.reason = null;
        this.until = null;
        this.next = null;
        this.endedBy = message.ended === "signed_out" ? null : message.ended;
        return true;
    }

    /** @param {{extra: object}} message `cc.agent/extra`: what changed of what addons added */
    applyExtra({ extra }) {
        Object.assign(this.extra, extra);
    }

    /** Somebody found out here who calls. */
    nameCall(callUid, name) {
        this.names[callUid] = name;
    }

    /** @param {object} message `cc.pbx/state` */
    applyPbx(message) {
        if (!this.pbx.id || this.pbx.id === message.pbx_id) {
            this.pbx = { ...this.pbx, connected: message.connected, message: message.message };
        }
    }

    /** Puts a card in its place; an older revision, or one of an ended call, changes nothing. */
    _put(card) {
        const ended = this._ended.get(card.call_uid);
        if (ended !== undefined && ended >= card.rev) {
            return [];
        }
        const at = this.calls.findIndex((known) => known.call_uid === card.call_uid);
        const before = at >= 0 ? this.calls[at] : null;
        if (before && before.rev > card.rev) {
            return [];
        }
        if (isOpen(card)) {
            if (before) {
                this.calls[at] = card;
            } else {
                this.calls.push(card);
            }
            return [{ before, after: card }];
        }
        this._heard.delete(card.call_uid);
        // A call that is over stays over; one that only left this agent may come back later.
        this._ended.set(card.call_uid, card.state === "ended" ? Infinity : card.rev);
        if (this._ended.size > ENDED_KEPT) {
            this._ended.delete(this._ended.keys().next().value);
        }
        if (!before) {
            return [];
        }
        this.calls.splice(at, 1);
        delete this.names[card.call_uid];
        if (before.mine === "talking") {
            this._wraps(card);
            this.lastCall = this._wrappedUp() || card;
        }
        return [{ before, after: card }];
    }
}

/**
 * @returns {boolean} whether the agent's own phone rings for a call the agent has dialled; one that a dialler made
 *     and brings (`brought`), and one that a colleague has dialled and sends, come to them like a caller
 */
export function isOwnDialling(card) {
    const comes = card.brought || card.sender || card.answered_t;
    // Of a colleague's direct call this agent's ring is told, of the own one it is not.
    const isDialled =
        card.direction === "outbound" || (card.direction === "internal" && !card.ring_t);
    return card.mine === "ringing" && isDialled && !comes;
}

/** @returns {boolean} whether the call rings at this agent or has them in it */
function isOpen(card) {
    return card.state !== "ended" && (card.mine === "ringing" || card.mine === "talking");
}
