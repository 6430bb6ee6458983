# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Consult, back, swap, together, hand over, invite, remove: TEL-08, TEL-09."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from line_fixtures import KINDS, Talk, hear, music
from line_rig import Ear, LineRig, eventually
from sound_of import seconds_of_tone

from cc_bridge.controls.steering import Steering

BEN = {"to": {"kind": "agent", "value": "1002"}}
BOTH = {"ann": {"customer"}, "customer": {"ann"}}


def consulting(rig: LineRig, one: Talk) -> Ear:
    """Agent 1002's phone rings for a consult."""
    ben = rig.desk("1002")
    one.does("consult", **BEN)
    eventually(lambda: rig.state("1002") == "ringing")
    return ben


def handed_over_while_it_rings(rig: LineRig, one: Talk) -> Ear:
    """Agent 1001 hands over to 1002, who has not answered yet, and is out of the call."""
    ben = consulting(rig, one)
    one.does("complete")
    eventually(lambda: rig.state("1001") != "on_call")
    return ben


def consulted(rig: LineRig, one: Talk) -> Ear:
    """Agent 1002 answers a consult."""
    ben = consulting(rig, one)
    one.until(state="held")
    ben.answer()
    eventually(lambda: rig.state("1002") == "on_call")
    return ben


def said(rig: LineRig, number: str) -> list[dict[str, Any]]:
    """An agent's states since they last signed in."""
    found = [f["agent"] for f in rig.facts("agent.state") if f["agent"]["agent"] == number]
    began = max(n for n, state in enumerate(found) if state["state"] == "busy")
    return found[began:]


def all_three(one: Talk, ben: Ear) -> dict[str, Ear]:
    return {"ann": one.ann, "ben": ben, "customer": one.customer}


@pytest.mark.parametrize("kind", KINDS)
def test_consult_swap_together_and_hand_over(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    one = talk(kind)
    ben = consulted(rig, one)
    ears = all_three(one, ben)
    apart = {"ann": {"ben"}, "ben": {"ann"}, "customer": set()}
    hear(apart, **ears)
    eventually(lambda: music(one.customer))
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **ears)
    eventually(lambda: music(ben))
    one.does("toggle", "illegal_state", agent="1002")
    one.does("toggle")
    hear(apart, **ears)
    # as often as they like
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **ears)
    one.does("toggle")
    hear(apart, **ears)
    one.does("conference")
    hear(
        {"ann": {"ben", "customer"}, "ben": {"ann", "customer"}, "customer": {"ann", "ben"}},
        **ears,
    )
    one.does("complete")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    eventually(lambda: rig.state("1001") != "on_call")
    one.until(state="talking")
    # who took over can do all the same
    one.does("hold", agent="1002")
    assert one.until(state="held")
    one.does("resume", agent="1002")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    one.customer.hang_up()
    call = one.ended()
    assert one.transfers() == [("conference", "1001", "1002", True)]
    assert [h["by"] for h in call["holds"]] == ["1001", "1001", "1001", "1002"]
    assert call["ended_by"] == "customer"
    assert one.outcomes()[-1] == ("1002", "answered")
    assert sorted(n for role, n in one.parties() if role == "agent") == ["1001", "1002"]


