// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { markRaw } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { whyIncomplete } from "../panel/wrap_up";
import { deviceCan, partyName, whyNot } from "./call_controls";

/** How many keys one command may carry. */
const MOST_KEYS = 32;

/** What the agent does with a call in talk. The phone (`CcPhone`) is one of these. */
export class CallActions {
    /** call_uid: keys pressed here that wait for those before them to be sent */
    waitingKeys = {};
    /** call_uid: keys pressed here, for the keypad's display */
    sentKeys = {};
    /** The call whose controls are shown when there are several; null lets the phone choose. */
    chosenUid = null;

    /** @returns {object|undefined} the call whose controls are shown: the chosen, else one not on hold */
    get current() {
        const { talking } = this.store;
        return (
            talking.find((card) => card.call_uid === this.chosenUid) ||
            talking.find((card) => card.mine === "talking" && !card.held) ||
            talking[0]
        );
    }

    /** @returns {boolean} whether a call is wrapped up; a colleague's call may ring meanwhile */
    get wrapsUp() {
        const { state, until, lastCall } = this.store;
        // of a ring only that which interrupts a wrap-up has an end
        return (
            Boolean(lastCall) && (state === "wrap_up" || (state === "ringing" && Boolean(until)))
        );
    }

    /**
     * The call that notes are about: the current one, or the one just over, also while the agent talks on without
     * the customer. Its note is not taken away between the call's end and the wrap-up.
     *
     * @returns {object|null}
     */
    get noteCall() {
        const { state, callUid, lastCall } = this.store;
        // a page that was read anew in the call is told which it is only with the next state
        const isLast = [lastCall?.call_uid, null].includes(callUid);
        const isOver = this.wrapsUp || (state === "on_call" && isLast);
        return this.current || (isOver ? lastCall : null);
    }

    /** @returns {boolean} whether the phone at which the agent is signed in can do it at all */
    deviceCan(kind) {
        return deviceCan(this.store.controls, kind, this.store.session?.device);
    }

    /** @returns {boolean} whether the control may be used on this call now */
    can(kind, card) {
        return Boolean(card) && this.deviceCan(kind) && Boolean(card.can?.includes(kind));
    }

    /** @returns {string} why not; "" when it may */
    whyNot(kind, card) {
        return whyNot(card, kind);
    }

    /**
     * @returns {Promise<any>} falsy when it was refused; `{confirm: {id, code, number}}` when the phone outside is
     *   being rung and asked for the code
     */
    async signIn(device, extension) {
        this.media.tone.unlock();
        this.notice.ask();
        let confirm = null;
        const done = await this._ask("sign_in", null, async () => {
            const answer = await this.services.orm.call("cc.agent", "sign_in", [device, extension]);
            if (answer.confirm) {
                confirm = answer.confirm;
                return true;
            }
            // Before the page hears of the session: only the browser that asked may register.
            browser.localStorage.setItem(this._sessionKey, answer.session);
            return answer;
        });
        if (confirm) {
            this.commands.settle("sign_in");
            return { confirm };
        }
        if (done) {
            await this.refresh();
        }
        return done;
    }

    signOut() {
        return this._ask("sign_out", null, () =>
            this.services.orm.call("cc.agent", "sign_out", [])
        );
    }

    /** @returns {string} why the agent can't be ready yet: the phone here can't ring, or something is to do */
    get whyNotReady() {
        const { state, lastCall } = this.store;
        if (this.usesBrowser && this.isHere && this.media.problem) {
            return this.media.problem.toString();
        }
        if (this.isAway && !(this.usesBrowser && this.isHere)) {
            return this.awayWords;
        }
        return state === "wrap_up" ? whyIncomplete(lastCall, this) : "";
    }

    setState(state, reasonId = false) {
        if (state === "ready" && this.whyNotReady) {
            this._warn(this.whyNotReady);
            return false;
        }
        return this._ask("set_state", null, async () => {
            const asked = await this.services.orm.call("cc.agent", "set_state", [state, reasonId]);
            if (!asked) {
                // They are there already, and the bus is about to say so.
                this.commands.settle("set_state");
            }
            return asked || true;
        });
    }

