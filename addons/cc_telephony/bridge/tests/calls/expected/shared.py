# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The shared recordings of the bench and of the control trials; ``words`` says how to read them."""

from typing import Any

from .words import CUSTOMER, MOBILE, RANG_BOTH, Handed, Leg, Ring, inbound, room, third

EXPECTED: dict[str, list[dict[str, Any]]] = {
    # Local channels only, both ends of them the PBX itself: nobody called anybody
    "00_originate_local_echo": [],
    "01_register_queueadd": [],
    # the agent hangs up, the caller gives a 5 and the survey ends the call
    "02_inbound_agent_hangup": [inbound(ended_by="agent", rating=("satisfied", "5"), cause=16)],
    "03_inbound_caller_hangup": [inbound(ended_by="customer", cause=16)],
    # 1006 rings three seconds, the caller gives up in the queue
    "04_abandon": [
        inbound(
            answered=False,
            legs=[Leg("customer", CUSTOMER)],
            attempts=[Ring("support", "1006", "cancelled")],
            ended_by="customer",
            loss="queue",
        )
    ],
    # 1006 rings ten seconds in vain, then 1004 takes it
    "05_ring_no_answer": [
        inbound(
            attempts=[Ring("support", "1006", "no_answer"), Ring("support", "1004", "answered")],
            ended_by="customer",
        )
    ],
    "06_hold": [inbound(holds=["1004"], ended_by="customer")],
    "08_blind_transfer": [
        inbound(
            legs=[Leg("customer", CUSTOMER), Leg("agent", "1004"), Leg("agent", "1005")],
            attempts=[Ring("support", "1004", "answered"), Ring(None, "1005", "answered")],
            transfers=[Handed("blind", "1004", "1005", True)],
            ended_by="system",
        )
    ],
    # *2 1005: the customer hears music, the two talk, 1004 hangs up and so hands over
    "09_attended_transfer": [
        inbound(
            legs=[Leg("customer", CUSTOMER), Leg("agent", "1004"), Leg("agent", "1005")],
            attempts=[Ring("support", "1004", "answered"), Ring(None, "1005", "answered")],
            transfers=[Handed("attended", "1004", "1005", True)],
            holds=["1004"],
            ended_by="system",
        )
    ],
    # 1005 listens, whispers, and is heard by all, each time called anew
    "11_spy_whisper_barge": [
        inbound(
            legs=[
                Leg("customer", CUSTOMER),
                Leg("agent", "1004"),
                Leg("supervisor", "1005", "listen"),
                Leg("supervisor", "1005", "whisper"),
                Leg("supervisor", "1005", "talk"),
            ],
            ended_by="customer",
        )
    ],
    # two phones put into conference 401; the third member is music from a Local. The call begins
    # with 1004's phone, 1005's is rung into it
    "12_confbridge": [
        {
            "direction": "internal",
            "from": "1004",
            "to": "401",
            "line": None,
            "queue": None,
            "state": "ended",
            "answered": True,
            "legs": [Leg("agent", "1004"), Leg("agent", "1005")],
            "attempts": [Ring(None, "1005", "answered")],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "system",
        }
    ],
    # a direct call to 1006, taken by 1004
    "14_pickup": [
        inbound(
            to="1006",
            queue=None,
            attempts=[Ring(None, "1006", "taken")],
            transfers=[Handed("pickup", "1004", "1004", True)],
            ended_by="system",
        )
    ],
    "16_ivr_playdtmf": [
        inbound(to="200", keys=[("main", None), ("support", "1")], ended_by="system")
    ],
    # 2 for the voicemail, # after the message: never spoke to a person
    "17_voicemail": [
        inbound(
            to="200",
            queue=None,
            answered=False,
            legs=[Leg("customer", CUSTOMER)],
            attempts=[],
            keys=[("main", None), ("voicemail", "2"), ("voicemail", "#")],
            ended_by="system",
            loss="ivr",
        )
    ],
    # 1004's phone first; it dialled 9 (a line) and the number, which is what the line was given
    "18_click_to_call": [
        {
            "direction": "outbound",
            "from": "1004",
            "to": "9442070001",
            "line": "trunk",
            "queue": None,
            "state": "ended",
            "answered": True,
            "legs": [Leg("agent", "1004"), Leg("customer", "442070001")],
            "attempts": [Ring(None, "442070001", "answered")],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "agent",
            "cause": 16,
        }
    ],
    # 1009 never had a channel; 1006 rang three seconds for an Originate and did not answer
    "19_originate_fail": [
        {
            "direction": "internal",
            "from": "1006",
            "to": "300",
            "line": None,
            "queue": None,
            "state": "ended",
            "answered": False,
            "legs": [Leg("agent", "1006")],
            "attempts": [],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "system",
            "cause": 19,
        }
    ],
    # the browser's agent hangs up; the stream ends while the caller is in the survey
    "20_webrtc_queue_call": [
        inbound(
            state="ivr",
            legs=[Leg("customer", CUSTOMER), Leg("agent", "1001")],
            attempts=[Ring("support", "1001", "answered")],
            ended_by=None,
        )
    ],
    # the stream ends while the caller waits
    "22_ivr_sipp_rfc4733": [
        inbound(
            to="200",
            state="queued",
            answered=False,
            legs=[Leg("customer", CUSTOMER)],
            attempts=[],
            keys=[("main", None), ("support", "1")],
            ended_by=None,
        )
    ],
    "90_unregister": [],
    "control_agent_end_desk": [room()],
    "control_customer_end_desk": [room(ended_by="customer", rating=None)],
    "control_hold_resume_desk": [room(holds=["1004"])],
    "control_listen_desk": [
        room(legs=third("supervisor", "1006", "listen"), ended_by="customer", rating=None)
    ],
    # one presence: it listens first, then whispers
    "control_whisper_desk": [
        room(legs=third("supervisor", "1006", "whisper"), ended_by="customer", rating=None)
    ],
    "control_barge_desk": [
        room(legs=third("supervisor", "1006", "talk"), ended_by="customer", rating=None)
    ],
    "control_blind_transfer_desk": [
        room(legs=third(), attempts=RANG_BOTH, transfers=[Handed("blind", "1004", "1005", True)])
    ],
    "control_consult_cancel_desk": [room(legs=third(), attempts=RANG_BOTH, holds=["1004"])],
    "control_consult_complete_desk": [
        room(
            legs=third(),
            attempts=RANG_BOTH,
            holds=["1004"],
            transfers=[Handed("attended", "1004", "1005", True)],
            ended_by="customer",
            rating=None,
        )
    ],
    "control_threeway_desk": [
        room(
            legs=third(),
            attempts=RANG_BOTH,
            holds=["1004"],
            transfers=[Handed("conference", "1004", "1005", True)],
        )
    ],
    # agent m1 is an outside mobile that must press 1: answered when it did
    "room_B_confirm_1": [
        room(
            legs=[Leg("customer", MOBILE), Leg("agent", "m1")],
            attempts=[Ring("mq", "m1", "answered")],
            ended_by="customer",
            rating=None,
        )
    ],
    # hold, a consult that becomes a conference, 1005 goes, the browser dies and comes back
    "room_B_web": [
        room(
            legs=[
                Leg("customer", MOBILE),
                Leg("agent", "1001"),
                Leg("agent", "1005"),
                Leg("agent", "1001"),
            ],
            attempts=[Ring("mq", "1001", "answered"), Ring(None, "1005", "answered")],
            holds=["1001"],
            transfers=[Handed("conference", "1001", "1005", True)],
        )
    ],
}
