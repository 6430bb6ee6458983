// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

const move = (kind) => ({ trigger: `.o_cc_desk .o_cc_move[data-move=${kind}]`, run: "click" });
const say = (text) => [
    { trigger: ".o_cc_desk_text", run: `edit ${text}` },
    { trigger: ".o_cc_desk_send:enabled", run: "click" },
];

/** From the ringing phone to a closed ticket, at one desk: the call becomes a ticket in the panel. */
registry.category("web_tour.tours").add("cc_ticket_call", {
    steps: () => [
        { trigger: ".o_list_view" },
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7402) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy]" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        { trigger: ".o_cc_answer", run: "click" },
        { trigger: ".o_cc_panel_tab_tickets", run: "click" },
        { trigger: ".o_cc_ticket_name", run: "edit The lamp is broken" },
        { trigger: ".o_cc_ticket_text", run: "edit It smells" },
        { trigger: ".o_cc_ticket_make:enabled", run: "click" },
        { trigger: ".o_cc_ticket_row:contains(The lamp is broken):contains(This call)" },
        { trigger: ".o_cc_ticket_row button", run: "click" },
        { trigger: ".o_cc_desk [data-step=check][data-state=now]" },
        { trigger: ".o_field_widget[name=partner_id]:contains(Tour Ticket Customer)" },
        move("accept"),
        { trigger: ".o_cc_desk .o_cc_move[data-move=submit]" },
        move("submit"),
        ...say("Checked"),
        { trigger: ".o_cc_desk [data-step=check][data-state=done]" },
        { trigger: ".o_cc_desk [data-step=answer][data-state=now]" },
        move("close"),
        ...say("Told the customer"),
        { trigger: ".o_cc_desk .o_cc_move[data-move=reopen]" },
        { trigger: ".o_cc_desk_history_toggle", run: "click" },
        { trigger: ".o_cc_desk_history li:contains(Closed):contains(Told the customer)" },
    ],
});

/** What was typed is there again after a reload, on the same ticket. */
registry.category("web_tour.tours").add("cc_ticket_draft", {
    steps: () => [
        move("add"),
        { trigger: ".o_cc_desk_text", run: "edit Half an hour of writing" },
        {
            trigger: ".o_cc_desk_text",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        { trigger: ".o_cc_desk_kept button:contains(Add)", run: "click" },
        { trigger: ".o_cc_desk_text:value(Half an hour of writing)" },
        { trigger: ".o_cc_desk_send:enabled", run: "click" },
        { trigger: ".o_cc_desk_history_toggle:contains(3)" },
        { trigger: ".o_cc_desk:not(:has(.o_cc_desk_kept))" },
    ],
});
