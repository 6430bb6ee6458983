// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const OPEN = "cc_phone.panel_open";

/**
 * What belongs to the call, at the page's edge; folded until wanted, and it remembers that.
 *
 * Addons add tabs: `registry.category("cc_telephony.panels").add(key, {title, icon, Component,
 * isDisplayed?: (card) => boolean}, {sequence})`. The component gets the call's `card`, and a new
 * instance for each call.
 */
export class Panel extends Component {
    static template = "cc_telephony.Panel";
    static components = {};
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.state = useState({
            open: browser.localStorage.getItem(OPEN) === "1",
            chosen: null,
        });
    }

    /** The call that is talked about: the current one, in the wrap-up the one just ended. */
    get card() {
        const { store } = this.phone;
        return store.talking[0] || (store.state === "wrap_up" && store.lastCall) || null;
    }

    get tabs() {
        return registry
            .category("cc_telephony.panels")
            .getEntries()
            .map(([key, tab]) => ({ key, ...tab }))
            .filter(({ isDisplayed }) => !isDisplayed || isDisplayed(this.card));
    }

    get current() {
        return this.tabs.find(({ key }) => key === this.state.chosen) || this.tabs[0];
    }

    choose(key) {
        this.state.open = !this.state.open || key !== this.current.key;
        this.state.chosen = key;
        browser.localStorage.setItem(OPEN, this.state.open ? "1" : "0");
    }
}

registry.category("main_components").add("cc_telephony.Panel", { Component: Panel, props: {} });
