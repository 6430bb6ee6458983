# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A long stream: what is over is forgotten."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from calls import streams

from cc_bridge.calls import CallModel


def again(name: str, times: int) -> Iterator[dict[str, Any]]:
    """A recording over and over, with channels of its own each time."""
    text = json.dumps(streams.events(name))
    for i in range(times):
        ids = re.sub(
            r"(?<![\w.])([a-z]+-)?(\d{10})\.(\d{1,5})(?!\d)",
            lambda m, i=i: f"{m[1] or ''}{m[2]}.{int(m[3]) + i * 1000}",  # type: ignore[misc]
            text,
        )
        names = re.sub(
            r'-([0-9a-f]{8})(;[12])?"',
            lambda m, i=i: f'-{int(m[1], 16) + i * 4096:08x}{m[2] or ""}"',  # type: ignore[misc]
            ids,
        )
        yield from json.loads(names)


@pytest.mark.parametrize("name", ["03_inbound_caller_hangup", "control_consult_complete_desk"])
def test_nothing_is_kept_of_what_is_over(name: str) -> None:
    """After sixty calls no channel, no call, no room is left in memory."""
    model = CallModel(mint=streams.minter())
    facts = streams.run(again(name, 60), model)
    calls = streams.last(facts)
    assert len(calls) == 60 and all(x["state"] == "ended" for x in calls)
    world = model._world
    left = (world.calls, world.rooms, world.waiting, world.touched, world.expected)
    assert not any(left)
    registry = world.reg
    assert not registry.live and not registry.names and not registry.pairs
    assert not registry.bridges and not registry.by_endpoint and not registry.swapped
    assert len(registry.gone) <= 4000
