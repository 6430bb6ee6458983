# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import cc_call, cc_dashboard, cc_long_hold, cc_pbx
