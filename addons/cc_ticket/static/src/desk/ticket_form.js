// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** The page of a ticket says, when it saves, which revision it shows: a stale save is never silent. */
export class TicketFormController extends FormController {
    setup() {
        super.setup();
        this.tickets = useService("cc_tickets");
    }

    async onWillSaveRecord(record, changes) {
        const go = await super.onWillSaveRecord(...arguments);
        if (record.resId && record.data.cc_rev !== undefined && Object.keys(changes).length) {
            changes.cc_seen_rev = record.data.cc_rev;
        }
        return go;
    }

    async onSaveError() {
        this.tickets.bus.trigger("REFUSED", { ticket_id: this.model.root.resId });
        return super.onSaveError(...arguments);
    }
}

registry.category("views").add("cc_ticket_form", { ...formView, Controller: TicketFormController });
