// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/**
 * The selects of a summary: one a level, down to what was chosen and one more if there is a level below.
 *
 * @param {{id: number, name: string, parent: number|false}[]} choices
 * @param {number|false} chosen
 * @returns {{options: object[], value: number|false}[]}
 */
export function levelsOf(choices, chosen) {
    const byId = new Map(choices.map((choice) => [choice.id, choice]));
    const path = [];
    for (let one = byId.get(chosen); one; one = byId.get(one.parent)) {
        path.unshift(one.id);
    }
    const levels = [];
    for (let depth = 0; depth <= path.length; depth++) {
        const parent = depth ? path[depth - 1] : false;
        const options = choices.filter((choice) =>
            depth ? choice.parent === parent : !byId.has(choice.parent)
        );
        if (!options.length) {
            break;
        }
        levels.push({ options, value: path[depth] || false, parent });
    }
    return levels;
}

/** Whether nothing lies below this choice. */
export function isLast(choices, chosen) {
    return Boolean(chosen) && !choices.some((choice) => choice.parent === chosen);
}

/** What came of the call (小结), level by level, and its kind. */
export class SummaryPart extends Component {
    static template = "cc_quality.SummaryPart";
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        this.orm = useService("orm");
        this.state = useState({ choices: [], kinds: [], chosen: false, kind: false });
        onWillStart(async () => {
            const found = await this.orm.call("cc.call", "cc_summary_choices", [
                [this.props.card.id],
            ]);
            Object.assign(this.state, {
                choices: found.choices,
                kinds: found.kinds,
                chosen: found.summary || false,
                kind: found.kind || false,
            });
            this._tell();
        });
    }

    get levels() {
        return levelsOf(this.state.choices, this.state.chosen);
    }

    get isRequired() {
        return Boolean(this.props.card.extra?.cc_quality?.required);
    }

    async choose(level, value) {
        this.state.chosen = Number(value) || level.parent || false;
        await this._save();
    }

    async chooseKind(value) {
        this.state.kind = Number(value) || false;
        await this._save();
    }

    async _save() {
        const { choices, chosen, kind } = this.state;
        const isDone = isLast(choices, chosen);
        await this.orm.call("cc.call", "cc_save_summary", [
            [this.props.card.id],
            isDone ? chosen : false,
            kind,
        ]);
        this._tell();
    }

    _tell() {
        this.phone.parts.cc_quality = {
            ...this.phone.parts.cc_quality,
            [this.props.card.call_uid]: isLast(this.state.choices, this.state.chosen),
        };
    }
}

registry.category("cc_telephony.wrap_up").add("cc_quality_summary", {
    Component: SummaryPart,
    sequence: 10,
    isDisplayed: (card) => Boolean(card.extra?.cc_quality?.summary),
    isComplete: (card, phone) => {
        const { required, done } = card.extra?.cc_quality || {};
        return (
            !required ||
            (phone.parts.cc_quality?.[card.call_uid] ?? done) ||
            _t("Choose the summary of the call first.")
        );
    },
});
