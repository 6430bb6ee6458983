// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { registerCardAction } from "@cc_telephony/card/card_actions";
import { registerCallControl } from "@cc_telephony/phone/control_registry";

/**
 * What addons ask for when the panel makes a ticket: `{Component, isDisplayed(template)}`, by a name under
 * which the component leaves its answer in `props.values`. The server takes it in `_cc_panel_values`.
 */
const parts = registry.category("cc_ticket.panel_parts");

/** Tickets of the call and of the customer; a new one by one click, without leaving the page. */
export class TicketPanel extends Component {
    static template = "cc_ticket.TicketPanel";
    static props = { card: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tickets = useService("cc_tickets");
        this.state = useState({
            templates: [],
            tickets: [],
            template: "",
            name: "",
            text: "",
            values: {},
            busy: false,
            made: "",
        });
        onWillStart(() => this.load());
    }

    async load() {
        const found = await this.orm.call("cc.call", "cc_tickets_panel", [[this.props.card.id]]);
        this.state.templates = found.templates;
        this.state.tickets = found.tickets;
        this.state.template ||= String(found.templates[0]?.id || "");
    }

    get template() {
        return this.state.templates.find((row) => String(row.id) === this.state.template);
    }

    get parts() {
        const { template } = this;
        return template
            ? parts
                  .getEntries()
                  .filter(([, part]) => part.isDisplayed(template))
                  .map(([name, { Component: Part }]) => ({ name, Part }))
            : [];
    }

    async make() {
        const { state } = this;
        state.busy = true;
        try {
            const made = await this.orm.call("cc.call", "cc_make_ticket", [
                [this.props.card.id],
                Number(state.template),
                { name: state.name, text: state.text, ...state.values },
            ]);
            Object.assign(state, { name: "", text: "", values: {}, made: made.number });
            await this.load();
        } finally {
            state.busy = false;
        }
    }

    async whole() {
        await openNew(this.props.card, this.env);
    }

    open(ticket) {
        this.tickets.open(ticket.id);
    }
}

/** A new ticket on its own page, customer and call filled in. */
async function openNew(card, env) {
    const { orm, action } = env.services;
    await action.doAction(await orm.call("cc.call", "action_cc_ticket", [[card.id]]));
}

registry
    .category("cc_telephony.panels")
    .add(
        "tickets",
        { title: _t("Tickets"), icon: "fa-ticket", Component: TicketPanel },
        { sequence: 15 }
    );
registerCallControl("cc_ticket", {
    sequence: 40,
    icon: "fa-ticket",
    label: _t("New ticket"),
    isDisplayed: (card) => Boolean(card.id),
    run: (card, _phone, env) => openNew(card, env),
});
registerCardAction("cc_ticket", {
    sequence: 40,
    icon: "fa-ticket",
    label: _t("New ticket"),
    isDisplayed: (card) => card.mine === "talking",
    run: (card, _phone, env) => openNew(card, env),
});
