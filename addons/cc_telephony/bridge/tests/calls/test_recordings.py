# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every recorded stream, against what happened in it (``expected.py``, written by thought)."""

import json
import re
from itertools import zip_longest
from typing import Any

import pytest

from cc_bridge.calls import CallModel

from . import streams
from .expected import EXPECTED


def test_every_recording_has_been_thought_about() -> None:
    """A recording without an expectation, or the other way round, is a hole."""
    assert streams.names() == sorted(EXPECTED)


def shown(call: dict[str, Any]) -> dict[str, Any]:
    """A call in the words of ``expected.py``."""
    return {
        "direction": call["direction"],
        "from": call["from"]["number"],
        "to": call["to"]["number"],
        "line": call["line"],
        "queue": call["queue"],
        "state": call["state"],
        "answered": call["answered_t"] is not None,
        "legs": [(x["role"], x["number"], x["mode"]) for x in call["legs"]],
        "attempts": [(x["queue"], x["target"], x["outcome"]) for x in call["attempts"]],
        "transfers": [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]],
        "holds": [x["by"] for x in call["holds"]],
        "keys": [(x["node"], x["key"]) for x in call["ivr"]],
        "rating": (call["rating"]["outcome"], call["rating"]["key"]) if call["rating"] else None,
        "ended_by": call["ended_by"],
        "loss": call["loss"],
        "cause": call["cause"],
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_final_state(name: str) -> None:
    """The last word on each call is what happened; all facts on the way are in order."""
    facts = streams.run(streams.events(name), model(name))
    streams.check(facts)
    calls = streams.last(facts)
    assert len(calls) == len(EXPECTED[name])
    for call, wanted in zip(calls, EXPECTED[name], strict=True):
        found = shown(call)
        assert {k: found[k] for k in wanted} == wanted
        assert call["estimated"] == (name == "pbx_pbx_killed" and call is calls[0])


def model(name: str) -> CallModel:
    """A model as the bridge makes it: whose phones these are is known where they are ours."""
    ours = {"2001": "1001", "2002": "1002", "2003": "1003", "2004": "1004"}.get
    return CallModel(
        mint=streams.minter(), agent_endpoints=ours if name.startswith("cc_") else None
    )


