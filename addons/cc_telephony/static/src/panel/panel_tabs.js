// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

/**
 * The tabs of the panel, as addons registered them:
 * `registry.category("cc_telephony.panels").add(key, {title, icon, Component, always?: boolean,
 * isDisplayed?: (card) => boolean, opensFor?: (card) => boolean}, {sequence})`. Without `always` a tab is there with
 * a call only; with a call that it `opensFor` it is shown by itself, also in the wrap-up.
 *
 * @param {object|null} card of the call that is talked about
 */
export function panelTabs(card) {
    return registry
        .category("cc_telephony.panels")
        .getEntries()
        .map(([key, tab]) => ({ key, ...tab }))
        .filter(({ always, isDisplayed }) =>
            card ? !isDisplayed || isDisplayed(card) : Boolean(always)
        );
}
