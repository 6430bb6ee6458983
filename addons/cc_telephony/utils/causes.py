# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Causes of a call's end, as networks number them (ITU-T Q.850, table 1), in people's words."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

CAUSES = {
    1: _lt("Number not in use"),
    2: _lt("No route to that network"),
    3: _lt("No route to the number"),
    16: _lt("Ended normally"),
    17: _lt("Number busy"),
    18: _lt("The phone does not respond"),
    19: _lt("No one answered"),
    20: _lt("Switched off or unreachable"),
    21: _lt("Rejected"),
    22: _lt("Number changed"),
    23: _lt("Redirected to another number"),
    26: _lt("Answered by another phone"),
    27: _lt("The phone or its line is out of order"),
    28: _lt("Number incomplete or invalid"),
    29: _lt("Service refused by the network"),
    31: _lt("Ended without a reason"),
    34: _lt("No free line"),
    38: _lt("Network out of order"),
    41: _lt("Temporary network failure"),
    42: _lt("Network overloaded"),
    44: _lt("The requested line is not available"),
    47: _lt("Network short of resources"),
    50: _lt("Service not subscribed to"),
    57: _lt("Not allowed on this line"),
    58: _lt("Service not available now"),
    63: _lt("Service not available"),
    65: _lt("Audio format not supported"),
    79: _lt("Service not supported"),
    88: _lt("The other phone cannot take this type of call"),
    102: _lt("The network did not respond in time"),
    111: _lt("Signalling error"),
    127: _lt("Ended by another network without a reason"),
}
