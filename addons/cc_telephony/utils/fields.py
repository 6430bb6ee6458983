# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Field types that Odoo lacks."""

from odoo import fields


class BigInteger(fields.Integer):
    """An integer of 64 bits: numbers of facts outgrow Odoo's 32 bits on a busy PBX."""

    _column_type = ("int8", "int8")
    aggregator = None
