// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Seconds as people read them: 4:07, from an hour on 1:02:03. */
export function formatSeconds(value) {
    const seconds = Math.round(value || 0);
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    const tail = two(seconds % 60);
    if (minutes < 60) {
        return `${minutes}:${tail}`;
    }
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

/** A float of seconds, read only. */
export class CcDurationField extends Component {
    static template = "cc_telephony.DurationField";
    static props = { ...standardFieldProps };

    get text() {
        return formatSeconds(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("cc_duration", {
    component: CcDurationField,
    displayName: _t("Duration in seconds"),
    supportedTypes: ["float", "integer"],
    isEmpty: () => false,
});
// sums in lists look like the cells above them
registry.category("formatters").add("cc_duration", formatSeconds);
