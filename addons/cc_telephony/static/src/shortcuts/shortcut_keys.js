// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { isMacOS } from "@web/core/browser/feature_detection";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { isLegalMove } from "../phone/agent_states";
import { registerShortcut, shortcuts } from "./shortcut_registry";

const hands = (phone) => phone.hasHands && Boolean(phone.current);
const ringing = (phone) => phone.store.ringing[0] || phone.early[0];
const legal = (state) => (phone) =>
    phone.signedIn && isLegalMove(phone.store.states, phone.store.state, state);
const first = (...kinds) => ({
    of: (phone) => kinds.find((kind) => phone.can(kind, phone.current)),
    get isAvailable() {
        return (phone) => phone.hasHands && Boolean(this.of(phone));
    },
    get run() {
        return (phone) => phone.control(this.of(phone), phone.current);
    },
});
const holding = first("toggle", "resume", "hold");
const together = first("conference");
const back = first("cancel");

/** The phone's own; addons add theirs by `registerShortcut`. */
const OWN = [
    {
        id: "answer",
        letter: "a",
        label: _t("Answer"),
        selector: ".o_cc_answer",
        isAvailable: (phone) =>
            phone.hasHands && phone.deviceCan("answer") && Boolean(ringing(phone)),
        run: (phone) => phone.answer(ringing(phone)),
    },
    {
        id: "hangup",
        letter: "e",
        label: _t("Hang up"),
        selector: ".o_cc_hangup",
        isAvailable: (phone) => phone.hasHands && Boolean(phone.current || phone.store.talksOn),
        run: (phone) => phone.hangup(phone.current || phone.store.talksOn),
    },
    {
        id: "mute",
        letter: "m",
        label: _t("Mute, Unmute"),
        selector: ".o_cc_mute",
        isAvailable: (phone) => hands(phone) && phone.current.mine === "talking",
        run: (phone) => phone.mute(phone.current),
    },
    {
        id: "hold",
        letter: "h",
        label: _t("Hold, Resume; when consulting: Swap calls"),
        selector: ".o_cc_slot_hold",
        isAvailable: holding.isAvailable,
        run: holding.run,
    },
    {
        id: "transfer",
        letter: "t",
        label: _t("Transfer; when consulting: Complete transfer"),
        selector: ".o_cc_slot_transfer",
        isAvailable: (phone) =>
            ["transfer", "complete"].some((kind) => phone.can(kind, phone.current)),
        run: (phone) =>
            phone.can("complete", phone.current)
                ? phone.control("complete", phone.current)
                : phone.openPicker("transfer"),
    },
    {
        id: "consult",
        letter: "o",
        label: _t("Consult"),
        selector: ".o_cc_slot_consult",
        isAvailable: (phone) => phone.can("consult", phone.current),
        run: (phone) => phone.openPicker("consult"),
    },
    {
        id: "cancel",
        letter: "l",
        label: _t("Back to customer"),
        selector: ".o_cc_slot_consult",
        isAvailable: back.isAvailable,
        run: back.run,
    },
    {
        id: "conference",
        letter: "w",
        label: _t("Merge calls"),
        selector: ".o_cc_slot_invite",
        isAvailable: together.isAvailable,
        run: together.run,
    },
    {
        id: "invite",
        letter: "i",
        label: _t("Invite"),
        selector: ".o_cc_slot_invite:not(.o_cc_uninvite)",
        isAvailable: (phone) => phone.can("invite", phone.current),
        run: (phone) => phone.openPicker("invite"),
    },
    {
        id: "keypad",
        letter: "k",
        label: _t("Keypad"),
        selector: ".o_cc_keypad_button, .o_cc_dial",
        isAvailable: (phone) =>
            phone.signedIn && (phone.can("dtmf", phone.current) || !phone.store.calls.length),
        run: () => document.querySelector(".o_cc_keypad_button, .o_cc_dial")?.click(),
    },
    {
        id: "note",
        letter: "n",
        label: _t("Call note"),
        selector: ".o_cc_panel_tab_call",
        isAvailable: (phone) => Boolean(phone.noteCall),
        run: (phone) => {
            phone.panel.show("call");
            phone.panel.wantFocus = true;
        },
    },
    {
        id: "ready",
        letter: "r",
        label: _t("Ready"),
        selector: ".o_cc_state",
        // where no phone can be reached it says so
        isAvailable: (phone) => phone.isAway || legal("ready")(phone),
        run: (phone) => phone.setState("ready"),
    },
    {
        id: "busy",
        letter: "b",
        label: _t("Busy"),
        selector: ".o_cc_state",
        isAvailable: legal("busy"),
        run: (phone) => phone.setState("busy"),
    },
];

for (const { id, ...shortcut } of OWN) {
    registerShortcut(id, shortcut);
}

/** @returns {string} the key's name on this computer */
export function keyName(letter) {
    return `${isMacOS() ? "Ctrl" : "Alt"}+${letter.toUpperCase()}`;
}

/** The letters as the user has them in this browser. */
export class ShortcutKeys {
    constructor(userId) {
        this._key = `cc_phone.keys.${userId}`;
        /** id: letter, where it differs from the usual one; "" for none */
        this.own = {};
        try {
            this.own = JSON.parse(browser.localStorage.getItem(this._key)) || {};
        } catch {
            // Not ours, or of another version: the usual keys.
        }
    }

    /** @returns {string} the letter of an action; "" when it has none */
    letter(id) {
        return this.own[id] ?? shortcuts().find((shortcut) => shortcut.id === id)?.letter ?? "";
    }

    /** @returns {string} "Alt+H", or "" */
    name(id) {
        const letter = this.letter(id);
        return letter && keyName(letter);
    }

    /** @returns {string} the words with the key that does the same */
    hint(words, id) {
        const name = this.name(id);
        return name ? `${words} (${name})` : String(words);
    }

    /** @returns {string|undefined} id of the action that has this letter */
    holder(letter) {
        return shortcuts()
            .map(({ id }) => id)
            .find((id) => this.letter(id) === letter);
    }

    /** Gives an action a letter; who had it gets the one that this gives up. */
    set(id, letter) {
        const holder = letter && this.holder(letter);
        const own = { ...this.own, [id]: letter };
        if (holder && holder !== id) {
            own[holder] = this.letter(id);
        }
        this.own = own;
        this._save();
    }

    reset() {
        this.own = {};
        this._save();
    }

    _save() {
        browser.localStorage.setItem(this._key, JSON.stringify(this.own));
    }
}
