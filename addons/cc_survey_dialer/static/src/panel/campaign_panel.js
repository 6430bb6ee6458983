// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, markup, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CampaignSurvey } from "./campaign_survey";

/** After a fact of the call the server has the try a moment later, ms. */
const SETTLE = 400;

/**
 * The agent's side of a campaign: the next contact with its script, the call, how it came out. With a
 * call of a campaign it shows that call's contact, else the one in hand.
 */
export class CampaignPanel extends Component {
    static template = "cc_survey_dialer.CampaignPanel";
    static components = { CampaignSurvey };
    static props = { card: { type: [Object, { value: null }], optional: true } };

    setup() {
        this.phone = useService("cc_phone");
        this.action = useService("action");
        // Not by useService: what is asked last may be answered when this component is gone already.
        this.orm = this.env.services.orm;
        this.state = useState({
            campaigns: [],
            chosen: null,
            contact: null,
            callbacks: [],
            why: "",
            busy: false,
            error: "",
            disposition: null,
            note: "",
            callbackAt: "",
            callbackMine: true,
        });
        const again = () => {
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.refresh(), SETTLE);
        };
        for (const event of ["RINGING", "ANSWERED", "ENDED"]) {
            this.phone.bus.addEventListener(event, again);
        }
        onWillUnmount(() => {
            clearTimeout(this.timer);
            for (const event of ["RINGING", "ANSWERED", "ENDED"]) {
                this.phone.bus.removeEventListener(event, again);
            }
        });
        onWillStart(() => this.load());
    }

    get campaignCall() {
        return this.props.card?.campaign || null;
    }

    get isPreview() {
        return this.state.contact?.mode === "preview";
    }

    get canDial() {
        return this.state.contact?.state === "leased" && !this.phone.current;
    }

    get dialling() {
        return Boolean(this.phone.commands.get("dial"));
    }

    get chosenDisposition() {
        return this.state.contact?.dispositions.find(({ id }) => id === this.state.disposition);
    }

    get script() {
        return markup(this.state.contact?.script || "");
    }

    /** @returns {string} what is still missing before the result can be saved; "" for nothing */
    get missing() {
        const chosen = this.chosenDisposition;
        if (!chosen) {
            return _t("Choose the outcome of the call.");
        }
        if (chosen.follow_up === "callback" && !this.state.callbackAt) {
            return _t("Say when to call back.");
        }
        if (chosen.note_required && !this.state.note.trim()) {
            return _t("“%(name)s” needs a note.", { name: chosen.name });
        }
        return "";
    }

    time(text) {
        return text ? formatDateTime(deserializeDateTime(text)) : "";
    }

    // --- reading ------------------------------------------------------------------------------------

    async load() {
        const data = await this.orm.call("cc.agent", "campaigns", []);
        this.state.campaigns = data.campaigns;
        this.state.callbacks = data.callbacks;
        const previews = data.campaigns.filter(({ mode }) => mode === "preview");
        if (!previews.some(({ id }) => id === this.state.chosen)) {
            this.state.chosen = previews[0]?.id || null;
        }
        const id = this.campaignCall?.attempt_id;
        if (id) {
            this.show(await this.orm.call("cc.agent", "campaign_contact", [id]));
        } else {
            this.show(data.attempt || null);
        }
    }

    async refresh() {
        const id = this.campaignCall?.attempt_id || this.state.contact?.id;
        if (id) {
            this.show(await this.orm.silent.call("cc.agent", "campaign_contact", [id]));
        }
    }

    show(contact) {
        const other = contact?.id !== this.state.contact?.id;
        this.state.contact = contact;
        if (other) {
            Object.assign(this.state, {
                disposition: contact?.result?.disposition_id || null,
                note: contact?.result?.note || "",
                callbackAt: "",
                error: "",
            });
        }
    }

    // --- doing --------------------------------------------------------------------------------------

    async ask(work) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, error: "", why: "" });
        try {
            await work();
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }

    next() {
        return this.ask(async () => {
            const answer = await this.orm.silent.call("cc.agent", "campaign_next", [
                this.state.chosen,
            ]);
            this.show(answer.attempt || null);
            this.state.why = answer.why;
        });
    }

    skip() {
        return this.ask(async () => {
            await this.orm.silent.call("cc.agent", "campaign_skip", [this.state.contact.id]);
            const answer = await this.orm.silent.call("cc.agent", "campaign_next", [
                this.state.chosen,
            ]);
            this.show(answer.attempt || null);
            this.state.why = answer.why;
        });
    }

    dial() {
        return this.ask(() => this.phone.call({ attempt: this.state.contact.id }));
    }

    save(thenNext = false) {
        return this.ask(async () => {
            const { contact, disposition, note, callbackAt, callbackMine } = this.state;
            const saved = await this.orm.silent.call("cc.agent", "campaign_result", [
                contact.id,
                {
                    disposition_id: disposition,
                    note,
                    callback_at: callbackAt || false,
                    callback_mine: callbackMine,
                },
            ]);
            this.show(saved);
            if (thenNext) {
                const answer = await this.orm.silent.call("cc.agent", "campaign_next", [
                    this.state.chosen,
                ]);
                this.show(answer.attempt || null);
                this.state.why = answer.why;
            }
            const data = await this.orm.silent.call("cc.agent", "campaigns", []);
            this.state.callbacks = data.callbacks;
        });
    }

    openRecord() {
        const { model, id } = this.state.contact.record;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("cc_telephony.panels").add(
    "campaign",
    {
        title: _t("Campaign"),
        icon: "fa-phone-square",
        Component: CampaignPanel,
        always: true,
        opensFor: (card) => Boolean(card.campaign),
    },
    { sequence: 15 }
);
registry.category("cc_telephony.bar_counts").add(
    "campaign",
    {
        icon: "fa-phone-square",
        label: _t("Campaign"),
        title: (count) => _t("Campaign, %(count)s call-backs due", { count }),
        count: (extra) => extra.cc_survey_dialer?.callbacks || 0,
        panel: "campaign",
    },
    { sequence: 60 }
);
