# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Controls of our own dialplan as the bridge really sent them: agents 1001, 1002, 1004 at 2001 …, 1005 at a mobile."""

from typing import Any

from .words import Handed, Leg, Ring, inbound

N = "+8613800000001"
CUST = Leg("customer", N)
A1, A2, A4 = (Leg("agent", n) for n in ("1001", "1002", "1004"))
QUEUED = Ring("support", "1001", "answered")
DIRECT = Ring(None, "1001", "answered")
ASKED = Ring(None, "1002", "answered")
ALL = [Handed("conference", "1001", "1002", True)]


def queued(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call to the queue *support*, taken by 1001."""
    base: dict[str, Any] = {
        "from": N,
        "legs": [CUST, A1, *others],
        "attempts": [QUEUED],
        "ended_by": "agent",
    }
    return inbound(**{**base, **more})


def direct(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call straight to 1001."""
    return queued(*others, **{"to": "1001", "queue": None, "attempts": [DIRECT], **more})


EXPECTED: dict[str, list[dict[str, Any]]] = {
    # asked twice: 4 7 1, and 1 #
    "cc_collect": [queued(keys=[("collect", k) for k in "4711#"])],
    # hold, 1002 asked, swapped and swapped back, all together; 1001 goes, 1002 holds, the customer ends it
    "cc_consult_all": [
        queued(
            A2,
            attempts=[QUEUED, ASKED],
            transfers=ALL,
            holds=["1001", "1001", "1002"],
            ended_by="customer",
        )
    ],
    "cc_out_consult_all": [
        queued(
            direction="outbound",
            **{"from": "1001"},
            to=N,
            queue=None,
            legs=[A1, CUST, A2],
            attempts=[Ring(None, N, "answered"), ASKED],
            transfers=ALL,
            holds=["1001", "1001", "1002"],
            ended_by="customer",
        )
    ],
    "cc_direct_attended": [
        direct(
            A2,
            attempts=[DIRECT, ASKED],
            transfers=[Handed("attended", "1001", "1002", True)],
            holds=["1001"],
        )
    ],
    "cc_hold_key": [direct(holds=["1001"])],
    # 1004 takes what rings at 1001, holds, and ends it
    "cc_pickup_direct": [
        direct(
            legs=[CUST, A4],
            attempts=[Ring(None, "1001", "taken")],
            transfers=[Handed("pickup", "1004", "1004", True)],
            holds=["1004"],
        )
    ],
    # … also from the queue; a second caller gives up while 1001 rings
    "cc_pickup_queue": [
        queued(
            legs=[CUST, A4],
            attempts=[Ring("support", "1001", "taken")],
            transfers=[Handed("pickup", "1004", "1004", True)],
            holds=["1004"],
        ),
        queued(
            answered=False,
            legs=[CUST],
            attempts=[Ring("support", "1001", "cancelled")],
            ended_by="customer",
            loss="queue",
        ),
    ],
    # 1004 listens, whispers, barges in, listens again, takes over, holds, ends it
    "cc_takeover": [queued(A4, transfers=[Handed("pickup", "1004", "1004", True)], holds=["1004"])],
    "cc_transfer": [
        queued(
            A2,
            attempts=[QUEUED, ASKED],
            transfers=[Handed("blind", "1001", "1002", True)],
            holds=["1002"],
        )
    ],
    # 1004's owner says no; back to the front of the queue, to 1001
    "cc_transfer_back": [
        queued(
            A1,
            attempts=[QUEUED, Ring(None, "1004", "rejected"), QUEUED],
            transfers=[Handed("blind", "1001", "1004", False)],
            ended_by="customer",
        )
    ],
    "cc_transfer_from_mobile": [
        queued(
            legs=[CUST, Leg("agent", "1005"), A2],
            attempts=[Ring("support", "1005", "answered"), ASKED],
            transfers=[Handed("blind", "1005", "1002", True)],
            holds=["1002"],
        )
    ],
    # a direct call handed to the queue *sales*
    "cc_transfer_queue": [
        direct(
            A2,
            queue="sales",
            attempts=[DIRECT, Ring("sales", "1002", "answered")],
            transfers=[Handed("blind", "1001", "sales", True)],
            holds=["1002"],
            ended_by="customer",
        )
    ],
}
