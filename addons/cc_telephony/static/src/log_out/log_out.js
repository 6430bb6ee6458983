// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const items = registry.category("user_menuitems");
const odoosOwn = items.get("log_out");

/**
 * Who logs out of Odoo while signed in at the phone would stay there as a ghost: the queues would ring at
 * a place that nobody sits at. So it asks, and signs out first.
 *
 * @param {object} env
 * @param {(env) => object} [own] Odoo's entry of the menu
 */
export function logOutItem(env, own = odoosOwn) {
    const item = own(env);
    const phone = env.services.cc_phone;
    return {
        ...item,
        callback: () => {
            if (!phone?.signedIn) {
                return item.callback();
            }
            const inCall = phone.store.calls.length > 0;
            env.services.dialog.add(ConfirmationDialog, {
                title: _t("Log out"),
                body: inCall
                    ? _t(
                          "You are on a call. End it before you log out, or it loses its controls. If you log out now, you will be signed out of the phone after it."
                      )
                    : _t("You are still signed in to the phone. Sign out of it as well?"),
                confirmLabel: inCall ? _t("Log out anyway") : _t("Sign out and log out"),
                confirm: async () => {
                    const isAsked = inCall
                        ? phone.isNext("offline") || (await phone.setNext("offline"))
                        : await phone.signOut();
                    if (inCall || isAsked !== false) {
                        item.callback();
                    }
                },
                cancelLabel: _t("Stay logged in"),
                cancel: () => {},
            });
        },
    };
}

items.add("log_out", (env) => logOutItem(env), { force: true });
