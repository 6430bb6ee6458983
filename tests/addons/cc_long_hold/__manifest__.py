# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Long holds",
    "summary": "Tells of customers who waited long on hold",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Contact Centre founders",
    "category": "Productivity",
    "depends": ["cc_telephony"],
    "data": [
        "security/ir.model.access.csv",
        "security/cc_long_hold_security.xml",
        "views/cc_long_hold_views.xml",
        "views/cc_pbx_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["cc_long_hold/static/src/**/*"],
        "web.assets_unit_tests": ["cc_long_hold/static/tests/**/*.test.js"],
    },
}
