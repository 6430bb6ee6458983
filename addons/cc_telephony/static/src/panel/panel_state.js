// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

const KEY = "cc_phone.panel";
const KEPT = ["open", "tab", "side", "floating", "x", "y"];

/**
 * Where the panel is, remembered in this browser. Docked it stands at one edge and the page makes room;
 * floating it lies over the page where it was dragged to.
 */
export class PanelState {
    constructor() {
        this.open = false;
        /** @type {string|null} key of the tab in the registry */
        this.tab = null;
        /** @type {"end"|"start"} edge in reading direction */
        this.side = "end";
        this.floating = false;
        /** px from the page's left and top edge, when floating */
        this.x = null;
        this.y = null;
        /** @type {"transfer"|"consult"|"invite"} what Enter does in the list of targets */
        this.pickFor = "transfer";
        /** What the page was like before the list of targets was called for. */
        this.cameFrom = null;
        /** The cursor is wanted in the shown tab's first field, which takes this back. */
        this.wantFocus = false;
        /** Opened by itself for the wrap-up: folds again afterwards. */
        this.byItself = false;
        try {
            Object.assign(this, JSON.parse(browser.localStorage.getItem(KEY)) || {});
        } catch {
            // What another version left there is not worth an error.
        }
    }

    show(tab) {
        this.open = true;
        this.byItself = false;
        this.tab = tab;
        this.save();
    }

    fold() {
        this.open = false;
        this.byItself = false;
        this.save();
    }

    /** Opens a tab, or folds the panel when it shows that tab already. */
    toggle(tab) {
        if (this.open && this.tab === tab) {
            this.fold();
        } else {
            this.show(tab);
        }
    }

    /** Shows a tab because of what happened; not remembered. */
    showByItself(tab) {
        if (!this.open) {
            this.byItself = true;
            this.open = true;
        }
        this.tab = tab;
    }

    foldByItself() {
        if (this.byItself) {
            this.byItself = false;
            this.open = false;
        }
    }

    dock(side) {
        Object.assign(this, { side, floating: false, x: null, y: null });
        this.save();
    }

    /** @param {number} x px from the left @param {number} y px from the top */
    float(x, y) {
        Object.assign(this, { floating: true, x, y });
    }

    save() {
        const kept = Object.fromEntries(KEPT.map((key) => [key, this[key]]));
        browser.localStorage.setItem(KEY, JSON.stringify(kept));
    }
}
