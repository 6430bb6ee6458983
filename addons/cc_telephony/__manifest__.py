# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Telephony",
    "summary": "Agents, calls, queues, recordings and a browser phone on Asterisk",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": ["mail", "hr", "phone_validation"],
    "external_dependencies": {"python": ["phonenumbers", "pyjwt"]},
    "data": [
        "security/cc_telephony_security.xml",
        "security/ir.model.access.csv",
        "security/cc_telephony_rules.xml",
        "data/ir_config_parameter_data.xml",
        "data/ir_cron_data.xml",
        "data/cc_lists_data.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/staff_demo.xml",
        "demo/pbx_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["cc_telephony/static/src/**/*"],
        "web.assets_unit_tests": [
            "cc_telephony/static/tests/**/*",
            ("remove", "cc_telephony/static/tests/tours/**/*"),
        ],
        "web.assets_tests": ["cc_telephony/static/tests/tours/**/*"],
    },
    "application": True,
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
}
