# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Events that overtake each other and events that never come: whatever is told of a call fits together."""

from itertools import pairwise
from random import Random
from typing import Any

from calls import streams
from hypothesis import given, settings
from hypothesis import strategies as st

from cc_bridge.calls import CallModel
from cc_bridge.calls.events import HANDLERS

from .degrade import Events

NAMES = streams.names()


def jumbled(events: Events, random: Random, within: float, lost: float) -> Events:
    """Each event up to ``within`` s late, a share ``lost`` of them never."""
    out, t = [], 0.0
    for event in events:
        if event["Event"] not in HANDLERS:
            continue
        if stamp := event.get("Timestamp"):
            t = float(stamp)
        if random.random() >= lost:
            out.append((t + random.random() * within, len(out), event))
    return [event for _, _, event in sorted(out, key=lambda x: x[:2])]


def fits(call: dict[str, Any]) -> None:
    """An ended call's times: all within it, nothing open, one hold at a time, nobody twice at once."""
    start, end = call["started_t"], call["ended_t"]
    assert start is not None and end is not None
    for t in (call["queued_t"], call["answered_t"]):
        assert t is None or start <= t <= end
    spans = [(x["from_t"], x["to_t"]) for x in call["holds"]]
    spans += [(x["ring_t"], x["end_t"]) for x in call["attempts"]]
    spans += [(x["joined_t"], x["left_t"]) for x in call["legs"]]
    for first, last in spans:
        assert last is not None and (first is None or start <= first <= last <= end)
    for one, other in pairwise(sorted((x["from_t"], x["to_t"]) for x in call["holds"])):
        assert one[1] <= other[0]
    held = sum(x["to_t"] - x["from_t"] for x in call["holds"])
    assert held <= end - start
    if call["answered_t"] is None:
        assert not call["holds"] and "answered" not in {x["outcome"] for x in call["attempts"]}
    elif call["attempts"]:
        assert call["loss"] is None
    for leg in call["legs"]:
        mine = sorted(
            (x["joined_t"], x["left_t"])
            for x in call["legs"]
            if set(x["channels"]) & set(leg["channels"]) and x["joined_t"] is not None
        )
        assert all(one[1] <= other[0] for one, other in pairwise(mine)), leg


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.randoms(use_true_random=False),
    st.sampled_from([0.0, 0.005, 0.05]),
    st.sampled_from([0.0, 0.05, 0.2]),
)
def test_late_and_lost(name: str, random: Random, within: float, lost: float) -> None:
    """Facts by the schema, no channel in two calls, ended calls that fit; all over when the PBX has none."""
    model = CallModel(mint=streams.minter())
    facts = streams.run(jumbled(streams.events(name), random, within, lost), model)
    facts += model.resync([], t=max((f.t for f in facts if f.t is not None), default=None))
    streams.check(facts)
    assert not model.open_calls()
    for call in streams.last(facts):
        fits(call)
