# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What leaders tell their people."""

from . import (
    cc_agent__announcement,
    cc_announcement,
    cc_announcement_read,
)
