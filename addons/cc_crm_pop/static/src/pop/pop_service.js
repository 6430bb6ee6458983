// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { markRaw, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { settlePage } from "@cc_telephony/phone/settled";
import { user } from "@web/core/user";
import { session as pageSession } from "@web/session";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { FollowUps } from "../follow_up/follow_ups";
import { PageAhead } from "./page_ahead";
import { noteTyping, shownForm, whyStay } from "./unsaved";

/** A ringing message older than this may be a replay: the server is asked, µs. */
const STALE_AFTER = 5e6;
/** Calls that popped in any tab of this browser, so that none pops twice. */
const KEY = "cc_pop.calls";
const KEPT = 30;
/** The views that a pop shows are read once the first page is there, ms. */
const WARM_UP_AFTER = 700;
/** A hidden page paints nothing: then the card is not waited for any longer, ms. */
const PAINT_PATIENCE = 100;
/** A call that I dial comes back from the PBX within this, µs. */
const TYPED_LATELY = 30e6;
/** Where a page is left for that nothing was before. */
const RECENT_CALLS = { res_model: "cc.call", views: [[false, "list"]], target: "main" };
/** A fact that comes later than this after its hint opens its page itself, ms. */
const HINT_LASTS = 10000;
/** How long a call stays at hand after its end: the wrap-up, ms. */
const LINGER = 15 * 60 * 1000;

/**
 * Brings up the page of who calls, and never takes away what the agent is typing.
 *
 * `entries` are the calls at hand, the newest last: `{callId, callUid, pop, told, isWaiting, isChoosing,
 * wanted}`; `told` is the page that the server named last, `isWaiting` says that the page was not opened because something unsaved is on the
 * screen, `isChoosing` that one of several customers is to be chosen, `wanted` how often the agent
 * asked for that by hand: then it may take the focus.
 */
export class CcPop {
    constructor(services) {
        this.services = markRaw(services);
        this.ahead = markRaw(new PageAhead(services.orm));
        this.entries = [];
        this.followUps = new FollowUps(this.services, (card) => this.pageOf(card));
        /** @type {Map<string, Promise>} by call: its page comes up since the hint */
        this.hinted = markRaw(new Map());
    }

    start() {
        const { cc_phone, hotkey } = this.services;
        cc_phone.bus.addEventListener("HINTED", ({ detail }) => this.onHinted(detail));
        cc_phone.bus.addEventListener("RINGING", ({ detail }) => this.onRinging(detail));
        cc_phone.bus.addEventListener("ANSWERED", ({ detail }) => this.onAnswered(detail));
        cc_phone.bus.addEventListener("CHANGED", ({ detail }) => this.onChanged(detail));
        cc_phone.bus.addEventListener("ENDED", ({ detail }) => this.onEnded(detail));
        cc_phone.bus.addEventListener("SNAPSHOT", () => this.onSnapshot());
        cc_phone.bus.addEventListener("STATE", ({ detail }) => this.followUps.onState(detail));
        document.addEventListener("input", noteTyping, true);
        hotkey.add("alt+g", () => this.bringBack(), {
            global: true,
            bypassEditableProtection: true,
            isAvailable: () => Boolean(this.last),
        });
        browser.setTimeout(() => this.warmUp(), WARM_UP_AFTER);
    }

    /** Calls whose customer is one of several. */
    get choosing() {
        return this.entries.filter((entry) => entry.isChoosing);
    }

    /** The call whose customer is brought back. */
    get last() {
        return this.entries.at(-1);
    }

    entryOf(callUid) {
        return this.entries.find((entry) => entry.callUid === callUid);
    }

    /** @returns {object|null} the customer or lead of a call, once it is known and saved */
    pageOf(card) {
        const page = this.entryOf(card.call_uid)?.pop || card.pop;
        return page?.id ? page : null;
    }

    /** @returns {number|false} the call that brings this page up, for the banner on it */
    callOf(model, resId) {
        const entry = this.entries.findLast(
            ({ pop }) => pop.model === model && pop.id && pop.id === resId
        );
        return entry ? entry.callId : false;
    }

    // --- moments of calls -----------------------------------------------------------------------