def _at(name: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The only call of a recording, and when it began, for seconds from there."""
    (call,) = streams.last(streams.run(streams.events(name)))
    return call, {"start": call["started_t"]}


def test_times_of_a_queue_call() -> None:
    """05: queued after 15 ms, 1006 rings 10 s, 1004 answers after 11 s, all of PBX time."""
    call, at = _at("05_ring_no_answer")
    assert call["started_t"] == 1795299387998999 or call["started_t"] // 10**6 == 1795299387
    first, second = call["attempts"]
    assert 9_990_000 < first["end_t"] - first["ring_t"] < 10_010_000
    assert 11_000_000 < call["answered_t"] - at["start"] < 11_040_000
    assert second["end_t"] == call["answered_t"] == call["legs"][1]["joined_t"]
    assert 0 < call["queued_t"] - at["start"] < 30_000
    assert 12_000_000 < call["ended_t"] - at["start"] < 12_060_000


def test_a_mobile_has_answered_when_it_pressed_one() -> None:
    """The mobile picks up after 9 ms, and accepts 2.2 s later: that is the answer."""
    call, at = _at("room_B_confirm_1")
    assert 2_190_000 < call["answered_t"] - at["start"] < 2_240_000


def test_hold_by_room_is_as_long_as_the_music() -> None:
    """Redirected to music at 2.050 s, back at 2.853 s."""
    call, _ = _at("control_hold_resume_desk")
    (hold,) = call["holds"]
    assert 780_000 < hold["to_t"] - hold["from_t"] < 830_000


def test_hold_by_the_phone_itself() -> None:
    """Hold at 36.555, Unhold at 38.058."""
    call, _ = _at("06_hold")
    (hold,) = call["holds"]
    assert 1_490_000 < hold["to_t"] - hold["from_t"] < 1_515_000


def test_a_lost_phone_leaves_the_customer_held() -> None:
    """room_B_web: between the browser's death and its return the call is held, not over."""
    facts = streams.run(streams.events("room_B_web"))
    call = streams.last(facts)[0]
    gone, back = call["legs"][1]["left_t"], call["legs"][3]["joined_t"]
    between = [f for f in facts if f.t is not None and gone <= f.t < back]
    assert between and all(f.call["state"] == "held" for f in between)
    assert 2_400_000 < back - gone < 2_600_000


def test_who_takes_over_talks_with_the_customer() -> None:
    """Without a word of the dialplan: from 1006's coming into the room to their going it is talk."""
    facts = streams.run(streams.events("room_takeover"))
    (call,) = streams.last(facts)
    left, over = call["legs"][1]["left_t"], call["legs"][2]["left_t"]
    # the queue's Local goes and the customer's own channel comes in within milliseconds
    between = [f.call["state"] for f in facts if f.t is not None and left < f.t < over]
    assert between and between[-1] == "talking"
    assert call["ended_by"] == "agent"


def test_moments_of_the_plain_queue_call() -> None:
    """The order in which the bar learns of a call."""
    facts = streams.run(streams.events("03_inbound_caller_hangup"))
    assert streams.kinds(facts) == ["started", "queued", "ringing", "answered", "ended"]
    assert [f.call["state"] for f in facts] == ["ivr", "queued", "ringing", "talking", "ended"]


def test_moments_of_a_click_to_call() -> None:
    """The agent's leg is in at once, the customer rings, then both talk."""
    facts = streams.run(streams.events("18_click_to_call"))
    assert streams.kinds(facts) == ["started", "ringing", "answered", "ended"]


# Our dialplan alone tells who picked up whose ring, and that a supervisor has taken a call over.
TOLD_BY_EVENTS = {
    "cc_pickup_direct",
    "cc_pickup_queue",
    "cc_takeover",
    "cc2_pickup",
    "cc2_takeover",
}


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - TOLD_BY_EVENTS))
def test_without_user_events(name: str) -> None:
    """Another PBX has no user events of ours: everything else stays as it was."""
    told = [e for e in streams.events(name) if e["Event"] != "UserEvent"]
    facts = streams.run(told, model(name))
    streams.check(facts)
    for call, wanted in zip(streams.last(facts), EXPECTED[name], strict=True):
        found = shown(call)
        for key in ("direction", "from", "to", "queue", "state", "legs", "attempts", "transfers"):
            assert found[key] == wanted[key], key
        assert found["holds"] == wanted["holds"]
        assert found["loss"] == wanted["loss"]
        keys = [k for _node, k in wanted.get("keys", []) if k]
        assert [k for _node, k in found["keys"]] == keys


# An Originate that nobody answered is tied to its call by its variables alone. In the last one a phone says
# "busy" 50 ms after it began to ring: only its own word that it rang makes that a person's no.
TIED_BY_VARIABLES = {
    "room_consult_refused",
    "room_consult_ringing_cancelled",
    "cc_transfer_back",
    "cc2_blonde",
}
# The queue's events alone tell that a mobile is an agent's, and which queue refused a caller.
TOLD_BY_QUEUE = {
    "shop_mobile_member_optimised",
    "shop_mobile_member_n",
    "shop_number_is_member",
}
# In these the PBX goes down, and everybody's calls with it.
DOWN = {"pbx_pbx_stopped", "pbx_pbx_killed"}
TOLD_BY_DIALPLAN = {"shop_join_empty", "shop_full"}


# Who calls is said by the dialplan alone.
TOLD_BY_CALLER_ID = {"lab_number_set_by_the_dialplan", "lab_number_known_while_it_rings"}


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - TIED_BY_VARIABLES - TOLD_BY_CALLER_ID))
def test_without_the_noise_that_filters_drop(name: str) -> None:
    """Newexten, VarSet, Newstate, DialState filtered out on the PBX: the same calls."""
    noise = {"Newexten", "VarSet", "Newstate", "DialState", "NewCallerid", "NewConnectedLine"}
    told = [e for e in streams.events(name) if e["Event"] not in noise]
    facts = streams.run(told, model(name))
    streams.check(facts)
    for call, wanted in zip(streams.last(facts), EXPECTED[name], strict=True):
        found = shown(call)
        for key in ("direction", "from", "to", "queue", "state", "attempts", "transfers", "holds"):
            if key != "queue" or name not in TOLD_BY_DIALPLAN:
                assert found[key] == wanted[key], key
        assert [x[:2] for x in found["legs"]] == [x[:2] for x in wanted["legs"]]


