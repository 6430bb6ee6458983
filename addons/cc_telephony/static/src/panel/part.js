// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onError, useState, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** A component that an addon registered: when it breaks it says so in its place, the rest works on. */
export class Part extends Component {
    static template = xml`
        <p t-if="state.broken" class="o_cc_broken text-danger" role="alert" t-esc="words" />
        <t t-else="" t-component="props.Component" card="props.card" />
    `;
    static props = {
        Component: Function,
        card: { type: [Object, { value: null }], optional: true },
        name: String,
    };

    setup() {
        this.state = useState({ broken: false });
        onError((error) => {
            console.warn(`cc_phone: “${this.props.name}” broke`, error);
            this.state.broken = true;
        });
    }

    get words() {
        return _t("“%(name)s” cannot be shown. Reload the page, or contact your administrator.", {
            name: this.props.name,
        });
    }
}
