// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { useEffect, useExternalListener } from "@odoo/owl";
import { askEntry, entries, textOf } from "../phone/entries";

const CATEGORY = "cc_telephony.wrap_up";
/** A wrap-up in which the agent types is prolonged when this is left of it, s. */
const PROLONG_BELOW = 5;
/** Who wrote something this long ago still types, µs. */
const TYPES_FOR = 10e6;

/**
 * The wrap-up does not run out under the fingers of an agent who types, in the note or on any other part
 * of the page; as often as it may be prolonged.
 *
 * @param {CcPhone} phone
 */
export function useProlongedByTyping(phone) {
    let typedAt = null;
    const left = () =>
        phone.prolongSeconds ? Math.ceil((phone.store.until - phone.now) / 1e6) : null;
    useExternalListener(
        window,
        "input",
        () => {
            typedAt = phone.clock.now();
        },
        { capture: true }
    );
    useEffect(
        (seconds) => {
            const types = typedAt && phone.now - typedAt < TYPES_FOR;
            if (seconds !== null && seconds <= PROLONG_BELOW && types) {
                typedAt = null; // each prolonging wants new typing
                phone.prolong();
            }
        },
        () => [left()]
    );
}

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
