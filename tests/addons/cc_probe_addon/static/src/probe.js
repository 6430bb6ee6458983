// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { registerCallControl } from "@cc_telephony/phone/control_registry";
import { registerCardAction } from "@cc_telephony/card/card_actions";

// The code of docs/extending/browser.md: change both.

registerCallControl("probe", {
    sequence: 20,
    icon: "fa-flask",
    label: _t("Probe"),
    hotkey: "j",
    waiting: _t("Waiting for the probe …"),
    isDisplayed: (card) => Boolean(card.caller.partner_id),
    why: (card) => (card.held ? _t("Take the customer off hold first.") : ""),
    run: (card, phone) => phone.command("probe", { text: "hello" }, card),
});

const PINGS = {
    type: "ir.actions.act_window",
    name: _t("Pings"),
    res_model: "cc.probe.ping",
    views: [[false, "list"]],
};

registerCardAction("probe_pings", {
    icon: "fa-flask",
    label: (card) => _t("Pings: %(count)s", { count: card.extra.cc_probe_addon.pings }),
    isDisplayed: (card) => Boolean(card.extra?.cc_probe_addon),
    run: (card, phone, env) => env.services.action.doAction(PINGS),
});

class ProbePanel extends Component {
    static template = "cc_probe_addon.ProbePanel";
    static props = { card: Object };
}

registry
    .category("cc_telephony.panels")
    .add(
        "probe",
        { title: _t("Probe"), icon: "fa-flask", Component: ProbePanel },
        { sequence: 50 }
    );

class ProbeResult extends Component {
    static template = "cc_probe_addon.ProbeResult";
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
    }

    done() {
        const { call_uid } = this.props.card;
        this.phone.parts.probe = { ...this.phone.parts.probe, [call_uid]: true };
    }
}

registry.category("cc_telephony.wrap_up").add("probe", {
    Component: ProbeResult,
    sequence: 20,
    isDisplayed: (card) => Boolean(card.extra?.cc_probe_addon?.asks),
    isComplete: (card, phone) =>
        Boolean(phone.parts.probe?.[card.call_uid]) || _t("Enter the result of the probe."),
});

registry.category("cc_telephony.bar_counts").add(
    "probe",
    {
        icon: "fa-flask",
        label: _t("Probes"),
        count: (extra) => extra.cc_probe_addon?.pings,
        action: (phone, env) => env.services.action.doAction(PINGS),
    },
    { sequence: 50 }
);

/** What the bus told, for the tests. */
export const heard = [];

registry.category("services").add("cc_probe", {
    dependencies: ["cc_phone"],
    start(env, { cc_phone: { bus } }) {
        bus.addEventListener("STATE", ({ detail }) =>
            heard.push(`${detail.before} ${detail.state}`)
        );
        bus.addEventListener("SNAPSHOT", ({ detail }) => heard.push(detail.extra.cc_probe_addon));
    },
});
