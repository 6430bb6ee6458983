# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling out by rules, by either order, from any phone; sign-in at a mobile; the test call: TEL-01, TEL-04, TEL-55."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from line_fixtures import Talk, hear, music
from line_rig import MOBILES, LineRig, eventually

DESK = "PJSIP/2001"
RULES = [
    # a mobile of another area needs a 0, an own fixed number loses its area code
    {"prefix": "8613", "strip": 2, "prepend": "0", "trunk": None, "caller_id": "4008001234"},
    {"prefix": "8621", "strip": 4, "prepend": "", "trunk": None, "caller_id": None},
]


def dial(rig: LineRig, number: str, agent: str = "1001") -> str:
    result = rig.command("dial", {"number": number}, agent)
    assert result["ok"], result
    return str(result["call_uid"])


def test_rules_change_the_digits(rig: LineRig, settings: Callable[..., None]) -> None:
    settings(dial_rules=RULES)
    ann = rig.desk("1001")
    outside = rig.ears["outside"].as_number("013800000009")
    one = Talk(rig, ann, outside, dial(rig, "+8613800000009"))
    ann.answer()
    one.until(state="talking")
    hear({"ann": {"other"}, "other": {"ann"}}, ann=ann, other=outside)
    assert "4008001234" in outside.log.read_text(errors="replace").split("013800000009")[-1]
    ann.hang_up()
    call = one.ended()
    # the number is the customer's, not the digits that the line wanted
    assert call["to"]["number"] == "+8613800000009"
    assert one.outcomes() == [("+8613800000009", "answered")]
    assert ("customer", "+8613800000009") in one.parties()


@pytest.mark.parametrize("typed", ["02162345678", "+862162345678", "00862162345678"])
def test_rules_for_numbers_dialled_at_a_phone(
    rig: LineRig, settings: Callable[..., None], typed: str
) -> None:
    settings(dial_rules=RULES)
    ann = rig.desk("1001")
    outside = rig.ears["outside"].as_number("62345678")
    since = int(time.time() * 1e6) - 500_000
    ann.dial(typed)
    eventually(lambda: [c for c in rig.calls(since) if c["state"] == "talking"])
    uid = rig.calls(since)[-1]["call_uid"]
    one = Talk(rig, ann, outside, uid)
    hear({"ann": {"other"}, "other": {"ann"}}, ann=ann, other=outside)
    one.hold_and_back()
    ann.hang_up()
    call = one.ended()
    assert call["direction"] == "outbound"
    assert call["to"]["number"] == "+862162345678"
    assert ("agent", "1001") in one.parties()
    assert ("customer", "+862162345678") in one.parties()


def test_customer_first(rig: LineRig, settings: Callable[..., None]) -> None:
    settings(dial_mode="customer_first")
    ann = rig.desk("1001")
    outside = rig.ears["outside"].as_number("+8613800000009")
    one = Talk(rig, ann, outside, dial(rig, "+8613800000009"))
    # the customer has answered before the agent's phone rings
    eventually(lambda: ("customer", "+8613800000009") in one.parties())
    eventually(lambda: music(outside))
    ann.answer()
    hear({"ann": {"other"}, "other": {"ann"}}, ann=ann, other=outside)
    one.until(state="talking")
    one.hold_and_back()
    one.does("hangup")
    call = one.ended()
    assert call["direction"] == "outbound"
    assert call["from"]["number"] == "1001"
    assert one.outcomes() == [("+8613800000009", "answered")]
    assert sorted(one.parties()) == [("agent", "1001"), ("customer", "+8613800000009")]


def told(rig: LineRig, event: str, device: str) -> list[float]:
    """When the PBX said this of a device's channels, by its clock."""
    return [
        float(e["Timestamp"])
        for e in rig.stream
        if e["Event"] == event and e["Channel"].startswith(f"{device}-")
    ]


def test_the_agents_number_is_announced(rig: LineRig, settings: Callable[..., None]) -> None:
    """The customer alone hears it, before the two are together."""
    settings(announce_agent=True)
    ann, customer = rig.desk("1001"), rig.customer("+8613800000001")
    since = int(time.time() * 1e6) - 500_000
    customer.call("100")
    eventually(lambda: rig.state("1001") == "ringing")
    ann.answer()
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=ann, customer=customer)
    # four digits are spoken first: to the customer, while she hears nothing
    half = "Local/1001@cc-agent"
    [alone] = eventually(lambda: told(rig, "ConfbridgeJoin", DESK))
    [together] = eventually(lambda: told(rig, "ConfbridgeJoin", half))
    assert together - alone > 1.4
    assert customer.loud_before(ann.tone) > 0.01 > ann.loud_before(customer.tone)
    one = Talk(rig, ann, customer, rig.calls(since)[-1]["call_uid"])
    one.hold_and_back()
    # not a second time
    waited = told(rig, "ConfbridgeJoin", half)[-1] - told(rig, "MusicOnHoldStop", half)[-1]
    assert waited < (together - alone) / 2
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=ann, customer=customer)
    customer.hang_up()
    one.ended()


