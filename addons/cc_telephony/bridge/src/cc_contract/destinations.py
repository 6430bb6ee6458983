# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who may have which number called.

The beginning of a number says so, the longest that fits counts. Of the same length a row of Odoo's list is
stronger than ``dear_numbers.json`` (premium rates, satellites: nobody). Without a list whoever is signed in may
call all the rest, a phone at which nobody is signed in only its own country (not others that share its code). As soon as there is a list, what
it does not name is refused. Emergency numbers never are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from .tables import table

#: Who calls, and whom a destination is for. PHONE: a telephone at which nobody is signed in.
PHONE, AGENT, LEADER, MANAGER, NOBODY = 0, 1, 2, 3, 9
LEVELS = {"phone": PHONE, "agent": AGENT, "leader": LEADER, "manager": MANAGER, "nobody": NOBODY}
#: No number of the world is longer (ITU E.164); what is not longer than SHORT is a short code.
MOST_DIGITS, SHORT = 15, 6
FORM = re.compile(rf"\+?[0-9]{{1,{MOST_DIGITS}}}")


class Ruling(NamedTuple):
    """Who may have a number called at least, and the beginning of the row that says so (None: no row does)."""

    level: int
    row: str | None = None


@dataclass(frozen=True)
class Policy:
    """A PBX's list.

    :param country: ISO code in capitals; empty when it is not known
    :param rows: beginning of an E.164 number without its plus → level
    """

    country: str
    rows: Mapping[str, int]
    exits: tuple[str, ...] = field(init=False)
    short: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        exits = tuple(sorted({"00", exit_code(self.country)} - {""}))
        object.__setattr__(self, "exits", exits)
        # short codes: what looks like an exit code is none
        short = {"": self.rest, **dict.fromkeys(exits, NOBODY), **self.rows}
        object.__setattr__(self, "short", short)

    @property
    def rest(self) -> int:
        """What nothing names, in one's own country."""
        return NOBODY if self.rows else PHONE

    @property
    def near(self) -> Mapping[str, int]:
        """Without a list: how the numbers begin that are home, and those of others that share its code."""
        return {} if self.rows else at_home(self.country)

    @property
    def code(self) -> str:
        """The country's calling code; empty when it is not known."""
        return calling_code(self.country)

    def ruling(self, number: str) -> Ruling:
        """:param number: E.164 with its plus, or digits as they are dialled"""
        if not FORM.fullmatch(number):
            return Ruling(NOBODY)
        if number in emergency(self.country):
            return Ruling(PHONE)
        if number.startswith("+"):
            return self._abroad(number[1:])
        if len(number) <= SHORT:
            found = _longest(self.short, number) or ""
            return Ruling(self.short[found], found if found in self.rows else None)
        # an exit code behind which no number was made out: a carrier may take it all the same
        if number.startswith(self.exits) or len(number) not in lengths(self.country):
            return Ruling(NOBODY)
        return self._abroad(self.code + number)

    def _abroad(self, digits: str) -> Ruling:
        row = _longest(self.rows, digits)
        dear = max(
            (len(p.rstrip("X")) for p in dear_numbers() if fits(p, digits)),
            default=None,
        )
        if row is not None and (dear is None or len(row) >= dear):
            return Ruling(self.rows[row], row)
        if dear is not None or self.rows:
            return Ruling(NOBODY)
        return Ruling(self.near.get(_longest(self.near, digits) or "", AGENT))


def _longest(rows: Mapping[str, int], digits: str) -> str | None:
    return max((one for one in rows if digits.startswith(one)), key=len, default=None)


def fits(beginning: str, digits: str) -> bool:
    """Whether a number begins so; one with X at its end has that length exactly."""
    if "X" in beginning:
        return len(digits) == len(beginning) and digits.startswith(beginning.rstrip("X"))
    return digits.startswith(beginning)


@cache
def dear_numbers() -> tuple[str, ...]:
    """How dear numbers begin, without plus (written by scripts/dear_numbers.py)."""
    return tuple(table("dear_numbers.json"))


# -- a country's plan ---------------------------------------------------------------------------


def _plan(country: str) -> Any:
    # loaded where it is needed: the library's tables are large
    import phonenumbers

    return phonenumbers.PhoneMetadata.metadata_for_region(country, None)


def calling_code(country: str) -> str:
    """A country's calling code; empty when the country is not known."""
    plan = _plan(country)
    return str(plan.country_code) if plan else ""


#: As many digits tell one country from another behind a code that they share.
_TELLING = 5


@cache
def at_home(country: str) -> Mapping[str, int]:
    """Beginnings of numbers with a country's calling code: PHONE for its own, AGENT for those of others.

    Where the plans say nothing (United States and Canada, the Channel Islands) they count as one.
    """
    import phonenumbers

    code, plan = calling_code(country), _plan(country)
    if not code:
        return {}
    own = plan.leading_digits
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
    others = [_plan(region).leading_digits for region in regions if region != country]
    told = re.compile(own or "|".join(filter(None, others)) or "(?!)")
    found = {code: AGENT if own else PHONE}
    for length in range(1, _TELLING + 1):
        for n in range(10**length):
            digits = f"{n:0{length}}"
            if told.fullmatch(digits):
                found[code + digits] = PHONE if own else AGENT
    return found


def exit_code(country: str) -> str:
    """What one dials for abroad; empty when the country is not known or has several."""
    plan = _plan(country)
    usual = (plan.international_prefix or "") if plan else ""
    if usual.isdigit():
        return usual
    return (plan.preferred_international_prefix or "") if plan else ""


def lengths(country: str) -> frozenset[int]:
    """How long a country's numbers are without its code, also without their area; short codes left out."""
    plan = _plan(country)
    if plan is None or plan.general_desc is None:
        return frozenset()
    desc = plan.general_desc
    found = {*desc.possible_length, *desc.possible_length_local_only}
    return frozenset(n for n in found if SHORT < n <= MOST_DIGITS)


@cache
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
