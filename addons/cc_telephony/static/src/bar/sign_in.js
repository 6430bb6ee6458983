// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillDestroy, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useMenuDialog } from "./menu_dialog";

const LAST_DEVICE = "cc_phone.last_device";
const LOOKS = {
    browser: { icon: "fa-headphones", help: _t("Use this computer's headset") },
    desk: { icon: "fa-phone", help: _t("Calls ring at the desk phone") },
    mobile: { icon: "fa-mobile", help: _t("Calls ring at your external phone") },
};
/** The choice to type the number of an outside phone. */
const OTHER = "mobile:new";

/** Where shall calls ring: this browser, a desk phone, or an outside phone. Remembers the last choice. */
export class SignIn extends Component {
    static template = "cc_telephony.SignIn";
    static props = { close: Function };

    setup() {
        this.phone = useService("cc_phone");
        useMenuDialog(useRef("root"), _t("Sign in"), "input:checked, button");
        this.ended = {
            taken_over: _t("You signed in somewhere else, so you were signed out here."),
            leader: _t("A leader signed you out."),
            failed: _t("The PBX could not sign you in."),
        };
        this.placeholder = _t("Mobile, or landline with area code");
        const keys = this.choices.map((choice) => choice.key);
        // This computer's own last choice, else the server's memory of any computer.
        const { lastDevice } = this.phone.store;
        const last = [
            browser.localStorage.getItem(LAST_DEVICE),
            lastDevice && `${lastDevice.device}:${lastDevice.extension}`,
        ].find((key) => keys.includes(key));
        this.state = useState({
            chosen: last || keys[0] || null,
            number: "",
            confirm: null,
            unconfirmed: false,
        });
        const bus = useService("bus_service");
        const heard = (result) => this.onResult(result);
        bus.subscribe("cc.command/result", heard);
        onWillDestroy(() => bus.unsubscribe("cc.command/result", heard));
    }

    /** The phone outside was asked for its code. */
    onResult({ id, ok }) {
        if (this.state.confirm?.id !== id) {
            return;
        }
        this.state.confirm = null;
        this.state.unconfirmed = !ok;
        if (ok) {
            this.signIn();
        }
    }

    get choices() {
        const { devices } = this.phone.store;
        const known = devices.map(({ device, extension, label }) => ({
            key: `${device}:${extension}`,
            device,
            extension,
            icon: LOOKS[device].icon,
            title: label,
            help: LOOKS[device].help.toString(),
        }));
        return devices.length
            ? [
                  ...known,
                  {
                      key: OTHER,
                      device: "mobile",
                      icon: LOOKS.mobile.icon,
                      title: devices.some(({ device }) => device === "mobile")
                          ? _t("Another external phone")
                          : _t("External phone"),
                      help: _t("Calls ring at a landline or mobile number"),
                      asksNumber: true,
                  },
              ]
            : [];
    }

    get chosen() {
        return this.choices.find(({ key }) => key === this.state.chosen);
    }

    get endedWords() {
        return this.ended[this.phone.store.endedBy] || "";
    }

    get confirmWords() {
        const { number } = this.state.confirm;
        return _t("We are calling %(number)s. Answer there and key in this code:", { number });
    }

    get isWaiting() {
        return Boolean(this.state.confirm || this.phone.commands.get("sign_in"));
    }

    async signIn() {
        const { chosen } = this;
        const extension = chosen.asksNumber ? this.state.number.trim() : chosen.extension;
        if (!extension) {
            return;
        }
        this.state.unconfirmed = false;
        const done = await this.phone.signIn(chosen.device, extension);
        if (done?.confirm) {
            this.state.confirm = done.confirm;
        } else if (done) {
            if (!chosen.asksNumber) {
                browser.localStorage.setItem(LAST_DEVICE, chosen.key);
            }
            this.props.close();
        }
    }
}
