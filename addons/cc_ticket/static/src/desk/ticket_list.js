// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { ExportAll, exportAllItem } from "@web/views/list/export_all/export_all";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { onWillStart } from "@odoo/owl";

const mayExport = () => user.hasGroup("cc_telephony.group_agent");

/** Lists of tickets are taken along as Excel by agents, too, who have no right to export everything. */
export class TicketListController extends ListController {
    setup() {
        super.setup();
        onWillStart(async () => {
            this.mayExport = await mayExport();
        });
    }

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.export.isAvailable = () => this.isExportEnable || this.mayExport;
        return items;
    }
}

registry.category("views").add("cc_ticket_list", { ...listView, Controller: TicketListController });

registry.category("cogMenu").add(
    "cc-ticket-export-all",
    {
        Component: ExportAll,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            env.searchModel.resModel === "helpdesk.ticket" &&
            env.config.viewType === "list" &&
            !env.model.root.selection.length &&
            (await mayExport()) &&
            // Odoo's own is there for who may export everything
            !(await exportAllItem.isDisplayed(env)),
    },
    { sequence: 10 }
);
