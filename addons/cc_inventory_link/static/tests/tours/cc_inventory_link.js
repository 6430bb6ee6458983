// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const move = (kind) => ({ trigger: `.o_cc_desk .o_cc_move[data-move=${kind}]`, run: "click" });
const say = (text) => [
    { trigger: ".o_cc_desk_text", run: `edit ${text}` },
    { trigger: ".o_cc_desk_send:enabled", run: "click" },
];
const tab = (name) => ({ trigger: `.o_notebook .nav-link[name=${name}]`, run: "click" });
const state = (word) => ({ trigger: `.o_field_widget[name=cc_stock_state]:contains(${word})` });

/** INV-05, INV-08: the phone rings; the sale is made in the panel, one product typed, one scanned. */
tours.add("cc_inventory_call", {
    steps: () => [
        { trigger: ".o_list_view" },
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7502) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy]" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        // what the customer waits for is on the card while it rings
        { trigger: ".o_cc_card:contains(Deliveries: 1)" },
        { trigger: ".o_cc_answer", run: "click" },
        { trigger: ".o_cc_panel_tab_tickets", run: "click" },
        // the sale before, with its state, to the one who has to answer for it
        { trigger: ".o_cc_ticket_row:contains(Sold before) .o_cc_ticket_mark:contains(Reserved)" },
        { trigger: ".o_cc_products .o_cc_product_term", run: "edit Tour hea" },
        {
            trigger: ".o_cc_product_found:contains(Tour headset):contains(Available: 9)",
            run: "click",
        },
        { trigger: ".o_cc_product_row:contains(Tour headset) .o_cc_product_free:contains(9)" },
        { trigger: ".o_cc_product_quantity", run: "edit 3 && press Tab" },
        { trigger: ".o_cc_product_total:contains(267)" },
        // another template and back: what is chosen is still there to be seen
        { trigger: ".o_cc_ticket_template", run: "selectByLabel Tour complaint" },
        { trigger: ".o_cc_ticket_panel:not(:has(.o_cc_products))" },
        { trigger: ".o_cc_ticket_template", run: "selectByLabel Tour sale" },
        { trigger: ".o_cc_product_row:contains(Tour headset)" },
        // a scanner types the code and Enter
        { trigger: ".o_cc_product_term", run: "edit 6901234500017 && press Enter" },
        { trigger: ".o_cc_product_row:contains(Tour kettle) .text-danger:contains(Available: 0)" },
        { trigger: ".o_cc_product_total:contains(306)" },
        { trigger: ".o_cc_ticket_name", run: "edit Headsets and a kettle" },
        { trigger: ".o_cc_ticket_make:enabled", run: "click" },
        {
            trigger:
                ".o_cc_ticket_row:contains(Headsets and a kettle):contains(This call) .o_cc_ticket_mark:contains(Waiting for stock)",
        },
        { trigger: ".o_cc_products:not(:has(.o_cc_product_row))" },
        { trigger: ".o_cc_ticket_row:contains(Headsets and a kettle) button", run: "click" },
        tab("products"),
        state("Waiting for stock"),
        { trigger: ".o_field_widget[name=cc_line_ids] .o_data_row:contains(Tour headset)" },
    ],
});

