# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_access_walk,
    test_appeal,
    test_assessment,
    test_calibration,
    test_js,
    test_list,
    test_performance,
    test_rating,
    test_scoring,
    test_sheet,
    test_sound,
    test_summary,
    test_tour,
    test_transcript,
)
