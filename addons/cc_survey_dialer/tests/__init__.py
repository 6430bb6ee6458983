# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_abandonment,
    test_access,
    test_access_walk,
    test_campaign,
    test_demo,
    test_dialer_routes,
    test_do_not_call,
    test_give,
    test_import,
    test_js,
    test_lease,
    test_number_filter,
    test_preview,
    test_segments,
    test_sms,
    test_sms_routes,
    test_survey,
    test_textfile,
    test_tour,
    test_window,
)
