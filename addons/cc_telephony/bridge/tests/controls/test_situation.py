# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The words of a situation and the table of controls: as server and browser must read them."""

from typing import Any

import pytest

from cc_bridge.agents.declined import Declined
from cc_contract.controls import by_name, legal
from cc_contract.situation import words


def leg(
    n: int, role: str, number: str, joined: int | None = 1, left: int | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "leg": n,
        "role": role,
        "number": number,
        "channels": [],
        "joined_t": joined,
        "left_t": left,
        "mode": "talk",
        **more,
    }


def ring(
    n: int, target: str, outcome: str | None = None, queue: str | None = None
) -> dict[str, Any]:
    return {
        "n": n,
        "queue": queue,
        "target": target,
        "ring_t": 1,
        "end_t": 2 if outcome else None,
        "outcome": outcome,
    }


def call(state: str = "talking", **more: Any) -> dict[str, Any]:
    legs = [leg(1, "customer", "+861"), leg(2, "agent", "1001")]
    return {
        "call_uid": "u",
        "state": state,
        "legs": legs,
        "attempts": [],
        "transfers": [],
        "holds": [],
        **more,
    }


CONFERENCE = {"t": 9, "how": "conference", "by": "1001", "to": "1002", "completed": True}
THIRD = [leg(1, "customer", "+861"), leg(2, "agent", "1001"), leg(3, "agent", "1002", 5)]

PAIR = [leg(1, "agent", "1001"), leg(2, "agent", "1003")]


def hold(to: int | None = None, start: int = 3) -> dict[str, Any]:
    return {"from_t": start, "to_t": to, "by": "1001"}


@pytest.mark.parametrize(
    ("what", "number", "expected"),
    [
        (None, "1001", ("none", None, None, False)),
        (call("ringing", legs=[leg(1, "customer", "+861")], attempts=[ring(1, "1001")]), "1001", ("ringing", "ringing", None, False)),
        (call("ringing", legs=[leg(1, "customer", "+861")], attempts=[ring(1, "1001")]), "1002", ("none", "ringing", None, False)),
        (call(), "1001", ("talking", "talking", None, False)),
        (call("held", holds=[hold()]), "1001", ("talking", "held", None, False)),
        (call("held", holds=[hold()], attempts=[ring(1, "1002")]), "1001", ("talking", "held", "ringing", False)),
        (call("held", holds=[hold()], legs=THIRD), "1001", ("talking", "held", "talking", False)),
        (call("held", holds=[hold()], legs=THIRD), "1002", ("talking", "guest", None, False)),
        (call(holds=[hold(7)], legs=THIRD), "1001", ("talking", "talking", "waiting", False)),
        (call(holds=[hold(9)], legs=THIRD, transfers=[CONFERENCE]), "1001", ("talking", "talking", None, True)),
        (call(holds=[hold(9)], legs=THIRD, transfers=[CONFERENCE]), "1002", ("talking", "talking", None, True)),
        # swapped: again with them, and back once more
        (call("held", holds=[hold(7), hold(start=8)], legs=THIRD), "1001", ("talking", "held", "talking", False)),
        (call("held", holds=[hold(7), hold(start=8)], legs=THIRD), "1002", ("talking", "guest", None, False)),
        (call(holds=[hold(7), hold(9, 8)], legs=THIRD), "1001", ("talking", "talking", "waiting", False)),
        (call(holds=[hold(7), hold(9, 8)], legs=THIRD), "1002", ("talking", "guest", None, False)),
        # there before any hold
        (call(holds=[hold(9, 8)], legs=THIRD), "1001", ("talking", "talking", None, True)),
        # invited without any hold
        (call(legs=THIRD, transfers=[CONFERENCE]), "1001", ("talking", "talking", None, True)),
        # a colleague whom they called: on hold they steer nothing, nor does who is asked, until they alone are left
        (call("held", holds=[hold()], legs=PAIR), "1001", ("talking", "held", None, False)),
        (call("held", holds=[hold()], legs=PAIR), "1003", ("talking", "guest", None, False)),
        (call("held", holds=[hold()], legs=[*PAIR, THIRD[2]]), "1003", ("talking", "guest", None, False)),
        (call("held", holds=[hold()], legs=[*PAIR, THIRD[2]]), "1002", ("talking", "guest", None, False)),
        (call(holds=[hold(7)], legs=[PAIR[0], leg(2, "agent", "1003", 1, 7), THIRD[2]]), "1001", ("talking", "talking", None, False)),
        (call(holds=[hold(7)], legs=[PAIR[0], leg(2, "agent", "1003", 1, 7), THIRD[2]]), "1002", ("talking", "talking", None, False)),
        # they have handed over and left
        (call(holds=[hold(7)], legs=[THIRD[0], leg(2, "agent", "1001", 1, 8), THIRD[2]]), "1002", ("talking", "talking", None, False)),
    ],
)  # fmt: skip
def test_words(what: Any, number: str, expected: tuple[object, ...]) -> None:
    found = words(what, number)
    assert (found["mine"], found["call"], found["consult"], found["conference"]) == expected


