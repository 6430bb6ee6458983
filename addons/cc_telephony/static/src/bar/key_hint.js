// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { isMacOS } from "@web/core/browser/feature_detection";

/**
 * @param {string} words
 * @param {string} letter
 * @returns {string} the words with the key that does the same: Odoo's own modifier
 */
export function withKey(words, letter) {
    return `${words} (${isMacOS() ? "Ctrl" : "Alt"}+${letter})`;
}
