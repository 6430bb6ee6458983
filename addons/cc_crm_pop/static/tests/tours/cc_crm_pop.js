// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

/** From one call to the next: cc_telephony's tests/fake_bridge.py answers each command with facts. */
const nextCall = [
    { trigger: ".o_cc_state", run: "click" },
    { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
];
const hangUp = [
    { trigger: ".o_cc_answer", run: "click" },
    { trigger: ".o_cc_call_strip .o_cc_hangup", run: "click" },
    { trigger: ".o_cc_bar[data-state=wrap_up]" },
];

registry.category("web_tour.tours").add("cc_crm_pop", {
    steps: () => [
        { trigger: ".o_list_view" },
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7302) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy]" },
        ...nextCall,
        { content: "a known caller", trigger: ".o_cc_card .o_cc_card_name:contains(Tour Known)" },
        {
            content: "the customer's page is there before anybody answered",
            trigger: ".o_form_view:has(.o_cc_banner_number:contains(139 0000 9001))",
        },
        {
            trigger:
                ".breadcrumb-item.active:contains(Tour Known), .o_last_breadcrumb_item:contains(Tour Known)",
        },
        ...hangUp,
        ...nextCall,
        {
            content: "several customers",
            trigger: ".o_cc_chooser .o_cc_choice:contains(Tour Twin One)",
        },
        { trigger: ".o_cc_chooser .o_cc_choice:contains(Tour Twin Two)", run: "click" },
        { trigger: ".o_form_view .o_cc_banner_other:contains(contacts share this number)" },
        { trigger: ".o_last_breadcrumb_item:contains(Tour Twin Two)" },
        ...hangUp,
        ...nextCall,
        {
            content: "nobody knows this number: a new lead",
            trigger: ".o_lead_opportunity_form .o_field_widget[name=phone] input:value(/9003/)",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_dirty))" },
        ...hangUp,
        ...nextCall,
        {
            content: "the saved lead is found by the number",
            trigger: ".o_cc_pop_systray .o_cc_pop_name:contains(Call from +86 139 •••• 9003)",
        },
        ...hangUp,
    ],
});
