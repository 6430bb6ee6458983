// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

/** How often a page that is looked at asks anew, ms; and how many times as long as the answer took it rests. */
const EVERY = 3000;
const REST = 9;

/**
 * Loads again and again while the component is there and its page is looked at; never before the last answer has come.
 *
 * @param {() => Promise<void>} load
 */
export function useAgain(load) {
    let timer;
    const wait = (ms) => {
        timer = browser.setTimeout(async () => {
            const own = timer;
            const begun = Date.now();
            if (!document.hidden) {
                await load();
            }
            if (own === timer) {
                wait(Math.max(EVERY, REST * (Date.now() - begun)));
            }
        }, ms);
    };
    onMounted(() => wait(EVERY));
    onWillUnmount(() => {
        browser.clearTimeout(timer);
        timer = null;
    });
}
