// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useMenuDialog } from "./menu_dialog";

/** A number to type or paste, and the last one again. */
export class DialPad extends Component {
    static template = "cc_telephony.DialPad";
    static props = { close: Function };

    setup() {
        this.phone = useService("cc_phone");
        useMenuDialog(useRef("root"), _t("Call a number"));
        this.state = useState({ number: "" });
        this.placeholder = _t("Number or extension");
        useAutofocus({ refName: "number" });
    }

    async dial(number) {
        const wanted = number.trim();
        if (wanted && (await this.phone.dial(wanted))) {
            this.props.close();
        }
    }
}
