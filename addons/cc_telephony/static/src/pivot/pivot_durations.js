// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { patch } from "@web/core/utils/patch";
import { PivotModel } from "@web/views/pivot/pivot_model";

const KINDS = { cc_duration: "duration", cc_ratio: "ratio" };

/** A pivot's export says what its figures are, so that the file has times and percentages as the screen has. */
patch(PivotModel.prototype, {
    exportData() {
        const data = super.exportData();
        const { activeMeasures, widgets } = this.metaData;
        for (const { values } of data.rows) {
            values.forEach((cell, index) => {
                const kind = KINDS[widgets[activeMeasures[index % activeMeasures.length]]];
                if (!kind) {
                    return;
                }
                if (typeof cell.value === "number") {
                    cell.cc_kind = kind;
                } else {
                    cell.value = "";
                }
            });
        }
        return data;
    },
});
