# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The controls of our own dialplan, moved by AMI as the bridge moves them; 1004's queue is *care*.

600 is dialled for the queue (line *main*, its number +442030001000), 601 for agent 1004.
"""

from typing import Any

from .words import Handed, Leg, Ring, inbound

N = "13800000042"
FAR = "13911112222"
CUST, A4, A5 = Leg("customer", N), Leg("agent", "1004"), Leg("agent", "1005")
TOOK = Ring("care", "1004", "answered")
ASKED = Ring(None, "1005", "answered")


def care(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call to the queue that 1004 takes."""
    base: dict[str, Any] = {
        "from": N,
        "to": "+442030001000",
        "line": "main",
        "queue": "care",
        "legs": [CUST, A4, *others],
        "attempts": [TOOK],
        "ended_by": "customer",
    }
    return inbound(**{**base, **more})


EXPECTED: dict[str, list[dict[str, Any]]] = {
    "cc2_consult_completed": [
        care(
            A5,
            attempts=[TOOK, ASKED],
            transfers=[Handed("attended", "1004", "1005", True)],
            holds=["1004"],
            ended_by="agent",
        )
    ],
    # 1004 goes while 1005 rings; 1005 answers
    "cc2_blonde": [
        care(
            A5,
            attempts=[TOOK, ASKED],
            transfers=[Handed("attended", "1004", "1005", True)],
            holds=["1004"],
        )
    ],
    # the customer waits, then 1005, then the customer; all three talk; 1004 goes
    "cc2_toggle": [
        care(
            A5,
            attempts=[TOOK, ASKED],
            transfers=[Handed("conference", "1004", "1005", True)],
            holds=["1004", "1004"],
        )
    ],
    "cc2_invite_customer_leaves": [
        care(
            Leg("outside", FAR),
            attempts=[TOOK, Ring(None, FAR, "answered")],
            transfers=[Handed("conference", "1004", FAR, True)],
        )
    ],
    "cc2_transfer_agent": [
        care(A5, attempts=[TOOK, ASKED], transfers=[Handed("blind", "1004", "1005", True)])
    ],
    # 1005 is busy: to the front of the queue, where 1004 answers once more
    "cc2_transfer_nobody_takes": [
        care(
            A4,
            attempts=[TOOK, Ring(None, "1005", "busy"), TOOK],
            transfers=[Handed("blind", "1004", "1005", False)],
        )
    ],
    # who takes over serves from then on: the dialplan says so
    "cc2_takeover": [
        care(
            Leg("agent", "1006"),
            transfers=[Handed("pickup", "1006", "1006", True)],
            ended_by="agent",
        )
    ],
    "cc2_pickup": [
        care(
            legs=[CUST, A5],
            attempts=[Ring("care", "1004", "taken")],
            transfers=[Handed("pickup", "1005", "1005", True)],
        )
    ],
    "cc2_direct_hold": [
        care(
            to="+442030001001",
            queue=None,
            attempts=[Ring(None, "1004", "answered")],
            holds=["1004"],
            ended_by="agent",
        )
    ],
    # the customer is asked for keys while the agent waits: no hold, they hear a beep
    "cc2_collect": [
        care(keys=[("collect", "4"), ("collect", "2"), ("collect", "#")], ended_by="agent")
    ],
    # agent first; a consult, all three, the agent goes, the customer ends it
    "cc2_out_consult": [
        care(
            direction="outbound",
            **{"from": "1004"},
            to=FAR,
            line="trunk",
            queue=None,
            legs=[A4, Leg("customer", FAR), A5],
            attempts=[Ring(None, FAR, "answered"), ASKED],
            transfers=[Handed("conference", "1004", "1005", True)],
            holds=["1004"],
        )
    ],
}
