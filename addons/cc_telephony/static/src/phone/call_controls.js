// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { callControl } from "./control_registry";

/** What is waited for, of commands that are no control in the bar. */
const WAITING = {
    collect: _t("Collecting digits from the customer …"),
    kick: _t("Waiting for the PBX to remove the party …"),
    pickup: _t("Waiting for the PBX to pick up the call …"),
    prolong: _t("Waiting for the PBX to extend the wrap-up …"),
};

/** @returns {{icon: string, label: string}} how a control of the bar is shown */
export function controlLook(kind) {
    const { icon, label } = callControl(kind);
    return { icon, label: label.toString() };
}

/** @returns {string} what a command waits for, to be said after two seconds */
export function waitingWords(kind) {
    const words = callControl(kind)?.waiting || WAITING[kind] || _t("Waiting for the PBX …");
    return words.toString();
}

/**
 * @param {object} table `call_controls.json`
 * @param {string} kind
 * @param {string} device "browser", "desk" or "mobile"
 * @returns {boolean} whether that device can do it at all
 */
export function deviceCan(table, kind, device) {
    const row = (table?.controls || []).find(({ control }) => control === kind);
    return !row || row.devices.includes(device);
}

/**
 * @param {object} card
 * @param {string} kind
 * @returns {string} why the control can't be used now; "" when it can
 */
export function whyNot(card, kind) {
    if (card.can?.includes(kind)) {
        return "";
    }
    if (card.mine !== "talking" || !card.answered_t) {
        return _t("Available once the call is answered.");
    }
    if (card.consult?.state === "ringing" && kind !== "cancel") {
        return ["toggle", "conference"].includes(kind)
            ? _t("Available once %(name)s has answered.", { name: partyName(card.consult) })
            : _t("Go back to the customer or complete the transfer first.");
    }
    if (card.consult) {
        return _t("Go back to the customer, complete the transfer or merge the calls first.");
    }
    if (card.conference && ["transfer", "consult", "collect"].includes(kind)) {
        return _t("Not available in a conference. Remove the others first.");
    }
    if (card.held) {
        return _t("Take the customer off hold first.");
    }
    return _t("Not available at the moment.");
}

/**
 * @param {object} card
 * @param {{state: string, since: number}} agent whoever got the call from a colleague has been in it since then
 * @returns {number|null} since when the call is as the bar shows it, µs: a hold counts the hold
 */
export function callSince(card, agent) {
    const joined = agent.state === "on_call" ? agent.since : 0;
    const since = card.answered_t
        ? Math.max(card.answered_t, joined || 0)
        : card.ring_t || card.started_t;
    if (!card.held) {
        return since;
    }
    const held = (card.parties || []).find(({ state }) => state === "held");
    return held?.since || since;
}

/** @returns {string} a party's or a consulted person's name as far as it is known */
export function partyName(party) {
    return party?.name || party?.mask || _t("Unknown");
}
