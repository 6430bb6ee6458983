// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

/** A leader starts a campaign and sees where its numbers stand. */
registry.category("web_tour.tours").add("cc_survey_dialer_leader", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: ".o_form_view button[name=action_pause]" },
        { trigger: ".o_notebook .nav-link.active[name=progress]" },
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

const file = (name, text) => new File([text], name, { type: "text/plain" });

/** A leader takes customers from a file, starts the task, and runs a campaign over it from start to finish. */
registry.category("web_tour.tours").add("cc_survey_dialer_import", {
    steps: () => [
        { trigger: ".o_form_view button:contains(Import from a file)", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=file]",
            run: () =>
                inputFiles(".modal .o_field_widget[name=file] .o_input_file", [
                    file(
                        "visitors.csv",
                        "Name,Phone\nTour Visitor,+8613900009411\nNobody,none\nTour Guest,+8613900009412\n"
                    ),
                ]),
        },
        {
            content: "shown before it is taken",
            trigger: ".modal .o_field_widget[name=preview] th:contains(Tour Visitor)",
        },
        { trigger: ".modal button[name=action_import]", run: "click" },
        {
            content: "what was taken, and which line was not",
            trigger: ".o_form_view .o_cc_sms_progress [data-state=added]:contains(2)",
        },
        { trigger: ".o_form_view .o_data_row:contains(No number in it)" },
        { trigger: ".o_form_view button[name=action_open_task]", run: "click" },
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: ".o_form_view button[name=action_new_campaign]", run: "click" },
        {
            trigger: ".o_form_view .o_field_widget[name=agent_ids] input",
            run: "edit Tour Agent",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Agent)",
            run: "click",
        },
        { trigger: ".o_field_widget[name=agent_ids] .o_tag:contains(Tour Agent)" },
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: ".o_form_view button[name=action_pause]" },
        { trigger: ".o_notebook .nav-link.active[name=progress]" },
        { trigger: ".o_cc_progress .o_cc_count:contains(2)" },
        { trigger: ".o_form_view button[name=action_pause]", run: "click" },
        { trigger: ".o_cc_progress:contains(The campaign is paused.)" },
        { trigger: ".o_form_view button[name=action_resume]", run: "click" },
        { trigger: ".o_form_view button[name=action_finish]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_cc_progress:contains(The campaign is finished.)" },
    ],
});

/** A leader gives a task's customers to an agent. */
registry.category("web_tour.tours").add("cc_survey_dialer_give", {
    steps: () => [
        { trigger: ".o_form_view button:contains(Give to agents)", run: "click" },
        { trigger: ".modal .o_field_widget[name=count]:contains(2)" },
        { trigger: ".modal .o_field_widget[name=agent_ids] input", run: "edit Tour Agent" },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Agent)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=agent_ids] .o_tag" },
        { trigger: ".modal button[name=action_give]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view button[name=action_stop]" },
    ],
});

/** One text to the numbers of a file. */
registry.category("web_tour.tours").add("cc_survey_dialer_sms", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Tour offer",
        },
        {
            trigger: ".o_field_widget[name=file]",
            run: () =>
                inputFiles(".o_field_widget[name=file] .o_input_file", [
                    file(
                        "numbers.txt",
                        "+8613900009421\n+86 139 0000 9421\nnone\n+8613900009422\n"
                    ),
                ]),
        },
        { trigger: ".o_field_widget[name=text] textarea", run: "edit See you at the fair" },
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: ".o_form_view .o_cc_sms_progress" },
    ],
});

/** The page of a mass message that is under way. */
registry.category("web_tour.tours").add("cc_survey_dialer_sms_job", {
    steps: () => [
        { trigger: ".o_form_view .o_cc_sms_progress [data-state=queued]:contains(2)" },
        { trigger: ".o_form_view .o_data_row:contains(No number in it)" },
        { trigger: ".o_form_view button[name=action_pause]", run: "click" },
        { trigger: ".o_form_view button[name=action_resume]" },
    ],
});
