# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
# what others inherit comes first
from . import cc_stat_buckets

# isort: split
from . import (
    cc_call_visit,
    cc_dashboard,
    cc_demo,
    cc_stat_agent,
    cc_stat_clock,
    cc_stat_dirty,
    cc_stat_queue,
    res_company,
)
