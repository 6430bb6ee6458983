# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The controls of a call that lives in a room, on the dialplan of the trials: those not recorded there.

After the agent the customer is asked for a rating and gives none: *hung_up*.
"""

from typing import Any

from .words import MOBILE, RANG_BOTH, Handed, Leg, Ring, room, third

NO_RATING: dict[str, Any] = {"ended_by": "customer", "rating": None}
CONFERENCE = [Handed("conference", "1004", "1005", True)]
RANG = Ring("mq", "1004", "answered")

EXPECTED: dict[str, list[dict[str, Any]]] = {
    # the customer waits, then 1005 waits, then the customer again; 1005 is let go
    "room_toggle": [room(legs=third(), attempts=RANG_BOTH, holds=["1004", "1004"], **NO_RATING)],
    "room_invite": [room(legs=third(), attempts=RANG_BOTH, transfers=CONFERENCE, **NO_RATING)],
    # the customer goes, 1004 and 1005 talk on: one call, over when the customer left
    "room_invite_stays": [
        room(legs=third(), attempts=RANG_BOTH, transfers=CONFERENCE, **NO_RATING)
    ],
    # 1006 listened, whispered, and sent 1004 away; she ends the call
    "room_takeover": [room(legs=third("supervisor", "1006"))],
    # the phone dies and comes back: two presences, one ring
    "room_rejoin": [room(legs=third(number="1004"), **NO_RATING)],
    "room_lost_for_good": [room(**NO_RATING)],
    "room_consult_customer_leaves": [
        room(legs=third(), attempts=RANG_BOTH, holds=["1004"], **NO_RATING)
    ],
    "room_consult_ringing_cancelled": [
        room(attempts=[RANG, Ring(None, "1005", "cancelled")], holds=["1004"])
    ],
    "room_consult_refused": [
        room(attempts=[RANG, Ring(None, "1005", "busy")], holds=["1004"], **NO_RATING)
    ],
    # the agent's leg is hung up by the bar: handed over to a number outside, who ends the call
    "room_consult_outside_completed": [
        room(
            legs=third("outside", "447700900123"),
            attempts=[RANG, Ring(None, "447700900123", "answered")],
            holds=["1004"],
            transfers=[Handed("attended", "1004", "447700900123", True)],
        )
    ],
    # the customer is brought back while 1005 still rings: when they answer all three talk
    "room_blonde": [
        room(
            legs=third(),
            attempts=RANG_BOTH,
            holds=["1004"],
            transfers=CONFERENCE,
            **NO_RATING,
        )
    ],
    "room_threeway_agent_leaves": [
        room(
            legs=third(),
            attempts=RANG_BOTH,
            holds=["1004"],
            transfers=CONFERENCE,
            **NO_RATING,
        )
    ],
    # 1005 is busy: the customer goes to the rating
    "room_blind_noanswer": [
        room(
            attempts=[RANG, Ring(None, "1005", "busy")],
            transfers=[Handed("blind", "1004", "1005", False)],
            ended_by="system",
        )
    ],
    "room_agent_leaves_held": [room(holds=["1004"])],
    # agent m1 is at an outside mobile: an agent all the same
    "room_mobile_hold_consult": [
        room(
            legs=[Leg("customer", MOBILE), Leg("agent", "m1"), Leg("agent", "1005")],
            attempts=[Ring("mq", "m1", "answered"), Ring(None, "1005", "answered")],
            holds=["m1"],
        )
    ],
    # an agent whose leg stays in a room of its own: two customers come there, one after the other
    "room_nail": [
        room(**NO_RATING),
        {
            **room(**NO_RATING),
            "from": "13800000009",
            "legs": [Leg("customer", "13800000009"), Leg("agent", "1004")],
        },
    ],
    # nobody presses 1 at the mobile
    "room_mobile_confirm_no_key": [
        room(
            answered=False,
            legs=[Leg("customer", MOBILE)],
            attempts=[Ring("mq", "m1", "no_answer")],
            loss="queue",
            **NO_RATING,
        )
    ],
}
