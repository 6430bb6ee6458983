# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Screen Pop",
    "summary": "The customer's page on the screen before the second ring",
    "version": "19.0.1.1.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": ["cc_telephony", "crm"],
    "data": [
        "security/cc_crm_pop_security.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/cc_call_views.xml",
    ],
    "demo": [
        "demo/res.partner.csv",
        "demo/cc.phone.link.csv",
        "demo/crm.lead.csv",
    ],
    "assets": {
        "web.assets_backend": ["cc_crm_pop/static/src/**/*"],
        "web.assets_unit_tests": ["cc_crm_pop/static/tests/**/*.test.js"],
        "web.assets_tests": ["cc_crm_pop/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
