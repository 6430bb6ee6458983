// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";
import { formatSeconds } from "../fields/duration_field/duration_field";

/** Below a grouped list stands the average of its rows, not of its groups: a group of two counts less than one of fifty. */
patch(ListRenderer.prototype, {
    computeAggregates() {
        const aggregates = super.computeAggregates();
        const { list } = this.props;
        if (!list.isGrouped || list.selection.length) {
            return aggregates;
        }
        for (const { name, widget, attrs } of this.columns) {
            const footer = aggregates[name];
            if (!footer || widget !== "cc_duration" || !attrs.avg || attrs.sum) {
                continue;
            }
            const groups = list.groups.filter(
                (group) => typeof group.aggregates[name] === "number"
            );
            const rows = groups.reduce((sum, group) => sum + group.count, 0);
            const total = groups.reduce(
                (sum, { aggregates: own, count }) => sum + own[name] * count,
                0
            );
            footer.rawValue = rows ? total / rows : 0;
            footer.value = formatSeconds(footer.rawValue);
        }
        return aggregates;
    },
});
