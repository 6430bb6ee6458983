# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hold, keys, mute and the phone's own hold key, in every kind of call and at every phone: TEL-05, 06, 11, 12."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from line_fixtures import (
    KINDS,
    Talk,
    hear,
    heard,
    heard_in,
    in_turn,
    music,
    recordings,
    talk_on,
)
from line_rig import LineRig, eventually


def keys(talk: Talk, node: str) -> str:
    return "".join(k["key"] for k in talk.call["ivr"] if k["node"] == node)


@pytest.mark.parametrize("kind", [*KINDS, "mobile"])
def test_hold_and_back(talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    began = time.monotonic()
    one.does("hold")
    one.until(state="held")
    hear({"ann": set(), "customer": set()}, ann=one.ann, customer=one.customer)
    eventually(lambda: music(one.customer))
    assert not music(one.ann)
    one.does("hold", "illegal_state")
    one.does("resume")
    one.until(state="talking")
    longest = time.monotonic() - began
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    one.does("resume", "illegal_state")
    one.does("hangup")
    call = one.ended()
    [hold] = call["holds"]
    assert hold["by"] == one.agent
    assert 0.8 < (hold["to_t"] - hold["from_t"]) / 1e6 < longest
    assert call["transfers"] == []
    assert call["ended_by"] == "agent"
    assert sum(o == "answered" for _, o in one.outcomes()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_one_recording_through_hold(talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    ears = {"ann": one.ann, "customer": one.customer}
    talk_on(*ears.values())
    one.does("hold")
    hear({"ann": set(), "customer": set()}, **ears)
    talk_on(one.customer)
    one.does("resume")
    hear({"ann": {"customer"}, "customer": {"ann"}}, **ears)
    talk_on(*ears.values())
    one.does("hangup")
    call = one.ended()
    [recording] = recordings(one, 1)
    # who waits is recorded on, too
    together, waits = ({"customer"}, {"ann"}), ({"customer"}, set[str]())
    steps = heard_in(recording, **ears)
    assert in_turn(steps, together, waits, together), steps
    # and nothing comes in that was not
    assert recording["duration_ms"] < (call["ended_t"] - call["answered_t"]) / 1000 + 1000


@pytest.mark.parametrize("kind", KINDS)
def test_agent_hangs_up_while_the_customer_hears_music(
    rig: LineRig, talk: Callable[..., Talk], kind: str
) -> None:
    one = talk(kind)
    one.does("hold")
    one.until(state="held")
    one.ann.hang_up()
    call = one.ended()
    assert call["ended_by"] == "agent"
    assert call["holds"][0]["to_t"] is not None
    eventually(lambda: rig.state("1001") in ("wrap_up", "ready", "busy"))


@pytest.mark.parametrize("kind", KINDS)
def test_customer_hangs_up_on_hold(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    one.does("hold")
    one.until(state="held")
    one.customer.hang_up()
    call = one.ended()
    assert call["ended_by"] == "customer"
    eventually(lambda: rig.state("1001") in ("wrap_up", "ready", "busy"))


@pytest.mark.parametrize("kind", KINDS)
def test_keys_both_ways(talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    before = len(one.customer.heard_keys)
    one.does("dtmf", digits="19#A")
    eventually(lambda: one.customer.heard_keys[before:] == "19#A")
    # one after the other: a phone on a busy machine sends two at once, and one of them is lost
    for pressed in ("4", "42"):
        one.customer.keys(pressed[-1])
        eventually(lambda want=pressed: keys(one, "talk") == want)
    one.does("dtmf", "refused", digits="1;2")
    one.does("hangup")
    one.ended()


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_collected_unheard(talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    before = len(one.ann.heard_keys)
    one.does("collect", max=6, seconds=60)
    eventually(lambda: not heard({"a": one.ann, "c": one.customer})["a"])
    eventually(one.rig.asks_for_a_key)
    # one after the other, as above
    for count, pressed in enumerate("4711", 1):
        one.customer.keys(pressed)
        eventually(lambda n=count: keys(one, "collect") == "4711"[:n])
    one.customer.keys("#")
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    assert one.ann.heard_keys[before:] == ""
    one.does("hangup")
    call = one.ended()
    assert call["holds"] == [] and call["transfers"] == []


@pytest.mark.parametrize("kind", ["queue", "mobile"])
def test_mute(talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    one.does("mute", on=True)
    hear({"ann": {"customer"}, "customer": set()}, ann=one.ann, customer=one.customer)
    one.does("mute", on=False)
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    one.does("hangup")
    one.ended()


@pytest.mark.parametrize("kind", KINDS)
def test_the_phones_own_hold_key(talk: Callable[..., Talk], kind: str) -> None:
    """The customer hears music, as if the button had been pressed."""
    one = talk(kind)
    one.ann.command("hold")
    one.until(state="held")
    eventually(lambda: music(one.customer))
    one.does("resume", "refused")
    one.ann.command("resume")
    one.until(state="talking")
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    one.does("hangup")
    [hold] = one.ended()["holds"]
    assert hold["by"] == "1001" and hold["to_t"]
