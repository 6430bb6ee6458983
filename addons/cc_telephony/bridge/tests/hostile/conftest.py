# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Texts of strangers may be nested as deep as the stack."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_is_collected_in_the_depth() -> Iterator[None]:
    """A collection that begins where the stack ends calls what has none left; pytest would take that for our error."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
