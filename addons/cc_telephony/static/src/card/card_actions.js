// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { controlViews } from "../phone/control_registry";

const CATEGORY = "cc_telephony.card_actions";

/**
 * Adds a button to the card of a call that rings, under Answer and Reject.
 *
 * @param {string} id
 * @param {{sequence?, icon, label, isDisplayed?, why?, waiting?, run}} action as for
 *   `registerCallControl`
 */
export function registerCardAction(id, action) {
    registry.category(CATEGORY).add(id, action, { sequence: action.sequence ?? 50 });
}

/** @returns {object[]} the actions of a call that rings, see `callControls`; a hint has no call to act on yet */
export function cardActions(card, phone) {
    return card.hint ? [] : controlViews(CATEGORY, card, phone);
}
