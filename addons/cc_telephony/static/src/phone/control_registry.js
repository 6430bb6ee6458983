// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { registerShortcut } from "../shortcuts/shortcut_registry";
import { askEntry, entries, textOf } from "./entries";

const CATEGORY = "cc_telephony.call_controls";

/** Places of the bar's own controls, from left to right. Counted from the right edge they never move. */
export const PLACES = ["hold", "transfer", "consult", "invite", "dtmf", "mute", "hangup"];

/**
 * Adds a control to the call in the bar.
 *
 * @param {string} id also the kind of the command that it sends, if it sends one: while that runs the
 *   control shows a spinner
 * @param {object} control
 * @param {number} [control.sequence] 50 without one
 * @param {string|(card, phone) => string} control.icon class of Font Awesome
 * @param {string|(card, phone) => string} control.label
 * @param {(card, phone, env) => any} control.run
 * @param {(card, phone) => boolean} [control.isDisplayed]
 * @param {(card, phone) => string} [control.why] why it can't be used now; "" when it can
 * @param {(card, phone) => boolean} [control.isPressed] for one that is switched on and off
 * @param {string} [control.waiting] what is said after two seconds without an answer
 * @param {string} [control.hotkey] letter, together with Odoo's own modifier (Alt)
 * @param {string} [control.shortcut] id of a shortcut that does the same, when it isn't its own
 * @param {string} [control.place] one of `PLACES`; of those with the same place the first that is
 *   displayed is shown. Without a place it is in the menu left of them
 * @param {Function} [control.Menu] component that opens below it, instead of `run`; props `{card}`
 * @param {boolean} [control.shapes] its command is over when the call has changed its shape
 */
export function registerCallControl(id, control) {
    registry.category(CATEGORY).add(id, control, { sequence: control.sequence ?? 50 });
    if (control.hotkey) {
        registerShortcut(id, {
            letter: control.hotkey,
            label: control.label,
            selector: `.o_cc_slot_${id}, .o_cc_more`,
            isAvailable: (phone) => {
                const found = phone.hasHands && phone.current && view(id, phone.current, phone);
                return Boolean(found && found.isDisplayed && !found.why);
            },
            run: (phone, env) => control.run(phone.current, phone, env),
        });
    }
}

/** @returns {object|undefined} */
export function callControl(id) {
    return registry.category(CATEGORY).get(id, undefined);
}

/** @returns {string[]} controls whose commands are over when the call has changed its shape */
export function shapingControls() {
    return entries(CATEGORY)
        .filter(({ shapes }) => shapes)
        .map(({ id }) => id);
}

function view(id, card, phone) {
    return callControls(card, phone).find((control) => control.id === id);
}

/**
 * All controls of a call as they are now.
 *
 * @returns {{id, place, icon, label, title, keys, why, pending, pressed, isDisplayed, Menu, run}[]}
 */
export function callControls(card, phone) {
    return controlViews(CATEGORY, card, phone);
}

/**
 * @param {string} category a registry of controls
 * @param {object} card
 * @param {CcPhone} phone
 * @returns {object[]} see `callControls`; what throws is left out
 */
export function controlViews(category, card, phone) {
    return entries(category)
        .map((control) =>
            askEntry(`${category}/${control.id}`, () => controlView(control, card, phone), null)
        )
        .filter(Boolean);
}

function controlView(control, card, phone) {
    const { id, isDisplayed, why, isPressed, waiting, hotkey, shortcut = hotkey && id } = control;
    if (isDisplayed && !isDisplayed(card, phone)) {
        return null;
    }
    const label = textOf(control.label, card, phone);
    const words = shortcut ? phone.keys.hint(label, shortcut) : label;
    const against = textOf(why, card, phone);
    const pending = phone.commands.get(id, card.call_uid);
    let title = against ? _t("%(control)s: %(why)s", { control: words, why: against }) : words;
    if (pending?.slow) {
        title = textOf(waiting || _t("Waiting for the PBX …"));
    }
    return {
        id,
        place: control.place,
        icon: textOf(control.icon, card, phone),
        label,
        title,
        keys: (shortcut && phone.keys.name(shortcut)) || undefined,
        why: against,
        pending,
        pressed: isPressed ? String(Boolean(isPressed(card, phone))) : undefined,
        Menu: control.Menu,
        isDisplayed: true,
        run: (env) => !against && !pending && control.run?.(card, phone, env),
    };
}
