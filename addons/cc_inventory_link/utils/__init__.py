# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .finite import check_finite, check_finite_rows
from .hold import hold
