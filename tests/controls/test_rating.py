# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ratings by key after the agent has hung up, on the real PBX, at every phone of the agent: TEL-27."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
from line_fixtures import Talk, hear
from line_rig import LineRig, eventually

RATING = {
    "satisfied": "15",
    "neutral": "2",
    "dissatisfied": "3",
    "tries": 2,
    "prompt": "beep",
    "thanks": "",
}


@pytest.fixture
def asking(rig: LineRig, request: pytest.FixtureRequest) -> Iterator[LineRig]:
    """The queue asks for a rating; parametrized, with these seconds for a key where what comes after them is tried."""
    before = copy.deepcopy(rig.odoo.intent["queues"])
    rig.odoo.intent["queues"][0]["rating"] = RATING | {"wait_s": getattr(request, "param", 60)}
    rig.configure(rig.odoo.intent["settings"])
    yield rig
    rig.settle()
    rig.odoo.intent["queues"] = before
    rig.configure(rig.odoo.intent["settings"])


def asked(one: Talk) -> None:
    """The agent hangs up; the customer is to be asked."""
    since = len(one.rig.stream)
    one.ann.hang_up()
    eventually(
        lambda: any(e.get("UserEvent") == "CCRating" for e in one.rig.stream[since:]),
    )


def pressed(rig: LineRig, since: int) -> list[str]:
    """Keys of a rating that the PBX has told of."""
    told = [event for event in rig.stream[since:] if event.get("UserEvent") == "CCRating"]
    return [event["Key"] for event in told if event.get("Key")]


@pytest.mark.parametrize(
    ("asking", "kind", "keys", "outcome", "key"),
    [
        (60, "queue", "1", "satisfied", "1"),
        (60, "queue", "5", "satisfied", "5"),
        (60, "queue", "2", "neutral", "2"),
        (60, "queue", "3", "dissatisfied", "3"),
        (60, "queue", "72", "neutral", "2"),
        (8, "queue", "7", "wrong_key", "7"),
        (8, "queue", "*", "wrong_key", "*"),
        (2, "queue", "", "hung_up", None),
        (60, "mobile", "1", "satisfied", "1"),
        (2, "mobile", "", "hung_up", None),
    ],
    indirect=["asking"],
)
def test_rated(
    asking: LineRig, talk: Callable[..., Talk], kind: str, keys: str, outcome: str, key: str | None
) -> None:
    """Each key means what the queue says; a wrong one may be mended; the agent is who spoke."""
    one = talk(kind)
    asked(one)
    since = len(asking.stream)
    for count, digit in enumerate(keys, 1):
        # after a wrong key once more; the prompt is a beep, keys count during it too
        eventually(asking.asks_for_a_key)
        one.customer.keys(digit)
        eventually(lambda count=count: len(pressed(asking, since)) >= count)
    call = one.ended()
    assert call["rating"] == {"outcome": outcome, "key": key}
    assert call["ended_by"] == "agent"
    assert [leg["number"] for leg in call["legs"] if leg["role"] == "agent"] == [one.agent]
    # a key of the rating is no key of the menu
    assert call["ivr"] == []


def test_customer_hangs_up_while_asked(asking: LineRig, talk: Callable[..., Talk]) -> None:
    """Asked and gone without a key: hung up unrated."""
    one = talk("queue")
    asked(one)
    eventually(asking.asks_for_a_key)
    one.customer.hang_up()
    assert one.ended()["rating"] == {"outcome": "hung_up", "key": None}


def test_customer_hangs_up_first(asking: LineRig, talk: Callable[..., Talk]) -> None:
    """Never asked: not sent."""
    one = talk("queue")
    one.customer.hang_up()
    call = one.ended()
    assert call["rating"] == {"outcome": "not_sent", "key": None}
    assert call["ended_by"] == "customer"


def test_after_a_transfer(asking: LineRig, talk: Callable[..., Talk]) -> None:
    """Handed over to a colleague, it is the colleague who is rated."""
    one = talk("queue")
    ben = asking.desk("1002", answer="auto")
    one.does("transfer", to={"kind": "agent", "value": "1002"})
    eventually(lambda: ("agent", "1002") in one.parties() and one.call["state"] == "talking")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    since = len(asking.stream)
    ben.hang_up()
    eventually(
        lambda: any(
            e.get("UserEvent") == "CCRating" and e.get("Agent") == "1002"
            for e in asking.stream[since:]
        )
    )
    eventually(asking.asks_for_a_key)
    one.customer.keys("3")
    assert one.ended()["rating"] == {"outcome": "dissatisfied", "key": "3"}


def test_queue_that_does_not_ask(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """Without a rating the call ends with the agent, and nothing is noted."""
    one = talk("queue")
    one.ann.hang_up()
    assert one.ended()["rating"] is None
