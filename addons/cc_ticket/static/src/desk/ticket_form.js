// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** The page of a ticket says, when it saves, which revision it shows: a stale save is never silent. */
export class TicketFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        const go = await super.onWillSaveRecord(...arguments);
        if (record.resId && record.data.cc_rev !== undefined && Object.keys(changes).length) {
            changes.cc_seen_rev = record.data.cc_rev;
        }
        return go;
    }
}

registry.category("views").add("cc_ticket_form", { ...formView, Controller: TicketFormController });
