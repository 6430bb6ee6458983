// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { percentageField } from "@web/views/fields/percentage/percentage_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const two = (number) => String(number).padStart(2, "0");

/** Seconds as people read them, short and long ones alike: 0:04:07. */
export function formatSeconds(value) {
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

/** Of a group to which the figure does not apply the server tells none, which is not 0. */
const isNone = (value) => value === false || value === null || value === undefined;

// sums in lists, pivots and graphs look like the cells
registry
    .category("formatters")
    .add("cc_duration", (value) => (isNone(value) ? "" : formatSeconds(value)))
    .add(
        "cc_ratio",
        Object.assign((value, options) => (isNone(value) ? "" : formatPercentage(value, options)), {
            extractOptions: formatPercentage.extractOptions,
        })
    );

/** A share of something that may not be there at all. */
registry.category("fields").add("cc_ratio", percentageField);
