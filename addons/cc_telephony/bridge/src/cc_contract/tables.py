# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reads the files beside it, each once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def table(name: str) -> Any:
    """The content of a JSON file. It is everybody's: copy it before you change it."""
    return json.loads((HERE / name).read_text("utf-8"))
