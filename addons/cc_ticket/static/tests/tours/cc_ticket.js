// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { session } from "@web/session";

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

const post = (path, params) =>
    fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
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
        {
            // a file that is put on the move by its button
            trigger: ".o_cc_desk_files",
            run() {
                const files = new DataTransfer();
                files.items.add(new File(["proof"], "proof.txt", { type: "text/plain" }));
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_cc_desk_send:enabled", run: "click" },
        { trigger: ".o_cc_desk_history_toggle:contains(3)" },
        { trigger: ".o_cc_desk:not(:has(.o_cc_desk_kept))" },
        { trigger: ".o_cc_desk_history_toggle", run: "click" },
        { trigger: ".o_cc_desk_history a:contains(proof.txt)" },
    ],
});

/** The session ends on the server while somebody writes: after signing in again the text is there. */
registry.category("web_tour.tours").add("cc_ticket_session", {
    steps: () => [
        move("add"),
        { trigger: ".o_cc_desk_text", run: "edit Typed for half an hour" },
        {
            trigger: ".o_cc_desk_send:enabled",
            run: async (helpers) => {
                await fetch("/web/session/logout?redirect=/web/login");
                await helpers.click(".o_cc_desk_send");
            },
        },
        {
            // each request that fails shows its own; one may lie over the other
            trigger: ".modal:not(.o_inactive_modal) .modal-title:contains(Session Expired)",
            run: async () => {
                await post("/web/session/authenticate", {
                    db: session.db,
                    login: "ticket_agent",
                    password: "ticket_agent",
                });
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_cc_desk_kept button:contains(Add)", run: "click" },
        { trigger: ".o_cc_desk_text:value(Typed for half an hour)" },
        { trigger: ".o_cc_desk_send:enabled", run: "click" },
        { trigger: ".o_cc_desk_history_toggle:contains(3)" },
    ],
});

/** Somebody is faster while one writes: what was typed is there, and can still be added. */
registry.category("web_tour.tours").add("cc_ticket_overtaken", {
    steps: () => [
        move("accept"),
        move("submit"),
        { trigger: ".o_cc_desk_text", run: "edit Written for nothing" },
        {
            trigger: ".o_cc_desk_send:enabled",
            run: async () => {
                const ticket = Number(window.location.pathname.split("/").at(-1));
                await post("/web/dataset/call_kw/helpdesk.ticket/cc_move", {
                    model: "helpdesk.ticket",
                    method: "cc_move",
                    args: [[ticket], "submit", { text: "From elsewhere" }],
                    kwargs: {},
                });
            },
        },
        { trigger: ".o_cc_desk .alert:contains(Somebody has changed) button", run: "click" },
        { trigger: ".o_cc_desk_kept button:contains(Submit)", run: "click" },
        { trigger: ".o_cc_desk_text:value(Written for nothing)" },
        { trigger: ".o_cc_desk_send:enabled:contains(Add)", run: "click" },
        { trigger: ".o_cc_desk:not(:has(.o_cc_desk_kept)) .o_cc_desk_history_toggle:contains(5)" },
    ],
});

/** Two save the same page: the second is refused in words, reloads, and what they typed is there to be saved. */
registry.category("web_tour.tours").add("cc_ticket_saved_by_two", {
    steps: () => [
        move("accept"),
        { trigger: ".o_cc_desk .o_cc_move[data-move=submit]" },
        // the form has been read again
        { trigger: ".o_form_view .badge:contains(In progress)" },
        {
            trigger: ".o_field_widget[name=name] input",
            run: async (helpers) => {
                await helpers.edit("Title of the second");
                await helpers.press("Tab");
                const ticket = Number(window.location.pathname.split("/").at(-1));
                await post("/web/dataset/call_kw/helpdesk.ticket/write", {
                    model: "helpdesk.ticket",
                    method: "write",
                    args: [[ticket], { priority: "3" }],
                    kwargs: {},
                });
            },
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".modal:contains(saved other values) .modal-footer button", run: "click" },
        { trigger: ".o_cc_desk .alert:contains(Somebody has changed) button", run: "click" },
        { trigger: ".o_cc_desk:not(:has(.alert-warning))" },
        { trigger: ".o_field_widget[name=name] input:value(Title of the second)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible" },
    ],
});
