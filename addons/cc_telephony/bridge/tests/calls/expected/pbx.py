# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""As the PBX distributions write it: subroutines, Local members, dialling by contact, two trunks.

201, 202, 203 are phones, 600 the queue (member ``Local/201@from-queue/n``), ``itsp01`` and the dead
``sbc10`` the trunks, 0… leads outside.
"""

from typing import Any

from .words import Handed, Leg, Ring, inbound

NUM = "15145550123"
FAR = "05145550999"
CUST = Leg("customer", NUM)
A, B, C = (Leg("agent", n) for n in ("201", "202", "203"))
FAILED = Ring(None, FAR, "failed")
QUEUED = Ring("600", "201", "answered")
GOT = {n: Ring(None, n, "answered") for n in ("201", "202", "203", FAR)}


def pbx(to: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call from outside to one of the numbers."""
    base: dict[str, Any] = {
        "from": NUM,
        "to": to,
        "line": "itsp01",
        "queue": None,
        "legs": [CUST, *others],
        "attempts": [GOT["201"]],
        "ended_by": "customer",
    }
    return inbound(**{**base, **more})


def queued(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call to the queue, which 201 takes."""
    return pbx("5551000", A, *others, **{"queue": "600", "attempts": [QUEUED], **more})


def direct(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call to 201."""
    return pbx("5551001", A, *others, **more)


AGAIN = {
    **direct(),
    "from": "15145559999",
    "legs": [Leg("customer", "15145559999"), A],
}

EXPECTED: dict[str, list[dict[str, Any]]] = {
    "pbx_queue_local_member": [queued(holds=["201"], ended_by="agent")],
    "pbx_queue_atxfer": [
        queued(
            B,
            attempts=[QUEUED, GOT["202"]],
            transfers=[Handed("attended", "201", "202", True)],
            holds=["201"],
            ended_by="agent",
        )
    ],
    "pbx_queue_second_line": [
        queued(
            B,
            attempts=[QUEUED, GOT["202"]],
            transfers=[Handed("attended", "201", "202", True)],
            holds=["201"],
        )
    ],
    # the first trunk is dead, the second takes the call
    "pbx_trunk_failover": [
        pbx(
            FAR,
            direction="outbound",
            **{"from": "201"},
            line="itsp01",
            legs=[A, Leg("customer", FAR)],
            attempts=[FAILED, GOT[FAR]],
            ended_by="agent",
        )
    ],
    "pbx_ring_group": [pbx("5551003", B, attempts=[Ring(None, "201", "cancelled"), GOT["202"]])],
    "pbx_ring_group_given_up": [
        pbx(
            "5551003",
            answered=False,
            attempts=[Ring(None, n, "cancelled") for n in ("201", "202")],
            loss="agent_no_answer",
        )
    ],
    "pbx_ivr_dials_extension": [
        pbx(
            "5551002",
            B,
            attempts=[GOT["202"]],
            keys=[(None, "2"), (None, "0"), (None, "2")],
            ended_by="agent",
        )
    ],
    # the queue's time was over, the dialplan rang another, who took it: no loss
    "pbx_overflow_answered": [
        pbx(
            "5551004",
            C,
            queue="600",
            attempts=[Ring("600", "201", "no_answer"), GOT["203"]],
            ended_by="agent",
        )
    ],
    # 201 asks whoever answers for the queue, and hands over to them
    "pbx_consult_a_queue": [
        direct(
            C,
            attempts=[GOT["201"], Ring("600", "203", "answered")],
            transfers=[Handed("attended", "201", "203", True)],
            holds=["201"],
        )
    ],
    # handed to machines: nobody answers there
    "pbx_blind_to_conference": [direct(transfers=[Handed("blind", "201", "8001", False)])],
    "pbx_blind_to_voicemail": [direct(transfers=[Handed("blind", "201", "799", False)])],
    # … to the menu, where the customer dials 202: answered by a person after all
    "pbx_blind_to_menu_and_on": [
        direct(
            B,
            attempts=[GOT["201"], GOT["202"]],
            transfers=[Handed("blind", "201", "ivr", True)],
        )
    ],
    "pbx_outside_leaves_in_consult": [
        # 201 dialled out on the second line, the first trunk was dead; nobody was handed over: two calls
        direct(holds=["201"]),
        {
            **direct(direction="outbound"),
            "from": "201",
            "to": FAR,
            "legs": [A, Leg("customer", FAR)],
            "attempts": [FAILED, GOT[FAR]],
        },
    ],
    "pbx_rejected_at_once": [
        pbx(
            "5551001",
            answered=False,
            attempts=[Ring(None, "201", "failed")],
            ended_by="system",
            loss="agent_no_answer",
        )
    ],
    "pbx_pickup_by_group": [
        queued(
            legs=[CUST, B],
            attempts=[Ring("600", "201", "taken")],
            transfers=[Handed("pickup", "202", "202", True)],
            ended_by="agent",
        )
    ],
    # both into a conference, somebody outside is called in and leaves, then 201, which ends the
    # talk; then the customer, who was left alone
    "pbx_conference_by_originate": [
        direct(
            Leg("outside", FAR),
            attempts=[GOT["201"], GOT[FAR]],
            transfers=[Handed("conference", "201", FAR, True)],
            ended_by="agent",
        )
    ],
    "pbx_hold_twice_and_end_on_hold": [direct(holds=["201", "201"])],
    "pbx_agent_ends_on_hold": [queued(holds=["201"], ended_by="agent")],
    # two customers parked in one lot, fetched by two: two calls
    "pbx_park_and_other_queue_call": [
        direct(B, transfers=[Handed("park", "201", "701", True)], holds=["201"]),
        {
            **AGAIN,
            "legs": [Leg("customer", "15145559999"), A, C],
            "transfers": [Handed("park", "201", "702", True)],
            "holds": ["201"],
            "ended_by": "agent",
        },
    ],
    "pbx_supervisor_barges_by_room": [queued(Leg("supervisor", "203"))],
    # a callback: the customer is dialled first, then stands in the queue
    "pbx_originate_to_queue": [
        pbx(
            FAR,
            direction="outbound",
            **{"from": None},
            queue="600",
            legs=[Leg("customer", FAR), A],
            attempts=[GOT[FAR], QUEUED],
        )
    ],
    # both ways by Locals that are optimised away; that the first trunk was dead stays behind the Local
    "pbx_click_to_call_local_both": [
        pbx(
            FAR,
            direction="outbound",
            **{"from": "201"},
            legs=[A, Leg("customer", FAR)],
            attempts=[GOT[FAR]],
        )
    ],
    # the PBX went down in mid-call: nobody of the two ended it
    "pbx_pbx_stopped": [direct(ended_by="system"), AGAIN],
    "pbx_pbx_killed": [direct(ended_by="system"), AGAIN],
}
