# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How far several inspectors agree on one item, and what to say where no figure is defined."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import krippendorff
import numpy as np

LEVELS = ("nominal", "ordinal", "interval")


@dataclass(frozen=True, slots=True)
class Agreement:
    """``state`` is ``defined``, ``all_equal`` (alpha is 0/0) or ``too_few``; other figures are None
    where there is no pair of values to compare."""

    state: str
    alpha: float | None
    percent: float | None
    difference: float | None
    pairs: int


def agreement(table: Sequence[Sequence[float | None]], level: str) -> Agreement:
    """Krippendorff's alpha with percent agreement and mean absolute difference beside it.

    :param table: a row an inspector, a column a call; None: not applicable or not scored
    :param level: of the values: nominal, ordinal or interval
    """
    if level not in LEVELS:
        raise ValueError(f"no level of measurement: {level!r}")
    columns = [
        [value for value in column if value is not None] for column in zip(*table, strict=True)
    ]
    pairs = [pair for column in columns for pair in combinations(column, 2)]
    if not pairs:
        return Agreement("too_few", None, None, None, 0)
    percent = 100.0 * sum(one == other for one, other in pairs) / len(pairs)
    difference = sum(abs(one - other) for one, other in pairs) / len(pairs)
    paired = [column for column in columns if len(column) > 1]
    if len(paired) < 2:
        return Agreement("too_few", None, percent, difference, len(pairs))
    values = {value for column in paired for value in column}
    if len(values) == 1:
        return Agreement("all_equal", None, percent, difference, len(pairs))
    data = np.array([[np.nan if value is None else float(value) for value in row] for row in table])
    alpha = float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))
    return Agreement("defined", alpha, percent, difference, len(pairs))
