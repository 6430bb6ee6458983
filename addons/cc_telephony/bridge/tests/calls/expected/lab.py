# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What other people's PBXs do, by dialplans of theirs on a real Asterisk 22 (``tests/controls/test_other_pbxs.py``).

2003, 2004 and 2301 are phones at which nobody is signed in; 2301 has a transfer key. Agent 1001 is ours. Recorded as the bridge
hears it, behind the filters of the manual's ``manager.conf``.
"""

from typing import Any

from .words import Handed, Leg, Ring, inbound

LI = "+8613800000001"
CUST = Leg("customer", LI)
#: by a line that shows nobody
LATE = "+8613800000005"
WANG = "+8613800000009"


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


def of(number: str, to: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """The same of somebody else's."""
    return lab(to, *others, **{"from": number, "legs": [Leg("customer", number), *others], **more})


def brought(number: str) -> dict[str, Any]:
    """The dialler calls this number, and brings whoever answers to 2003, for whom nobody rang."""
    return of(
        "2003",
        number,
        direction="outbound",
        legs=[Leg("customer", number), Leg("agent", "2003")],
        attempts=[Ring(None, number, "answered")],
    )


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
    # 2301 hands her into the ring of its second line (REFER with Replaces); she gives up while it goes on
    "lab_handed_into_a_ring": [
        lab(
            "7704",
            Leg("agent", "2301"),
            attempts=[Ring(None, "2301", "answered"), Ring(None, "2004", "cancelled")],
            transfers=[Handed("attended", "2301", "2004", False)],
        )
    ],
    # … into a machine on its second line: nobody has taken her
    "lab_handed_into_a_machine": [
        lab(
            "7704",
            Leg("agent", "2301"),
            transfers=[Handed("attended", "2301", "7798", False)],
        )
    ],
    # 2003 asks in the queue "support" by *2, nobody is there, and comes back by *1
    "lab_queue_asked_by_keys": [
        lab(
            "7706",
            Leg("agent", "2003"),
            queue="sales",
            attempts=[Ring("sales", "2003", "answered")],
            holds=["2003"],
        )
    ],
    # she hung up; her channel waited on in the extension h for a program that was slow
    "lab_channel_that_lives_on": [lab("7703", Leg("agent", "2003"))],
    # the line shows "anonymous"; a second later the dialplan sets the number, and our queue rings 1001
    "lab_number_set_by_the_dialplan": [
        of(
            LATE,
            "7705",
            Leg("agent", "1001"),
            queue="support",
            attempts=[Ring("support", "1001", "answered")],
        )
    ],
    # … while 2003 rings already
    "lab_number_known_while_it_rings": [of(LATE, "7708", Leg("agent", "2003"))],
    # 2003 waits alone in a room (a prompt first); the dialler brings two customers, one after the other
    "lab_diallers_room": [brought(LI), brought(WANG)],
    # 2003 is logged in as agent 301 (AgentLogin); AgentRequest brings two callers to it
    "lab_agent_of_a_pool": [
        lab("7707", Leg("agent", "2003"), attempts=[]),
        of(LATE, "7707", Leg("agent", "2003"), attempts=[]),
    ],
}
