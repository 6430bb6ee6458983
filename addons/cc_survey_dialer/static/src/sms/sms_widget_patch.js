// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";
import { SmsWidget, smsWidget } from "@sms/components/sms_widget/fields_sms_widget";
import { composeText, countSegments } from "./segments";

const NONE = { signature: "", tail: "", position: "start" };
/** Asked for once a page. */
let asked = null;

/** Odoo's counter takes no account of extension characters, seams, the signature and the gateway's tail. */
patch(SmsWidget.prototype, {
    setup() {
        super.setup();
        // known before the first rendering, and the same ever after: nothing to react to
        this.gateway = NONE;
        const orm = useService("orm");
        onWillStart(async () => {
            asked ||= orm.silent.call("cc.sms.gateway", "counting", []).catch(() => NONE);
            this.gateway = await asked;
        });
    },
    get isCommercial() {
        return Boolean(this.props.record.data.commercial);
    },
    get counted() {
        const text = this._getValueForSmsCounts(this.props.record.data[this.props.name] || "");
        const { signature, tail, position } = this.gateway;
        return countSegments(
            text && composeText(text, { signature, position, tail: this.isCommercial ? tail : "" })
        );
    },
    get encoding() {
        return this.counted.encoding;
    },
    get nbrChar() {
        return this.counted.units;
    },
    get nbrSMS() {
        return this.counted.segments;
    },
    get nbrCharExplanation() {
        return this.gateway.signature ? _t(" (with signature)") : super.nbrCharExplanation;
    },
});

registry.category("fields").add("cc_sms_text", smsWidget);
