// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { registerCallControl } from "@cc_telephony/phone/control_registry";
import { registerCardAction } from "@cc_telephony/card/card_actions";

const deliveries = (card) => card.extra?.cc_inventory_link?.deliveries || 0;

/** Where the customer's parcels are: while it rings, and in the call. */
const action = {
    sequence: 45,
    icon: "fa-truck",
    label: (card) => _t("Deliveries: %(count)s", { count: deliveries(card) }),
    isDisplayed: (card) => deliveries(card) > 0 && Boolean(card.caller?.partner_id),
    async run(card, _phone, env) {
        const { orm, action: actions } = env.services;
        const partner = [[card.caller.partner_id]];
        await actions.doAction(await orm.call("res.partner", "action_cc_sales_tickets", partner));
    },
};

registerCardAction("cc_inventory_link", action);
registerCallControl("cc_inventory_link", action);
