// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";

/**
 * Words of the agent's states. Icons, colours and legal moves come from `agent_states.json` through
 * `my_phone()`, the words stand here because only texts in the code are translated.
 */
const WORDS = {
    offline: _t("Offline"),
    ready: _t("Ready"),
    ringing: _t("Ringing"),
    on_call: _t("On call"),
    wrap_up: _t("Wrap-up"),
    busy: _t("Busy"),
    break: _t("Break"),
};

/**
 * @param {string} state
 * @param {object} table `agent_states.json`
 * @returns {string} the state's word in the user's language
 */
export function stateWord(state, table) {
    return (WORDS[state] || table?.states?.[state]?.label || state).toString();
}

/**
 * @param {object} table `agent_states.json`
 * @param {string} from
 * @param {string} to
 * @param {string} by "agent", "sign_in", "sign_out" …
 * @returns {boolean} whether the table allows the move
 */
export function isLegalMove(table, from, to, by = "agent") {
    return (table?.moves || []).some(
        (move) => (move.from === from || move.from === "*") && move.to === to && move.by === by
    );
}

/**
 * @param {object} table `agent_states.json`
 * @param {string} from
 * @param {string} to
 * @returns {string} why the agent can't choose `to` now; "" when they can
 */
export function whyIllegal(table, from, to) {
    if (isLegalMove(table, from, to)) {
        return "";
    }
    if (from === to) {
        return _t("This is your current state.");
    }
    switch (from) {
        case "offline":
            return _t("Sign in first.");
        case "wrap_up":
            return _t("Finish the wrap-up first.");
        case "ringing":
        case "on_call":
            return _t("End the call first.");
    }
    return _t("Not available while %(state)s.", { state: stateWord(from, table) });
}