    /** @param {string} number as it is written anywhere; the server makes it dialable */
    dial(number) {
        this.lastDialled = number;
        this.typedAt = this.clock.now();
        return this.call({ number });
    }

    /** @param {{number: string}|{phone: number}|{agent: number}} whom typed, a known number, a colleague */
    call(whom) {
        if (this.usesBrowser) {
            this.media.tone.unlock();
        }
        return this._command("dial", whom);
    }

    /**
     * The work after the call is done.
     *
     * @param {object|false} values purpose, source and note, saved together with it
     */
    endWrapUp(values = false) {
        const { next, lastCall } = this.store;
        const isReadyNext = !next || next.state === "ready";
        // Into a break, or signed out, goes also whose phone cannot ring.
        const why = isReadyNext ? this.whyNotReady : whyIncomplete(lastCall, this);
        if (why) {
            this._warn(why);
            return false;
        }
        return this._ask("set_state", null, () =>
            this.services.orm.call("cc.agent", "end_wrap_up", [values])
        );
    }

    /** @returns {boolean} whether what comes next is chosen now, instead of what is */
    get choosesNext() {
        return ["on_call", "wrap_up"].includes(this.store.state);
    }

    /**
     * What comes after the call and its wrap-up; the same once more takes it back.
     *
     * @param {"ready"|"busy"|"break"|"offline"} state
     * @param {number|false} reasonId
     * @param {string} [word] of the reason, as it is shown
     */
    setNext(state, reasonId = false, word = null) {
        const isChosen = this.isNext(state, word);
        return this._ask("next_state", null, () =>
            this.services.orm.call("cc.agent", "set_next_state", [
                isChosen ? false : state,
                isChosen ? false : reasonId,
            ])
        );
    }

    /** @returns {boolean} whether this was chosen to come next */
    isNext(state, word = null) {
        const { next } = this.store;
        return next?.state === state && (state !== "break" || (next.reason || null) === word);
    }

    /** @returns {number} seconds that the wrap-up can be prolonged by; 0 when it can't */
    get prolongSeconds() {
        const { state, states, until, more } = this.store;
        return state === "wrap_up" && until && more > 0 ? states.prolong_s || 0 : 0;
    }

    prolong() {
        return this._ask("prolong", null, () =>
            this.services.orm.call("cc.agent", "prolong_wrap_up", [])
        );
    }

    /** The PBX calls this phone and says back what it hears; no call is logged. */
    echo() {
        if (this.usesBrowser) {
            this.media.tone.unlock();
        }
        return this._command("echo", {});
    }

    answer(call) {
        return this._act("answer", call);
    }

    async reject(call) {
        await this._act("reject", call);
        if (!call.call_uid) {
            // Refused before its fact came: none need ever come that ends the waiting.
            this.commands.settle("reject", call.callUid || call.id);
        }
    }

    hangup(call) {
        return this._act("hangup", call);
    }

    async mute(card) {
        const on = !this.isMuted(card);
        await this._act("mute", card, on);
        if (this.usesBrowser) {
            this.commands.settle("mute", card.call_uid);
        }
    }

    _act(action, call, on) {
        if (!this.usesBrowser) {
            return this._command(action, action === "mute" ? { on } : {}, call.call_uid);
        }
        const callUid = call.call_uid || call.callUid || call.id;
        return this._ask(action, callUid, () => this.media.act(action, call, on));
    }

    _command(kind, args, callUid = false) {
        return this._ask(kind, callUid, async () => {
            await this.store.whenTold(callUid);
            return this.services.orm.call("cc.agent", "command", [kind, args, callUid]);
        });
    }

    /**
     * Sends a command of an addon's own (`cc.agent._prepare_command_<kind>`). While it runs the control of
     * that id shows a spinner; a refusal or failure is told to the agent.
     *
     * @param {string} kind
     * @param {object} args
     * @param {object} [card] of the call that it is about
     * @returns {Promise<boolean>} false when it was refused
     */
    command(kind, args = {}, card = null) {
        return this._command(kind, args, card?.call_uid || false);
    }

    /** @returns {Promise<boolean>} false when it was refused, which the agent is then told */
    async _ask(kind, callUid, send) {
        try {
            return (await this.commands.run(kind, callUid || null, send)) !== false;
        } catch (error) {
            this._warn(
                error.data?.message ||
                    (error.name === "Error" && error.message) ||
                    _t("Odoo can't be reached. Check your network and try again.")
            );
            return false;
        }
    }

