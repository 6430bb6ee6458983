// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** A sheet as the server has it now. */
const STORED = "cc_survey_dialer.stored";

/**
 * The campaign's questionnaire, filled in by the agent. Each answer is stored by the server at once, so
 * that nothing is lost when the customer hangs up; later it goes on where it was.
 */
export class CampaignSurvey extends Component {
    static template = "cc_survey_dialer.CampaignSurvey";
    static props = { attemptId: Number };

    setup() {
        this.orm = this.env.services.orm;
        this.state = useState({ survey: null, errors: {}, saving: null });
        // The panel makes a new sheet when the call's card arrives: what is answered meanwhile in the
        // old one is told to it.
        let heard = null;
        const hear = ({ detail }) => {
            if (detail.attemptId === this.props.attemptId) {
                heard = detail.survey;
                this.state.survey = heard;
            }
        };
        this.env.bus.addEventListener(STORED, hear);
        onWillDestroy(() => this.env.bus.removeEventListener(STORED, hear));
        onWillStart(async () => {
            const survey = await this.orm.call("cc.agent", "survey_open", [this.props.attemptId]);
            this.state.survey = heard || survey;
        });
    }

    get progress() {
        const { answered, total } = this.state.survey;
        return _t("%(answered)s of %(total)s answered", { answered, total });
    }

    get questions() {
        return this.state.survey.questions;
    }

    isChosen(question, id) {
        return (question.value || []).includes(id);
    }

    isCell(question, row, column) {
        return ((question.value || {})[row] || []).includes(column);
    }

    choose(question, id, on) {
        const before = question.multiple ? question.value || [] : [];
        const value = on
            ? [...before.filter((one) => one !== id), id]
            : before.filter((one) => one !== id);
        return this.answer(question, value);
    }

    chooseCell(question, row, column, on) {
        const rows = { ...(question.value || {}) };
        const before = question.multiple ? rows[row] || [] : [];
        rows[row] = on
            ? [...before.filter((one) => one !== column), column]
            : before.filter((one) => one !== column);
        return this.answer(question, rows);
    }

    /** Stores one answer; the server says which questions there are now, and what is wrong with it. */
    async answer(question, value, comment = question.comment) {
        this.state.saving = question.id;
        try {
            const answer = await this.orm.silent.call("cc.agent", "survey_answer", [
                this.props.attemptId,
                question.id,
                value,
                comment || false,
            ]);
            if (answer.error) {
                this.state.errors[question.id] = answer.error;
            } else {
                delete this.state.errors[question.id];
                this.show(answer.survey);
            }
        } catch (error) {
            this.state.errors[question.id] = error.data?.message || error.message;
        } finally {
            this.state.saving = null;
        }
    }

    show(survey) {
        const { attemptId } = this.props;
        this.env.bus.trigger(STORED, { attemptId, survey });
    }

    async finish() {
        try {
            const answer = await this.orm.silent.call("cc.agent", "survey_finish", [
                this.props.attemptId,
            ]);
            this.state.errors = answer.errors;
            this.show(answer.survey);
        } catch (error) {
            this.state.errors = { 0: error.data?.message || error.message };
        }
    }
}
