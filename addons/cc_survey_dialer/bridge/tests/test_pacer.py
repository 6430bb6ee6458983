# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pacer: what holds whatever is told, and what single situations call for (DIA-04, DIA-05)."""

import math

import pytest
from cc_bridge_dialer.contract.abandonment import Formula
from cc_bridge_dialer.pacer import MODES, Limits, Pacer, Snapshot
from cc_bridge_dialer.simulator import Day, Simulator, steady
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ELAPSED = st.lists(st.floats(0, 4000), max_size=30).map(tuple)
OBSERVED = st.tuples(
    st.sampled_from(
        ["person", "machine", "no_answer", "busy", "failed", "abandoned", "talk", "wrap_up"]
    ),
    st.floats(0, 4000),
)
ASKED = st.tuples(st.integers(0, 40), ELAPSED, ELAPSED, ELAPSED, ELAPSED)
#: seconds from one step to the next: also backwards, also far
STEPS = st.one_of(st.floats(0, 5), st.floats(-100_000, 100_000))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    mode=st.sampled_from(sorted(MODES)),
    steps=st.lists(st.tuples(STEPS, st.lists(OBSERVED, max_size=5), ASKED), max_size=12),
    max_lines=st.integers(0, 60),
    per_agent=st.floats(0, 8),
    target=st.sampled_from([0.0, 0.01, 0.03, 0.2]),
)
def test_limits_hold_whatever_comes(mode, steps, max_lines, per_agent, target):
    """Never negative, nothing without agents, never past the lines, whatever clock and customers do."""
    limits = Limits(max_lines, target, 86_400, per_agent)
    pacer = Pacer(mode, limits, ratio=9, interval_s=1)
    now = 1_000_000.0
    for step, observed, (ready, talking, wrapping, ringing, waiting) in steps:
        now += step
        for kind, seconds in observed:
            pacer.observe(kind, seconds, now)
        n = pacer.decide(Snapshot(now, ready, talking, wrapping, ringing, waiting))
        agents = ready + len(talking) + len(wrapping)
        assert isinstance(n, int)
        assert n >= 0
        if not agents or mode == "preview":
            assert n == 0
        if n:
            assert n + len(ringing) + len(waiting) + len(talking) <= max_lines
            assert n + len(ringing) <= per_agent * agents


@pytest.mark.parametrize("mode", sorted(MODES))
def test_nobody_there_nothing_dialled(mode):
    """All agents left in one second: numbers still ring, none is added (DIA-04)."""
    pacer = Pacer(mode, Limits(), ratio=9)
    for n in range(200):
        pacer.observe("person", 8, n)
        pacer.observe("talk", 100, n)
    assert pacer.decide(Snapshot(200, 0, (), (), (3.0, 9.0), (0.5,))) == 0


@pytest.mark.parametrize(
    ("mode", "ratio", "ready", "ringing", "waiting", "expected"),
    [
        ("progressive", 1, 4, 1, 0, 3),
        ("progressive", 1, 4, 1, 1, 2),
        ("progressive", 1, 1, 3, 0, 0),
        ("ratio", 3, 2, 0, 0, 6),
        ("ratio", 3, 2, 4, 1, 0),
        ("ratio", 2.5, 1, 0, 0, 2),
        ("preview", 3, 5, 0, 0, 0),
    ],
)
def test_simple_modes(mode, ratio, ready, ringing, waiting, expected):
    """One number, or so many, for each ready agent who is not already meant for somebody (DIA-04)."""
    pacer = Pacer(mode, Limits(), ratio=ratio)
    snapshot = Snapshot(0, ready, (), (), (2.0,) * ringing, (0.5,) * waiting)
    assert pacer.decide(snapshot) == expected


def test_interval():
    """One number, then the next when the interval is over; after a clock that went back none sooner."""
    pacer = Pacer("interval", Limits(), interval_s=10)
    asked = [(0, 1), (5, 0), (9.9, 0), (10, 1), (3, 0), (12, 0), (13.1, 1)]
    assert [pacer.decide(Snapshot(now, 2)) for now, _ in asked] == [n for _, n in asked]


def _taught(rate: float = 0.3, abandoned: int = 0) -> tuple[Pacer, float]:
    """A pacer after two hours with ten agents."""
    pacer = Pacer("predictive", Limits())
    Simulator(pacer, 7).run(Day(agents=10, answer_rate=steady(rate), seconds=7200))
    for _ in range(abandoned):
        pacer.observe("abandoned", 2, 7200)
    return pacer, 7200


def test_predictive_dials_more_than_one_each():
    """Ten ready agents, three in ten answer: more than ten numbers, less than would bring ten persons."""
    pacer, now = _taught()
    assert 12 < pacer.decide(Snapshot(now + 1, 10)) < 34


def test_first_wave():
    """A hundred agents begin at once: two numbers each, however few answer, until enough have come to their end."""
    pacer = Pacer("predictive", Limits())
    ringing: list[float] = []
    for t in range(25):
        ringing = [0.0] * pacer.decide(Snapshot(t, 100, ringing=ringing)) + [r + 1 for r in ringing]
        assert 100 < len(ringing) <= 200
    for _ in range(200):
        pacer.observe("no_answer", 25.0, 25.0)
    assert pacer.decide(Snapshot(25.5, 100)) > 200


