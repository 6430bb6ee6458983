# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the PBX includes: the constant dialplan and the files made from Odoo's intent."""

from .generate import generate
from .writer import write

__all__ = ["generate", "write"]
