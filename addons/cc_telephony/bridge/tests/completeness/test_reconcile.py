# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A call of which the bridge knew only that it stood in a queue, and what CEL tells of it afterwards."""

from typing import Any

import pytest

from cc_bridge.calls.records import Call
from cc_bridge.completeness.reconcile import corrected

S = 1_000_000
# the bridge began to listen at LISTENED; the channels were listed a little later
LISTENED = 1_000 * S


def call(**known: Any) -> dict[str, Any]:
    """An inbound call that its customer ended in the queue."""
    told = Call(
        "01a21e9c-d881-77ad-9af4-7535d6b3d8bd",
        "inbound",
        LISTENED,
        from_number="13800138000",
        to_number="100",
        line="trunk",
        queue="support",
        state="ended",
        rev=4,
        queued_t=LISTENED,
        ended_t=LISTENED + 3 * S,
        estimated=True,
        ended_by="customer",
        cause=16,
        loss="queue",
    )
    return {**told.as_dict(), **known}


@pytest.mark.parametrize("queued_after", [S // 100, None])
@pytest.mark.parametrize("started_after", [S // 5, -S])
def test_nobody_queues_before_their_call_begins(
    started_after: int, queued_after: int | None
) -> None:
    """Neither when the call began only after the bridge listened, nor where CEL does not tell of the queue."""
    began = LISTENED + started_after
    queued = None if queued_after is None else began + queued_after
    told = call(started_t=began, queued_t=queued, estimated=False)
    found = corrected(call(), told, True)
    assert found["started_t"] == began
    assert found["queued_t"] == (max(LISTENED, began) if queued is None else queued)


def test_entries_lie_within_the_call() -> None:
    """Of several queues the first was entered no sooner than the call began, the last left no later than its end."""
    began = LISTENED + S // 5
    known = call(
        entries=[
            {"queue": "sales", "from_t": LISTENED, "to_t": LISTENED + S},
            {"queue": "support", "from_t": LISTENED + S, "to_t": None},
        ]
    )
    found = corrected(known, call(started_t=began, queued_t=began, estimated=False), True)
    assert [(x["from_t"], x["to_t"]) for x in found["entries"]] == [
        (began, LISTENED + S),
        (LISTENED + S, LISTENED + 3 * S),
    ]
