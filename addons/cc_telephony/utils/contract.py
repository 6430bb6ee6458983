# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What bridge and Odoo must agree on, from the one folder that both import: `bridge/src/cc_contract`."""

from ..bridge.src.cc_contract import (
    causes,
    controls,
    destinations,
    dialling,
    facts,
    forms,
    names,
    situation,
    states,
    tables,
    token,
)

__all__ = [
    "causes",
    "controls",
    "destinations",
    "dialling",
    "facts",
    "forms",
    "names",
    "situation",
    "states",
    "tables",
    "token",
]
