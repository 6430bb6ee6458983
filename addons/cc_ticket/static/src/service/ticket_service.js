// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { EventBus } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { debounce } from "@web/core/utils/timing";

/**
 * What the server says about tickets: what is to do changed, a notice, who else looks at one.
 * Events on `bus`: TODO `{ticket_id, rev}`, PRESENCE `{ticket_id, people}`.
 */
export const ticketService = {
    dependencies: ["bus_service", "orm", "notification", "action", "cc_phone"],
    start(env, { bus_service, orm, notification, action, cc_phone }) {
        const bus = new EventBus();
        /** Who is being written to: the last that opened takes what is inserted. */
        const writers = [];
        const silent = orm.silent;
        const count = debounce(async () => {
            const todo = await silent.call("helpdesk.ticket", "cc_todo_count", []);
            cc_phone.store.applyExtra({ extra: { cc_ticket: { todo } } });
        }, 300);
        const open = async (id) =>
            action.doAction(await orm.call("helpdesk.ticket", "get_formview_action", [[id]]));
        bus_service.subscribe("cc_ticket/todo", (payload) => {
            count();
            bus.trigger("TODO", payload);
        });
        bus_service.subscribe("cc_ticket/presence", (payload) => bus.trigger("PRESENCE", payload));
        bus_service.subscribe("cc_ticket/notice", ({ ticket_id, title, text, sticky }) => {
            const close = notification.add(text, {
                title: title || _t("Tickets"),
                type: sticky ? "warning" : "info",
                sticky,
                buttons: ticket_id
                    ? [
                          {
                              name: _t("Open"),
                              primary: true,
                              onClick: () => {
                                  close();
                                  open(ticket_id);
                              },
                          },
                      ]
                    : [],
            });
        });
        return {
            bus,
            open,
            count,
            /** @param {(text: string) => void} take @returns {() => void} no longer */
            addWriter(take) {
                writers.push(take);
                return () => writers.splice(writers.indexOf(take), 1);
            },
            /** @returns {boolean} whether somebody writes who took it */
            insert(text) {
                writers.at(-1)?.(text);
                return writers.length > 0;
            },
            beHere: (id) => silent.call("helpdesk.ticket", "cc_be_here", [[id]]),
            leave: (id) => silent.call("helpdesk.ticket", "cc_leave", [[id]]).catch(() => {}),
        };
    },
};

registry.category("services").add("cc_tickets", ticketService);

registry.category("cc_telephony.bar_counts").add(
    "cc_ticket",
    {
        icon: "fa-ticket",
        label: _t("Tickets to do"),
        count: (extra) => (extra && extra.cc_ticket ? extra.cc_ticket.todo : 0),
        action: "cc_ticket.helpdesk_ticket_action_todo",
    },
    { sequence: 60 }
);
