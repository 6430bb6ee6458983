# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Our own dialplan on a real PBX."""

from typing import Any

from .words import Leg, Ring, ours

EXPECTED: dict[str, list[dict[str, Any]]] = {
    # Our own dialplan (cc-queue, cc-agent, cc-direct, cc-out) on a real PBX, recorded by
    # ``cc_bridge record`` with VarSet and Newexten filtered out; agents 1001 and 1002 at the desk
    # phones 2001 and 2002.
    "cc_answer": [ours("1", ended_by="agent")],
    "cc_abandon": [
        ours(
            "7",
            answered=False,
            legs=[Leg("customer", "13800000007")],
            attempts=[],
            ended_by="customer",
            loss="queue",
        )
    ],
    # 1001 presses *reject*; 1002 does not hear it in time, and answers when rung again
    "cc_reject": [
        ours(
            "2",
            legs=[Leg("customer", "13800000002"), Leg("agent", "1002")],
            attempts=[
                Ring("support", "1001", "rejected"),
                Ring("support", "1002", "no_answer"),
                Ring("support", "1002", "answered"),
            ],
            ended_by="customer",
        )
    ],
    # rejected by the bar (a Hangup of the ringing phone with cause 21), then the caller gives up
    "cc_reject_ami": [
        ours(
            "3",
            answered=False,
            legs=[Leg("customer", "13800000003")],
            attempts=[Ring("support", "1001", "rejected")],
            ended_by="customer",
            loss="queue",
        )
    ],
    # three rings in vain, then the queue's time is over and the dialplan ends the call
    "cc_timeout": [
        ours(
            "6",
            answered=False,
            legs=[Leg("customer", "13800000006")],
            attempts=[Ring("support", "1001", "no_answer")] * 3,
            ended_by="system",
            loss="overflow",
        )
    ],
    "cc_direct": [
        ours(
            "4",
            to="1001",
            queue=None,
            attempts=[Ring(None, "1001", "answered")],
            ended_by="customer",
        )
    ],
    "cc_direct_reject": [
        ours(
            "5",
            to="1001",
            queue=None,
            answered=False,
            legs=[Leg("customer", "13800000005")],
            attempts=[Ring(None, "1001", "rejected")],
            ended_by="system",
            loss="agent_no_answer",
        )
    ],
    "cc_out": [
        {
            "direction": "outbound",
            "from": "1001",
            "to": "13911112222",
            "line": "trunk",
            "queue": None,
            "state": "ended",
            "answered": True,
            "legs": [Leg("agent", "1001"), Leg("customer", "13911112222")],
            "attempts": [Ring(None, "13911112222", "answered")],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "agent",
        }
    ],
    # the agent ended it on the screen: AMI Hangup of her leg, then the room lets the customer go
    "cc_out_hangup": [
        {
            "direction": "outbound",
            "from": "1001",
            "to": "+8613800138000",
            "line": "trunk",
            "queue": None,
            "state": "ended",
            "answered": True,
            "legs": [Leg("agent", "1001"), Leg("customer", "+8613800138000")],
            "attempts": [Ring(None, "+8613800138000", "answered")],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "agent",
        }
    ],
    # dialled at the phone 2001: whose phone it is, the bridge tells (agent_endpoints)
    "cc_internal": [
        {
            "direction": "internal",
            "from": "1001",
            "to": "1002",
            "line": None,
            "queue": None,
            "state": "ended",
            "answered": True,
            "legs": [Leg("agent", "1001"), Leg("agent", "1002")],
            "attempts": [Ring(None, "1002", "answered")],
            "transfers": [],
            "holds": [],
            "loss": None,
            "ended_by": "agent",
        }
    ],
}
