# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's own models, as far as no room above is about them."""

from . import (
    bus_bus,
    hr_department,
    ir_http,
    ir_websocket,
    res_groups,
    res_users,
)
