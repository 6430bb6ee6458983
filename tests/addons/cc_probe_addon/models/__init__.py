# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    cc_agent,
    cc_call,
    cc_dashboard,
    cc_demo,
    cc_pbx,
    cc_phone_link,
    cc_phone_number,
    cc_probe_contact,
    cc_probe_ping,
    cc_report_agent,
    cc_stat_agent,
)
