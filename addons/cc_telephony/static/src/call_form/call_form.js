// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";

/** Who is not in the call is told nothing of it: their form asks, while it lasts, ms. */
const FOLLOW_EVERY = 5000;

/** The form of a call follows the call, as long as nobody writes in it. */
export class CallFormController extends formView.Controller {
    setup() {
        super.setup();
        this.phone = useService("cc_phone");
        useBus(this.phone.bus, "CHANGED", ({ detail }) => {
            if (detail.id === this.model.root.resId) {
                this.follow();
            }
        });
        onMounted(() => {
            this.following = browser.setInterval(() => this.follow(), FOLLOW_EVERY);
        });
        onWillUnmount(() => browser.clearInterval(this.following));
    }

    async follow() {
        const { root } = this.model;
        if (root.resId && root.data.state !== "ended" && !(await root.isDirty())) {
            await root.load();
        }
    }
}

registry.category("views").add("cc_call_form", { ...formView, Controller: CallFormController });
