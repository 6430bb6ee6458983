// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onMounted } from "@odoo/owl";

/**
 * Odoo's dropdowns say that they are menus. One that holds a form or a keypad is a dialog to a screen
 * reader, which would look for entries in it otherwise.
 *
 * @param {{el: HTMLElement}} ref something in the dropdown
 * @param {string} name what the dialog is called
 */
export function useMenuDialog(ref, name) {
    onMounted(() => {
        const menu = ref.el.closest("[role=menu]");
        menu?.setAttribute("role", "dialog");
        menu?.setAttribute("aria-label", name);
    });
}
