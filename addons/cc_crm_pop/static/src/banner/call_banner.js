// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { RecordingPlayer } from "@cc_telephony/recording/recording_player";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

/** On the page that a call brought up: who it is with, what is open, what was said before. */
export class CallBanner extends Component {
    static template = "cc_crm_pop.CallBanner";
    static components = { RecordingPlayer };
    static props = { ...standardWidgetProps };

    setup() {
        this.pop = useService("cc_pop");
        this.phone = useService("cc_phone");
        this.action = useService("action");
        this.state = useState({ data: false, of: "" });
        let isGone = false;
        onWillUnmount(() => (isGone = true));
        useEffect(
            (callId, resId) => {
                if (!callId) {
                    return;
                }
                if (resId) {
                    const { entry } = this;
                    if (entry && !entry.pop.id) {
                        this.phone.store.nameCall(entry.callUid, this.props.record.data.name);
                    }
                    this.pop.saved(callId, this.model, resId);
                }
                // The page first, which has the banner's place already
                this.pop
                    .painted()
                    .then(() => this.pop.banner(callId, this.model, resId))
                    .then((data) => {
                        // A newer question may be under way
                        if (!isGone && callId === this.callId && resId === this.resId) {
                            Object.assign(this.state, { data, of: this.key });
                        }
                    });
            },
            () => [this.callId, this.resId]
        );
    }

    /** What the banner's words are about: a form may show another customer with the next call. */
    get key() {
        return `${this.callId} ${this.resId}`;
    }

    get shown() {
        return this.state.of === this.key && this.state.data;
    }

    get model() {
        return this.props.record.resModel;
    }

    get resId() {
        return this.props.record.resId || false;
    }

    get callId() {
        return this.pop.callOf(this.model, this.resId) || this.contextCall;
    }

    /** The call this very page was opened for; not that of a page before it in the same form. */
    get contextCall() {
        const { cc_call_id: callId, cc_call_page: page } = this.props.record.context;
        return callId && (!page || page === this.resId) ? callId : false;
    }

    get entry() {
        return this.pop.entries.find(({ callId }) => callId === this.callId);
    }

    time(us) {
        return us ? DateTime.fromMillis(us / 1000).toLocaleString(DateTime.DATETIME_SHORT) : "";
    }

    minutes(seconds) {
        const whole = Math.round(seconds);
        return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    }

    openDeal(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    openCall(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cc.call",
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    /** Another of the customers who share the number. */
    chooseOther() {
        this.pop.choose(
            this.entry ||
                this.pop.remember(this.callId, `call ${this.callId}`, {
                    kind: "record",
                    model: this.model,
                    id: this.resId,
                    name: "",
                    count: 0,
                }),
            true
        );
    }
}

registry.category("view_widgets").add("cc_call_banner", { component: CallBanner });
