# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls and what belongs to them."""

from . import (
    cc_average_mixin,
    cc_call,
    cc_call__card,
    cc_call__hint,
    cc_call__open,
    cc_call__stop,
    cc_call__subject,
    cc_call_attempt,
    cc_call_hold,
    cc_call_key,
    cc_call_leg,
    cc_call_note,
    cc_call_purpose,
    cc_call_source,
    cc_call_transfer,
    cc_missed_call,
)
