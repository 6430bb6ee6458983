// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { askEntry, entries, textOf } from "../phone/entries";

const CATEGORY = "cc_telephony.bar_counts";

/** A count that fits beside an icon. */
function short(count) {
    return count > 99 ? "99+" : String(count);
}

/**
 * Small counters at the end of the bar, as addons registered them:
 * `registry.category("cc_telephony.bar_counts").add(key, {icon, label, count: (extra, phone) => number,
 * action: xmlid or (phone, env) => any, title?: (count) => string, panel?: key of a tab}, {sequence})`.
 * `count` reads what the server gave by `cc.agent._cc_snapshot_extra`. A counter is there at zero too:
 * one that came and went would move the buttons beside it.
 */
export class BarCounts extends Component {
    static template = "cc_telephony.BarCounts";
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.action = useService("action");
    }

    get counters() {
        const { phone } = this;
        return entries(CATEGORY)
            .map((entry) =>
                askEntry(`${CATEGORY}/${entry.id}`, () => this.counter(entry, phone), null)
            )
            .filter(Boolean);
    }

    counter({ id, icon, label, count, title, panel, action }, phone) {
        const { extra } = phone.store;
        const number = Number(count(extra, phone)) || 0;
        const words = textOf(label);
        const many = _t("%(label)s: %(count)s", { label: words, count: number });
        return {
            id,
            icon,
            number,
            short: short(number),
            title: number ? (title ? textOf(title, number) : many) : words,
            expanded: panel && String(phone.panel.open && phone.panel.tab === panel),
            click: () => {
                if (panel) {
                    return phone.panel.toggle(panel);
                }
                return typeof action === "function"
                    ? action(phone, this.env)
                    : this.action.doAction(action);
            },
        };
    }
}

registry.category(CATEGORY).add(
    "recent",
    {
        icon: "fa-history",
        label: _t("Recent calls"),
        title: (count) => _t("Recent calls, %(count)s missed", { count }),
        count: (_extra, phone) => phone.lists.missed,
        panel: "recent",
    },
    { sequence: 80 }
);
registry.category(CATEGORY).add(
    "announcements",
    {
        icon: "fa-bullhorn",
        label: _t("Announcements"),
        title: (count) => _t("Announcements, %(count)s unread", { count }),
        count: (_extra, phone) => phone.lists.unread,
        panel: "announcements",
    },
    { sequence: 90 }
);
