// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onMounted, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useMenuDialog } from "../bar/menu_dialog";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Keys for the other party's menus: by mouse, by finger, and by typing them. */
export class Keypad extends Component {
    static template = "cc_telephony.Keypad";
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        this.keys = KEYS;
        this.root = useRef("root");
        useMenuDialog(this.root, _t("Keypad"));
        onMounted(() => this.root.el.focus());
    }

    /** The card as it is now: a menu is not drawn anew by what opened it. */
    get card() {
        const { card } = this.props;
        return this.phone.store.calls.find(({ call_uid }) => call_uid === card.call_uid) || card;
    }

    get sent() {
        return this.phone.sentKeys[this.card.call_uid] || "";
    }

    get received() {
        return this.card.keys || "";
    }

    get off() {
        return this.phone.whyNot("dtmf", this.card);
    }

    name(key) {
        return { "*": _t("Star"), "#": _t("Hash") }[key] || key;
    }

    press(key) {
        if (!this.off) {
            this.phone.sendKeys(this.card, key);
        }
    }

    onKeydown(ev) {
        const key = ev.key.toUpperCase();
        if (/^[0-9*#A-D]$/.test(key) && !ev.altKey && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            this.press(key);
        }
    }

    onPaste(ev) {
        const keys = ev.clipboardData.getData("text").replace(/[^0-9*#]/g, "");
        if (keys) {
            this.press(keys);
        }
    }
}
