# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_access,
    test_campaign,
    test_do_not_call,
    test_lease,
    test_preview,
    test_survey,
    test_window,
)