    /**
     * A control that needs no more than the call.
     *
     * @param {"hold"|"resume"|"cancel"|"toggle"|"conference"|"complete"} kind
     */
    control(kind, card) {
        return this._command(kind, {}, card.call_uid);
    }

    /**
     * @param {"transfer"|"consult"|"invite"} kind
     * @param {object} to in the browser's form, see docs/architecture/commands.md
     */
    bring(kind, card, to) {
        return this._command(kind, { to }, card.call_uid);
    }

    /** @param {object} party one of the card's who is rung and does not answer */
    uninvite(card, party) {
        return this._command("uninvite", { ring: party.ring }, card.call_uid);
    }

    kick(card, leg) {
        return this._command("kick", { leg }, card.call_uid);
    }

    /** @param {string} callUid of a call that rings at a colleague */
    pickUp(callUid) {
        return this._command("pickup", {}, callUid);
    }

    /**
     * @param {number} max how many keys
     * @param {number} seconds how long the customer has for them
     */
    collect(card, max, seconds) {
        return this._command("collect", { max, seconds }, card.call_uid);
    }

    /** Sends keys to the other party, in their order, however fast they are pressed. */
    async sendKeys(card, keys) {
        const uid = card.call_uid;
        this.sentKeys[uid] = (this.sentKeys[uid] || "") + keys;
        this.waitingKeys[uid] = (this.waitingKeys[uid] || "") + keys;
        while (this.waitingKeys[uid] && !this.commands.get("dtmf", uid)) {
            const digits = this.waitingKeys[uid].slice(0, MOST_KEYS);
            this.waitingKeys[uid] = this.waitingKeys[uid].slice(MOST_KEYS);
            if (!(await this._command("dtmf", { digits }, uid))) {
                this.waitingKeys[uid] = "";
            }
        }
    }

    /** The next keys, when those before them are sent. */
    _sendRest(uid) {
        const card = this.store.talking.find((call) => call.call_uid === uid);
        if (card && this.waitingKeys[uid]) {
            this.sendKeys(card, "");
        }
    }

    _forgetKeys(uid) {
        delete this.waitingKeys[uid];
        delete this.sentKeys[uid];
    }

    /** @returns {string} what a screen reader says of a change in a call in talk; "" for none */
    changeWords(before, after) {
        const customer = this.callerName(after);
        const { consult } = after;
        const was = before.consult;
        if (consult && consult.state !== was?.state) {
            const name = partyName(consult);
            return {
                ringing: _t("Calling %(name)s; %(customer)s is on hold", { name, customer }),
                talking: _t("Talking with %(name)s; %(customer)s is on hold", { name, customer }),
                waiting: _t("Talking with %(customer)s; %(name)s is on hold", { name, customer }),
            }[consult.state];
        }
        if (after.conference && !before.conference) {
            return _t("All parties are connected");
        }
        if (after.held !== before.held && !consult) {
            return after.held
                ? _t("%(customer)s is on hold", { customer })
                : _t("%(customer)s is off hold", { customer });
        }
        if (after.keys && after.keys !== before.keys) {
            return _t("Keys pressed: %(keys)s", { keys: after.keys });
        }
        return "";
    }

    /** Chooses the call whose controls are shown. */
    choose(card) {
        this.chosenUid = card.call_uid;
    }

    /** Cursor into the search for somebody to bring in; the way of doing it comes with the choice. */
    openPicker(kind = "transfer") {
        const { panel } = this;
        if (!panel.cameFrom) {
            panel.cameFrom = markRaw({
                element: document.activeElement,
                open: panel.open,
                tab: panel.tab,
            });
        }
        panel.pickFor = kind;
        panel.show("team");
        panel.wantFocus = true;
    }

    /** Everything is again as it was before the list was opened by its key or button. */
    closePicker() {
        const { panel } = this;
        const from = panel.cameFrom;
        panel.cameFrom = null;
        if (!from) {
            return;
        }
        if (from.open) {
            panel.show(from.tab);
        } else {
            panel.fold();
        }
        if (from.element?.isConnected) {
            from.element.focus();
        }
    }
}
