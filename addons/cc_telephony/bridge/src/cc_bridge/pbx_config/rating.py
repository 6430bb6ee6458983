# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the dialplan is told of a queue's rating by key: one value of the PBX's database.

``-snd------:8:2:cc-rate:auth-thankyou``: for each key from 0 to 9 what it means (satisfied, neutral,
dissatisfied, nothing), seconds to wait, tries, what is asked and what is said at the end.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..encoder import Refused, seconds

OFF = "0"
_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{0,79}")
_KEYS = re.compile(r"[0-9]{0,10}")
_LETTERS = {"satisfied": "s", "neutral": "n", "dissatisfied": "d"}


def rating_value(row: Mapping[str, Any]) -> str:
    """The value for one queue of the intent; :raise Refused: a key means two things, or a bad sound."""
    rating = row.get("rating")
    if not rating:
        return OFF
    if not isinstance(rating, Mapping):
        raise Refused("a queue's rating has a wrong form")
    meaning = ["-"] * 10
    for outcome, letter in _LETTERS.items():
        keys = rating.get(outcome) or ""
        if not isinstance(keys, str) or not _KEYS.fullmatch(keys):
            raise Refused(f"the keys for {outcome!r} are not allowed: digits only")
        for key in keys:
            if meaning[int(key)] != "-":
                raise Refused(f"key {key} means two things")
            meaning[int(key)] = letter
    if set(meaning) == {"-"}:
        return OFF
    wait = seconds(rating.get("wait_s", 8), low=1, high=60)
    tries = seconds(rating.get("tries", 2), low=1, high=5)
    prompt, thanks = (_sound(rating.get(name)) for name in ("prompt", "thanks"))
    return f"{''.join(meaning)}:{wait}:{tries}:{prompt or 'beep'}:{thanks}"


def _sound(value: object) -> str:
    if not value:
        return ""
    if not isinstance(value, str) or not _SOUND.fullmatch(value):
        raise Refused("a sound's name is not allowed: up to 80 letters, digits, /, _ and -")
    return value