def test_fewer_answer_more_are_dialled():
    """The same ten agents where one in seven answers."""
    few, now = _taught(0.15)
    many, _ = _taught(0.5)
    assert few.decide(Snapshot(now + 1, 10)) > many.decide(Snapshot(now + 1, 10)) + 10


def test_spent_allowance_closes():
    """More abandoned than the limit allows: careful, until it is earned again."""
    pacer, now = _taught()
    some = pacer.decide(Snapshot(now + 1, 10))
    other, now = _taught(abandoned=20)
    few = other.decide(Snapshot(now + 1, 10))
    assert 10 <= few < some - 2


def test_who_rings_already_counts():
    """Numbers that have rung for a while are about to be answered: fewer are added."""
    pacer, now = _taught()
    fresh = pacer.decide(Snapshot(now + 1, 6, ringing=(7.0,) * 8))
    pacer, now = _taught()
    late = pacer.decide(Snapshot(now + 1, 6, ringing=(24.0,) * 8))
    assert fresh < late


def test_answer_rate_is_not_seen_too_early():
    """A hundred dialled at once, answered within 10 s or never: the rate is right before the rest gives up."""
    pacer = Pacer("predictive", Limits())
    persons = {5: 6, 6: 6, 7: 6, 8: 6, 9: 6}  # 30 of 100
    for second in range(1, 13):
        pacer.decide(Snapshot(second, 0, (1.0,), (), (float(second),) * (100 - 30)))
        for _ in range(persons.get(second, 0)):
            pacer.observe("person", second, second)
    assert 0.2 < pacer.answers.mean < 0.45


def test_rates_follow():
    """From 15 to 50 % in some minutes."""
    pacer, now = _taught(0.15)
    assert math.isclose(pacer.answers.mean, 0.15, abs_tol=0.05)
    Simulator(pacer, 8).run(Day(agents=10, answer_rate=steady(0.5), seconds=900), now)
    assert math.isclose(pacer.answers.mean, 0.5, abs_tol=0.12)


def test_window_lets_go():
    """What was abandoned more than a window ago is not held against today."""
    pacer = Pacer("predictive", Limits(window_s=3600))
    for n in range(100):
        pacer.observe("person", 8, n)
        pacer.observe("abandoned", 2, n)
    assert pacer.slack(100) < -90
    pacer.observe("person", 8, 4000)
    assert pacer.window.answered == 1
    assert pacer.window.abandoned == 0


def test_unknown_words_are_refused():
    """A typing mistake is no observation."""
    pacer = Pacer("predictive", Limits())
    with pytest.raises(ValueError, match="can't be observed"):
        pacer.observe("answered", 1, 1)
    with pytest.raises(ValueError, match="is not one of"):
        Pacer("magic", Limits())


def test_limit_by_the_formula():
    """Persons among detected machines, and machines among those served, are held against the limit."""
    pacer = Pacer("predictive", Limits())
    for n in range(100):
        pacer.observe("person", 8, n)
        pacer.observe("machine", 8, n)
    pacer.observe("abandoned", 2, 100)
    assert pacer.slack(100) == pytest.approx(2)
    # half of the served were machines: 3 % of 1 + 49.5
    pacer.formula = Formula(of_served=0.5)
    assert pacer.slack(100) == pytest.approx(0.03 * 50.5 - 1)
    # 5 of the 100 detected are persons: 3 % of 105, less 6
    pacer.formula = Formula(of_detected=0.05)
    assert pacer.slack(100) == pytest.approx(0.03 * 105 - 6)


@pytest.mark.parametrize("wrong", [0.0, 0.02])
def test_stricter_formula_is_kept(wrong):
    """A day with as many machines as persons: the limit holds as the formula counts it (DIA-05)."""
    formula = Formula(of_detected=wrong)
    pacer = Pacer("predictive", Limits(), formula=formula)
    day = Day(agents=10, machine_share=0.2, seconds=4 * 3600)
    done = Simulator(pacer, 5).run(day)
    served = done.answered - done.abandoned
    assert done.machines > 100
    assert formula.percent(done.abandoned, served, done.machines) <= 3


def test_who_hung_up_counts_for_nothing():
    """Neither served nor abandoned, whatever was thought of them before."""
    pacer = Pacer("predictive", Limits())
    for n in range(10):
        pacer.observe("person", 8, n)
        pacer.observe("hung_up", 0, n)
    pacer.observe("person", 8, 11)
    assert pacer.counted() == (1, 0, 0)


def test_recall_leaves_the_window_in_its_time():
    """What was counted before a restart ages as it would have, and yesterday is not today."""
    pacer = Pacer("predictive", Limits(window_s=86_400))
    pacer.recall(1000.0, [(80_000.0, 50, 5, 0), (600.0, 40, 1, 3)])
    assert pacer.counted() == (84, 6, 3)
    assert pacer.day == [40, 1, 3]
    pacer.decide(Snapshot(1000.0 + 10_000, 1))
    assert pacer.counted() == (39, 1, 3)
