// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { askEntry, entries, textOf } from "../phone/entries";

const CATEGORY = "cc_telephony.wrap_up";

/**
 * What belongs to the work after a call, as addons registered it:
 * `registry.category("cc_telephony.wrap_up").add(key, {Component, sequence, isDisplayed?: (card, phone) =>
 * boolean, isComplete?: (card, phone) => true or why not})`. Shown under the note while the call is on
 * and in the wrap-up; a `Component` gets `card`. What `isComplete` looks at lies in `phone.parts` or
 * `phone.store`, so that the bar is drawn anew when it changes. Odoo's own check is the server's.
 *
 * @param {object} card
 * @param {CcPhone} phone
 * @returns {{id, Component}[]}
 */
export function wrapUpParts(card, phone) {
    return entries(CATEGORY)
        .filter(({ id, isDisplayed }) =>
            askEntry(`${CATEGORY}/${id}`, () => !isDisplayed || isDisplayed(card, phone), false)
        )
        .sort((one, other) => (one.sequence ?? 50) - (other.sequence ?? 50));
}

/**
 * @param {object|null} card of the call whose wrap-up runs
 * @param {CcPhone} phone
 * @returns {string} what is still to be done before the agent can be ready; "" for nothing
 */
export function whyIncomplete(card, phone) {
    const parts = card ? wrapUpParts(card, phone) : [];
    return parts
        .map(({ id, isComplete }) =>
            askEntry(`${CATEGORY}/${id}`, () => (isComplete ? isComplete(card, phone) : true), true)
        )
        .filter((answer) => answer !== true && answer)
        .map((answer) => textOf(answer))
        .join(" ");
}
