// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { patch } from "@web/core/utils/patch";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { getFieldsSpec } from "@web/model/relational_model/utils";

/** A record that was read longer ago may have changed meanwhile, ms. */
const FRESH = 3000;

/**
 * Reads a popped record at the ring, so that the server works while the browser paints the card and
 * builds the form. What a form asks for is learnt from the first pop of its model; a form that asks
 * for anything else reads for itself.
 */
export class PageAhead {
    constructor(orm) {
        this.orm = orm;
        /** @type {Object<string, object>} by model: what its form reads */
        this.specifications = {};
        this.asked = null;
    }

    /** Asks for what the form will want; what a hint has asked for already is not asked again. */
    ask(model, id) {
        const specification = this.specifications[model];
        if (!specification || !id || this._isOf(model, id)) {
            return;
        }
        const records = this.orm.silent
            .webRead(model, [id], { context: { bin_size: true }, specification })
            .catch(() => []); // the form's own question then says what is wrong
        const words = JSON.stringify(specification);
        this.asked = { model, id, words, records, at: Date.now() };
    }

    /** @returns {Promise<object[]>} what was read ahead; nothing when that was something else */
    async take(model, id, specification) {
        const { asked } = this;
        const words = JSON.stringify(specification);
        this.specifications[model] = specification;
        const fits = this._isOf(model, id) && asked.words === words;
        this.asked = null;
        return fits ? asked.records : [];
    }

    /** @returns {boolean} whether this was asked for just now */
    _isOf(model, id) {
        const { asked } = this;
        return asked?.model === model && asked.id === id && Date.now() - asked.at < FRESH;
    }
}

patch(RelationalModel.prototype, {
    async _loadRecords(config, evalContext = config.context) {
        const isPop = Boolean(config.context?.cc_call_uid);
        const ahead = this.env.services?.cc_pop?.ahead;
        if (isPop && config.resId && ahead) {
            const { activeFields, fields, resModel, resId } = config;
            const specification = getFieldsSpec(activeFields, fields, evalContext);
            const records = await ahead.take(resModel, resId, specification);
            if (records.length) {
                return records;
            }
        }
        return super._loadRecords(...arguments);
    },
});
