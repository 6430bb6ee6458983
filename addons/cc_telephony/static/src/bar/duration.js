// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, xml } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { formatDuration } from "../phone/clock";

/** A time that ticks: since a fact, or down to one (`until`). Both µs since 1970 UTC. */
export class Duration extends Component {
    static template = xml`<span class="o_cc_duration" role="timer" aria-live="off" t-esc="text"/>`;
    static props = {
        since: { type: [Number, { value: null }], optional: true },
        until: { type: [Number, { value: null }], optional: true },
    };

    setup() {
        this.phone = useService("cc_phone");
    }

    get text() {
        const { since, until } = this.props;
        if (until) {
            // Rounded up: "00:00" is the end and not the last second.
            return formatDuration(Math.ceil((until - this.phone.now) / 1e6) * 1e6);
        }
        return since ? formatDuration(this.phone.now - since) : "";
    }
}
