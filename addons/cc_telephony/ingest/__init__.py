# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Applies the facts of a PBX's bridge to Odoo's rows; the only writer of calls and intervals."""
