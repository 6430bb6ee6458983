# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whose customer somebody is."""

from . import cc_customer_owner, res_partner__owner
