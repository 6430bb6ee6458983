# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Quality",
    "summary": "Inspection of recorded calls, appeals, calibration, assessments and ratings",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": ["cc_telephony", "queue_job", "report_xlsx"],
    "external_dependencies": {"python": ["krippendorff", "numpy", "soundfile"]},
    "data": [
        "security/cc_quality_security.xml",
        "security/ir.model.access.csv",
        "security/cc_quality_rules.xml",
        "security/cc_assessment_rules.xml",
        "data/cc_quality_data.xml",
        "data/cc_assessment_data.xml",
        "report/cc_quality_list_xlsx.xml",
        "views/cc_quality_item_views.xml",
        "views/cc_quality_list_views.xml",
        "views/cc_quality_sheet_views.xml",
        "views/cc_quality_report_views.xml",
        "views/cc_assessment_views.xml",
        "views/cc_queue_views.xml",
        "views/cc_transcript_views.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/quality_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["cc_quality/static/src/**/*"],
        "web.assets_unit_tests": ["cc_quality/static/tests/**/*.test.js"],
        "web.assets_tests": ["cc_quality/static/tests/tours/**/*"],
    },
}
