// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

/** A leader starts a campaign and sees where its numbers stand. */
registry.category("web_tour.tours").add("cc_survey_dialer_leader", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: ".o_form_view button[name=action_pause]" },
        { trigger: ".o_notebook .nav-link[name=progress]", run: "click" },
        { trigger: ".o_cc_progress tr[data-why=due] .o_cc_count:contains(2)" },
        { trigger: ".o_cc_progress tr[data-why=due] button", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Tour Customer One)" },
    ],
});

/** An agent takes a contact, calls, fills in the questionnaire, says how it came out. */
registry.category("web_tour.tours").add("cc_survey_dialer_agent", {
    steps: () => [
        { trigger: ".o_cc_bar .o_cc_state:contains(Sign in)", run: "click" },
        { trigger: ".o_cc_device:contains(7402) input", run: "click" },
        { trigger: ".o_cc_sign_in_button", run: "click" },
        { trigger: ".o_cc_bar[data-state=busy]" },
        { trigger: ".o_cc_count_campaign, .o_cc_bar [title=Campaign]", run: "click" },
        { trigger: ".o_cc_campaign_next", run: "click" },
        {
            content: "who, and what to say",
            trigger: ".o_cc_contact_name:contains(Tour Customer One)",
        },
        { trigger: ".o_cc_script:contains(Good morning)" },
        { trigger: ".o_cc_campaign_dial:enabled", run: "click" },
        { trigger: ".o_cc_bar[data-state=on_call]" },
        {
            trigger: ".o_cc_question label:contains(Very) input",
            run: "click",
        },
        { content: "stored at once", trigger: ".o_cc_question.o_cc_answered" },
        { trigger: ".o_cc_survey_finish", run: "click" },
        { trigger: ".o_cc_survey_done" },
        { trigger: ".o_cc_disposition:contains(Interested) input:first", run: "click" },
        { trigger: ".o_cc_result_note", run: "edit Wants an offer" },
        { trigger: ".o_cc_result_save:enabled", run: "click" },
        { trigger: ".o_cc_result_saved:contains(Interested)" },
        { trigger: ".o_cc_call_strip .o_cc_hangup", run: "click" },
        { trigger: ".o_cc_bar[data-state=wrap_up]" },
        { trigger: ".o_cc_state", run: "click" },
        { trigger: ".o_cc_state_choice[data-state=ready]", run: "click" },
        { trigger: ".o_cc_bar[data-state=ready]" },
    ],
});
