# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Bodies of facts with everything that the schema asks for; tests say only what they are about."""


def call_body(call_uid, rev, state, **more):
    """A call of which nothing is known but who, how far and in which state."""
    return {
        "call_uid": call_uid,
        "rev": rev,
        "direction": "inbound",
        "from": {"number": None, "name": None},
        "to": {"number": None},
        "line": "trunk",
        "queue": None,
        "state": state,
        "started_t": None,
        "queued_t": None,
        "answered_t": None,
        "ended_t": None,
        "estimated": False,
        "legs": [],
        "attempts": [],
        "transfers": [],
        "holds": [],
        "ivr": [],
        "rating": None,
        "ended_by": None,
        "cause": None,
        "loss": None,
        **more,
    }


def leg_body(n, role, number, joined=None, left=None):
    """A party's presence."""
    return {
        "leg": n,
        "role": role,
        "number": number,
        "channels": [f"pbx-{n}.{n}"],
        "joined_t": joined,
        "left_t": left,
        "mode": "talk",
    }


def attempt_body(n, queue, target, ring, end=None, outcome=None):
    """A ring."""
    return {
        "n": n,
        "queue": queue,
        "target": target,
        "ring_t": ring,
        "end_t": end,
        "outcome": outcome,
    }


def agent_body(number, state, since, **more):
    """An agent's state."""
    return {
        "agent": number,
        "session": None,
        "extension": None,
        "device": None,
        "state": state,
        "reason": None,
        "since": since,
        "call_uid": None,
        "until": None,
        **more,
    }
