# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Scenes on the bench's plain dialplan: Queue with PJSIP members, Dial, features, parking, AMI.

Decided from what the parties did (the scene's script), not from what the model says. 100 is the
queue *support* (agent 1004), 10xx are phones, 9… leads outside by the trunk; when an agent hangs up
the caller goes on to a survey.
"""

from typing import Any

from .words import Handed, Leg, Ring, inbound

NUMBER = "+442070011223"
FAR = "447700900123"
QUEUED = Ring("support", "1004", "answered")


def plain(*others: Leg, **more: Any) -> dict[str, Any]:
    """A call to the queue, answered by 1004, and whoever came later."""
    base: dict[str, Any] = {
        "from": NUMBER,
        "legs": [Leg("customer", NUMBER), Leg("agent", "1004"), *others],
        "attempts": [QUEUED],
        "ended_by": "customer",
    }
    return inbound(**{**base, **more})


def direct(to: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call straight to a phone."""
    return plain(to=to, queue=None, **{"legs": [Leg("customer", NUMBER), *others], **more})


def desk(frm: str, to: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call that a phone began."""
    base: dict[str, Any] = {"from": frm, "to": to, "line": None, "queue": None}
    return plain(**{**base, "legs": [Leg("agent", frm), *others], **more})


A4, A5, A6 = (Leg("agent", n) for n in ("1004", "1005", "1006"))
RANG5 = [QUEUED, Ring(None, "1005", "answered")]

EXPECTED: dict[str, list[dict[str, Any]]] = {
    # parked and taken back by the agent who parked: their own call for it is no ring
    "plain_hold_by_ami_park": [
        plain(A4, transfers=[Handed("park", "1004", "701", True)], holds=["1004"])
    ],
    # 1006 rings in a consult that is broken off: a ring, no transfer
    "plain_attended_cancel": [
        plain(attempts=[QUEUED, Ring(None, "1006", "cancelled")], holds=["1004"])
    ],
    # both redirected into a conference, 1005 called in; 1004 leaves, then the customer
    "plain_add_third_party_conf": [
        plain(A5, attempts=RANG5, transfers=[Handed("conference", "1004", "1005", True)])
    ],
    "plain_pickup_queue_ring": [
        plain(
            attempts=[Ring("support", "1006", "taken")],
            transfers=[Handed("pickup", "1004", "1004", True)],
        )
    ],
    # a phone called to hear music dies
    "plain_browser_killed": [
        desk(
            "1006",
            "moh",
            direction="internal",
            answered=False,
            attempts=[],
            ended_by="system",
            cause=44,
        )
    ],
    # the phone dies in talk: nobody ended that; in the survey the caller hangs up
    "plain_agent_killed": [plain()],
    # 1004 leaves while 1006 still rings; 1006 answers
    "plain_blonde": [
        plain(
            A6,
            attempts=[QUEUED, Ring(None, "1006", "answered")],
            transfers=[Handed("attended", "1004", "1006", True)],
            holds=["1004"],
        )
    ],
    # … 1006 refuses: 1004 is rung again
    "plain_blonde_noanswer_recall": [
        plain(
            A4,
            attempts=[QUEUED, Ring(None, "1006", "rejected"), Ring(None, "1004", "answered")],
            transfers=[Handed("attended", "1004", "1006", False)],
            holds=["1004"],
        )
    ],
    # 1006 is busy, the agent is back with the caller and hangs up
    "plain_attended_busy": [
        plain(
            attempts=[QUEUED, Ring(None, "1006", "busy")],
            holds=["1004"],
            ended_by="agent",
            rating=("hung_up", None),
        )
    ],
    "plain_attended_target_leaves": [plain(A5, attempts=RANG5, holds=["1004"])],
    # the customer leaves in the consult: that is the end of the call, the two talk on
    "plain_attended_customer_leaves": [plain(A5, attempts=RANG5, holds=["1004"])],
    "plain_attended_threeway": [
        plain(
            A5,
            attempts=RANG5,
            transfers=[Handed("conference", "1004", "1005", True)],
            holds=["1004"],
        )
    ],
    # toggled back to the customer and again to 1005, then handed over; 1005 ends it
    "plain_attended_swap": [
        plain(
            A5,
            attempts=RANG5,
            transfers=[Handed("attended", "1004", "1005", True)],
            holds=["1004", "1004"],
            ended_by="agent",
            rating=("hung_up", None),
        )
    ],
    # ## 1005: music while the digits are typed
    "plain_blind_keys": [
        plain(
            A5,
            attempts=RANG5,
            transfers=[Handed("blind", "1004", "1005", True)],
            holds=["1004"],
            ended_by="agent",
        )
    ],
    # 1006 is busy, the dialplan has nothing more for the caller
    "plain_blind_noanswer_voicemail": [
        plain(
            attempts=[QUEUED, Ring(None, "1006", "busy")],
            transfers=[Handed("blind", "1004", "1006", False)],
            ended_by="system",
        )
    ],
    # handed to the queue (exten 100), where 1005 takes it
    "plain_blind_to_queue": [
        plain(
            A5,
            attempts=[QUEUED, Ring("support", "1005", "answered")],
            transfers=[Handed("blind", "1004", "100", True)],
        )
    ],
    "plain_blind_outside": [
        plain(
            Leg("outside", FAR),
            attempts=[QUEUED, Ring(None, FAR, "answered")],
            transfers=[Handed("blind", "1004", "9" + FAR, True)],
            ended_by="agent",
        )
    ],
    "plain_refer_blind": [
        plain(A5, attempts=RANG5, transfers=[Handed("blind", "1004", "1005", True)])
    ],
    # the phone's own hold, a second line to 1005, the phone's own transfer: one call
    "plain_refer_attended": [
        plain(
            A5,
            attempts=RANG5,
            transfers=[Handed("attended", "1004", "1005", True)],
            holds=["1004"],
        )
    ],
    "plain_second_line_cancelled": [
        plain(A5, attempts=RANG5, holds=["1004"], ended_by="agent", rating=("hung_up", None))
    ],
    "plain_refer_attended_outside": [
        plain(
            Leg("outside", FAR),
            attempts=[QUEUED, Ring(None, FAR, "answered")],
            transfers=[Handed("attended", "1004", FAR, True)],
            holds=["1004"],
            ended_by="agent",
            rating=("hung_up", None),
        )
    ],
    # a second customer calls the agent directly while the first is on hold: two calls
    "plain_two_calls_on_one_agent": [
        plain(holds=["1004"]),
        {
            **direct("1004", A4, attempts=[Ring(None, "1004", "answered")]),
            "from": "+442070055555",
            "legs": [Leg("customer", "+442070055555"), A4],
        },
    ],
    # the phone of 1006 sends the caller to 1005 (302): that ring was withdrawn
    "plain_forward_direct": [
        direct(
            "1006",
            A5,
            attempts=[Ring(None, "1006", "cancelled"), Ring(None, "1005", "answered")],
        )
    ],
    "plain_forward_in_queue": [
        plain(
            legs=[Leg("customer", NUMBER), A5],
            attempts=[Ring("support", "1004", "cancelled"), Ring("support", "1005", "answered")],
        )
    ],
    "plain_forward_outside": [
        direct(
            "1006",
            Leg("outside", FAR),
            attempts=[Ring(None, "1006", "cancelled"), Ring(None, FAR, "answered")],
            ended_by="agent",
        )
    ],
    "plain_direct_noanswer_voicemail": [
        direct(
            "1006",
            answered=False,
            attempts=[Ring(None, "1006", "busy")],
            ended_by="system",
            loss="agent_no_answer",
        )
    ],
    "plain_pickup_by_code": [
        direct(
            "1006",
            A5,
            attempts=[Ring(None, "1006", "taken")],
            transfers=[Handed("pickup", "1005", "1005", True)],
        )
    ],
    # nobody takes it out of the parking space: 1004 is rung again
    "plain_park_by_agent_timeout": [
        plain(
            A4,
            attempts=[QUEUED, Ring(None, "1004", "answered")],
            transfers=[Handed("park", "1004", "701", False)],
            holds=["1004"],
        )
    ],
    # 1005 dials the parking space, and ends the call
    "plain_park_taken_by_other": [
        plain(
            A5,
            transfers=[Handed("park", "1004", "701", True)],
            holds=["1004"],
            ended_by="agent",
            rating=("hung_up", None),
        )
    ],
    "plain_park_given_up": [
        plain(transfers=[Handed("park", "1004", "701", False)], holds=["1004"])
    ],
    # 1005 hears music somewhere; a leader's *Bridge* puts the caller and them together
    "plain_bridge_action": [plain(A5, attempts=RANG5)],
    # redirected to 1005 by a leader
    "plain_redirect_customer": [
        plain(
            A5,
            attempts=RANG5,
            transfers=[Handed("blind", "1004", "1005", True)],
            ended_by="agent",
        )
    ],
    # both in a room, the customer to music and back, the agent hangs up
    "plain_redirect_room_hold": [plain(holds=["1004"], ended_by="agent")],
    # a wrong key, then 1 for the queue
    "plain_ivr_wrong_then_support": [
        plain(
            to="200",
            keys=[("main", None), ("invalid", "7"), ("main", None), ("support", "1")],
        )
    ],
    "plain_ivr_hangup": [
        direct(
            "200",
            answered=False,
            attempts=[],
            keys=[("main", None)],
            loss="ivr",
        )
    ],
    "plain_internal_hold": [
        desk(
            "1005",
            "1006",
            A6,
            direction="internal",
            attempts=[Ring(None, "1006", "answered")],
            holds=["1006"],
            ended_by="agent",
        )
    ],
    "plain_out_busy": [
        desk(
            "1005",
            "9" + FAR,
            direction="outbound",
            line="trunk",
            answered=False,
            attempts=[Ring(None, FAR, "busy")],
            ended_by="system",
        )
    ],
    "plain_out_answered": [
        desk(
            "1005",
            "9" + FAR,
            Leg("customer", FAR),
            direction="outbound",
            line="trunk",
            attempts=[Ring(None, FAR, "answered")],
        )
    ],
    # 1005 listens while 1004 hangs up
    "plain_spy_on_queue_call": [plain(Leg("supervisor", "1005", "listen"), ended_by="agent")],
}
