// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { callSince } from "../phone/call_controls";
import { Duration } from "./duration";

/** Another call of the agent beside the one whose controls are shown; a click changes the two. */
export class OtherCall extends Component {
    static template = "cc_telephony.OtherCall";
    static components = { Duration };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
    }

    get name() {
        return this.phone.callerName(this.props.card);
    }

    get word() {
        const { card } = this.props;
        return card.held ? _t("On hold") : card.answered_t ? _t("Talking") : _t("Calling");
    }

    get since() {
        return callSince(this.props.card, this.phone.store);
    }

    get title() {
        return _t("%(name)s, %(state)s. Show the controls for this call", {
            name: this.name,
            state: this.word,
        });
    }
}
