# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a stage of the tests found, and the environment in which tests run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(slots=True)
class Result:
    """What a stage found. `problems` are sentences; without any the stage is green. `notes` are told and harmless."""

    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tests: dict[str, float] = field(default_factory=dict)  # seconds by test
    broken: list[str] = field(default_factory=list)  # each failed test with the first words of why


def environment() -> dict[str, str]:
    """Without colours and without a reader of keys, the same everywhere."""
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CC_DEMO_CALLS": "0",  # tests make their own calls
    }
