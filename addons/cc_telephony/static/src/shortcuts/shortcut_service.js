// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { effect } from "@web/core/utils/reactive";
import { registry } from "@web/core/registry";
import { isMacOS } from "@web/core/browser/feature_detection";
import { session } from "@web/session";
import { shortcuts } from "./shortcut_registry";
import { ShortcutSheet } from "./shortcut_sheet";

/** @returns {boolean} whether it is Odoo's modifier with the key of the question mark, on any keyboard */
function isHelpChord(ev) {
    const modifier = isMacOS() ? ev.ctrlKey && !ev.altKey : ev.altKey && !ev.ctrlKey;
    return modifier && !ev.metaKey && (["?", "？", "/"].includes(ev.key) || ev.code === "Slash");
}

/** @returns {boolean} whether somebody writes there, so that "?" is a question mark */
function isWriting(target) {
    return (
        target instanceof HTMLElement &&
        (/^(input|textarea|select)$/i.test(target.tagName) || target.isContentEditable)
    );
}

export const ccShortcutService = {
    dependencies: ["cc_phone", "dialog", "hotkey"],
    start(env, { cc_phone: phone, dialog, hotkey }) {
        if (!session.cc_phone) {
            return {};
        }
        let remove = [];
        let close = null;
        const openSheet = () => {
            close =
                close ||
                dialog.add(ShortcutSheet, { keys: phone.keys }, { onClose: () => (close = null) });
        };
        const listen = ({ letter, isAvailable, run, selector }) =>
            hotkey.add(`alt+${letter}`, () => run(phone, env), {
                bypassEditableProtection: true,
                global: true,
                isAvailable: () => isAvailable(phone),
                withOverlay: () =>
                    (isAvailable(phone) && document.querySelector(selector)) || undefined,
            });
        effect(
            (keys) => {
                remove.forEach((stop) => stop());
                remove = shortcuts()
                    .map((shortcut) => ({
                        ...shortcut,
                        letter: keys.letter(shortcut.id),
                    }))
                    .filter(({ letter }) => letter)
                    .map(listen);
            },
            [phone.keys]
        );
        window.addEventListener("keydown", (ev) => {
            const plain = !ev.ctrlKey && !ev.altKey && !ev.metaKey && !ev.isComposing;
            const asked = plain && ["?", "？"].includes(ev.key) && !isWriting(ev.target);
            if ((asked || isHelpChord(ev)) && phone.isVisible) {
                ev.preventDefault();
                openSheet();
            }
        });
        return { openSheet };
    },
};

registry.category("services").add("cc_shortcuts", ccShortcutService);
