# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whatever is lost, doubled, delayed or garbled on the way: nothing raises, facts stay valid."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cc_bridge.calls import CallModel

from . import streams
from .expected import EXPECTED

settings.register_profile(
    "calls",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("calls")

NAMES = [n for n in streams.names() if len(streams.events(n)) > 10]
_EVENTS: dict[str, list[dict[str, Any]]] = {}


def cached(name: str) -> list[dict[str, Any]]:
    """The events of a recording, read once; the noise that decides nothing left out."""
    if name not in _EVENTS:
        _EVENTS[name] = [
            e for e in streams.events(name) if e["Event"] not in ("TestEvent", "RTCPSent")
        ]
    return _EVENTS[name]


def whole(stream: list[dict[str, Any]]) -> CallModel:
    """Run a stream; its facts are checked, what is open after every channel is gone is a fault."""
    model = CallModel(mint=streams.minter())
    facts = streams.run(stream, model)
    t = max((f.t for f in facts if f.t is not None), default=None)
    facts += model.resync([], t=t)
    streams.check(facts)
    assert not model.open_calls()
    return model


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False), st.floats(0.01, 0.6))
def test_lost_events(name: str, random: Any, share: float) -> None:
    """Any share of the events is lost."""
    whole([e for e in cached(name) if random.random() > share])


@given(
    st.sampled_from(NAMES),
    st.sets(
        st.sampled_from(
            [
                "Newchannel",
                "Hangup",
                "DialBegin",
                "DialEnd",
                "BridgeEnter",
                "BridgeLeave",
                "ConfbridgeJoin",
                "ConfbridgeLeave",
                "AgentConnect",
                "AgentCalled",
                "AgentComplete",
                "QueueCallerJoin",
                "QueueCallerLeave",
                "HangupRequest",
                "Newstate",
                "LocalBridge",
                "UserEvent",
                "Hold",
            ]
        ),
        max_size=6,
    ),
)
def test_lost_kinds(name: str, kinds: set[str]) -> None:
    """Whole kinds of events are filtered out on the PBX."""
    whole([e for e in cached(name) if e["Event"] not in kinds])


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_doubled_and_late_events(name: str, random: Any) -> None:
    """Events come twice, at once or much later."""
    out: list[dict[str, Any]] = []
    late: list[dict[str, Any]] = []
    for event in cached(name):
        out.append(event)
        if random.random() < 0.2:
            out.append(event)
        if random.random() < 0.05:
            late.append(event)
        if late and random.random() < 0.05:
            out.append(late.pop())
    whole(out + late)


@given(st.sampled_from(NAMES), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_stretch_of_the_stream(name: str, start: float, length: float) -> None:
    """Joined in the middle, left before the end."""
    stream = cached(name)
    first = int(start * len(stream))
    whole(stream[first : first + int(length * len(stream)) + 1])


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_neighbours_swapped(name: str, random: Any) -> None:
    """Events of different threads of the PBX overtake each other."""
    stream = list(cached(name))
    for i in range(len(stream) - 1):
        if random.random() < 0.2:
            stream[i], stream[i + 1] = stream[i + 1], stream[i]
    whole(stream)


JUNK = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(["<unknown>", "", "/", "Local/@;1", "PJSIP/", "\x00", "9" * 400, "-1", "1e9"]),
    st.lists(st.text(max_size=5), max_size=3),
    st.integers(),
    st.booleans(),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False), st.lists(JUNK, min_size=5))
def test_garbage_headers(name: str, random: Any, junk: list[Any]) -> None:
    """Any header may hold anything, or be missing."""
    out = []
    for event in cached(name):
        event = dict(event)
        if random.random() < 0.2:
            header = random.choice(list(event))
            if random.random() < 0.3:
                del event[header]
            else:
                event[header] = random.choice(junk)
        out.append(event)
    whole(out)


