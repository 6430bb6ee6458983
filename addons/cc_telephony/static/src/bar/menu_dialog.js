// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onMounted } from "@odoo/owl";
import { getTabableElements } from "@web/core/utils/ui";

/**
 * For `navigationOptions` of a dropdown that holds a form: its keys are the form's own. Odoo's would
 * take Tab and the arrows for entries of a menu, which there are none of.
 */
export const FORM_KEYS = {
    hotkeys: Object.fromEntries(
        ["tab", "shift+tab", "arrowup", "arrowdown", "home", "end", "enter"].map((key) => [
            key,
            { callback: () => {}, isAvailable: () => false },
        ])
    ),
};

/**
 * Odoo's dropdowns say that they are menus. One that holds a form or a keypad is a dialog to a screen
 * reader, which would look for entries in it otherwise. The cursor goes into it, and Tab stays in it.
 *
 * @param {{el: HTMLElement}} ref something in the dropdown
 * @param {string} name what the dialog is called
 * @param {string} [first] selector of what gets the cursor
 */
export function useMenuDialog(ref, name, first) {
    onMounted(() => {
        const menu = ref.el.closest("[role=menu]");
        menu?.setAttribute("role", "dialog");
        menu?.setAttribute("aria-label", name);
        ref.el.addEventListener("keydown", (ev) => keepTab(ref.el, ev));
        if (first) {
            ref.el.querySelector(first)?.focus();
        }
    });
}

/** From the last element on to the first, and back. */
function keepTab(el, ev) {
    if (ev.key !== "Tab") {
        return;
    }
    // Of the radio buttons of a group Tab reaches the chosen one only.
    const elements = getTabableElements(el).filter(
        (one) => one.type !== "radio" || one.checked || one === document.activeElement
    );
    const [edge, other] = ev.shiftKey
        ? [elements[0], elements.at(-1)]
        : [elements.at(-1), elements[0]];
    if (document.activeElement === edge || document.activeElement === el) {
        ev.preventDefault();
        other?.focus();
    }
}
