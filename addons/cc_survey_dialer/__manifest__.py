# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Campaigns",
    "summary": "Outbound campaigns, questionnaires in calls, and SMS",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": ["cc_crm_pop", "sms", "survey"],
    "data": [
        "security/cc_survey_dialer_security.xml",
        "security/ir.model.access.csv",
        "security/cc_survey_dialer_rules.xml",
        "data/cc_disposition_data.xml",
        "data/cc_country_rule_data.xml",
        "data/ir_cron_data.xml",
        "wizards/wizard_views.xml",
        "views/cc_customer_task_views.xml",
        "views/cc_campaign_views.xml",
        "views/cc_do_not_call_views.xml",
        "views/cc_sms_views.xml",
        "views/survey_survey_views.xml",
        "views/menus.xml",
    ],
    "demo": ["demo/campaign_demo.xml"],
    "assets": {
        "web.assets_backend": ["cc_survey_dialer/static/src/**/*"],
        "web.assets_unit_tests": ["cc_survey_dialer/static/tests/**/*.test.js"],
        "web.assets_tests": ["cc_survey_dialer/static/tests/tours/**/*"],
    },
}
