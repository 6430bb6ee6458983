# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What other people's PBXs do, by dialplans of theirs on a real Asterisk 22 (``tests/controls/test_other_pbxs.py``).

2003 is a phone at which nobody is signed in. Recorded as the bridge hears it, behind the filters of the manual's
``manager.conf``.
"""

from typing import Any

from .words import Leg, Ring, inbound

LI = "+8613800000001"
CUST = Leg("customer", LI)


def lab(to: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call of Li's to a number that the test's dialplan knows, ended by her."""
    base: dict[str, Any] = {
        "from": LI,
        "to": to,
        "queue": None,
        "legs": [CUST, *others],
        "attempts": [Ring(None, leg.number or "", "answered") for leg in others],
        "ended_by": "customer",
    }
    return inbound(**{**base, **more})


EXPECTED: dict[str, list[dict[str, Any]]] = {
    # picked up, heard the announcement, hung up (AgentDump); she waited on and gave up
    "lab_pick_up_of_the_announcement": [
        lab(
            "7702",
            queue="sales",
            answered=False,
            attempts=[Ring("sales", "2003", "rejected")],
            loss="queue",
        )
    ],
}
