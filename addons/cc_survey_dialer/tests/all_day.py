# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Values of a campaign that may dial at any time. Knows nothing of Odoo: tests of the whole system use it too."""

ALL_DAY = {
    "morning_from": 0,
    "morning_to": 12,
    "afternoon_from": 12,
    "afternoon_to": 24,
    **dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), True
    ),
}