# AgentDump alone tells that a member who had picked up never came to the caller.
TOLD_BY_DUMP = {"lab_pick_up_of_the_announcement"}


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - TOLD_BY_DUMP))
def test_without_queue_events(name: str) -> None:
    """A stream of Dial and bridge events alone: the same parties, rings and ends."""
    told = [e for e in streams.events(name) if not e["Event"].startswith(("Queue", "Agent"))]
    facts = streams.run(told, model(name))
    streams.check(facts)
    calls = streams.last(facts)
    assert len(calls) == len(EXPECTED[name])
    for call, wanted in zip(calls, EXPECTED[name], strict=True):
        found = shown(call)
        for key in ("direction", "from", "to", "answered", "legs", "transfers", "holds"):
            if key != "legs" or name not in TOLD_BY_QUEUE:
                assert found[key] == wanted[key], key
        assert [x[1] for x in found["legs"]] == [x[1] for x in wanted["legs"]]
        assert [x[1:] for x in found["attempts"]] == [x[1:] for x in wanted["attempts"]]


def test_a_stream_without_times() -> None:
    """No Timestamp: the same calls, every time null."""
    for name in ("05_ring_no_answer", "control_consult_complete_desk", "room_B_web"):
        bare = [{k: v for k, v in e.items() if k != "Timestamp"} for e in streams.events(name)]
        facts = streams.run(bare)
        streams.check(facts)
        assert all(f.t is None for f in facts)
        (call,) = streams.last(facts)
        found, wanted = shown(call), EXPECTED[name][0]
        for key in ("legs", "attempts", "transfers", "holds", "ended_by", "state"):
            assert found[key] == wanted[key], key
        assert call["started_t"] is None and call["ended_t"] is None


def test_linkedid_says_nothing() -> None:
    """Linkedid changes silently: the same facts when it is one and the same everywhere, or gone."""
    for name in ("09_attended_transfer", "control_threeway_desk"):
        stream = streams.events(name)
        keys = [k for e in stream for k in e if k.endswith("Linkedid")]
        mixed = [{k: "1" if k in keys else v for k, v in e.items()} for e in stream]
        assert streams.run(mixed) == streams.run(stream)
        bare = [{k: v for k, v in e.items() if k not in keys} for e in stream]
        assert streams.run(bare) == streams.run(stream)


def test_calls_interleaved() -> None:
    """All recordings at once, line by line in turn: the same calls."""
    queues = []
    # the lab's phones bear the names of ours, at which somebody is signed in here
    together = sorted(name for name in set(EXPECTED) - DOWN if not name.startswith("lab_"))
    for i, name in enumerate(together):
        text = "\n".join(streams.lines(name)).replace("bench-", f"b{i}-")
        queues.append(_apart(text, i))
    mixed = [e for group in zip_longest(*queues) for e in group if e is not None]
    facts = streams.run(mixed, model("cc_"))
    streams.check(facts)
    wanted = [w for name in together for w in EXPECTED[name]]
    found = [shown(c) for c in streams.last(facts)]
    left = list(found)
    for one in wanted:
        match = [f for f in left if all(f[k] == v for k, v in one.items())]
        assert match, one
        left.remove(match[0])
    assert not left


def _apart(text: str, i: int) -> list[dict[str, Any]]:
    """The events of one recording with channel names, and phones, of their own.

    A phone that is in two calls at once consults: the same phone can't play in two recordings.
    """
    text = re.sub(r"\bPJSIP/", f"PJSIP{i}/", text)
    text = re.sub(r"-([0-9a-f]{8})(;[12])?\"", rf"-{i:02x}\1\2" + '"', text)
    text = re.sub(r"(consult-|lead-|odoo-call-|w-)", rf"\g<1>{i}", text)
    return [e for e in map(json.loads, filter(None, text.split("\n"))) if "Event" in e]
