// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const LAST_DEVICE = "cc_phone.last_device";

/** Where shall calls ring: this browser, or a desk phone. Remembers the last choice. */
export class SignIn extends Component {
    static template = "cc_telephony.SignIn";
    static props = { close: Function };

    setup() {
        this.phone = useService("cc_phone");
        this.ended = {
            taken_over: _t("You were signed out here because you signed in somewhere else."),
            leader: _t("You were signed out by a leader."),
            failed: _t("You were signed out because the PBX could not sign you in."),
        };
        const keys = this.choices.map((choice) => choice.key);
        const last = browser.localStorage.getItem(LAST_DEVICE);
        this.state = useState({ chosen: keys.includes(last) ? last : keys[0] || null });
    }

    get choices() {
        return this.phone.store.devices.map(({ device, extension, label }) => ({
            key: `${device}:${extension}`,
            device,
            extension,
            icon: device === "browser" ? "fa-headphones" : "fa-phone",
            title: label,
            help:
                device === "browser"
                    ? _t("With the headset of this computer")
                    : _t("The desk phone rings"),
        }));
    }

    get endedWords() {
        return this.ended[this.phone.store.endedBy] || "";
    }

    get isWaiting() {
        return Boolean(this.phone.commands.get("sign_in"));
    }

    async signIn() {
        const choice = this.choices.find(({ key }) => key === this.state.chosen);
        browser.localStorage.setItem(LAST_DEVICE, choice.key);
        if (await this.phone.signIn(choice.device, choice.extension)) {
            this.props.close();
        }
    }
}
