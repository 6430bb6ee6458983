// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** One click back to the customer of the call. */
export class PopSystray extends Component {
    static template = "cc_crm_pop.PopSystray";
    static props = {};

    setup() {
        this.pop = useService("cc_pop");
    }

    get title() {
        return this.pop.last.isWaiting
            ? _t("Unsaved changes kept this page open. Open the caller's page (Alt+G)")
            : _t("Open the caller's page (Alt+G)");
    }

    get label() {
        const { pop } = this.pop.last;
        return pop.kind === "lead" && !pop.id
            ? _t("New lead")
            : pop.name || _t("Which contact is it?");
    }
}

// Left of the bar: what comes and goes here must not move the call's buttons.
registry
    .category("systray")
    .add("cc_crm_pop.PopSystray", { Component: PopSystray }, { sequence: 210 });
