// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Which of the customers who share this number is calling? The one in contact last stands first. */
export class PopChooser extends Component {
    static template = "cc_crm_pop.PopChooser";
    static components = { Dialog };
    static props = {
        close: Function,
        callId: Number,
        mask: String,
        /** called with the pop after a customer was chosen */
        onChosen: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ choices: [], main: false, isBusy: false });
        onWillStart(async () => {
            this.state.choices = await this.orm.call("cc.call", "cc_pop_choices", [
                [this.props.callId],
            ]);
        });
    }

    get title() {
        return _t("Who is calling? %(number)s", { number: this.props.mask });
    }

    /** @param {number|null} time µs since 1970 */
    lastContact(time) {
        return time ? DateTime.fromMillis(time / 1000).toRelative() : _t("never called");
    }

    async choose(id) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const pop = await this.orm.call("cc.call", "cc_pop_choose", [
                [this.props.callId],
                id,
                this.state.main,
            ]);
            this.props.close();
            await this.props.onChosen(pop);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Somebody else than those listed: the number becomes one of theirs. */
    link() {
        this.dialog.add(SelectCreateDialog, {
            resModel: "res.partner",
            title: _t("Link this number with"),
            multiSelect: false,
            onSelected: ([id]) => this.choose(id),
        });
    }
}
