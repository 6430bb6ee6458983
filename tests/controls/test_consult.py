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
from line_fixtures import (
    KINDS,
    Step,
    Talk,
    hear,
    heard_in,
    in_turn,
    music,
    recordings,
    talk_on,
)
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
    recorded_aside(one, 1, one.ann, ben)
    one.customer.hang_up()
    call = one.ended()
    hear({"ann": {"ben"}, "ben": {"ann"}}, ann=one.ann, ben=ben)
    time.sleep(1.5)  # longer than the wrap-up
    assert [rig.state(number) for number in ("1001", "1002")] == ["on_call", "on_call"]
    for number in ("1001", "1002"):
        assert said(rig, number)[-1]["call_uid"] == one.uid
    # what they say without the customer is not kept: while they still talk, it stops and is ready
    asking = channels_of(one, "1001")
    eventually(
        lambda: [
            e for e in rig.stream if e["Event"] == "MixMonitorStop" and e["Uniqueid"] in asking
        ]
    )
    _, consult = recordings(one, 2)
    (asked, _), (_, answered), customer = sounds(consult, one.ann, ben, one.customer)
    assert asked > 0.4 and answered > 0.4 and silent(*customer)
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


def test_customer_hangs_up_while_the_third_rings(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    consulting(rig, one)
    one.customer.hang_up()
    one.ended()
    eventually(lambda: rig.state("1001") != "on_call")
    # nobody is left to talk with: their phone must not ring on
    eventually(lambda: rig.channels("PJSIP/2002") == [])


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
    eventually(lambda: rig.channels("PJSIP/2002") == [])


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
    eventually(lambda: rig.channels("PJSIP/2002") == [])
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
    """Keys take their time; what is asked meanwhile, by whomever, is done when they are out."""
    one = talk("queue")
    for _ in range(3):
        one.hold_and_back()
    hear(BOTH, ann=one.ann, customer=one.customer)
    assert len(one.call["holds"]) == 3
    waits_for_keys(one, "listen", "1004", "no_agent")
    waits_for_keys(one, "hangup", "1001", "ok")
    one.ended()


def waits_for_keys(one: Talk, kind: str, agent: str, code: str) -> None:
    """Keys go to the customer, and another command is there before they are out."""
    rig = one.rig
    keys = rig.send("dtmf", {"digits": "1234567890"}, one.agent, one.uid)
    other = rig.send(kind, {"of": one.agent}, agent, one.uid)

    def told() -> list[tuple[str, str]]:
        results = [f["command"] for f in rig.facts("command.result")]
        return [(r["id"], r["code"]) for r in results if r["id"] in (keys["id"], other["id"])]

    eventually(lambda: len(told()) == 2)
    assert told() == [(keys["id"], "ok"), (other["id"], code)]
    with rig.odoo.lock:
        rig.odoo.commands.remove(keys)
        rig.odoo.commands.remove(other)


def sounds(recording: dict[str, Any], *ears: Ear) -> list[tuple[float, float]]:
    """Of each, the seconds on the left and on the right."""
    return [seconds_of_tone(Path(recording["path"]), ear.tone) for ear in ears]


#: A recording's last steps, or its first.
LAST = 5


def silent(*seconds: float) -> bool:
    """Where another tone begins or ends, some steps of 0.1 s may hold any."""
    return max(seconds) < 0.45


def channels_of(one: Talk, number: str) -> list[str]:
    """The unique ids of all that an agent has been in the call with."""
    return [uid for x in one.call["legs"] if x["number"] == number for uid in x["channels"]]


def recorded_aside(one: Talk, count: int, *ears: Ear) -> None:
    """So many of agent 1001's consultations are in files of their own by now, the last with something to hear."""
    folder = one.rig.settings.recordings

    def files() -> list[Path]:
        asking = channels_of(one, "1001")
        return [file for uid in asking for file in folder.glob(f"*/{uid}-c*-in.wav")]

    eventually(lambda: len(files()) >= count)
    talk_on(*ears)


def leg_of(one: Talk, number: str) -> int:
    return next(int(leg["leg"]) for leg in one.call["legs"] if leg["number"] == number)


@pytest.mark.parametrize("kind", KINDS)
def test_each_stretch_of_a_consult_is_recorded_by_itself(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    one = talk(kind)
    talk_on(one.ann, one.customer)
    ben = consulted(rig, one)
    ears = all_three(one, ben)
    apart = {"ann": {"ben"}, "ben": {"ann"}, "customer": set[str]()}
    hear(apart, **ears)
    recorded_aside(one, 1, one.ann, ben)
    one.does("toggle")
    hear({**BOTH, "ben": set()}, **ears)
    talk_on(one.ann, one.customer)
    one.does("toggle")
    hear(apart, **ears)
    recorded_aside(one, 2, one.ann, ben)
    one.does("conference")
    hear({name: set(ears) - {name} for name in ears}, **ears)
    talk_on(*ears.values())
    one.customer.hang_up()
    call = one.ended()
    whole, first, second = recordings(one, 3)
    assert (whole["kind"], whole["by"], whole["leg"]) == ("call", None, None)
    for consult in (first, second):
        assert (consult["kind"], consult["by"]) == ("consult", "1001")
        assert consult["leg"] == leg_of(one, "1002")
        (ann, no_ann), (no_ben, heard_ben), customer = sounds(consult, one.ann, ben, one.customer)
        assert ann > 0.4 and heard_ben > 0.4
        assert silent(no_ann, no_ben, *customer)
    # a stretch is from the third party's answer, or the customer's going, to their coming back
    joined = next(leg["joined_t"] for leg in call["legs"] if leg["number"] == "1002")
    away, again = call["holds"]
    for consult, began, hold in ((first, joined, away), (second, again["from_t"], again)):
        assert began <= consult["started_t"] < hold["to_t"]
        assert consult["started_t"] + 1000 * consult["duration_ms"] < hold["to_t"] + 600_000
    # the call's own goes on through both, to its end, and holds nothing of what they said without the customer
    steps, says = heard_in(whole, **ears), {"customer"}
    with_ann, waits, with_both = (says, {"ann"}), (says, set[str]()), (says, {"ann", "ben"})
    assert in_turn(steps, with_ann, waits, with_ann, waits, with_both), steps
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert whole["duration_ms"] / 1000 < talked + 1
    (_, ann), (_, heard_ben) = sounds(whole, one.ann, ben)
    apart_s = (first["duration_ms"] + second["duration_ms"]) / 1000
    assert ann < talked - apart_s + 0.4 and heard_ben < talked - apart_s


def test_what_is_handed_over_is_not_in_the_consults_recording(
    rig: LineRig, talk: Callable[..., Talk]
) -> None:
    """Somebody outside is asked; the agent hangs up their phone, which hands over without any command."""
    one = talk("queue")
    other = rig.ears["outside"].as_number("+8613800000009")
    one.does("consult", to={"kind": "number", "value": "+8613800000009"})
    ears = {"ann": one.ann, "customer": one.customer, "other": other}
    hear({"ann": {"other"}, "other": {"ann"}, "customer": set()}, **ears)
    recorded_aside(one, 1, one.ann, other)
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
    recorded_aside(one, 1, one.ann)
    one.does("toggle")
    hear({"ann": {"customer"}, "customer": set(), "ben": set()}, **all_three(one, ben))
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": set(), "customer": set()}, **all_three(one, ben))
    recorded_aside(one, 2, one.ann)
    one.does("mute", on=False)
    hear({"ann": {"ben"}, "ben": {"ann"}, "customer": set()}, **all_three(one, ben))
    talk_on(one.ann, ben)
    one.does("cancel")
    one.does("hangup")
    one.ended()
    _, first, second = recordings(one, 3)
    muted, both = (set[str](), {"ben"}), ({"ann"}, {"ben"})
    # once they have muted themselves, to its end
    steps = heard_in(first, ann=one.ann, ben=ben)
    assert in_turn(steps, muted) and not any(left for left, _ in steps[-LAST:]), steps
    # from its beginning, until they let themselves be heard
    steps = heard_in(second, ann=one.ann, ben=ben)
    assert in_turn(steps, muted, both) and not any(left for left, _ in steps[:LAST]), steps


#: What is in the caller's recording: on the left whose channel it is made on, the caller or their heir.
TWO: Step = ({"ann"}, {"ben"})
ASIDE: Step = (set(), set())
ALL: Step = ({"ann"}, {"ben", "cai"})
OTHERS: Step = ({"ben"}, {"cai"})
ASKED: Step = ({"ann"}, {"cai"})
#: It stops a moment after the moment from which its rest is counted: on a busy machine some seconds.
MOST_LATE_S = 5


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
    talk_on(ann, ben)
    return one, cai


def asks_aside(one: Talk, cai: Ear) -> None:
    """The caller asks 1003, who answers; whom they called hears music."""
    one.does("consult", to={"kind": "agent", "value": "1003"})
    eventually(lambda: one.rig.state("1003") == "ringing")
    cai.answer()
    aside = {"ann": {"cai"}, "cai": {"ann"}, "ben": set[str]()}
    hear(aside, ann=one.ann, ben=one.customer, cai=cai)
    recorded_aside(one, 1, one.ann, cai)


def goes_on(one: Talk, count: int, **ears: Ear) -> None:
    """These talk, and the recording has gone on for the so-many-th time."""
    [caller, *_] = one.call["legs"][0]["channels"]
    folder = one.rig.settings.recordings
    eventually(lambda: len([*folder.glob(f"*/{caller}-r*-out.wav")]) >= count)
    hear({name: set(ears) - {name} for name in ears}, **ears)
    talk_on(*ears.values())


def merges_and_goes(rig: LineRig, one: Talk, cai: Ear) -> None:
    """Those who stay talk on, and can steer the call as before."""
    asks_aside(one, cai)
    one.does("conference")
    goes_on(one, 1, ann=one.ann, ben=one.customer, cai=cai)
    one.ann.hang_up()
    rest = {"ben": one.customer, "cai": cai}
    goes_on(one, 2, **rest)
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
    recorded_aside(one, 1, one.ann, cai)
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": {"ann"}, "cai": set()}, ann=one.ann, ben=one.customer, cai=cai)
    goes_on(one, 1, ann=one.ann, ben=one.customer)
    one.does("complete")
    goes_on(one, 2, ben=one.customer, cai=cai)
    eventually(lambda: rig.state("1001") != "on_call")
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
    goes_on(one, 1, ann=one.ann, cai=cai)
    one.does("hold")
    one.until(state="held")
    eventually(lambda: music(cai))
    one.does("resume", "illegal_state", agent="1003")
    one.does("resume")
    goes_on(one, 2, ann=one.ann, cai=cai)
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
        assert stopped.wait(60)
        rig.stop_bridge()
    rig.odoo.commands.remove(order)
    rig.start_bridge()
    goes_on(one, 1, ann=one.ann, ben=one.customer)
    asks_aside(one, cai)
    rig.stop_bridge()
    one.customer.hang_up()
    rig.start_bridge()
    one.until(state="talking")
    goes_on(one, 2, ann=one.ann, cai=cai)
    cai.hang_up()
    one.ended()


@pytest.mark.parametrize(
    ("scene", "left", "right", "parts"),
    [
        (merges_and_goes, {"ann", "ben"}, {"ben", "cai"}, [TWO, ASIDE, ALL, OTHERS]),
        (hands_over, {"ann", "ben"}, {"ben", "cai"}, [TWO, ASIDE, TWO, OTHERS]),
        (is_left_with_whom_they_asked, {"ann"}, {"ben", "cai"}, [TWO, ASIDE, ASKED]),
        (loses_the_bridge, {"ann"}, {"ben", "cai"}, [TWO, ASIDE, ASKED]),
    ],
)
def test_a_caller(
    rig: LineRig,
    scene: Callable[..., None],
    left: set[str],
    right: set[str],
    parts: list[Step],
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
    # silence while it rests, so that what comes after has its place
    steps = heard_in(whole, ann=one.ann, ben=one.customer, cai=cai)
    assert in_turn(steps, *parts), steps
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert whole["duration_ms"] / 1000 < talked + MOST_LATE_S
    found = dict(zip(("ann", "ben", "cai"), sounds(whole, one.ann, one.customer, cai), strict=True))
    for name, sides in found.items():
        for seconds, there in zip(sides, (name in left, name in right), strict=True):
            assert seconds > 0.4 if there else silent(seconds), found
    # asked aside: in the other one, for two seconds at least
    joined = {leg["number"]: leg["joined_t"] for leg in call["legs"]}
    third = (call["ended_t"] - joined["1003"] - 1000 * consult["duration_ms"]) / 1_000_000
    assert found["cai"][1] < third + 1.5


def test_a_callers_own_recording_rests_while_he_consults(rig: LineRig) -> None:
    """In an internal call the caller stands in the customer's place; what they ask aside is no part of the call."""
    one, cai = colleagues(rig)
    ann, ben = one.ann, one.customer
    asks_aside(one, cai)
    aside = {"ann": {"cai"}, "cai": {"ann"}, "ben": set[str]()}
    # back and aside again: each time something may be on its way to the file
    one.does("toggle")
    hear({"ann": {"ben"}, "ben": {"ann"}, "cai": set()}, ann=ann, ben=ben, cai=cai)
    goes_on(one, 1, ann=ann, ben=ben)
    one.does("toggle")
    hear(aside, ann=ann, ben=ben, cai=cai)
    recorded_aside(one, 2, ann, cai)
    one.does("cancel")
    goes_on(one, 2, ann=ann, ben=ben)
    one.does("mute", on=True)
    hear({"ann": {"ben"}, "ben": set()}, ann=ann, ben=ben)
    talk_on(ann)
    ann.hang_up()
    call = one.ended()
    whole, *consults = recordings(one, 3)
    for consult in consults:
        assert consult["kind"] == "consult" and consult["by"] == "1001"
        (asked, _), (_, answered), others = sounds(consult, ann, cai, ben)
        assert asked > 0.4 and answered > 0.4 and silent(*others)
    talked = (call["ended_t"] - call["answered_t"]) / 1_000_000
    assert whole["duration_ms"] / 1000 < talked + MOST_LATE_S
    # nothing of what was asked aside or said while muted, and nothing of the colleague is missing
    steps, muted = heard_in(whole, ann=ann, ben=ben, cai=cai), (set[str](), {"ben"})
    assert in_turn(steps, TWO, ASIDE, TWO, ASIDE, TWO, muted), steps
    assert not any(left for left, _ in steps[-LAST:]), steps
    assert silent(*sounds(whole, cai)[0])
