// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

const KEY = "cc_phone.focused_tab";

/**
 * Which of this browser's tabs the agent looked at last: it alone shows notifications and opens
 * customers' pages, though every tab hears every message.
 */
export class TabFocus {
    constructor() {
        this.id = `${Date.now()}-${Math.random()}`;
        browser.addEventListener("focus", () => this._take());
        browser.addEventListener("pagehide", () => {
            if (browser.localStorage.getItem(KEY) === this.id) {
                browser.localStorage.removeItem(KEY);
            }
        });
        if (document.hasFocus() || !browser.localStorage.getItem(KEY)) {
            this._take();
        }
    }

    /** @returns {boolean} */
    get isLast() {
        return [this.id, null].includes(browser.localStorage.getItem(KEY));
    }

    _take() {
        browser.localStorage.setItem(KEY, this.id);
    }
}
