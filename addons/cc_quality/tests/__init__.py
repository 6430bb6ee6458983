# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_appeal,
    test_calibration,
    test_list,
    test_scoring,
    test_sheet,
    test_sound,
    test_tour,
)
