# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Queues and voice menus."""

from . import (
    cc_inbound_route,
    cc_ivr_menu,
    cc_queue,
    cc_queue_live,
    cc_queue_member,
    resource_calendar,
)
