// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Component } from "@odoo/owl";

class HoldPanel extends Component {
    static template = "cc_long_hold.HoldPanel";
    static props = { card: Object };
}

registry.category("cc_telephony.panels").add(
    "cc_long_hold",
    {
        title: _t("Holds"),
        icon: "fa-pause",
        Component: HoldPanel,
        isDisplayed: (card) => Boolean(card.extra?.cc_long_hold),
    },
    { sequence: 50 }
);
