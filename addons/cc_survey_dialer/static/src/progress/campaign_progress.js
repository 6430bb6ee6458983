// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How often the figures are asked for while the page is looked at, ms. */
const EVERY = 3000;

/** How a campaign goes now, and why its numbers are not being dialled: in sum, each sum opens its list. */
export class CampaignProgress extends Component {
    static template = "cc_survey_dialer.CampaignProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
        this.timer = browser.setInterval(() => {
            if (!document.hidden) {
                this.load(this.props.record.resId);
            }
        }, EVERY);
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    async load(id) {
        if (!id) {
            this.state.data = null;
            return;
        }
        try {
            this.state.data = await this.orm.silent.call("cc.campaign", "progress", [[id]]);
        } catch (error) {
            // asked again in a moment; what was known stays on the screen
            console.warn("progress of the campaign", error);
        }
    }

    get figures() {
        const { data } = this.state;
        const rate = data.abandon_rate;
        return [
            { key: "done", label: _t("Done"), value: `${data.done} / ${data.total}` },
            { key: "tries", label: _t("Calls made"), value: data.tries },
            { key: "reached", label: _t("Reached"), value: data.reached },
            { key: "success", label: _t("Successes"), value: data.success },
            { key: "open", label: _t("Under way"), value: data.open },
            {
                key: "abandon",
                label: _t("Abandoned (limit %(limit)s %)", { limit: data.abandon_limit }),
                value: rate === null ? "–" : `${rate.toFixed(2)} %`,
                note: data.abandon_rule,
                over: rate !== null && rate > data.abandon_limit,
            },
        ];
    }

    get bridgeWords() {
        const { bridge } = this.state.data;
        return bridge.why
            ? _t("The dialler waits: %(why)s.", { why: bridge.why })
            : _t("The dialler is dialling.");
    }

    time(text) {
        return text ? formatDateTime(deserializeDateTime(text)) : "";
    }

    async open(why) {
        const action = await this.orm.call("cc.campaign", "action_open_why", [
            [this.props.record.resId],
            why,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("cc_campaign_progress", { component: CampaignProgress });
