// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { agreedWords } from "./follow_ups";

/** What was agreed in the call: an activity or a call-back, in one line and without leaving the page. */
export class FollowUp extends Component {
    static template = "cc_crm_pop.FollowUp";
    static props = { card: Object };

    setup() {
        this.pop = useService("cc_pop");
        this.summary = useRef("summary");
        this.placeholder = _t("Follow-up");
        this.state = useState(this.pop.followUps.of(this.props.card));
    }

    /** A lead that is not saved yet has no activities. */
    get why() {
        return this.pop.pageOf(this.props.card) ? "" : _t("Save the contact or lead first.");
    }

    async add() {
        await this.pop.followUps.add(this.state);
        if (this.summary.el) {
            // By hand too: what was typed since the last drawing is not known to it.
            this.summary.el.value = this.state.summary;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            this.add();
        }
    }

    words(added) {
        return agreedWords(added);
    }
}

registry.category("cc_telephony.wrap_up").add("follow_up", {
    Component: FollowUp,
    sequence: 10,
    isDisplayed: (card) => Boolean(card.pop),
});
