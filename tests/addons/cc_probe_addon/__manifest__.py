# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre Probe",
    "summary": "Uses every door of the contact centre; installed in tests only",
    "version": "19.0.1.0.0",
    "author": "Contact Centre founders",
    "license": "AGPL-3",
    "category": "Hidden/Tests",
    "depends": ["cc_telephony"],
    "data": [
        "security/ir.model.access.csv",
        "views/cc_call_views.xml",
    ],
    "demo": ["demo/probe_demo.xml"],
    "assets": {
        "web.assets_backend": ["cc_probe_addon/static/src/**/*"],
        "web.assets_unit_tests": ["cc_probe_addon/static/tests/**/*"],
    },
}
