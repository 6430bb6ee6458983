// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

/** Press a key where the focus is, as a keyboard does. */
function press(key, options = {}) {
    const target = document.activeElement || document.body;
    target.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options })
    );
}

registry.category("web_tour.tours").add("cc_quality_inspect", {
    steps: () => [
        { trigger: ".o_data_row:last .o_data_cell:first", run: "click" },
        { trigger: ".o_cc_quality_score .o_cc_quality_player" },
        { trigger: ".o_cc_quality_play", run: "click" },
        { trigger: ".o_cc_quality_play .fa-pause" },
        { trigger: ".btn-group button:contains('Customer')", run: "click" },
        { trigger: ".o_cc_quality_mark", run: "click" },
        { trigger: ".o_cc_quality_marks li" },
        {
            trigger: ".o_cc_quality_row.o_cc_quality_current",
            run() {
                document.activeElement.blur();
                press("4");
                press("ArrowDown");
                press("3");
            },
        },
        { trigger: "input[data-index='1']", run: "edit 3" },
        {
            trigger: "input[data-index='1']:focus",
            run() {
                press("ArrowDown");
                press("n");
            },
        },
        { trigger: "input[data-index='2'][disabled]" },
        { trigger: "input[data-index='3']", run: "edit 10" },
        { trigger: ".o_cc_quality_result:contains('85.0 %')" },
        { trigger: ".o_cc_quality_finish_next", run: "click" },
        { trigger: ".o_cc_quality_result:contains('–')" },
        { trigger: "input[data-index='0']", run: "edit 4" },
        { trigger: "input[data-index='1']", run: "edit 6" },
        { trigger: "input[data-index='2']", run: "edit 20" },
        { trigger: "input[data-index='3']", run: "edit 10" },
        { trigger: ".o_cc_quality_result:contains('100.0 %')" },
        {
            trigger: ".o_cc_quality_score",
            run() {
                press("Enter", { ctrlKey: true });
            },
        },
        { trigger: ".o_view_nocontent:contains('Nothing to inspect')" },
    ],
});

registry.category("web_tour.tours").add("cc_quality_appeal", {
    steps: () => [
        { trigger: ".o_data_row:contains('85.0 %') button[name='action_appeal']", run: "click" },
        {
            trigger:
                ".o_form_view .o_field_widget[name='line_ids'] .o_data_row:nth-child(2) td[name='objection']",
            run: "click",
        },
        {
            trigger: ".o_data_row:nth-child(2) td[name='objection'] input",
            run: "edit I was friendly",
        },
        { trigger: ".o_field_widget[name='reason'] textarea", run: "edit Listen again, please" },
        { trigger: "button[name='action_send']", run: "click" },
        { trigger: ".o_arrow_button_current:contains('To be decided')" },
    ],
});

registry.category("web_tour.tours").add("cc_quality_decide", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell:first", run: "click" },
        { trigger: ".o_field_widget[name='decision'] textarea", run: "edit It was fair" },
        { trigger: "button[name='action_decide']", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: ".o_field_widget[name='decided_by_id']:contains('Max')" },
    ],
});