    /** A ring ahead of its fact: of one known customer the page comes up, the fact says the call's id. */
    onHinted({ call_uid: callUid, caller }) {
        if (!caller.partner_id || !this.services.cc_phone.focus.isLast || !this._isFirst(callUid)) {
            return;
        }
        const pop = { kind: "record", model: "res.partner", id: caller.partner_id };
        this.ahead.ask(pop.model, pop.id);
        this.hinted.set(
            callUid,
            this._bringUp({ callId: false, callUid, pop }).catch((error) => {
                // the fact opens it then, or says what is wrong
                console.warn("cc_pop: a page was not opened ahead", error);
            })
        );
        browser.setTimeout(() => this.hinted.delete(callUid), HINT_LASTS);
    }

    /** @param {object} card of a call that begins to ring here */
    async onRinging(card) {
        const { cc_phone } = this.services;
        const comes = isSent(card) || this._isTyped(card);
        if (!this.onCard(card) || !comes) {
            return;
        }
        const hinted = this.hinted.get(card.call_uid);
        this.hinted.delete(card.call_uid);
        if (!hinted && !(cc_phone.focus.isLast && this._isFirst(card.call_uid))) {
            return;
        }
        await hinted;
        let { pop } = card;
        if (this._isStale(card)) {
            pop = await this._ask("cc_still_rings", card.id);
            if (!pop) {
                this._forget(card.call_uid);
                return;
            }
            this._update(card.call_uid, { pop });
        }
        const entry = this.entryOf(card.call_uid);
        if (entry && !(await this._bringUp(entry))) {
            this._update(card.call_uid, { isWaiting: true });
        }
    }

    /** @returns {Promise<boolean>} false when the page must not be left: it is not opened then */
    async _bringUp(entry) {
        const { pop } = entry;
        if (!isOpenQuestion(entry) && this._isHere(entry)) {
            this._adopt(entry);
            return true;
        }
        if (await whyStay(this.services.ui)) {
            return false;
        }
        this.ahead.ask(pop.model, pop.id);
        await this.painted();
        if (await whyStay(this.services.ui)) {
            return false;
        }
        await this._comeUp(entry);
        return true;
    }

    /** A page that is opened or read anew in a call has its customer at hand too. */
    onSnapshot() {
        const { calls, state, lastCall } = this.services.cc_phone.store;
        if (state === "wrap_up" && lastCall && !this.entryOf(lastCall.call_uid)) {
            this.onCard(lastCall);
            this.onEnded(lastCall);
        }
        calls.filter(({ hint }) => !hint).forEach((card) => this.onCard(card));
    }

    /** Phones that answer a dialler's call by themselves may never be seen ringing. */
    onAnswered(card) {
        return card.brought ? this.onRinging(card) : this.onCard(card);
    }

    /** Keeps a call at hand. @returns {boolean} whether it has a page */
    onCard(card) {
        if (!card.pop) {
            return Boolean(this.entryOf(card.call_uid));
        }
        const known = this.entryOf(card.call_uid);
        if (known) {
            // What was chosen or saved here is newer than what the message says.
            if (!known.pop.id) {
                known.pop = card.pop;
                if (known.pop.id) {
                    known.isChoosing = false; // chosen in another tab
                }
            }
        } else {
            this.remember(card.id, card.call_uid, card.pop);
        }
        return true;
    }

    /** @returns {object} the entry of a call that is at hand from now on */
    remember(callId, callUid, pop) {
        this.entries.push({
            callId,
            callUid,
            pop,
            told: pop,
            isWaiting: false,
            isChoosing: false,
            wanted: 0,
        });
        return this.entries.at(-1);
    }

    /**
     * A number that comes late: while it rings the page follows whose it is, unless the agent is at work. Later the
     * call only learns whom another tab has chosen or saved.
     */
    async onChanged(card) {
        const entry = this.entryOf(card.call_uid);
        if (!entry || !card.pop) {
            return;
        }
        if (card.mine !== "ringing") {
            this.onCard(card);
            return;
        }
        if (isSamePage(card.pop, entry.told)) {
            return;
        }
        const wasHere = this._isHere(entry);
        Object.assign(entry, { pop: card.pop, told: card.pop, isChoosing: false });
        if (wasHere && !(await whyStay(this.services.ui))) {
            await this._comeUp(entry);
        }
    }

    onEnded(card) {
        const entry = this.entryOf(card.call_uid);
        if (!entry) {
            return;
        }
        if (card.attempt_outcome && card.attempt_outcome !== "answered") {
            this._forget(card.call_uid); // rang here in vain
            this._leaveNew(entry);
            return;
        }
        entry.isChoosing = false;
        browser.setTimeout(() => this._forget(card.call_uid), LINGER);
    }

