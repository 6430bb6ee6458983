// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { patch } from "@web/core/utils/patch";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { formatHours } from "../fields/duration_field/duration_field";

/** A column of a pivot mixes a talk with a month: always with hours. */
patch(PivotRenderer.prototype, {
    getFormattedValue(cell) {
        if (this.model.metaData.widgets[cell.measure] === "cc_duration") {
            return { value: formatHours(cell.value) };
        }
        return super.getFormattedValue(...arguments);
    },
});
