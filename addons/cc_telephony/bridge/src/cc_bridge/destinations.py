# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where a PBX's people may call, asked before each call out: by the bridge, and as dialplan by the PBX itself.

The beginning of a number says who may have it called, the longest that fits counts. Of the same length a row of
Odoo's list is stronger than ``dear_numbers.json`` (premium rates, satellites: nobody). Without a list whoever is
signed in may call all the rest, a phone at which nobody is signed in only its own country. As soon as there is a
list, what it does not name is refused. Emergency numbers never are. Odoo has the same (``utils/destinations.py``);
``tests/data/destinations.json`` holds both.
"""

import functools
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from .dialling import plan

#: Who calls, and whom a destination is for. PHONE: a telephone at which nobody is signed in.
PHONE, AGENT, LEADER, MANAGER, NOBODY = 0, 1, 2, 3, 9
LEVELS = {"phone": PHONE, "agent": AGENT, "leader": LEADER, "manager": MANAGER, "nobody": NOBODY}
#: No number of the world is longer (ITU E.164); what is not longer than SHORT is a short code.
MOST_DIGITS, SHORT = 15, 6
_FORM = re.compile(rf"\+?[0-9]{{1,{MOST_DIGITS}}}")
_PREFIX = re.compile(r"[0-9]{0,15}")


def level_of(role: object) -> int:
    """An agent's level by the intent's word; of one that is not known the lowest."""
    return LEVELS.get(role, PHONE) if isinstance(role, str) and role != "nobody" else PHONE


class Destinations:
    """The policy of one intent.

    :param settings: the intent's settings; ``destinations`` and ``country`` are read
    :param left_out: gets a line for each row that was refused; such a row lets nobody call
    """

    def __init__(self, settings: Mapping[str, Any], left_out: list[str] | None = None) -> None:
        self.country = str(settings.get("country") or "").upper()
        self.code, self.abroad, *_ = plan(self.country)
        rows = settings.get("destinations") or ()
        self.listed = bool(rows)
        self.rows: dict[str, int] = {}
        for row in rows:
            prefix, word = row.get("prefix") or "", row.get("allowed_for")
            if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix) or word not in LEVELS:
                if left_out is not None:
                    left_out.append(f"destination {row!r}: a wrong form")
                continue
            self.rows[prefix] = LEVELS[word]
        # short codes: what looks like an exit code is none
        self._short = {"": self.rest, **dict.fromkeys(self._exits(), NOBODY), **self.rows}

    def level(self, number: str) -> int:
        """Who may have this number called at least: E.164 with its plus, or digits as they are dialled."""
        if not _FORM.fullmatch(number):
            return NOBODY
        digits = number.lstrip("+")
        if number in emergency(self.country):
            return PHONE
        if number.startswith("+"):
            return self._abroad(digits)
        if len(digits) <= SHORT:
            return self._short[max((p for p in self._short if digits.startswith(p)), key=len)]
        if self._goes_abroad(digits) or len(digits) not in lengths(self.country):
            return NOBODY
        return self._abroad(self.code + digits)

    def may(self, number: str, level: int) -> bool:
        """Whether somebody of this level may have the number called."""
        return self.level(number) <= level

    @property
    def rest(self) -> int:
        """What nothing names, in one's own country."""
        return NOBODY if self.listed else PHONE

    def _row(self, digits: str) -> str | None:
        """The longest beginning of the list that fits."""
        return max((p for p in self.rows if digits.startswith(p)), key=len, default=None)

    def _abroad(self, digits: str) -> int:
        row = self._row(digits)
        dear = max((_told(p) for p in dear_numbers() if fits(p, digits)), default=None)
        if row is not None and (dear is None or len(row) >= dear):
            return self.rows[row]
        if dear is not None:
            return NOBODY
        if not self.listed and not (self.code and digits.startswith(self.code)):
            return AGENT
        return self.rest

    def _goes_abroad(self, digits: str) -> bool:
        # an exit code behind which no number was made out: a carrier may take it all the same
        return any(digits.startswith(p) for p in self._exits())

    # -- as dialplan ----------------------------------------------------------------------------

    def dialplan(self) -> list[str]:
        """``Gosub(cc-level,+<E.164>,1)`` and ``Gosub(cc-national,<digits>,1)`` return a level; in cc-urgent
        stand emergency numbers."""
        urgent = sorted(emergency(self.country))
        lines = ["[cc-urgent]", *(_returns(one, PHONE) for one in urgent), "", "[cc-level]"]
        lines += [_returns(f"_+{p}!", level) for p, level in sorted(self.rows.items())]
        lines += [
            _returns(f"_+{one if 'X' in one else f'{one}!'}", NOBODY)
            for one in dear_numbers()
            if one.rstrip("X") not in self.rows
        ]
        if "" not in self.rows:
            if self.code and self.code not in self.rows:
                lines.append(_returns(f"_+{self.code}!", self.rest))
            lines.append(_returns("_+!", NOBODY if self.listed else AGENT))
        # of one length the pattern with more digits in front is the stronger one
        lines += ["", "[cc-national]"]
        for length in range(1, SHORT + 1):
            lines += [
                _returns(f"_{p}{'X' * (length - len(p))}", level)
                for p, level in sorted(self._short.items())
                if len(p) <= length
            ]
        for length in sorted(lengths(self.country)):
            lines += [
                f"exten => _{'X' * length},1,Gosub(cc-level,+{self.code}${{EXTEN}},1)",
                " same => n,Return(${GOSUB_RETVAL})",
                *(_returns(f"_{p}{'X' * (length - len(p))}", NOBODY) for p in self._exits()),
            ]
        return [*lines, _returns("_X!", NOBODY)]

    def _exits(self) -> list[str]:
        return sorted({"00", self.abroad} - {""})


def _returns(pattern: str, level: int) -> str:
    # a pattern without X and the like is a number
    plain = pattern[1:] if pattern.startswith("_") and not set("X!") & set(pattern) else pattern
    return f"exten => {plain},1,Return({level})"


def lengths(country: str) -> frozenset[int]:
    """How long a country's numbers are without its code, also without their area; short codes left out."""
    import phonenumbers

    meta = phonenumbers.PhoneMetadata.metadata_for_region(country, None)
    desc = meta.general_desc if meta is not None else None
    if desc is None:
        return frozenset()
    found = {*desc.possible_length, *desc.possible_length_local_only}
    return frozenset(n for n in found if SHORT < n <= MOST_DIGITS)


@functools.cache
def emergency(country: str) -> frozenset[str]:
    """A country's emergency numbers."""
    import phonenumbers

    meta = phonenumbers.PhoneMetadata.short_metadata_for_region(country, None)
    if meta is None or meta.emergency is None:
        return frozenset()
    pattern = re.compile(meta.emergency.national_number_pattern or "(?!)")
    numbers = (
        f"{n:0{length}}" for length in meta.emergency.possible_length for n in range(10**length)
    )
    return frozenset(one for one in numbers if pattern.fullmatch(one))


def fits(beginning: str, digits: str) -> bool:
    """Whether a number begins so; one with X at its end has that length exactly."""
    if "X" in beginning:
        return len(digits) == len(beginning) and digits.startswith(beginning.rstrip("X"))
    return digits.startswith(beginning)


def _told(beginning: str) -> int:
    return len(beginning.rstrip("X"))


@functools.cache
def dear_numbers() -> tuple[str, ...]:
    """How dear numbers begin, without plus (written by scripts/dear_numbers.py)."""
    text = (resources.files(__package__) / "dear_numbers.json").read_text("utf-8")
    return tuple(json.loads(text))
