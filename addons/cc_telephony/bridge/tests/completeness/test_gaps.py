# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls beside each other, and a bridge that dies or loses its link at any moments: afterwards all is as it was."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .line import MICRO, listed, moments
from .test_reconstruct import EXPECTED, shown
from .test_service import BEFORE, Beside

NAMES = [name for name in sorted(EXPECTED) if EXPECTED[name]]
START = BEFORE + 100 * MICRO


@st.composite
def days(draw: st.DrawFn) -> tuple[list[str], list[int], list[tuple[int, int, bool]]]:
    """Which calls, how far apart (s), and the gaps: from, to (µs after the start), whether the bridge died.

    Half of the edges lie right between two events: what belongs together is torn apart there.
    """
    inbound = [name for name in NAMES if EXPECTED[name][0][0] == "inbound"]
    # a phone that dials while it talks asks for advice: those calls would be parts of others
    names = draw(
        st.one_of(
            st.lists(st.sampled_from(inbound), min_size=1, max_size=4, unique=True),
            st.sampled_from(sorted(set(NAMES) - set(inbound))).map(lambda name: [name]),
        )
    )
    apart = draw(st.lists(st.integers(0, 2), min_size=len(names), max_size=len(names)))
    between = sorted({moment.t - START for moment in moments(names, START, apart)})
    edge = st.one_of(st.integers(0, 26_000_000), st.sampled_from(between))
    ends = draw(st.lists(edge, min_size=2, max_size=6, unique=True))
    ends = sorted(ends)[: len(ends) // 2 * 2]
    kinds = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    return names, apart, list(zip(ends[::2], ends[1::2], kinds, strict=False))


def play(beside: Beside, day: tuple[list[str], list[int], list[tuple[int, int, bool]]]) -> None:
    """The day, as it happens."""
    names, apart, gaps = day
    todo = moments(names, START, apart)
    edges = [(START + a, START + b, died) for a, b, died in gaps]
    beside.connect(START - MICRO)
    past: list[Any] = []
    lost = None
    for moment in [*todo, None]:
        t = moment.t if moment else START + 10_000 * MICRO
        # each in its time: of what came after a gap nothing may be heard before it
        while (edges and edges[0][0] <= t) if lost is None else lost[1] <= t:
            if lost is None:
                lost = edges.pop(0)
                if lost[2]:
                    beside.die()
                else:
                    beside.completeness.disconnected()
            else:
                if lost[2]:
                    beside.start()
                beside.connect(lost[1], listed(past, lost[1]))
                lost = None
        if moment is None:
            break
        past.append(moment)
        for line, path in ((moment.cel, beside.cel), (moment.queue_log, beside.queue_log)):
            if line is not None:
                with path.open("a", encoding="utf-8") as out:
                    out.write(line + "\n")
        if moment.ami is not None and lost is None:
            beside.hear([moment.ami])
    beside.settle()


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outbox is flushed by hand."""

    class Loop:
        def call_soon(self, _what: Any) -> Any:
            class Never:
                def cancel(self) -> None:
                    """Nothing was scheduled."""

            return Never()

    monkeypatch.setattr("cc_bridge.outbox.asyncio.get_running_loop", Loop)


@pytest.mark.usefixtures("scheduler")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(day=days())
# the resync came when the one who is consulted had just answered and was in no room yet
@example(day=(["consult_completed"], [0], [(534_000, 5_995_000, True)]))
# back between a caller's hanging up and the end of their channel
@example(day=(["queue_nobody"], [0], [(0, 2_348_000, False)]))
@example(day=(["queue_no_answer_then_gives_up"], [0], [(14_398_000, 18_488_000, False)]))
@example(day=(["three_way"], [0], [(438_000, 4_419_000, True), (8_682_000, 10_192_000, True)]))
@example(day=(["internal_not_answered"], [0], [(-186_399, 1_395_893, False)]))
# the agent's channel outlives by a moment the call that ended unheard
@example(day=(["click_to_call"], [0], [(4_701_229, 4_702_338, True)]))
# two gaps between two events
@example(day=(["internal"], [0], [(0, 1, False), (2, 3, True)]))
# died between hearing that they hung up and the end of the call, which was heard again
@example(day=(["internal"], [0], [(0, 1, False), (1_686_488, 1_686_837, True)]))
def test_after_any_gaps_the_calls_are_what_they_were(
    day: tuple[list[str], list[int], list[tuple[int, int, bool]]],
) -> None:
    """As many calls as there were; who, when, and how each ended; none open, none unsettled."""
    with tempfile.TemporaryDirectory() as folder:
        beside = Beside(Path(folder))
        play(beside, day)
        calls = beside.calls()
        wanted = [one for name in day[0] for one in EXPECTED[name]]
        assert sorted(str(shown(call)[1]) for call in calls) == sorted(str(x[1]) for x in wanted)
        told = {shown(call)[1]: call for call in calls}
        if len(told) == len(wanted):
            for one in wanted:
                call = told[one[1]]
                assert (call["state"], call["estimated"]) == ("ended", False)
                assert shown(call) == one
        assert not beside.completeness.unsettled
        assert not beside.model.open_calls()
        beside.die()
