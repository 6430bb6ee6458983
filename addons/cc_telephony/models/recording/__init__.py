# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings and who listened to them."""

from . import (
    cc_call__recording,
    cc_pbx__recording,
    cc_recording,
    cc_recording_listen,
    ir_attachment,
)
