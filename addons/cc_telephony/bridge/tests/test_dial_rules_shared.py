# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo shows what would be dialled ("try a number"): one file holds its rules and the bridge's together."""

import json
from pathlib import Path

import pytest

from cc_bridge.dialling import DialRules

DATA = json.loads(
    (Path(__file__).parents[2] / "tests/data/dial-rules.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", DATA["numbers"], ids=lambda row: row["number"])
def test_same_as_odoo(row: dict[str, str | None]) -> None:
    rules = DialRules(DATA["settings"])
    assert row["number"]
    way = rules.outside(row["number"])
    assert (way.digits, way.trunk, way.caller_id) == (
        row["dialled"],
        row["trunk"],
        row["caller_id"] or "",
    )
