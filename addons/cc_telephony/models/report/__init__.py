# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# what others inherit comes first
from . import cc_report_mixin

# isort: split
from . import cc_phone_region, cc_report_agent, cc_report_call, cc_report_queue
