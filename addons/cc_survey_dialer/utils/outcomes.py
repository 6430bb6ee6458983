# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a dialled number ended, and what that means for the next try."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

OUTCOMES = {
    "person": _lt("Reached"),
    "abandoned": _lt("Abandoned"),
    "hung_up": _lt("Hung up at once"),
    "machine": _lt("Machine"),
    "no_answer": _lt("No answer"),
    "busy": _lt("Busy"),
    "rejected": _lt("Rejected"),
    "off": _lt("Switched off"),
    "empty": _lt("Number does not exist"),
    "suspended": _lt("Number suspended"),
    "failed": _lt("Failed"),
    "congestion": _lt("Line congested"),
    "cancelled": _lt("Cancelled"),
    "unknown": _lt("Unknown"),
}
# the carrier says that nobody can be reached there: known of the number, in every campaign
DEAD = ("empty", "suspended")
# of a person's answer; what the abandonment rate is counted over
ANSWERED = ("person", "abandoned")

# Q.850 causes of a call that nobody answered; what is not named is "failed"
_BY_CAUSE = {
    1: "empty",  # unallocated
    17: "busy",
    18: "no_answer",
    19: "no_answer",
    20: "off",  # subscriber absent
    21: "rejected",
    22: "empty",  # number changed
    27: "off",  # destination out of order
    28: "empty",  # invalid number format
    34: "congestion",
    42: "congestion",
    102: "no_answer",
}


def outcome_of(cause, answered=False):
    """What became of a call that an agent dialled, by its Q.850 cause.

    :param int|None cause: as the PBX reports it; 16 or None without an answer was let ring
    :param bool answered: somebody took the call
    :rtype: str
    """
    if answered:
        return "person"
    if not cause or cause == 16:
        return "no_answer"
    return _BY_CAUSE.get(cause, "failed")


# retry rules of a new campaign: outcome, minutes to wait, tries of that outcome at most
DEFAULT_RETRIES = (
    ("no_answer", 120, 3),
    ("busy", 15, 3),
    ("rejected", 1440, 2),
    ("hung_up", 1440, 2),
    ("machine", 240, 2),
    ("failed", 30, 3),
    ("cancelled", 15, 10),
    ("congestion", 5, 20),
    ("unknown", 10, 3),
    ("abandoned", 4320, 2),
)
