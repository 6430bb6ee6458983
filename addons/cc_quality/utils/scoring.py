# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The result of a score sheet, computed from its rows alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FULL = 100.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a sheet comes to.

    ``given`` and ``possible`` are the plain points, without weights; ``raw_percent`` is before a fatal
    item took effect, ``percent`` after. A sheet on which nothing applies is not ``rated``.
    """

    rated: bool
    given: float
    possible: float
    raw_percent: float
    percent: float
    fatal: bool
    passed: bool


def result(
    rows: Iterable[Mapping[str, Any]],
    na_rule: str = "removed",
    fatal_rule: str = "zero",
    pass_mark: float = 0.0,
) -> Result:
    """Score a sheet.

    :param rows: each with ``points``, ``maximum``, ``weight``, ``na``, ``fatal`` and ``bonus``
    :param na_rule: what "not applicable" counts as: ``removed`` from both sums, ``pass`` or ``zero``
    :param fatal_rule: what no points on a fatal row do: ``zero`` the result, or ``fail`` with it kept
    :param pass_mark: percent from which a sheet is passed
    """
    given = possible = weighted = whole = 0.0
    applied = failed = False
    for row in rows:
        points, maximum = row["points"], row["maximum"]
        if row["na"]:
            if na_rule == "removed" or row["bonus"]:
                continue
            points = maximum if na_rule == "pass" else 0.0
        else:
            applied = applied or not row["bonus"]
            failed = failed or (row["fatal"] and points <= 0)
        given += points
        weighted += points * row["weight"]
        if not row["bonus"]:
            possible += maximum
            whole += maximum * row["weight"]
    if not applied or whole <= 0:
        return Result(False, given, possible, 0.0, 0.0, False, False)
    raw = min(FULL * weighted / whole, FULL)
    percent = 0.0 if failed and fatal_rule == "zero" else raw
    return Result(True, given, possible, raw, percent, failed, not failed and percent >= pass_mark)
