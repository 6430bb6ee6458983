// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, markup, onMounted, onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

/** What leaders tell their departments; opening it is reading it. */
export class Announcements extends Component {
    static template = "cc_telephony.Announcements";
    static props = { card: { optional: true } };

    setup() {
        this.phone = useService("cc_phone");
        onWillStart(() => this.phone.lists.loadAnnouncements());
        onMounted(() => this.phone.lists.readAnnouncements());
    }

    get rows() {
        return this.phone.lists.announcements.map((row) => ({
            ...row,
            // An html field of the server: cleaned there when it was saved.
            body: markup(row.body || ""),
            when: DateTime.fromMillis(row.at / 1000).toLocaleString(DateTime.DATETIME_SHORT),
        }));
    }
}

registry.category("cc_telephony.panels").add(
    "announcements",
    {
        title: _t("Announcements"),
        icon: "fa-bullhorn",
        Component: Announcements,
        always: true,
    },
    { sequence: 40 }
);
