// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAgain } from "../again";

/** How far a mass message or an imported list is: lines read, rows by state, lines left out. */
export class SmsJobProgress extends Component {
    static template = "cc_survey_dialer.SmsJobProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null });
        onWillStart(() => this.load());
        useAgain(() => this.load());
    }

    async load() {
        const id = this.props.record.resId;
        if (!id) {
            return;
        }
        try {
            const model = this.props.record.resModel;
            this.state.data = await this.orm.silent.call(model, "progress", [[id]]);
        } catch (error) {
            // asked again in a moment; what was known stays on the screen
            console.warn("progress of the message", error);
        }
    }

    get percent() {
        const { state, line_count, line_read, total, waiting } = this.state.data;
        if (state === "reading") {
            return line_count ? (100 * line_read) / line_count : 0;
        }
        return total ? (100 * (total - waiting)) / total : 0;
    }

    get words() {
        const { state, line_count, line_read, total, waiting } = this.state.data;
        // an imported list hands nothing over
        return state === "reading" || this.props.record.resModel === "cc.customer.task.list"
            ? _t("%(read)s of %(count)s lines read", { read: line_read, count: line_count })
            : _t("%(done)s of %(total)s handed over", { done: total - waiting, total });
    }

    get leftOut() {
        const { bad, duplicates } = this.state.data;
        return _t("Left out: %(bad)s lines without a number, %(duplicates)s numbers again", {
            bad,
            duplicates,
        });
    }
}

registry.category("view_widgets").add("cc_sms_job_progress", { component: SmsJobProgress });
