// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { askEntry, entries } from "../phone/entries";

const CATEGORY = "cc_telephony.shortcuts";

/**
 * Adds a key of the phone. It works everywhere, also while typing, but only when there is something
 * for it to do; at other times it stays the page's own. Each user may change its letter.
 *
 * @param {string} id
 * @param {object} shortcut
 * @param {string} shortcut.letter together with Odoo's own modifier: Alt, Ctrl on a Mac
 * @param {string} shortcut.label
 * @param {string} shortcut.selector where Odoo shows the letter while the modifier is held
 * @param {(phone) => boolean} shortcut.isAvailable
 * @param {(phone, env) => any} shortcut.run
 */
export function registerShortcut(id, shortcut) {
    registry.category(CATEGORY).add(id, shortcut);
}

/** @returns {object[]} in the order in which they were registered; one that throws is not available */
export function shortcuts() {
    return entries(CATEGORY).map((shortcut) => ({
        ...shortcut,
        isAvailable: (phone) =>
            askEntry(`${CATEGORY}/${shortcut.id}`, () => shortcut.isAvailable(phone), false),
    }));
}
