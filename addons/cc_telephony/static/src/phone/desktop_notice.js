// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

/** @returns {boolean} whether the agent has this page before them: not in another tab, window or program */
const isLookedAt = () => !document.hidden && document.hasFocus();

/** Tells of a ringing call when the agent looks at something else than this page. */
export class DesktopNotice {
    constructor() {
        this.open = new Map();
    }

    /** To be called from a click: browsers ask the user only then. */
    ask() {
        if (browser.Notification?.permission === "default") {
            browser.Notification.requestPermission();
        }
    }

    /**
     * @param {string} callUid
     * @param {string} title
     * @param {string} body plain text; a caller's name in it is shown as it is
     */
    show(callUid, title, body) {
        if (isLookedAt() || browser.Notification?.permission !== "granted") {
            return;
        }
        // The tag makes one notice of what several tabs say.
        const notice = new browser.Notification(title, {
            body,
            tag: `cc_phone-${callUid}`,
            requireInteraction: true,
        });
        notice.onclick = () => {
            window.focus();
            notice.close();
        };
        this.open.set(callUid, notice);
    }

    close(callUid) {
        this.open.get(callUid)?.close();
        this.open.delete(callUid);
    }
}
