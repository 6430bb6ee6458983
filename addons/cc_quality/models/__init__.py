# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    cc_call,
    cc_call_kind,
    cc_call_note,
    cc_call_summary,
    cc_quality_appeal,
    cc_quality_calibration,
    cc_quality_draw,
    cc_quality_item,
    cc_quality_list,
    cc_quality_rating,
    cc_quality_report,
    cc_quality_result,
    cc_quality_score,
    cc_quality_sheet,
    cc_quality_template,
    cc_recording,
    cc_recording_measure,
    res_users,
)
