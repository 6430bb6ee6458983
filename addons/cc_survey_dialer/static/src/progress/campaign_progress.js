// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatDateTime, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAgain } from "../again";

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
        useAgain(() => this.load(this.props.record.resId));
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

    get heardWords() {
        const { heard, heard_persons } = this.state.data;
        return _t("Machines listened to: %(heard)s, of them persons: %(persons)s (%(share)s %).", {
            heard,
            persons: heard_persons,
            share: ((100 * heard_persons) / heard).toFixed(1),
        });
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
