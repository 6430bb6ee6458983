// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const items = registry.category("user_menuitems");
const odoosOwn = items.get("log_out");

/** @returns {string} what logging out means now */
function question({ store, choosesNext }) {
    if (choosesNext && (store.calls.length || store.talksOn)) {
        return _t(
            "You are on a call. End it before you log out, or it loses its controls. If you log out now, you will be signed out of the phone after it."
        );
    }
    return store.calls.length
        ? _t(
              "A call is ringing at your phone. If you log out now, you will be signed out of the phone, and the call goes to someone else."
          )
        : _t("You are still signed in to the phone. Sign out of it as well?");
}

/** Asks for the sign-out: in a call after it. @returns {Promise<boolean>} false when nobody took it */
async function leavePhone(phone) {
    const { store } = phone;
    if (phone.choosesNext && (store.calls.length || store.talksOn)) {
        return phone.isNext("offline") || phone.setNext("offline");
    }
    return phone.signOut();
}

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
            const isCostly = phone.store.calls.length > 0 || Boolean(phone.store.talksOn);
            env.services.dialog.add(ConfirmationDialog, {
                title: _t("Log out"),
                body: question(phone),
                confirmLabel: isCostly ? _t("Log out anyway") : _t("Sign out and log out"),
                confirm: async () => {
                    if (await leavePhone(phone)) {
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