@pytest.mark.parametrize("kind", KINDS)
def test_attended_transfer(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    ben = consulted(rig, one)
    one.does("complete")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    ben.hang_up()
    call = one.ended()
    assert one.transfers() == [("attended", "1001", "1002", True)]
    assert call["ended_by"] == "agent"
    assert call["holds"][0]["to_t"] is not None


def test_hand_over_while_the_third_party_waits(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    ben = consulted(rig, one)
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **all_three(one, ben))
    one.does("complete")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("attended", "1001", "1002", True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answered", [False, True])
def test_consult_broken_off(
    rig: LineRig, talk: Callable[..., Talk], kind: str, answered: bool
) -> None:
    one = talk(kind)
    if answered:
        consulted(rig, one)
    else:
        consulting(rig, one)
    one.does("cancel")
    hear(BOTH, ann=one.ann, customer=one.customer)
    eventually(lambda: rig.state("1002") not in ("ringing", "on_call"))
    one.does("hangup")
    one.ended()
    assert one.transfers() == []
    assert one.outcomes()[-1] == ("1002", "answered" if answered else "cancelled")


@pytest.mark.parametrize("kind", KINDS)
def test_handed_over_before_the_answer(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    ben = handed_over_while_it_rings(rig, one)
    one.until(state="ringing")
    eventually(lambda: music(one.customer))
    ben.answer()
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    one.does("hangup", agent="1002")
    one.ended()
    assert one.transfers() == [("attended", "1001", "1002", True)]


@pytest.mark.parametrize("kind", ["queue", "direct"])
def test_handed_over_and_nobody_answers(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    """A queue's customer comes back to the front of their queue, another to who handed them over."""
    one = talk(kind)
    ben = handed_over_while_it_rings(rig, one)
    ben.hang_up()
    eventually(lambda: [how for _who, how in one.outcomes()[-2:]] == ["rejected", None])
    (handed, _), (number, _) = one.outcomes()[-2:]
    # the queue rings whoever is ready: again Ben, or Ann, if her wrap-up is over by then
    assert handed == "1002" and number in (("1001", "1002") if kind == "queue" else ("1001",))
    phone = ben if number == "1002" else one.ann
    eventually(lambda: rig.state(number) == "ringing")
    phone.answer()
    hear({"agent": {"customer"}, "customer": {"agent"}}, agent=phone, customer=one.customer)
    one.customer.hang_up()
    call = one.ended()
    assert one.transfers() == [("attended", "1001", "1002", False)]
    assert ("1002", "rejected") in one.outcomes()
    assert call["queue"] == ("support" if kind == "queue" else None)


def test_who_is_consulted_says_no(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    ben = consulting(rig, one)
    ben.hang_up()
    eventually(lambda: one.outcomes()[-1] == ("1002", "rejected"))
    assert one.call["state"] == "held"
    one.does("resume")
    hear(BOTH, ann=one.ann, customer=one.customer)
    one.does("hangup")
    one.ended()
    assert one.transfers() == []


def test_third_party_hangs_up(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("direct")
    ben = consulted(rig, one)
    ben.hang_up()
    eventually(lambda: rig.state("1002") != "on_call")
    assert one.call["state"] == "held"
    one.does("resume")
    hear(BOTH, ann=one.ann, customer=one.customer)
    one.does("hangup")
    one.ended()


@pytest.mark.parametrize("kind", ["queue", "direct"])
def test_customer_hangs_up_in_a_consult(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    """The two agents talk on; that is no part of the customer's call any more, but they are not free."""
    one = talk(kind)
    ben = consulted(rig, one)
    one.customer.hang_up()
    call = one.ended()
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=one.ann, ben=ben)
    time.sleep(1.5)  # longer than the wrap-up
    assert [rig.state(number) for number in ("1001", "1002")] == ["on_call", "on_call"]
    for number in ("1001", "1002"):
        assert said(rig, number)[-1]["call_uid"] == one.uid
    if kind == "queue":
        # the bar's button, in a call that is over
        one.does("hangup")
    else:
        ben.hang_up()
    # the other one is let go: only then the work after the call begins
    after = "wrap_up" if kind == "queue" else "ready"
    for number in ("1001", "1002"):
        eventually(lambda n=number: rig.state(n) != "on_call")
        _, *told, then = [s for s in said(rig, number) if s["state"] not in ("ringing", "busy")][:4]
        assert [(s["state"], s["talks_on"]) for s in told] == [
            ("on_call", False),
            ("on_call", True),
        ]
        assert told[0]["since"] == told[1]["since"] and then["state"] == after
        assert then["since"] - call["ended_t"] > 1_500_000
    eventually(lambda: rig.state("1001") == rig.state("1002") == "ready")
    assert call["ended_by"] == "customer"
    assert one.transfers() == []
    # what they said without them is not kept
    _, consult = recordings(one, 2)
    recorded = consult["started_t"] / 1000 + consult["duration_ms"]
    assert abs(recorded - call["ended_t"] / 1000) < 600


def test_customer_hangs_up_while_the_third_rings(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    consulting(rig, one)
    one.customer.hang_up()
    one.ended()
    eventually(lambda: rig.state("1001") != "on_call")
    # nobody is left to talk with: their phone must not ring on
    eventually(lambda: rig.bridge.calls.live.of_device("PJSIP/2002") == [], 10)


@pytest.mark.parametrize("kind", ["queue", "direct"])
def test_agent_hangs_up_while_the_third_party_waits(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    """They end it with the customer; who waits is let go, not connected unasked."""
    one = talk(kind)
    ben = consulted(rig, one)
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **all_three(one, ben))
    one.ann.hang_up()
    one.ended()
    eventually(lambda: rig.bridge.calls.live.of_device("PJSIP/2002") == [])


def test_consult_outside(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    other = rig.ears["outside"].as_number("+8613800000009")
    one.does("consult", to={"kind": "number", "value": "+8613800000009"})
    ears = {"ann": one.ann, "customer": one.customer, "other": other}
    hear({"ann": {"other"}, "other": {"ann"}, "customer": set()}, **ears)
    one.does("complete")
    hear({"customer": {"other"}, "other": {"customer"}}, customer=one.customer, other=other)
    other.hang_up()
    one.ended()
    assert one.transfers() == [("attended", "1001", "+8613800000009", True)]
    assert ("outside", "+8613800000009") in one.parties()


def test_whom_one_may_consult(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    one.does("consult", "no_agent", **BEN)
    rig.desk("1002")
    assert rig.command("set_state", {"state": "busy", "reason": None}, "1002")["ok"]
    one.does("consult", "illegal_state", **BEN)
    one.does("consult", "refused", to={"kind": "agent", "value": "1001"})
    one.does("consult", "refused", to={"kind": "queue", "value": "support"})
    one.does("consult", "refused", to={"kind": "number", "value": "12,34"})
    hear(BOTH, ann=one.ann, customer=one.customer)
    assert one.call["holds"] == []


@pytest.mark.parametrize("kind", ["queue", "outbound"])
def test_invite_and_remove(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    ben, cai = rig.desk("1002"), rig.desk("1003")
    for number, phone in (("1002", ben), ("1003", cai)):
        one.does("invite", to={"kind": "agent", "value": number})
        eventually(lambda n=number: rig.state(n) == "ringing")
        phone.answer()
        eventually(lambda n=number: rig.state(n) == "on_call")
    ears = {**all_three(one, ben), "cai": cai}
    hear({name: set(ears) - {name} for name in ears}, **ears)
    one.does("hold", "illegal_state")
    leg = next(x["leg"] for x in one.call["legs"] if x["number"] == "1003")
    customer = next(x["leg"] for x in one.call["legs"] if x["role"] == "customer")
    one.does("kick", "refused", leg=customer)
    one.does("kick", leg=leg)
    ears.pop("cai")
    hear({name: set(ears) - {name} for name in ears}, **ears)
    # the agent leaves, the others talk on
    one.does("hangup")
    hear({"ben": {"customer"}, "customer": {"ben"}}, ben=ben, customer=one.customer)
    ben.hang_up()
    one.ended()
    assert [t[0] for t in one.transfers()] == ["conference", "conference"]
    assert one.call["holds"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_invited_in_vain_is_taken_back(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    one = talk(kind)
    rig.desk("1002")
    cai = rig.desk("1003")
    one.does("uninvite", "illegal_state", ring=1)
    for number in ("1002", "1003"):
        one.does("invite", to={"kind": "agent", "value": number})
        eventually(lambda n=number: rig.state(n) == "ringing")
    ring = next(a["n"] for a in one.call["attempts"] if a["target"] == "1002")
    one.does("uninvite", "illegal_state", agent="1002", ring=ring)
    one.does("uninvite", "no_call", ring=9)
    one.does("uninvite", ring=ring)
    eventually(lambda: rig.state("1002") == "ready")
    assert rig.bridge.calls.live.of_device("PJSIP/2002") == []
    # the other one rings on, and comes in
    assert rig.state("1003") == "ringing"
    one.does("uninvite", "no_call", ring=ring)
    cai.answer()
    ears = {"ann": one.ann, "cai": cai, "customer": one.customer}
    hear({name: set(ears) - {name} for name in ears}, **ears)
    assert one.outcomes()[-2:] == [("1002", "cancelled"), ("1003", "answered")]
    assert one.call["holds"] == []
    one.customer.hang_up()
    one.ended()


def test_commands_of_one_call_wait_for_each_other(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    began = time.monotonic()
    for _ in range(3):
        one.does("hold")
        one.does("resume")
    assert time.monotonic() - began < 6
    hear(BOTH, ann=one.ann, customer=one.customer)
    assert len(one.call["holds"]) == 3
    one.does("hangup")
    one.ended()


def recordings(one: Talk, count: int) -> list[dict[str, Any]]:
    """What the call left, by part, once there are so many and no more come."""

    def found() -> list[dict[str, Any]]:
        facts = [f["recording"] for f in one.rig.facts("recording.")]
        return sorted((f for f in facts if f["call_uid"] == one.uid), key=lambda f: int(f["part"]))

    eventually(lambda: len(found()) >= count)
    eventually(lambda: one.rig.recordings_on_their_way() == 0)
    assert [f["part"] for f in found()] == list(range(1, count + 1))
    return found()


def sounds(recording: dict[str, Any], *ears: Ear) -> list[tuple[float, float]]:
    """Of each, the seconds on the left and on the right."""
    return [seconds_of_tone(Path(recording["path"]), ear.tone) for ear in ears]


def silent(*seconds: float) -> bool:
    """Where another tone begins or ends, some steps of 0.1 s may hold any."""
    return max(seconds) < 0.45


def leg_of(one: Talk, number: str) -> int:
    return next(int(leg["leg"]) for leg in one.call["legs"] if leg["number"] == number)


@pytest.mark.parametrize("kind", KINDS)
def test_each_stretch_of_a_consult_is_recorded_by_itself(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    one = talk(kind)
    ben = consulted(rig, one)
    apart = {"ann": {"ben"}, "ben": {"ann"}, "customer": set[str]()}
    hear(apart, **all_three(one, ben))
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **all_three(one, ben))
    one.does("toggle")
    hear(apart, **all_three(one, ben))
    one.does("conference")
    time.sleep(1)
    one.customer.hang_up()
    call = one.ended()
    whole, first, second = recordings(one, 3)
    assert (whole["kind"], whole["by"], whole["leg"]) == ("call", None, None)
    for consult in (first, second):
        assert (consult["kind"], consult["by"]) == ("consult", "1001")
        assert consult["leg"] == leg_of(one, "1002")
        (ann, no_ann), (no_ben, heard_ben), customer = sounds(consult, one.ann, ben, one.customer)
        length = consult["duration_ms"] / 1000
        assert ann > length - 0.6 and heard_ben > length - 0.6 and length > 0.4
        assert silent(no_ann, no_ben, *customer)
    # a stretch is from the third party's answer to the customer's coming back
    joined = next(leg["joined_t"] for leg in call["legs"] if leg["number"] == "1002")
    assert abs(first["started_t"] - joined) < 500_000
    assert (
        abs(first["started_t"] / 1000 + first["duration_ms"] - call["holds"][0]["to_t"] / 1000)
        < 600
    )
    assert abs(second["started_t"] - call["holds"][1]["from_t"]) < 800_000
    # the call's own is whole, and holds nothing of what they said without the customer
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert abs(whole["duration_ms"] / 1000 - talked) < 0.7
    (_, ann), (_, heard_ben), (customer, _) = sounds(whole, one.ann, ben, one.customer)
    apart_s = (first["duration_ms"] + second["duration_ms"]) / 1000
    assert customer > talked - 1.2
    assert ann < talked - apart_s + 0.4 and 0.4 < heard_ben < talked - apart_s


def test_what_is_handed_over_is_not_in_the_consults_recording(
    rig: LineRig, talk: Callable[..., Talk]
) -> None:
    """Somebody outside is asked; the agent hangs up their phone, which hands over without any command."""
    one = talk("queue")
    other = rig.ears["outside"].as_number("+8613800000009")
    one.does("consult", to={"kind": "number", "value": "+8613800000009"})
    ears = {"ann": one.ann, "customer": one.customer, "other": other}
    hear({"ann": {"other"}, "other": {"ann"}, "customer": set()}, **ears)
    one.ann.hang_up()
    hear({"customer": {"other"}, "other": {"customer"}}, customer=one.customer, other=other)
    other.hang_up()
    one.ended()
    _, consult = recordings(one, 2)
    assert consult["leg"] == leg_of(one, "+8613800000009")
    (ann, _), (_, outside), customer = sounds(consult, one.ann, other, one.customer)
    assert ann > 0.4 and outside > 0.4 and silent(*customer)


def test_consults_are_not_recorded_where_the_setting_says_so(
    rig: LineRig, talk: Callable[..., Talk]
) -> None:
    settings = dict(rig.odoo.intent["settings"])
    rig.configure({**settings, "record_consults": False})
    try:
        one = talk("direct")
        ben = consulted(rig, one)
        hear({"ann": {"ben"}, "ben": {"ann"}}, ann=one.ann, ben=ben)
        one.does("cancel")
        hear(BOTH, ann=one.ann, customer=one.customer)
        one.does("hangup")
        one.ended()
        [whole] = recordings(one, 1)
        assert whole["kind"] == "call"
    finally:
        rig.configure(settings)


def test_who_has_muted_himself_is_not_recorded(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("direct")
    ben = consulted(rig, one)
    one.does("mute", on=True)
    hear({"ann": {"ben"}, "ben": set()}, ann=one.ann, ben=ben)
    time.sleep(1)
    one.does("toggle")
    hear({"ann": {"customer"}, "customer": set(), "ben": set()}, **all_three(one, ben))
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": set(), "customer": set()}, **all_three(one, ben))
    one.does("mute", on=False)
    hear({"ann": {"ben"}, "ben": {"ann"}, "customer": set()}, **all_three(one, ben))
    one.does("cancel")
    one.does("hangup")
    one.ended()
    _, first, second = recordings(one, 3)
    [(ann, _), (_, heard_ben)] = sounds(first, one.ann, ben)
    # until they muted themselves
    assert ann < first["duration_ms"] / 1000 - 1 and heard_ben > 1.2
    [(ann, _), (_, heard_ben)] = sounds(second, one.ann, ben)
    assert 0.3 < ann < heard_ben - 0.4


def colleagues(rig: LineRig) -> tuple[Talk, Ear]:
    """Agent 1001 has called 1002, in the place of a customer there; 1003 is ready to be asked."""
    ann, ben, cai = (rig.desk(number) for number in ("1001", "1002", "1003"))
    since = int(time.time() * 1_000_000) - 500_000
    ann.call("1002")
    eventually(lambda: rig.state("1002") == "ringing")
    ben.answer()
    one = Talk(rig, ann, ben, rig.calls(since)[-1]["call_uid"])
    one.until(state="talking")
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=ann, ben=ben)
    return one, cai


def asks_aside(one: Talk, cai: Ear) -> None:
    """The caller asks 1003, who answers; whom they called hears music."""
    one.does("consult", to={"kind": "agent", "value": "1003"})
    eventually(lambda: one.rig.state("1003") == "ringing")
    cai.answer()
    aside = {"ann": {"cai"}, "cai": {"ann"}, "ben": set[str]()}
    hear(aside, ann=one.ann, ben=one.customer, cai=cai)


def took_over(one: Talk, ears: dict[str, Ear]) -> None:
    """The caller is gone: the two others talk, and the recording has gone on for the second time."""
    hear({name: set(ears) - {name} for name in ears}, **ears)
    [caller, *_] = one.call["legs"][0]["channels"]
    folder = one.rig.settings.recordings
    eventually(lambda: len([*folder.glob(f"*/{caller}-r*-out.wav")]) == 2)
    hear({name: set(ears) - {name} for name in ears}, **ears)


def merges_and_goes(rig: LineRig, one: Talk, cai: Ear) -> None:
    """Those who stay talk on, and can steer the call as before."""
    ears = {"ann": one.ann, "ben": one.customer, "cai": cai}
    asks_aside(one, cai)
    one.does("conference")
    hear({name: set(ears) - {name} for name in ears}, **ears)
    one.ann.hang_up()
    rest = {"ben": ears["ben"], "cai": cai}
    took_over(one, rest)
    one.does("hold", agent="1003")
    one.until(state="held")
    eventually(lambda: music(rest["ben"]))
    one.does("resume", agent="1003")
    hear({"ben": {"cai"}, "cai": {"ben"}}, **rest)
    cai.hang_up()
    assert one.ended()["ended_by"] == "agent"
    assert one.transfers() == [("conference", "1001", "1003", True)]


def hands_over(rig: LineRig, one: Talk, cai: Ear) -> None:
    """The one whom they called waits, or the one whom they asked; while that one rings there is nobody to go to."""
    one.does("consult", to={"kind": "agent", "value": "1003"})
    eventually(lambda: rig.state("1003") == "ringing")
    one.does("complete", "refused")
    cai.answer()
    hear({"ann": {"cai"}, "cai": {"ann"}, "ben": set()}, ann=one.ann, ben=one.customer, cai=cai)
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": {"ann"}, "cai": set()}, ann=one.ann, ben=one.customer, cai=cai)
    one.does("complete")
    took_over(one, {"ben": one.customer, "cai": cai})
    assert rig.state("1001") != "on_call"
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("attended", "1001", "1003", True)]


def is_left_with_whom_they_asked(rig: LineRig, one: Talk, cai: Ear) -> None:
    """Who hears music steers nothing; they hang up, and the two others are the call."""
    asks_aside(one, cai)
    for what in ("resume", "consult", "transfer"):
        one.does(what, "illegal_state", agent="1002", to={"kind": "agent", "value": "1004"})
    one.customer.hang_up()
    one.until(state="talking")
    hear({"ann": {"cai"}, "cai": {"ann"}}, ann=one.ann, cai=cai)
    one.does("hold")
    one.until(state="held")
    eventually(lambda: music(cai))
    one.does("resume", "illegal_state", agent="1003")
    one.does("resume")
    hear({"ann": {"cai"}, "cai": {"ann"}}, ann=one.ann, cai=cai)
    one.ann.hang_up()
    one.ended()
    assert one.transfers() == []


def loses_the_bridge(rig: LineRig, one: Talk, cai: Ear) -> None:
    """In the middle of a hold, and while the one whom they called gives up waiting."""
    stopped = threading.Event()

    async def move(*_: object) -> None:
        stopped.set()
        await asyncio.sleep(600)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Steering, "move", move)
        order = rig.send("hold", {}, "1001", one.uid)
        assert stopped.wait(8)
        rig.stop_bridge()
    rig.odoo.commands.remove(order)
    rig.start_bridge()
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=one.ann, ben=one.customer)
    asks_aside(one, cai)
    rig.stop_bridge()
    one.customer.hang_up()
    rig.start_bridge()
    one.until(state="talking")
    hear({"ann": {"cai"}, "cai": {"ann"}}, ann=one.ann, cai=cai)
    cai.hang_up()
    one.ended()


@pytest.mark.parametrize(
    ("scene", "left", "right"),
    [
        (merges_and_goes, {"ann", "ben"}, {"ben", "cai"}),
        (hands_over, {"ann", "ben"}, {"ben", "cai"}),
        (is_left_with_whom_they_asked, {"ann"}, {"ben", "cai"}),
        (loses_the_bridge, {"ann"}, {"ben", "cai"}),
    ],
)
def test_a_caller(
    rig: LineRig, scene: Callable[..., None], left: set[str], right: set[str]
) -> None:
    """One recording of all that was said in the call, and of nothing that was asked aside."""
    one, cai = colleagues(rig)
    scene(rig, one, cai)
    call = one.call
    assert one.parties() == [("agent", "1001"), ("agent", "1002"), ("agent", "1003")]
    assert all(hold["to_t"] is not None for hold in call["holds"])
    whole, consult = recordings(one, 2)
    assert (whole["kind"], consult["kind"], consult["by"]) == ("call", "consult", "1001")
    (asked, _), (_, answered), others = sounds(consult, one.ann, cai, one.customer)
    assert asked > 0.4 and answered > 0.4 and silent(*others)
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert abs(whole["duration_ms"] / 1000 - talked) < 0.7
    found = dict(zip(("ann", "ben", "cai"), sounds(whole, one.ann, one.customer, cai), strict=True))
    for name, sides in found.items():
        for seconds, there in zip(sides, (name in left, name in right), strict=True):
            assert seconds > 0.4 if there else silent(seconds), found
    # asked aside: in the other one
    joined = {leg["number"]: leg["joined_t"] for leg in call["legs"]}
    third = (call["ended_t"] - joined["1003"] - 1000 * consult["duration_ms"]) / 1_000_000
    assert found["cai"][1] < third + 0.45


def test_a_callers_own_recording_rests_while_he_consults(rig: LineRig) -> None:
    """In an internal call the caller stands in the customer's place; what they ask aside is no part of the call."""
    one, cai = colleagues(rig)
    ann, ben = one.ann, one.customer
    asks_aside(one, cai)
    aside = {"ann": {"cai"}, "cai": {"ann"}, "ben": set[str]()}
    # back and aside again: each time something may be on its way to the file
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": {"ann"}, "cai": set()}, ann=ann, ben=ben, cai=cai)
    one.does("toggle")
    hear(aside, ann=ann, ben=ben, cai=cai)
    one.does("cancel")
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=ann, ben=ben)
    one.does("mute", on=True)
    began = time.monotonic()
    hear({"ann": {"ben"}, "ben": set()}, ann=ann, ben=ben)
    time.sleep(1)
    muted = time.monotonic() - began
    ann.hang_up()
    call = one.ended()
    whole, *consults = recordings(one, 3)
    for consult in consults:
        assert consult["kind"] == "consult" and consult["by"] == "1001"
        (asked, _), (_, answered), others = sounds(consult, ann, cai, ben)
        assert asked > 0.4 and answered > 0.4 and silent(*others)
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert abs(whole["duration_ms"] / 1000 - talked) < 0.7
    # nothing of what was asked aside or said while muted, and nothing of the colleague is missing
    (left, _), (_, right), others = sounds(whole, ann, ben, cai)
    together = talked - sum(hold["to_t"] - hold["from_t"] for hold in call["holds"]) / 1_000_000
    assert silent(*others)
    assert abs(left + muted - together) < 1.2 and abs(right - together) < 1.2
    assert left < right - 0.8
