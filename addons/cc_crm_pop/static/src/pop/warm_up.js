// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onError, useEffect, xml } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { View } from "@web/views/view";

/** What a form does once it is there is over by then, ms. */
const REST = 500;

/**
 * The form of a contact, made once out of sight: its templates are compiled then, and it is known what it
 * reads. Nothing in it can be focused, and it is gone half a second later.
 */
export class WarmUp extends Component {
    static template = xml`
        <div t-if="pop.warming" class="d-none o_cc_warm_up" aria-hidden="true">
            <View t-props="form"/>
        </div>`;
    static components = { View };
    static props = {};

    setup() {
        this.pop = useService("cc_pop");
        this.form = {
            type: "form",
            resModel: "res.partner",
            resId: session.cc_warm_up,
            context: { cc_call_uid: "none" },
        };
        onError((error) => {
            // the first pop is a little slower, and says what is wrong
            console.warn("cc_pop: no form was made ahead", error);
            this.pop.warming = false;
        });
        useEffect(
            (warming) => {
                if (warming) {
                    const timer = browser.setTimeout(() => (this.pop.warming = false), REST);
                    return () => browser.clearTimeout(timer);
                }
            },
            () => [this.pop.warming]
        );
    }
}

registry.category("main_components").add("cc_crm_pop.WarmUp", { Component: WarmUp, props: {} });
