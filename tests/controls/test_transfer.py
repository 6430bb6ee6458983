# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Blind transfer to agent, queue, menu and outside, answered or not; picking up a colleague's ring: TEL-07, TEL-10."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from line_fixtures import KINDS, Talk, hear, heard, music
from line_rig import LineRig, eventually


def agent(number: str) -> dict[str, dict[str, str]]:
    return {"to": {"kind": "agent", "value": number}}


@pytest.mark.parametrize("kind", [*KINDS, "mobile"])
def test_to_an_agent(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    ben = rig.desk("1002")
    one.does("transfer", **agent("1002"))
    eventually(lambda: rig.state("1002") == "ringing")
    eventually(lambda: rig.state(one.agent) != "on_call")
    one.until(state="ringing")
    eventually(lambda: music(one.customer))
    ben.answer()
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    one.hold_and_back("1002")
    one.does("hangup", agent="1002")
    call = one.ended()
    assert one.transfers() == [("blind", one.agent, "1002", True)]
    assert call["ended_by"] == "agent"
    assert one.outcomes()[-1] == ("1002", "answered")


def test_from_hold(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("direct")
    ben = rig.desk("1002")
    one.does("hold")
    one.until(state="held")
    one.does("transfer", **agent("1002"))
    eventually(lambda: rig.state("1002") == "ringing")
    ben.answer()
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    one.customer.hang_up()
    call = one.ended()
    assert one.transfers() == [("blind", "1001", "1002", True)]
    assert len(call["holds"]) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_answers(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    """Back to the front of their queue; from a call without one, to who handed them over."""
    one = talk(kind)
    ben = rig.desk("1004") if kind == "queue" else rig.desk("1002")
    number = "1004" if kind == "queue" else "1002"
    one.does("transfer", **agent(number))
    eventually(lambda: rig.state(number) == "ringing")
    ben.hang_up()
    eventually(lambda: rig.state("1001") == "ringing")
    one.ann.answer()
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("blind", "1001", number, False)]
    assert one.outcomes()[-2:] == [(number, "rejected"), ("1001", "answered")]


@pytest.mark.parametrize("kind", KINDS)
def test_to_a_queue(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    # a queue in which only Ben is: what comes back to who handed it over would be no transfer
    ben = rig.desk("1002")
    one.does("transfer", to={"kind": "queue", "value": "sales"})
    eventually(lambda: one.call["queue"] == "sales")
    eventually(lambda: rig.state("1002") == "ringing")
    number, phone = "1002", ben
    phone.answer()
    hear({"agent": {"customer"}, "customer": {"agent"}}, agent=phone, customer=one.customer)
    one.hold_and_back(number)
    one.customer.hang_up()
    call = one.ended()
    assert one.transfers() == [("blind", "1001", "sales", True)]
    assert call["queue"] == "sales"


def test_to_a_menu(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    one.does("transfer", "refused", to={"kind": "ivr", "value": "nowhere"})
    one.does("transfer", to={"kind": "ivr", "value": "main"})
    eventually(lambda: rig.state("1001") != "on_call")
    eventually(rig.asks_for_a_key)
    one.customer.keys("1")
    ben = rig.desk("1002")
    eventually(lambda: rig.state("1002") == "ringing" or rig.state("1001") == "ringing")
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("blind", "1001", "main", True)]
    assert "1" in [k["key"] for k in one.call["ivr"]]
    assert ben.alive


def test_outside(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    other = rig.ears["outside"].as_number("+8613800000009")
    one.does("transfer", to={"kind": "number", "value": "+8613800000009"})
    hear({"customer": {"other"}, "other": {"customer"}}, customer=one.customer, other=other)
    other.hang_up()
    one.ended()
    assert one.transfers() == [("blind", "1001", "+8613800000009", True)]
    assert ("outside", "+8613800000009") in one.parties()


def test_to_a_mobile_that_must_press_1(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    rig.sign_in("1005", "mobile", "+8613900001005")
    mobile = rig.ears["outside"].as_number("+8613900001005")
    one.does("transfer", **agent("1005"))
    eventually(rig.asks_for_a_key)
    assert not heard({"m": mobile, "c": one.customer})["m"]
    mobile.keys("1")
    hear({"mobile": {"customer"}, "customer": {"mobile"}}, mobile=mobile, customer=one.customer)
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("blind", "1001", "1005", True)]


def test_whom_one_may_hand_over_to(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    one.does("transfer", "no_agent", **agent("1002"))
    one.does("transfer", "refused", to={"kind": "queue", "value": "nowhere"})
    one.does("transfer", "refused", to={"kind": "number", "value": "1;2"})
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)


@pytest.mark.parametrize("to", ["100", "1001"])
def test_pick_up(rig: LineRig, to: str) -> None:
    ann, cai = rig.desk("1001"), rig.desk("1004")
    customer = rig.customer("+8613800000001")
    since = int(time.time() * 1e6) - 500_000
    customer.call(to)
    eventually(lambda: rig.state("1001") == "ringing")
    uid = rig.calls(since)[-1]["call_uid"]
    one = Talk(rig, cai, customer, uid, "1004")
    one.does("pickup")
    eventually(lambda: rig.state("1004") == "ringing")
    cai.answer()
    hear({"cai": {"customer"}, "customer": {"cai"}}, cai=cai, customer=customer)
    eventually(lambda: rig.state("1001") not in ("ringing", "on_call"))
    one.hold_and_back()
    hear({"cai": {"customer"}, "customer": {"cai"}}, cai=cai, customer=customer)
    one.does("hangup")
    one.ended()
    assert one.outcomes()[0] == ("1001", "taken")
    assert one.transfers() == [("pickup", "1004", "1004", True)]
    assert [n for role, n in one.parties() if role == "agent"] == ["1004"]
    # the colleague is free for the next one
    if to == "100":
        customer.call(to)
        eventually(lambda: rig.state("1001") == "ringing")
        customer.hang_up()
    assert ann.alive


def test_pick_up_too_late(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    rig.desk("1004")
    one.does("pickup", "illegal_state", agent="1004")
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
