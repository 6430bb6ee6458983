// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const two = (number) => String(number).padStart(2, "0");

/** Seconds as people read them: 4:07, from an hour on 1:02:03. */
export function formatSeconds(value) {
    const seconds = Math.round(value || 0);
    return seconds < 3600
        ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
        : formatHours(seconds);
}

/** Where short and long times stand below each other: 0:04:07. */
export function formatHours(value) {
    const seconds = Math.round(value || 0);
    const minutes = Math.floor(seconds / 60);
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** A float of seconds, read only. */
export class CcDurationField extends Component {
    static template = "cc_telephony.DurationField";
    static props = {
        ...standardFieldProps,
        since: { type: String, optional: true },
        until: { type: String, optional: true },
    };

    setup() {
        onMounted(() => {
            if (this.isRunning) {
                this.ticking = browser.setInterval(() => this.render(), 1000);
            }
        });
        onWillUnmount(() => browser.clearInterval(this.ticking));
    }

    /** Whether the stretch of time still lasts: the record does not count it then. */
    get isRunning() {
        const { since, until, record } = this.props;
        return Boolean(since && record.data[since] && !record.data[until]);
    }

    get text() {
        const { since, name, record } = this.props;
        return formatSeconds(
            this.isRunning
                ? Math.max(0, -record.data[since].diffNow("seconds").seconds)
                : record.data[name]
        );
    }
}

registry.category("fields").add("cc_duration", {
    component: CcDurationField,
    displayName: _t("Duration in seconds"),
    supportedTypes: ["float", "integer"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ since: options.since, until: options.until }),
});
// sums in lists look like the cells above them
registry.category("formatters").add("cc_duration", formatSeconds);