/** INV-05, INV-06: from the customer: typed and scanned into the ticket, taken by its state, sent back. */
tours.add("cc_inventory_ticket", {
    steps: () => [
        tab("products"),
        { trigger: ".o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row [name=product_id] input", run: "edit Tour hea" },
        { trigger: ".ui-menu-item a:contains(Tour headset)", run: "click" },
        { trigger: ".o_selected_row [name=free_qty]:contains(9)" },
        { trigger: ".o_selected_row [name=price_unit] input:value(89.00)" },
        { trigger: ".o_selected_row [name=quantity] input", run: "edit 2" },
        { trigger: ".o_form_view .o_form_label:first", run: "click" },
        { trigger: ".o_data_row:not(.o_selected_row):contains(Tour headset):contains(178)" },
        { trigger: ".o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row [name=product_id] input", run: "edit 6901234500017" },
        { trigger: ".ui-menu-item a:contains(Tour kettle)", run: "click" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        {
            trigger: ".o_form_saved",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        tab("products"),
        state("Not taken"),
        move("start"),
        state("Waiting for stock"),
        move("submit"),
        ...say("Please pack it"),
        move("send_back"),
        ...say("The address is missing"),
        state("Back in stock"),
        // what was given back can be corrected
        { trigger: ".o_field_x2many_list_row_add" },
    ],
});

/** INV-06: two of three that were delivered come back by a sub-ticket. */
tours.add("cc_inventory_return", {
    steps: () => [
        tab("products"),
        state("Delivered"),
        { trigger: "button[name=action_cc_return]", run: "click" },
        { trigger: ".modal .o_data_row [name=left_qty]:contains(3)" },
        { trigger: ".modal .o_data_row td[name=quantity]", run: "click" },
        { trigger: ".modal .o_data_row [name=quantity] input", run: "edit 4" },
        { trigger: ".modal [name=reason] textarea", run: "edit Too loud" },
        { trigger: ".modal button[name=action_return]", run: "click" },
        // more than was sold
        { trigger: ".modal:contains(can be returned, not 4) .btn-primary", run: "click" },
        { trigger: ".modal .o_data_row td[name=quantity]", run: "click" },
        { trigger: ".modal .o_data_row [name=quantity] input", run: "edit 2" },
        { trigger: ".modal button[name=action_return]", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(Return of)" },
        tab("products"),
        state("Return expected"),
        move("submit"),
        ...say("They are here"),
        move("close"),
        ...say("Put back"),
        state("Back in stock"),
    ],
});

/** INV-02: finance pays what is unpaid in one go; all of it is chosen. */
tours.add("cc_inventory_pay", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Unpaid)" },
        { trigger: "button[data-menu-xmlid='cc_inventory_link.menu_stock']", run: "click" },
        { trigger: "[data-menu-xmlid='cc_inventory_link.menu_pay_all']", run: "click" },
        { trigger: ".modal [name=group_payment] input:checked" },
        { trigger: ".modal [name=amount] input:value(60.00)" },
        { trigger: ".modal button[name=action_create_payments]", run: "click" },
        { trigger: "body:not(.modal-open) .o_form_view .o_form_statusbar" },
    ],
});

/** INV-01, INV-07, INV-03: the keeper takes a batch in, sees what is missing, sends some back to the maker. */
tours.add("cc_inventory_keeper", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Tour kettle)" },
        { trigger: "button[data-menu-xmlid='cc_inventory_link.menu_stock']", run: "click" },
        { trigger: "[data-menu-xmlid='cc_inventory_link.menu_stock_in']", run: "click" },
        { trigger: ".modal [name=partner_id] input", run: "edit Tour maker" },
        { trigger: ".ui-menu-item a:contains(Tour maker)", run: "click" },
        { trigger: ".modal .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_selected_row [name=product_id] input", run: "edit 6901234500017" },
        { trigger: ".ui-menu-item a:contains(Tour kettle)", run: "click" },
        { trigger: ".modal .o_selected_row [name=quantity] input", run: "edit 6" },
        { trigger: ".modal .o_selected_row [name=price_unit] input", run: "edit 20" },
        { trigger: ".modal button[name=action_receive]", run: "click" },
        { trigger: ".o_form_view [name=cc_paid]:contains(Unpaid)" },
        { trigger: ".o_form_view [name=cc_due_amount]:contains(120)" },
        { trigger: ".o_statusbar_buttons button[data-hotkey=k]", run: "click" }, // Odoo's own Return
        { trigger: ".modal .o_data_row td[name=quantity]", run: "click" },
        { trigger: ".modal .o_data_row [name=quantity] input", run: "edit 2" },
        { trigger: ".modal button[name=action_create_returns]", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(/OUT/)" },
        { trigger: "button[name=button_validate]", run: "click" },
        { trigger: ".o_statusbar_status button[aria-checked=true]:contains(Done)" },
    ],
});

/** INV-03: finance settles what went back: a credit note, taken off the bill. */
tours.add("cc_inventory_settle", {
    steps: () => [
        { trigger: "button[name=action_cc_settle]", run: "click" },
        { trigger: ".o_form_view:contains(Credit Note), .o_form_view:contains(Refund)" },
    ],
});
