// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";

/**
 * What somebody types into a ticket, kept in the browser until it is posted: a session that ends, a call that
 * brings up another page or a reload lose nothing. Each draft is one person's on one ticket.
 */
const PREFIX = "cc_ticket.draft";
const DAYS = 14;

function key(ticketId, kind) {
    return `${PREFIX}.${user.userId}.${ticketId}.${kind}`;
}

export function readDraft(ticketId, kind) {
    try {
        return JSON.parse(browser.localStorage.getItem(key(ticketId, kind)) || "null")?.text || "";
    } catch {
        return "";
    }
}

export function writeDraft(ticketId, kind, text) {
    if (text) {
        browser.localStorage.setItem(key(ticketId, kind), JSON.stringify({ text, t: Date.now() }));
    } else {
        browser.localStorage.removeItem(key(ticketId, kind));
    }
}

/** @returns {string[]} kinds of moves for which this ticket has something typed */
export function draftsOf(ticketId) {
    const start = key(ticketId, "");
    return Object.keys(browser.localStorage)
        .filter((name) => name.startsWith(start))
        .map((name) => name.slice(start.length));
}

/** Forgets what is too old to be meant still. */
export function sweepDrafts() {
    for (const name of Object.keys(browser.localStorage)) {
        if (name.startsWith(`${PREFIX}.`)) {
            try {
                const { t } = JSON.parse(browser.localStorage.getItem(name));
                if (Date.now() - t > DAYS * 86400000) {
                    browser.localStorage.removeItem(name);
                }
            } catch {
                browser.localStorage.removeItem(name);
            }
        }
    }
}
