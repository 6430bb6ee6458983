# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a plug-in imports: docs/extending/bridge.md."""

from .agents.machine import IllegalMove
from .ami import AmiError, AmiFailed
from .events import Event, text
from .facts import CallFact, uuid7
from .kernel.forms import AgentChange, AgentNow, NotPossible, Order, Plugin, Result
from .kernel.kernel import Kernel
from .odoo.client import OdooError

__all__ = [
    "AgentChange",
    "AgentNow",
    "AmiError",
    "AmiFailed",
    "CallFact",
    "Event",
    "IllegalMove",
    "Kernel",
    "NotPossible",
    "OdooError",
    "Order",
    "Plugin",
    "Result",
    "text",
    "uuid7",
]
