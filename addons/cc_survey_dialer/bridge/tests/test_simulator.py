# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whole days: the simulator's books add up, the pacer keeps the limit and beats what it is measured against."""

import math

import pytest
from cc_bridge_dialer.pacer import Limits, Pacer
from cc_bridge_dialer.rivals import FixedRatio, Progressive, Vicidial
from cc_bridge_dialer.simulator import Day, Simulator, steady


def _day(pacer, seed=3, **what):
    return Simulator(pacer, seed).run(Day(**what))


def test_books_add_up():
    """Who answered was served, abandoned, hung up, or is in the air when the day is cut off."""
    day = _day(
        Pacer("predictive", Limits()),
        agents=8,
        seconds=7200,
        wrap_share=0.2,
        machine_share=0.3,
        busy_share=0.1,
        hang_up_share=0.1,
    )
    rest = day.answered - day.served - day.abandoned - day.hung_up
    assert 0 <= rest <= 8
    assert day.machines > 50
    assert day.hung_up > 10
    assert day.staffed_s == pytest.approx(8 * 7200)


def test_progressive_abandons_nobody_and_idles():
    """One line an agent at 30 %: the next person comes, on the mean, after 67 s of dialling: 150 of 217 s."""
    day = _day(Progressive(), agents=20)
    assert day.abandoned == 0
    # of a round: (0.3 x 9 s + 0.7 x 25 s) / 0.3 idle, 150 s busy
    assert day.utilisation == pytest.approx(150 / (150 + 20.2 / 0.3), abs=0.02)


@pytest.mark.parametrize("rate", [0.15, 0.3, 0.5])
def test_ten_agents_within_the_limit(rate):
    """DIA-05: at most 3 % of a day's answers, and far busier than one line an agent."""
    day = _day(Pacer("predictive", Limits()), agents=10, answer_rate=steady(rate))
    assert day.abandonment <= 0.03
    assert day.utilisation > (0.80, 0.83, 0.86)[(0.15, 0.3, 0.5).index(rate)]


def test_drift_costs_nothing():
    """The rate swings between 15 and 50 % every four hours; a ratio set at noon breaks the limit."""

    def swings(t: float) -> float:
        return 0.325 - 0.175 * math.cos(2 * math.pi * t / 14400)

    ours = _day(Pacer("predictive", Limits()), agents=10, answer_rate=swings)
    assert ours.abandonment <= 0.03
    assert ours.utilisation > 0.83
    assert _day(FixedRatio(2.2), agents=10, answer_rate=swings).abandonment > 0.04


def test_all_leave_and_come_back():
    """A shift ends at once, half an hour later the next begins."""
    staff = ((7200, -10), (9000, 10))
    day = _day(Pacer("predictive", Limits()), agents=10, seconds=14_400, staff=staff)
    assert day.abandonment <= 0.035
    assert day.utilisation > 0.8


@pytest.mark.parametrize("method", ["tapered", "hard_limit"])
def test_rival_reacts_afterwards(method):
    """The published rules keep a line an agent at least and look at the day only."""
    day = _day(Vicidial(method), agents=10)
    assert day.utilisation > 0.5
    with pytest.raises(ValueError, match="soft"):
        Vicidial("soft")