@given(st.dictionaries(st.text(max_size=20), JUNK, max_size=8))
def test_any_mapping_is_no_error(event: dict[str, Any]) -> None:
    """Not even an event."""
    assert CallModel(mint=streams.minter()).feed(event) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_bridge_restarted_at_any_moment(name: str) -> None:
    """Snapshot and restore between two events: the same facts as without."""
    stream = cached(name)
    straight = streams.run(stream)
    for cut in range(5 + len(name) % 7, len(stream), max(1, len(stream) // 5)):
        mint = streams.minter()
        before = CallModel(mint=mint)
        facts = streams.run(stream[:cut], before)
        saved = json.loads(json.dumps(before.snapshot()))
        after = CallModel(mint=mint)
        after.restore(saved)
        assert facts + streams.run(stream[cut:], after) == straight, cut
        # and from the parts that the bridge stores: what is shared, and each open call
        rest = json.loads(json.dumps(before.snapshot_rest()))
        uids = [call.call_uid for call in before.open_calls()]
        parts = json.loads(json.dumps([before.snapshot_call(uid) for uid in uids]))
        assert all(parts)
        again = CallModel(mint=mint)
        again.restore(rest, parts)
        both = [json.loads(json.dumps(model.snapshot())) for model in (again, before)]
        for whole in both:
            whole["channels"].sort(key=lambda channel: channel["uid"])
        assert both[0] == both[1], cut


#: What 19.0.1.0.0 called these fields of channels and rings.
OLD_NAMES = {
    "rang_first": "front",
    "in_progress": "midway",
    "picks_up": "taker",
    "provisional": "weak",
}


def as_before(value: Any, found: set[str]) -> Any:
    """The same with the old names; which there were is noted."""
    if isinstance(value, list):
        return [as_before(part, found) for part in value]
    if not isinstance(value, dict):
        return value
    found |= OLD_NAMES.keys() & value.keys()
    return {OLD_NAMES.get(name, name): as_before(part, found) for name, part in value.items()}


def test_a_bridge_that_takes_over_from_an_older_one() -> None:
    """Version N-1's snapshot, taken in the middle of every recording, goes on as one's own."""
    found: set[str] = set()
    for name in NAMES:
        stream, mint = cached(name), streams.minter()
        before, cut = CallModel(mint=mint), len(stream) // 2
        facts = streams.run(stream[:cut], before)
        after = CallModel(mint=mint)
        after.restore(as_before(json.loads(json.dumps(before.snapshot())), found))
        assert facts + streams.run(stream[cut:], after) == streams.run(stream), name
    assert found == OLD_NAMES.keys()


@given(st.sampled_from(NAMES), st.floats(0.0, 1.0))
def test_any_prefix_and_then_nothing(name: str, share: float) -> None:
    """The stream stops at any moment: no call is told that did not happen, and none twice."""
    stream = cached(name)[: int(share * len(cached(name)))]
    facts = streams.run(stream)
    streams.check(facts)
    calls = streams.last(facts)
    assert len(calls) <= len(EXPECTED[name])
    seen: set[str] = set()
    for call in calls:
        mine = {uid for leg in call["legs"] for uid in leg["channels"]}
        if name != "room_nail":  # its agent's one leg serves two customers
            assert not mine & seen, name
        seen |= mine


IN_ROOMS = (
    "cc_answer",
    "cc_direct",
    "cc_out",
    "cc_out_hangup",
    "cc_hold_key",
    "cc_out_consult_all",
)


@pytest.mark.parametrize("steps", [4, 12, 1000])
@pytest.mark.parametrize("name", IN_ROOMS)
def test_a_room_overtakes_what_is_told_of_channels(name: str, steps: int) -> None:
    """Rooms have a way of their own to AMI. A busy PBX was seen to tell who is in before they were dialled."""
    known = [e for e in cached("cc_answer") if e["Event"] == "BridgeEnter"][:1]
    stream = cached(name)
    first = next(n for n, e in enumerate(stream) if e["Event"] == "ConfbridgeJoin")
    leave = next(n for n, e in enumerate(stream) if e["Event"] == "ConfbridgeLeave")
    early = [e for e in stream[first:leave] if e["Event"] == "ConfbridgeJoin"]
    rest = [e for e in stream if not any(e is one for one in early)]
    at = max(first - steps, 0)

    def told(events: list[dict[str, Any]]) -> list[Any]:
        model = CallModel(mint=streams.minter())
        # a bridge of somebody else's: this PBX tells of bridges
        streams.run([{**e, "Channel": "PJSIP/x-1", "Uniqueid": "1.1"} for e in known], model)
        return streams.run(events, model)

    straight = told(stream)
    assert {leg["role"] for leg in straight[-1].call["legs"]} >= {"agent", "customer"}
    assert told(rest[:at] + early + rest[at:]) == straight
