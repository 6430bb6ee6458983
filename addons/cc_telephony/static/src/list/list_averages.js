// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";
import { formatSeconds } from "../fields/duration_field/duration_field";

/**
 * Below a list stands the average of its rows, not of its groups: a group of two counts less than one of fifty. The
 * option `counts` names the field that is 1 in the rows that count, as the server's averages of groups do it.
 */
patch(ListRenderer.prototype, {
    computeAggregates() {
        const aggregates = super.computeAggregates();
        const { list } = this.props;
        const isGrouped = list.isGrouped && !list.selection.length;
        const rows = list.selection.length ? list.selection : list.records;
        for (const { name, widget, attrs, options } of this.columns) {
            const footer = aggregates[name];
            if (!footer || widget !== "cc_duration" || !attrs.avg || attrs.sum) {
                continue;
            }
            const parts = isGrouped
                ? list.groups.map((group) => ({ count: group.count, ...group.aggregates }))
                : rows.map((row) => ({ count: 1, ...row.data }));
            let count = 0;
            let total = 0;
            for (const part of parts) {
                if (typeof part[name] === "number") {
                    const weight = part[options?.counts || "count"];
                    count += weight;
                    total += part[name] * weight;
                }
            }
            if (count) {
                footer.rawValue = total / count;
                footer.value = formatSeconds(footer.rawValue);
            } else {
                delete aggregates[name];
            }
        }
        return aggregates;
    },
});
