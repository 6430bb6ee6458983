// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** An editor who saves says which version they began with: nobody's text is overwritten in silence. */
export class PageFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        const go = await super.onWillSaveRecord(...arguments);
        if (record.resId && "content" in changes) {
            changes.cc_seen_head = record.data.history_head?.id || false;
        }
        return go;
    }
}

registry.category("views").add("cc_page_form", { ...formView, Controller: PageFormController });