    /** @returns {boolean} whether its number was typed here just now: whose it is, is to be seen */
    _isTyped(card) {
        const { typedAt, clock } = this.services.cc_phone;
        return card.direction === "outbound" && clock.now() - typedAt < TYPED_LATELY;
    }

    _isStale(card) {
        const { clock } = this.services.cc_phone;
        return clock.now() - (card.t || card.clock_us || 0) > STALE_AFTER;
    }

    /** @returns {boolean} true once for each call, in all tabs together */
    _isFirst(callUid) {
        let calls = [];
        try {
            calls = JSON.parse(browser.localStorage.getItem(KEY)) || [];
        } catch {
            calls = [];
        }
        if (calls.includes(callUid)) {
            return false;
        }
        browser.localStorage.setItem(KEY, JSON.stringify([...calls, callUid].slice(-KEPT)));
        return true;
    }

    _update(callUid, values) {
        const entry = this.entryOf(callUid);
        if (entry) {
            Object.assign(entry, values);
        }
    }

    _forget(callUid) {
        this.entries = this.entries.filter((entry) => entry.callUid !== callUid);
    }

    // --- pages ----------------------------------------------------------------------------------

    /**
     * The agent's own wish to see the call's customer: by click or key.
     *
     * Leaving a changed form is then what any click in Odoo is: saved if it can be, else it stays.
     */
    async bringBack(callUid) {
        const entry = callUid ? this.entryOf(callUid) : this.last;
        if (!entry) {
            return;
        }
        if (isOpenQuestion(entry)) {
            this.choose(entry, true);
            return;
        }
        const stay = await whyStay(this.services.ui);
        if (stay === "dialog") {
            this._openOver(entry);
            return;
        }
        await this._open(entry);
    }

    /** The form of a new lead that came with a missed call goes with it, unless somebody wrote there. */
    async _leaveNew(entry) {
        const { action, ui } = this.services;
        if (entry.pop.id || !this._isHere(entry) || (await whyStay(ui))) {
            return;
        }
        try {
            await action.restore();
        } catch {
            await action.doAction({ type: "ir.actions.act_window", ...RECENT_CALLS });
        }
        settlePage(document.querySelector(".o_action_manager"));
    }

    /** Opens a page that nobody has asked for. */
    async _comeUp(entry) {
        await this._open(entry);
        settlePage(document.querySelector(".o_action_manager"));
    }

    async _open(entry) {
        if (!entry) {
            return;
        }
        const { action } = this.services;
        if (isOpenQuestion(entry)) {
            this.choose(entry);
            return;
        }
        entry.isWaiting = false;
        if (this._isHere(entry)) {
            this._adopt(entry);
            return;
        }
        const options = {};
        if (action.currentController?.action?.context?.cc_call_uid) {
            if (await this._turn(entry)) {
                return;
            }
            // Calls don't pile up in the breadcrumb
            options.stackPosition = "replaceCurrentAction";
        }
        await action.doAction(this._actionOf(entry), options);
    }

    /**
     * The form of a call before shows this customer, as its pager would: half the time of a new form.
     *
     * @returns {Promise<boolean>} whether there was such a form; nothing unsaved is on it
     */
    async _turn(entry) {
        const { model, id } = entry.pop;
        const form = id && shownForm(model);
        if (!form || form.model.root.isNew || (await form.model.root.isDirty())) {
            return false;
        }
        const { context } = this._actionOf(entry);
        await form.model.load({
            context: { ...form.props.context, ...context },
            resId: id,
            resIds: [id],
        });
        for (const el of form.rootRef.el?.querySelectorAll(".o_content, .o_form_view") || []) {
            el.scrollTop = 0;
        }
        return true;
    }

    /** A page that came with the hint learns of the call's id with the fact. */
    _adopt({ callId, callUid, pop }) {
        const context = shownForm(pop.model)?.model.root.config.context;
        if (context?.cc_call_uid === callUid) {
            context.cc_call_id = callId;
        }
    }

    /** Over an open dialog, which stays as it is. */
    _openOver(entry) {
        const { pop } = entry;
        entry.isWaiting = false;
        const { context } = this._actionOf(entry);
        this.services.dialog.add(FormViewDialog, {
            resModel: pop.model,
            resId: pop.id || false,
            context,
            onRecordSaved: (record) => this.saved(entry.callId, pop.model, record.resId),
        });
    }

