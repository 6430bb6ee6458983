# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Nothing is lost, nothing doubled, whatever breaks.

The short form kills at least 20 times in some minutes: several faults in one loaded run. The long form
(`make soak`) does each fault alone ten times, then mixes.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import faults as f
import pytest
from faults import SEED
from site_under_load import Report

Suffer = Callable[..., Report]


def _mixes() -> list[tuple[f.Fault, ...]]:
    """Every kill at least three times and every other fault once; order and company by the seed."""
    rng = random.Random(SEED)
    kills = [kill for kill in f.KILLS for _ in range(3)] + [f.kill_bridge, f.kill_asterisk]
    rng.shuffle(kills)
    others = list(f.OTHERS)
    rng.shuffle(others)
    return [(*kills[2 * n : 2 * n + 2], other) for n, other in enumerate(others)]


if f.LONG:

    @pytest.mark.parametrize("turn", range(10))
    @pytest.mark.parametrize("fault", [*f.KILLS, *f.OTHERS], ids=lambda fault: fault.__name__)
    def test_each_fault_alone(suffer: Suffer, fault: f.Fault, turn: int) -> None:
        suffer(fault, seed=1000 + turn, rate=8.0 if turn % 2 else 5.0)

    @pytest.mark.parametrize("turn", range(20))
    def test_faults_together(suffer: Suffer, turn: int) -> None:
        rng = random.Random(SEED + turn)
        mix = [rng.choice([*f.KILLS, *f.OTHERS]) for _ in range(3)]
        suffer(rng.choice(f.KILLS), *mix, seed=2000 + turn)

else:

    @pytest.mark.parametrize(
        "mix", _mixes(), ids=lambda mix: "+".join(fault.__name__ for fault in mix)
    )
    def test_faults(suffer: Suffer, mix: tuple[f.Fault, ...]) -> None:
        order = list(mix)
        random.Random(SEED).shuffle(order)
        suffer(*order, seed=len(order))


def test_load_alone(suffer: Suffer) -> None:
    """The baseline of the table: nothing breaks, nothing is estimated."""
    report = suffer(seed=1)
    assert not report.verdict.estimated
