// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const KEY = "cc_pop.reloaded";

/** @returns {string} the address of the page before a new record */
const pageBefore = () => browser.location.pathname.replace(/\/[^/]+\/new$/, "");

/**
 * A stranger's new lead is about to go with a reload: the address would bring an empty one, so it becomes that
 * of the page before, and the call is remembered.
 *
 * @param {string} callUid
 */
export function leaveForReload(callUid) {
    const { history, location, sessionStorage } = browser;
    const before = pageBefore();
    sessionStorage.setItem(KEY, JSON.stringify({ callUid, before }));
    if (before !== location.pathname) {
        history.replaceState(history.state, "", before);
    }
}

/** After the reload the call's lead comes up again, filled in, as long as the call is at hand. */
export const ccPopReloadedService = {
    dependencies: ["action", "cc_phone", "cc_pop"],
    start(env, { action, cc_phone, cc_pop }) {
        const { callUid, before } = JSON.parse(browser.sessionStorage.getItem(KEY)) || {};
        browser.sessionStorage.removeItem(KEY);
        // Odoo may have written the new lead's address only after it was taken away.
        if (!callUid || before !== pageBefore()) {
            return; // another page was wanted
        }
        const bringBack = () => cc_pop.entryOf(callUid) && cc_pop.bringBack(callUid);
        cc_phone.bus.addEventListener(
            "SNAPSHOT",
            () => {
                if (action.currentController) {
                    bringBack();
                } else {
                    // The page of the address first, or it would come over this one
                    env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", bringBack, {
                        once: true,
                    });
                }
            },
            { once: true }
        );
    },
};

registry.category("services").add("cc_pop_reloaded", ccPopReloadedService);
