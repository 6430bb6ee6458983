// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

/** What was agreed in the call: an activity or a call-back, in one line and without leaving the page. */
export class FollowUp extends Component {
    static template = "cc_crm_pop.FollowUp";
    static props = { card: Object };

    setup() {
        this.orm = useService("orm");
        this.pop = useService("cc_pop");
        this.notification = useService("notification");
        this.summary = useRef("summary");
        this.placeholder = _t("Follow-up");
        this.state = useState({
            kind: "call",
            day: DateTime.now().plus({ days: 1 }).toISODate(),
            summary: "",
            added: [],
            isBusy: false,
        });
    }

    /** The customer or lead of the call; a lead that is not saved yet has no activities. */
    get page() {
        const known = this.pop.entryOf(this.props.card.call_uid)?.pop || this.props.card.pop;
        return known?.id ? known : null;
    }

    get why() {
        return this.page ? "" : _t("Save the contact or lead first.");
    }

    async add() {
        const { state, page } = this;
        if (state.isBusy || !page) {
            return;
        }
        state.isBusy = true;
        try {
            const { card } = this.props;
            const added = await this.orm.call("cc.call", "cc_follow_up", [
                [card.id],
                page.model,
                page.id,
                state.kind,
                state.day,
                state.summary.trim(),
            ]);
            state.added.push(added);
            // By hand too: what was typed since the last drawing is not known to it.
            state.summary = this.summary.el.value = "";
        } finally {
            state.isBusy = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            this.add();
        }
    }

    words({ summary, deadline }) {
        const day = DateTime.fromISO(deadline).toLocaleString(DateTime.DATE_MED);
        return _t("%(summary)s on %(day)s", { summary, day });
    }
}

registry.category("cc_telephony.wrap_up").add("follow_up", {
    Component: FollowUp,
    sequence: 10,
    isDisplayed: (card) => Boolean(card.pop),
});
