# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The regulators' formulas in people's words; the formulas themselves: the contract's `abandonment`."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FORMULAS = {
    "plain": _lt("Abandoned ÷ (abandoned + persons served)"),
    "estimate": _lt("The same, machines among the abandoned estimated (Ofcom)"),
}
