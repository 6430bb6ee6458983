# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tells in a microsecond what surely is no number, so that only the rest costs a look at the numbering plan.

`phone_key` of cc_telephony stays the one reading of numbers; this is a filter before it, for lists of a million
lines: whatever it keeps out has no E.164 key (tests/test_number_filter.py tries that).
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata

# a number, words before it or not: what else a line may hold is left to the one reading of numbers
PLAIN = re.compile(r"[A-Za-z_ ]*([+(]*[0-9][0-9 ().-]*)", re.ASCII)
# a switchboard's extension
TAIL = re.compile(r"(.*[0-9])\s*-\s*[0-9]{1,5}", re.ASCII)
NO_DIGIT = re.compile(r"[^0-9]+", re.ASCII)
KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
# fewer are in no numbering plan's full number
FEWEST = 4


def _plan(metadata):
    """:return: ``(national prefix, patterns)`` of a region or network: a regex each by lengths"""
    found = set()
    for kind in KINDS:
        desc = getattr(metadata, kind)
        if desc and desc.national_number_pattern:
            found.add((desc.national_number_pattern, desc.possible_length))
    prefix = metadata.national_prefix_for_parsing
    return (
        re.compile(prefix) if prefix else None,
        [(re.compile(pattern), frozenset(lengths)) for pattern, lengths in found],
    )


@lru_cache(maxsize=512)
def _plans(code):
    """Plans of a country code; None where a prefix is replaced rather than taken away."""
    plans = []
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ()):
        if region == "001":
            metadata = PhoneMetadata.metadata_for_nongeo_region(code)
        else:
            metadata = PhoneMetadata.metadata_for_region(region)
        if metadata.national_prefix_transform_rule:
            return None
        plans.append(_plan(metadata))
    return plans


def _fits(digits, code):
    """Whether national digits may be a number of this country code."""
    plans = _plans(code)
    if plans is None:
        return True
    for prefix, patterns in plans:
        forms = [digits]
        # a prefix may stand there, and may be matched in more than one length
        match = prefix.match(digits) if prefix else None
        if match:
            forms.append(digits[match.end() :])
        for form in forms:
            for pattern, lengths in patterns:
                if len(form) in lengths and pattern.fullmatch(form):
                    return True
    return False


def _fits_abroad(digits):
    """Whether digits that begin with a country code may be a number."""
    for length in (1, 2, 3):
        code = int(digits[:length] or 0)
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            rest = digits[length:]
            # "(0)" typed behind the country code
            return _fits(rest, code) or (rest[:1] == "0" and _fits(rest[1:], code))
    return False


@lru_cache(maxsize=64)
def _home(country):
    """:return: ``(country code, what is dialled to go abroad)`` of a country"""
    metadata = PhoneMetadata.metadata_for_region(country, None)
    if metadata is None:
        return 0, None
    prefix = metadata.international_prefix
    return metadata.country_code, re.compile(prefix) if prefix else None


def may_be_number(raw, country):
    """Whether a written number may have an E.164 key. True costs a look at the plan, False is final.

    :param str raw: as written
    :param str|None country: ISO code of the country in which it was written
    """
    plain = PLAIN.fullmatch(raw)
    if not plain:
        # labels behind it, other alphabets: not judged here, unless there are too few digits anyhow
        return not raw.isascii() or len(NO_DIGIT.sub("", raw)) >= FEWEST
    tail = TAIL.fullmatch(plain[1])
    return _may_be(plain[1], country) or bool(tail and _may_be(tail[1], country))


def _may_be(raw, country):
    digits = NO_DIGIT.sub("", raw)
    if len(digits) < FEWEST:
        return False
    if "+" in raw:
        return (
            _fits_abroad(digits)
            or (digits[:1] == "0" and _may_be(digits, country))
            or (digits[:2] == "00" and _fits_abroad(digits[2:]))
        )
    code, exit_prefix = _home(country or "")
    if code:
        if _fits(digits, code):
            return True
        own = str(code)
        if digits.startswith(own) and _fits(digits[len(own) :], code):
            return True
        abroad = exit_prefix.match(digits) if exit_prefix else None
        if abroad and _fits_abroad(digits[abroad.end() :]):
            return True
    if digits.startswith("00"):
        return _fits_abroad(digits[2:])
    if digits.startswith("0"):
        return False
    return (len(digits) >= 11 and not digits.startswith("1")) and _fits_abroad(digits)


def no_number_why(raw):
    """Why a line has no number: ``text`` (no digits), ``short``, ``long`` or ``invalid``."""
    count = len(NO_DIGIT.sub("", raw))
    return "text" if not count else "short" if count < 7 else "long" if count > 15 else "invalid"
