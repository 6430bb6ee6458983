// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

/** After this the button says what it waits for, ms. */
export const SLOW_AFTER = 2000;
/** After this nobody believes in an answer any more, ms. */
export const GIVE_UP_AFTER = 15000;
const RESULTS_KEPT = 50;

/**
 * What this page has asked for and has no answer to yet: one entry a button.
 *
 * `pending` maps a key (`kind` or `kind:call_uid`) to `{kind, callUid, id, slow}`; it is reactive
 * with the service it hangs on. A command ends with its result, with the fact it wanted, or with
 * the time.
 */
export class PhoneCommands {
    constructor() {
        this.pending = {};
        this._timers = new Map();
        this._results = new Map();
        /** @type {(problem: {kind: string, code: string, message: string}) => void} */
        this.onProblem = () => {};
    }

    static key(kind, callUid) {
        return callUid ? `${kind}:${callUid}` : kind;
    }

    /** @returns {object|undefined} the pending command of a button */
    get(kind, callUid) {
        return this.pending[PhoneCommands.key(kind, callUid)];
    }

    /** @returns {boolean} whether something waits for the PBX for longer than a moment */
    get isSlow() {
        return Object.values(this.pending).some((command) => command.slow);
    }

    /**
     * @param {string} kind
     * @param {string|null} callUid
     * @param {() => Promise<{id: string}|any>} send asks the server (or the browser phone); throws
     *   when it is refused at once
     * @returns {Promise<any>} what `send` returned; false when the same is under way already
     */
    async run(kind, callUid, send) {
        const key = PhoneCommands.key(kind, callUid);
        if (this.pending[key]) {
            return false;
        }
        this.pending[key] = { kind, callUid: callUid || null, id: null, slow: false };
        this._timers.set(key, [
            browser.setTimeout(() => {
                if (this.pending[key]) {
                    this.pending[key].slow = true;
                }
            }, SLOW_AFTER),
            browser.setTimeout(() => {
                if (this.pending[key]) {
                    this.clear(key);
                    this.onProblem({ kind, code: "timeout", message: "" });
                }
            }, GIVE_UP_AFTER),
        ]);
        try {
            const answer = await send();
            const id = answer && typeof answer === "object" ? answer.id : null;
            if (id && this.pending[key]) {
                this.pending[key].id = id;
                const result = this._results.get(id);
                if (result) {
                    // The bus was faster than the answer of the request.
                    this.finish(result);
                }
            }
            return answer;
        } catch (error) {
            this.clear(key);
            throw error;
        }
    }

    /** @returns {string|undefined} the kind of the command that has waited longest, once it is slow */
    get slowKind() {
        return Object.values(this.pending).find((command) => command.slow)?.kind;
    }

    /**
     * @param {{id: string, kind: string, ok: boolean, code: string, message: string}} result
     * @returns {string|null|undefined} uid of the call that the command was for
     */
    finish(result) {
        this._results.set(result.id, result);
        if (this._results.size > RESULTS_KEPT) {
            this._results.delete(this._results.keys().next().value);
        }
        const entry = Object.entries(this.pending).find(([, command]) => command.id === result.id);
        if (!entry) {
            return;
        }
        this.clear(entry[0]);
        if (!result.ok) {
            this.onProblem({ kind: result.kind, code: result.code, message: result.message });
        }
        return entry[1].callUid;
    }

    /** The fact that a command wanted has arrived. */
    settle(kind, callUid) {
        this.clear(PhoneCommands.key(kind, callUid));
    }

    /** Everything about a call that is over. */
    settleCall(callUid) {
        for (const [key, command] of Object.entries(this.pending)) {
            if (command.callUid === callUid) {
                this.clear(key);
            }
        }
    }

    clear(key) {
        for (const timer of this._timers.get(key) || []) {
            browser.clearTimeout(timer);
        }
        this._timers.delete(key);
        delete this.pending[key];
    }
}
