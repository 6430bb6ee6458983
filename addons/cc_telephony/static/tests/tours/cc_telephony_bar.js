// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

// tests/fake_bridge.py answers each command with facts.
registry.category("web_tour.tours").add("cc_telephony_bar", {
    url: "/odoo",
    steps: () => [
        { content: "signed out", trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7201) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        {
            content: "the PBX has confirmed: a sign-in lands in busy",
            trigger: ".o_cc_bar[data-state=busy] .o_cc_word:contains(Busy)",
        },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        {
            content: "a customer's call rings",
            trigger: ".o_cc_card .o_cc_card_name:contains(Li Wei)",
        },
        { trigger: ".o_cc_card .o_cc_card_queue:contains(Support)" },
        { trigger: ".o_cc_bar[data-state=ringing]" },
        {
            content: "no whole number on the card",
            trigger: ".o_cc_card",
            run() {
                if (/\d{7,}/.test(this.anchor.textContent.replace(/\s/g, ""))) {
                    throw new Error(`A number is shown: ${this.anchor.textContent}`);
                }
            },
        },
        { trigger: ".o_cc_answer", run: "click" },
        { trigger: ".o_cc_bar[data-state=on_call]:has(.o_cc_caller:contains(Li Wei))" },
        { trigger: "body:not(:has(.o_cc_card))" },
        { trigger: ".o_cc_call_strip .o_cc_hangup", run: "click" },
        { trigger: ".o_cc_bar[data-state=wrap_up]:not(:has(.o_cc_call_strip))" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_next_heading" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        { trigger: ".o_cc_bar[data-state=ready]" },
        { trigger: ".o_cc_dial", run: "click" },
        { trigger: ".o_cc_dial_pad input", run: "edit 010 6552 9988" },
        { trigger: ".o_cc_dial_pad button[type=submit]", run: "click" },
        { trigger: ".o_cc_bar[data-state=on_call] .o_cc_call_strip .o_cc_hangup", run: "click" },
        { trigger: ".o_cc_bar[data-state=wrap_up]:not(:has(.o_cc_call_strip))" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        { trigger: ".o_cc_bar[data-state=ready] .o_cc_state", run: "click" },
        { trigger: ".o_cc_sign_out", run: "click" },
        { content: "signed out again", trigger: ".o_cc_bar .o_cc_state:contains(Sign in)" },
    ],
});

registry.category("web_tour.tours").add("cc_telephony_no_bar", {
    url: "/odoo",
    steps: () => [
        { trigger: ".o_menu_systray .o_user_menu" },
        { trigger: "body:not(:has(.o_cc_bar))" },
    ],
});

registry.category("web_tour.tours").add("cc_telephony_click_to_dial", {
    steps: () => [
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7201) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy]" },
        { trigger: ".o_data_row:contains(Li Wei) .o_cc_click_to_dial", run: "click" },
        {
            content: "still the list: the record was not opened",
            trigger: ".o_list_view",
        },
        { trigger: ".o_cc_bar[data-state=on_call] .o_cc_caller:contains(Li Wei)" },
        { trigger: ".o_cc_call_strip .o_cc_hangup", run: "click" },
        { trigger: ".o_cc_bar[data-state=wrap_up]" },
    ],
});

registry.category("web_tour.tours").add("cc_telephony_talk", {
    url: "/odoo",
    steps: () => [
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7201) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy] .o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        { trigger: ".o_cc_answer", run: "click" },
        { trigger: ".o_cc_call_strip .o_cc_hold:not([aria-disabled])", run: "click" },
        { trigger: ".o_cc_call_strip.o_cc_held .o_cc_resume", run: "click" },
        { trigger: ".o_cc_panel_tab_call", run: "click" },
        { trigger: ".o_cc_party_row:contains(Li Wei) .o_cc_party_state:contains(Talking)" },
        { content: "ask for keys", trigger: ".o_cc_collect", run: "click" },
        { trigger: ".o_cc_collect_form button[type=submit]", run: "click" },
        { trigger: ".o_cc_pressed_keys" },
        { content: "consult an outside number", trigger: ".o_cc_consult", run: "click" },
        { trigger: ".o_cc_picker_search", run: "edit 010 6552 9988" },
        { trigger: ".o_cc_target[data-target=number]", run: "click" },
        { trigger: ".o_cc_third[data-state=talking]" },
        { trigger: ".o_cc_toggle", run: "click" },
        { trigger: ".o_cc_third[data-state=waiting]" },
        { trigger: ".o_cc_conference", run: "click" },
        { trigger: ".o_cc_call_word:contains(3 in conference)" },
        {
            content: "the third is let go again",
            trigger: ".o_cc_party_row:not(:contains(Li Wei)) .o_cc_kick",
            run: "click",
        },
        { trigger: ".o_cc_call_strip .o_cc_hold:not([aria-disabled])" },
        { trigger: ".o_cc_slot_transfer", run: "click" },
        { trigger: ".o_cc_picker_search", run: "edit 010 6552 9988" },
        { trigger: ".o_cc_target[data-target=number][aria-selected=true]" },
        { trigger: ".o_cc_picker_search", run: "press Enter" },
        { trigger: ".o_cc_bar[data-state=wrap_up]:not(:has(.o_cc_call_strip))" },
        {
            content: "the cursor is in the note",
            trigger: ".o_cc_call_note textarea:focus",
            run: "edit Sent on to the office",
        },
        { trigger: ".o_cc_call_note textarea", run: "press Enter" },
        { trigger: ".o_cc_bar[data-state=ready]" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_sign_out", run: "click" },
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)" },
    ],
});