def test_a_supervisors_word() -> None:
    legs = [*call()["legs"], leg(3, "supervisor", "1009", mode="whisper")]
    found = words(call(legs=legs), "1009")
    assert (found["supervise"], found["mine"]) == ("whisper", "none")
    assert legal("barge", found, "browser") and legal("takeover", found, "desk")
    assert not legal("whisper", found, "browser") and not legal("hold", found, "browser")


def can(what: Any, number: str = "1001", device: str = "desk") -> set[str]:
    found = words(what, number)
    return {name for name in by_name() if legal(name, found, device)}


def test_what_is_legal_when() -> None:
    free = {"dial", "echo"}
    talk = {"hangup", "mute", "hold", "transfer", "consult", "invite", "dtmf", "collect"}
    assert can(None) == free
    assert can(call()) == talk
    assert can(call("held", holds=[hold()])) == {"hangup", "mute", "resume", "transfer", "consult"}
    consult = call("held", holds=[hold()], legs=THIRD)
    assert can(consult) == {"hangup", "mute", "cancel", "toggle", "conference", "complete", "dtmf"}
    assert can(consult, "1002") == {"hangup", "mute"}
    asked = call("held", holds=[hold()], attempts=[ring(1, "1002")])
    assert can(asked) == {"hangup", "mute", "cancel", "complete"}
    invites = call(attempts=[ring(1, "1001", "answered", "support"), ring(2, "1003")])
    assert can(invites) == talk | {"uninvite"}
    # what a queue rings is nobody's invitation
    assert can(call(attempts=[ring(1, "1003", queue="support")])) == talk
    together = call(holds=[hold(9)], legs=THIRD, transfers=[CONFERENCE])
    assert can(together) == {"hangup", "mute", "complete", "invite", "kick", "dtmf"}
    assert "uninvite" not in can(
        call("held", holds=[hold()], attempts=[ring(1, "1003")], legs=THIRD), "1002"
    )
    rings = call("ringing", legs=[leg(1, "customer", "+861")], attempts=[ring(1, "1001")])
    assert can(rings) == {"answer", "reject", "hangup"}
    assert can(rings, device="mobile") == {"reject", "hangup"}
    assert can(rings, "1002") == {"pickup"}


def test_each_rejection_of_a_queues_call_counts_once() -> None:
    declined = Declined()
    rings = [ring(1, "1001", "rejected", "support")]
    assert declined.newly(call("queued", attempts=rings)) == ["1001"]
    assert declined.newly(call("queued", attempts=rings)) == []
    rings += [ring(2, "1002", "no_answer", "support"), ring(3, "1001", "rejected", "support")]
    assert declined.newly(call("queued", attempts=rings)) == ["1001"]
    # a direct call that is rejected says nothing about queues
    assert Declined().newly(call(attempts=[ring(1, "1001", "rejected")])) == []
