// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { getVisibleElements } from "@web/core/utils/ui";
import { textOf } from "../phone/entries";
import { keyName } from "./shortcut_keys";
import { shortcuts } from "./shortcut_registry";

/** Keys that browsers keep for their own menus and address bar on some systems. */
const BROWSERS_OWN = { d: _t("address bar"), f: _t("browser menu") };

/** @returns {string} what a button says; Odoo writes its letter over it while Alt is held down */
function wordsOf(el) {
    const copy = el.cloneNode(true);
    copy.querySelectorAll(".o_web_hotkey_overlay").forEach((overlay) => overlay.remove());
    return copy.textContent.trim().slice(0, 30);
}

/** All keys of the phone, with what else wants them; a click on a key changes it. */
export class ShortcutSheet extends Component {
    static template = "cc_telephony.ShortcutSheet";
    static components = { Dialog };
    static props = { close: Function, keys: Object };

    setup() {
        this.keys = useState(this.props.keys);
        this.state = useState({ changing: null, problem: "" });
        this.title = _t("Keyboard shortcuts");
        // Of the page behind this sheet, before the sheet's own buttons are there.
        this.pageKeys = Object.fromEntries(
            getVisibleElements(document.body, "[data-hotkey]").map((el) => [
                el.dataset.hotkey.toLowerCase(),
                el.getAttribute("aria-label") || el.title || wordsOf(el),
            ])
        );
    }

    get rows() {
        return shortcuts().map(({ id, label }) => {
            const letter = this.keys.letter(id);
            const other = letter && (this.pageKeys[letter] || BROWSERS_OWN[letter]);
            return {
                id,
                label: textOf(label),
                key: letter ? keyName(letter) : _t("none"),
                clash: other ? this.clash(letter) : "",
            };
        });
    }

    clash(letter) {
        const key = keyName(letter);
        return this.pageKeys[letter]
            ? _t("This page uses %(key)s for: %(what)s", { key, what: this.pageKeys[letter] })
            : _t("Your browser may use %(key)s for: %(what)s", {
                  key,
                  what: BROWSERS_OWN[letter].toString(),
              });
    }

    get fixed() {
        return [
            { key: "?", label: _t("Show this list (except while typing)") },
            { key: keyName("/"), label: _t("Show this list, even while typing") },
            { key: "Enter", label: _t("In the note: save and finish the wrap-up") },
            {
                key: "Enter",
                label: _t("In the list of colleagues: transfer; without a call: dial"),
            },
            { key: "Shift+Enter", label: _t("In the list of colleagues: consult") },
            { key: "Esc", label: _t("Close the list") },
        ];
    }

    change(id) {
        this.state.changing = this.state.changing === id ? null : id;
        this.state.problem = "";
    }

    /** The next key is the new one; Backspace takes the key away, Escape leaves it. */
    onKeydown(ev) {
        const id = this.state.changing;
        if (!id || ["Tab", "Alt", "Control", "Shift", "Meta"].includes(ev.key)) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const letter = getActiveHotkey(ev).split("+").pop();
        if (ev.key === "Escape") {
            this.state.changing = null;
        } else if (ev.key === "Backspace") {
            this.keys.set(id, "");
            this.state.changing = null;
        } else if (/^[a-z]$/.test(letter)) {
            this.keys.set(id, letter);
            this.state.changing = null;
        } else {
            this.state.problem = _t("Use a letter as the shortcut.");
        }
    }
}