    /**
     * Shows the customers who share the number.
     *
     * @param {object} entry
     * @param {boolean} [byHand] the agent asked for it: it may take the focus
     */
    choose(entry, byHand = false) {
        entry.isWaiting = false;
        entry.isChoosing = true;
        entry.wanted = byHand ? entry.wanted + 1 : 0;
    }

    closeChooser(entry) {
        entry.isChoosing = false;
    }

    /** @returns {Promise<object[]|false>} who the number of a call may be */
    choices(callId) {
        return this._ask("cc_pop_choices", callId);
    }

    /** This customer it is: their page is opened, and the phone calls them by their name. */
    async chosen(entry, partnerId, main) {
        const { cc_phone, orm } = this.services;
        const args = [[entry.callId], partnerId, main];
        entry.pop = await orm.call("cc.call", "cc_pop_choose", args);
        cc_phone.store.nameCall(entry.callUid, entry.pop.name);
        this.closeChooser(entry);
        await this.bringBack(entry.callUid);
    }

    /** A new lead was saved: from now on it is the call's page. */
    saved(callId, model, id) {
        const entry = this.entries.find((known) => known.callId === callId);
        if (entry && !entry.pop.id && entry.pop.model === model) {
            entry.pop = { ...entry.pop, id, count: 1 };
        }
    }

    _actionOf({ callId, callUid, pop }) {
        const context = { cc_call_id: callId, cc_call_uid: callUid, cc_call_page: pop.id };
        if (!pop.id) {
            context.default_cc_call_id = callId;
        }
        return {
            type: "ir.actions.act_window",
            res_model: pop.model,
            res_id: pop.id || false,
            views: [[false, "form"]],
            target: "current",
            context,
        };
    }

    _isHere({ callId, pop }) {
        const controller = this.services.action.currentController;
        if (!controller || controller.action.res_model !== pop.model) {
            return false;
        }
        if (!pop.id) {
            return controller.action.context?.cc_call_id === callId;
        }
        const resId = controller.currentState?.resId ?? controller.props?.resId;
        return controller.props?.type === "form" && resId === pop.id;
    }

    // --- speed ----------------------------------------------------------------------------------

    /** Until what is in the page is on the screen, two frames: what comes next keeps the browser from painting. */
    painted() {
        return new Promise((resolve) => {
            browser.setTimeout(resolve, PAINT_PATIENCE);
            browser.requestAnimationFrame(() => browser.requestAnimationFrame(resolve));
        });
    }

    /** @returns {Promise<object|false>} what the banner shows; asked when the page is painted */
    banner(callId, model, resId) {
        return this._ask("cc_banner", callId, model, resId || false);
    }

    async _ask(method, callId, ...args) {
        try {
            return await this.services.orm.silent.call("cc.call", method, [[callId], ...args]);
        } catch (error) {
            console.warn(`cc_pop: ${method} failed`, error);
            return false;
        }
    }

    /** Reads what a pop's pages are made of, so that the first call finds it in the cache. */
    async warmUp() {
        const { view } = this.services;
        for (const resModel of ["res.partner", "crm.lead"]) {
            try {
                await view.loadViews(
                    // in the very words of the form's own question: the cache knows it by them
                    { context: user.context, resModel, views: [[false, "form"]] },
                    { actionId: undefined, loadActionMenus: true, loadIrFilters: false }
                );
            } catch (error) {
                // Who may not read leads has no pops of leads either.
                console.warn(`cc_pop: views of ${resModel} not read`, error);
            }
        }
    }
}

/** @returns {boolean} whether it comes to the agent: from outside, by a dialler, or by a colleague who has dialled it */
function isSent(card) {
    return card.direction === "inbound" || card.brought || Boolean(card.sender);
}

function isSamePage(one, other) {
    return one.model === other.model && one.id === other.id && one.kind === other.kind;
}

/** @returns {boolean} whether it is still to be said who of several it is */
function isOpenQuestion({ pop }) {
    return pop.kind === "choose" && !pop.id;
}

export const ccPopService = {
    dependencies: ["action", "cc_phone", "dialog", "hotkey", "notification", "orm", "ui", "view"],
    /** @returns {CcPop} reactive */
    start(env, services) {
        const pop = reactive(new CcPop(services));
        if (pageSession.cc_phone) {
            pop.start();
        }
        return pop;
    },
};

registry.category("services").add("cc_pop", ccPopService);