def test_dialling_from_a_mobile(rig: LineRig) -> None:
    """Their own mobile is rung first and must press 1: a mailbox never speaks to a customer."""
    rig.sign_in("1005", "mobile", MOBILES["1005"])
    mobile = rig.ears["outside"].as_number(MOBILES["1005"])
    since = int(time.time() * 1e6) - 500_000
    uid = dial(rig, "+8613800000001", "1005")
    eventually(rig.asks_for_a_key)
    assert [a["target"] for c in rig.calls(since) for a in c["attempts"]] == []
    mobile.keys("1")
    one = Talk(rig, mobile, mobile, uid, "1005")
    one.until(state="talking")
    one.does("hangup")
    one.ended()
    assert one.outcomes() == [("+8613800000001", "answered")]
    assert sorted(one.parties()) == [("agent", "1005"), ("customer", "+8613800000001")]


@pytest.mark.parametrize("back", [True, False])
def test_a_phone_that_is_not_there_yet_is_waited_for(rig: LineRig, back: bool) -> None:
    """Who calls while the phone registers, or a page is loaded anew, hears it ring and gets through."""
    ann = rig.desk("1001")
    ann.stop()
    customer = rig.customer("+8613800000001")
    since = int(time.time() * 1e6) - 500_000
    customer.call("1001")
    eventually(lambda: rig.calls(since))
    if back:
        # it takes its time to start; the PBX looks for it for five seconds
        ann.up()
        eventually(lambda: rig.state("1001") == "ringing")
        ann.answer()
        eventually(lambda: rig.calls(since)[-1]["state"] == "talking")
        hear({"ann": {"customer"}, "customer": {"ann"}}, ann=ann, customer=customer)
        ann.hang_up()
    eventually(lambda: rig.calls(since)[-1]["state"] == "ended")
    [call] = rig.calls(since)
    if back:
        assert [(a["target"], a["outcome"]) for a in call["attempts"]] == [("1001", "answered")]
    else:
        assert call["answered_t"] is None
        assert 4 < (call["ended_t"] - call["started_t"]) / 1e6 < 30


def test_nobody_presses_1(rig: LineRig) -> None:
    rig.sign_in("1005", "mobile", MOBILES["1005"])
    ann = rig.desk("1001")
    assert rig.command("set_state", {"state": "busy", "reason": None}, "1001")["ok"]
    customer = rig.customer("+8613800000001")
    since = int(time.time() * 1e6) - 500_000
    customer.call("1005")
    eventually(lambda: rig.state("1005") == "ringing")
    eventually(lambda: rig.calls(since)[-1]["state"] == "ended")
    call = rig.calls(since)[-1]
    assert call["answered_t"] is None and call["loss"] == "agent_no_answer"
    assert ann.alive


def test_echo(rig: LineRig) -> None:
    ann = rig.desk("1001")
    since = int(time.time() * 1e6) - 500_000
    assert rig.command("echo", {}, "1001")["ok"]
    ann.answer()
    eventually(lambda: ann.hears(ann.tone))
    assert rig.command("hangup", {}, "1001")["ok"]
    eventually(lambda: not rig.channels(DESK), 30)
    assert rig.calls(since) == []


def test_two_who_call_each_other(rig: LineRig) -> None:
    """An internal call: the caller too can hold, ask a third and hand over."""
    ann, ben, cai = rig.desk("1001"), rig.desk("1002"), rig.desk("1003")
    since = int(time.time() * 1e6) - 500_000
    ann.dial("1002")
    eventually(lambda: rig.state("1002") == "ringing")
    ben.answer()
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=ann, ben=ben)
    one = Talk(rig, ann, ben, rig.calls(since)[-1]["call_uid"])
    one.does("hold")
    eventually(lambda: music(ben))
    one.until(state="held")
    one.does("resume")
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=ann, ben=ben)
    one.does("hold", agent="1002")
    one.until(state="held")
    eventually(lambda: music(ann))
    one.does("resume", agent="1002")
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=ann, ben=ben)
    one.does("consult", to={"kind": "agent", "value": "1003"}, agent="1002")
    eventually(lambda: rig.state("1003") == "ringing")
    cai.answer()
    hear({"ben": {"cai"}, "cai": {"ben"}, "ann": set()}, ann=ann, ben=ben, cai=cai)
    one.does("complete", agent="1002")
    hear({"ann": {"cai"}, "cai": {"ann"}}, ann=ann, cai=cai)
    ann.hang_up()
    call = one.ended()
    assert call["direction"] == "internal"
    assert [h["by"] for h in call["holds"]] == ["1001", "1002", "1002"]
    assert one.transfers() == [("attended", "1002", "1003", True)]
