# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How much, by the intent's word or without it."""

from collections.abc import Mapping
from typing import Any

#: Without Odoo's word: the longest call out and the longest pair of outside parties, s.
OUT_S, PAIR_S = 4 * 3600, 3600


def setting(settings: Mapping[str, Any], name: str, default: int, unit: int = 1) -> int:
    """A limit of the intent, in units; 0 is none."""
    value = settings.get(name)
    if type(value) is not int or not 0 <= value <= 100_000:
        return default
    return value * unit
