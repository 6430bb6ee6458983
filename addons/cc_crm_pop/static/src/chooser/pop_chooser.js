// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { registry } from "@web/core/registry";
import { useSettled } from "@cc_telephony/phone/settled";

const { DateTime } = luxon;

/** Between the last key and the search for a name, ms. */
const TYPING = 200;
/** How many are found by a name; who wants more types more. */
const FOUND = 6;

/**
 * Which of the customers who share this number is calling? The one in contact last stands first.
 *
 * It lies beside the ringing cards and blocks nothing: the call is answered, muted and ended beside it.
 */
export class PopChooser extends Component {
    static template = "cc_crm_pop.PopChooser";
    static props = {
        /** of the service `cc_pop`; `choosing` counts how often the agent asked for this by hand */
        entry: Object,
    };

    setup() {
        this.entry = useState(this.props.entry);
        this.orm = useService("orm");
        this.pop = useService("cc_pop");
        this.root = useRef("root");
        this.search = useRef("search");
        this.keepLast = new KeepLast();
        this.find = useDebounced((name) => this.findNow(name), TYPING);
        this.state = useState({
            choices: null,
            isSearching: false,
            found: [],
            main: false,
            isBusy: false,
        });
        // After it is painted: the cards beside it must not wait for this answer.
        onMounted(async () => {
            const choices = await this.pop.choices(this.entry.callId);
            this.state.choices = choices || [];
            this.state.isSearching = !this.state.choices.length;
        });
        useEffect(
            (asked, choices) => {
                if (asked && choices) {
                    this.buttons[0]?.focus();
                }
            },
            () => [this.entry.wanted, this.state.choices]
        );
        useEffect(
            (isSearching) => {
                if (isSearching && this.entry.wanted) {
                    this.search.el.focus();
                }
            },
            () => [this.state.isSearching]
        );
        useEffect(
            (found) => {
                // below those who share the number there may be no room for them
                if (found.length) {
                    this.search.el?.scrollIntoView({ block: "start" });
                }
            },
            () => [this.state.found]
        );
    }

    get title() {
        // the number stays in one piece, from left to right
        const number = (this.entry.pop.name || "").replaceAll(" ", "\u00a0");
        return _t("Which contact is it? %(number)s", { number: `\u2066${number}\u2069` });
    }

    get placeholder() {
        return _t("Contact name");
    }

    get buttons() {
        return [...(this.root.el?.querySelectorAll(".o_cc_choice") || [])];
    }

    /** @param {number|null} time µs since 1970 */
    lastContact(time) {
        return time ? DateTime.fromMillis(time / 1000).toRelative() : _t("no calls yet");
    }

    /** @param {KeyboardEvent} ev */
    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (ev.key === "Escape") {
            this.close();
        } else if (step && this.buttons.length) {
            this.nextButton(step).focus();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** @param {1|-1} step down or up from where the focus is; the field of names lies below those who share the number */
    nextButton(step) {
        const { buttons } = this;
        const at = buttons.indexOf(document.activeElement);
        if (at >= 0) {
            return buttons[(at + step + buttons.length) % buttons.length];
        }
        const below = document.activeElement === this.search.el ? this.state.choices.length : 0;
        return buttons[step > 0 ? below : below - 1] || buttons[0];
    }

    close() {
        this.pop.closeChooser(this.entry);
    }

    async choose(id) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.pop.chosen(this.entry, id, this.state.main);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Somebody else than those listed: the number becomes one of theirs. */
    searchOther() {
        this.state.isSearching = true;
        this.entry.wanted += 1;
    }

    async findNow(name) {
        const wanted = name.trim();
        const rows = wanted
            ? this.orm.call("res.partner", "name_search", [], { name: wanted, limit: FOUND })
            : [];
        this.state.found = await this.keepLast.add(Promise.resolve(rows));
    }
}

/** All that are open. */
export class PopChoosers extends Component {
    static template = "cc_crm_pop.PopChoosers";
    static components = { PopChooser };
    static props = {};

    setup() {
        this.pop = useService("cc_pop");
        this.root = useRef("root");
        useSettled(this.root);
    }
}

registry
    .category("main_components")
    .add("cc_crm_pop.PopChoosers", { Component: PopChoosers, props: {} });
