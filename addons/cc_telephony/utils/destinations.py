# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where a PBX's people may call, as the bridge and the dialplan have it.

All are held to `tests/data/destinations.json`; `bridge/src/cc_bridge/destinations.py` tells the rules.
"""

import functools
import json
import re

import phonenumbers

from odoo.tools import file_open

DEAR_FILE = "cc_telephony/bridge/src/cc_bridge/dear_numbers.json"
# whom a destination is for; "phone": a telephone at which nobody is signed in
LEVELS = {"phone": 0, "agent": 1, "leader": 2, "manager": 3, "nobody": 9}
# ITU: no number of the world is longer; what is not longer than SHORT is a short code
MOST_DIGITS = 15
SHORT = 6
FORM = re.compile(rf"\+?[0-9]{{1,{MOST_DIGITS}}}")


@functools.cache
def dear_numbers():
    """How numbers begin that cost like nothing else; with X at its end: of that length exactly."""
    with file_open(DEAR_FILE, "r") as source:
        return tuple(json.load(source))


def allowed_for(number, rows, country):
    """Whom a number is for, at least.

    :param str number: E.164 with its plus, or digits as they are dialled
    :param dict rows: the PBX's list, `{beginning: word of LEVELS}`
    :param country: ISO code of the PBX's country, or False
    :return: `(word of LEVELS, beginning of the row that says so or None)`
    """
    if not FORM.fullmatch(number):
        return "nobody", None
    digits = number.lstrip("+")
    if country and digits == number and phonenumbers.is_emergency_number(number, country):
        return "phone", None
    if digits != number:
        return _abroad(digits, rows, country)
    exits = _exits(country)
    if len(digits) <= SHORT:
        short = {"": "nobody" if rows else "phone", **dict.fromkeys(exits, "nobody"), **rows}
        found = _longest(short, digits)
        return short[found], found if found in rows else None
    if digits.startswith(tuple(exits)) or len(digits) not in _lengths(country):
        return "nobody", None
    return _abroad(_code(country) + digits, rows, country)


def _abroad(digits, rows, country):
    row = _longest(rows, digits)
    dear = max(
        (len(one.rstrip("X")) for one in dear_numbers() if _begins(one, digits)), default=None
    )
    if row is not None and (dear is None or len(row) >= dear):
        return rows[row], row
    if dear is not None or rows:
        return "nobody", None
    own = _code(country)
    return ("phone" if own and digits.startswith(own) else "agent"), None


def _longest(rows, digits):
    return max((one for one in rows if digits.startswith(one)), key=len, default=None)


def _begins(beginning, digits):
    fits = digits.startswith(beginning.rstrip("X"))
    return fits and ("X" not in beginning or len(digits) == len(beginning))


def _code(country):
    code = phonenumbers.country_code_for_region(country) if country else 0
    return str(code) if code else ""


def _plan(country):
    return phonenumbers.PhoneMetadata.metadata_for_region(country, None) if country else None


def _exits(country):
    """What leads abroad: a number behind it that nobody made out may be one all the same."""
    plan = _plan(country)
    found = (plan and plan.international_prefix) or ""
    if not found.isdigit():
        found = (plan and plan.preferred_international_prefix) or ""
    return sorted({"00", found} - {""})


def _lengths(country):
    """How long a country's numbers are without its code, also without their area."""
    plan = _plan(country)
    if not plan:
        return set()
    desc = plan.general_desc
    return {*desc.possible_length, *desc.possible_length_local_only}
