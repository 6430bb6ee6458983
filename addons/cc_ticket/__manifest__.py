# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Tickets and Knowledge",
    "summary": "Tickets that walk a flow from the call to the answer, and knowledge at hand",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": [
        "cc_crm_pop",
        "helpdesk_mgmt",
        "helpdesk_mgmt_rating",
        "helpdesk_mgmt_sla",
        "helpdesk_type",
    ],
    "data": [
        "security/cc_ticket_security.xml",
        "security/ir.model.access.csv",
        "data/cc_ticket_data.xml",
        "views/helpdesk_ticket_views.xml",
        "views/cc_ticket_template_views.xml",
        "views/cc_ticket_extension_views.xml",
        "views/cc_working_day_views.xml",
        "views/cc_call_views.xml",
        "views/res_partner_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["cc_ticket/static/src/**/*"],
        "web.assets_unit_tests": ["cc_ticket/static/tests/**/*.test.js"],
        "web.assets_tests": ["cc_ticket/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
