// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What customers answered, as bars; complete sheets and partial ones apart. */
export class SurveyStatistics extends Component {
    static template = "cc_survey_dialer.SurveyStatistics";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        const { survey_id, campaign_id } = this.props.action.params || {};
        // A reload keeps the action's parameters in the page's state only.
        this.surveyId = survey_id || this.props.state?.survey_id;
        this.state = useState({ data: null, campaign: campaign_id || false });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = this.surveyId
            ? await this.orm.call("survey.survey", "cc_statistics", [
                  [this.surveyId],
                  this.state.campaign,
              ])
            : null;
    }

    async onChooseCampaign(ev) {
        this.state.campaign = Number(ev.target.value) || false;
        await this.load();
    }

    get excelUrl() {
        return `/cc/survey/statistics/${this.surveyId}?campaign=${this.state.campaign || ""}`;
    }

    get sheets() {
        const { complete, partial } = this.state.data;
        return _t("%(complete)s complete, %(partial)s partial", { complete, partial });
    }

    answeredWords(question) {
        return _t("%(count)s answers", { count: question.answered });
    }

    share(question, count) {
        return question.answered ? (100 * count) / question.answered : 0;
    }

    percent(question, bar) {
        return `${this.share(question, bar.complete + bar.partial).toFixed(1)} %`;
    }

    figure(value) {
        return Number.isInteger(value) ? String(value) : value.toFixed(2);
    }
}

registry.category("actions").add("cc_survey_dialer.survey_statistics", SurveyStatistics);
