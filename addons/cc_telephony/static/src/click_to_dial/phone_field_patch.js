// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { PhoneField, formPhoneField, phoneField } from "@web/views/fields/phone/phone_field";

/**
 * A number on the page dials through the agent's phone when they are signed in; for everybody else
 * the link stays what it was, a `tel:` link for the device's own phone.
 */
patch(PhoneField, {
    props: {
        ...PhoneField.props,
        enableDial: { type: Boolean, optional: true },
    },
    defaultProps: {
        ...PhoneField.defaultProps,
        enableDial: true,
    },
});

patch(PhoneField.prototype, {
    setup() {
        super.setup();
        // Frontend pages have phone fields too, but no agent's phone.
        this.ccPhone = this.env.services.cc_phone ? useService("cc_phone") : null;
    },

    get ccDials() {
        return Boolean(
            this.props.enableDial &&
                this.ccPhone?.signedIn &&
                this.props.record.data[this.props.name]
        );
    },

    /** @param {MouseEvent} ev */
    onClickDial(ev) {
        if (!this.ccDials) {
            return;
        }
        ev.preventDefault();
        // In a list the row would open its record.
        ev.stopPropagation();
        this.ccPhone.dial(this.props.record.data[this.props.name]);
    },
});

const withDialOption = () => ({
    extractProps({ options }) {
        const props = super.extractProps(...arguments);
        if (options.enable_dial === false) {
            props.enableDial = false;
        }
        return props;
    },
});

patch(phoneField, withDialOption());
patch(formPhoneField, withDialOption());
