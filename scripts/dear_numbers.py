# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Writes how dear numbers begin, country by country, from phonenumbers' plans: bridge and server read the file.

A beginning is dear when numbers of premium rate or shared cost, or of people whom a call follows (+44 70), begin so
and no others do. What is too long or too short for its plan counts too: a carrier may take it all the same.

What is no number of this world stands beside them: country codes that nobody has, and a 0 or an exit code behind a
country code where no number has one. A line, or a rule that takes the code off, would make another number of it:
+86 0 01900… is dialled as 0019 00….
"""

import json
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata

FILE = Path(__file__).parents[1] / "addons/cc_telephony/bridge/src/cc_contract/dear_numbers.json"
#: Country codes without a country that cost by the minute like nothing else: satellites, networks.
FAR = ("870", "878", "881", "882", "883", "888", "979")
DEAR = ("premium_rate", "shared_cost", "personal_number")
CHEAP = (
    "fixed_line",
    "mobile",
    "toll_free",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
DIGITS = "0123456789"

Nodes = tuple[Any, ...]


def parsed(pattern: str) -> Nodes:
    return tuple(_node(op, arg) for op, arg in _parser.parse(pattern))


def _node(op: Any, arg: Any) -> Any:
    if op is sre.LITERAL:
        return ("in", chr(arg))
    if op is sre.IN:
        return ("in", "".join(d for d in DIGITS if _within(d, arg)))
    if op is sre.SUBPATTERN:
        return ("any", (tuple(_node(*one) for one in arg[3]),))
    if op is sre.BRANCH:
        return ("any", tuple(tuple(_node(*one) for one in way) for way in arg[1]))
    if op is sre.MAX_REPEAT:
        low, high, what = arg
        return ("many", low, min(high, 20), tuple(_node(*one) for one in what))
    raise ValueError(f"unknown in a numbering plan: {op}")


def _within(digit: str, arg: Any) -> bool:
    return any(
        (op is sre.LITERAL and chr(value) == digit)
        or (op is sre.RANGE and value[0] <= ord(digit) <= value[1])
        or (op is sre.CATEGORY and value is sre.CATEGORY_DIGIT)
        for op, value in arg
    )


def steps(todo: Nodes) -> Iterator[tuple[str, Nodes]]:
    """The digits that may come next, each with what remains; nothing when the number is over."""
    if not todo:
        return
    first, rest = todo[0], todo[1:]
    if first[0] == "in":
        for digit in first[1]:
            yield digit, rest
    elif first[0] == "any":
        for way in first[1]:
            yield from steps(way + rest)
    else:
        _, low, high, what = first
        if high:
            yield from steps((*what, ("many", max(low - 1, 0), high - 1, what), *rest))
        if not low:
            yield from steps(rest)


def dear_of(code: int) -> Iterator[str]:
    """How the dear national numbers of a country code begin."""
    dear, cheap = set(), set()
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        meta = (
            PhoneMetadata.metadata_for_nongeo_region(code, None)
            if region == "001"
            else PhoneMetadata.metadata_for_region(region, None)
        )
        for kinds, found in ((DEAR, dear), (CHEAP, cheap)):
            for kind in kinds:
                plan = getattr(meta, kind)
                if plan is not None and plan.national_number_pattern:
                    found.add(parsed(plan.national_number_pattern))
    yield from _beginnings("", frozenset(dear), frozenset(cheap))


def _beginnings(so_far: str, dear: frozenset[Nodes], cheap: frozenset[Nodes]) -> Iterator[str]:
    for digit in DIGITS:
        more_dear = _after(dear, digit)
        if not more_dear:
            continue
        begins, more_cheap = so_far + digit, _after(cheap, digit)
        if not more_cheap:
            yield begins
            continue
        # others begin so as well: where any digits may follow, the length tells
        told = {one for one in more_dear if _anything(one)}
        for length in {length for one in told for length in _lengths(one) if length}:
            yield begins + "X" * length
        yield from _beginnings(begins, more_dear - told, more_cheap)


def _anything(todo: Nodes) -> bool:
    """Whether any digits fit what remains."""
    return all(
        one[1] == DIGITS
        if one[0] == "in"
        else all(_anything(way) for way in one[1])
        if one[0] == "any"
        else _anything(one[3])
        for one in todo
    )


def _lengths(todo: Nodes) -> set[int]:
    """How many digits may remain."""
    found = {0}
    for one in todo:
        if one[0] == "in":
            mine = {1}
        elif one[0] == "any":
            mine = {length for way in one[1] for length in _lengths(way)}
        else:
            mine = {n * length for n in range(one[1], one[2] + 1) for length in _lengths(one[3])}
        found = {a + b for a in found for b in mine}
    return found


def _after(todo: frozenset[Nodes], digit: str) -> frozenset[Nodes]:
    return frozenset(rest for one in todo for d, rest in steps(one) if d == digit)


def nobodys() -> Iterator[str]:
    """The shortest beginnings behind which no country is."""
    codes = [str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE]
    open_ones = [""]
    while open_ones:
        begins = open_ones.pop()
        for digit in DIGITS:
            one = begins + digit
            if not any(code.startswith(one) for code in codes):
                yield one
            elif one not in codes:
                open_ones.append(one)


def wrong_of(code: int) -> Iterator[str]:
    """A zero, or an exit code, with which no national number of a country code begins."""
    plans: set[Nodes] = set()
    wrong = {"0"}
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        meta = PhoneMetadata.metadata_for_region(region, None)
        if meta is None:
            # networks without a country: any digits
            return
        plans.add(parsed(meta.general_desc.national_number_pattern))
        leaves = meta.international_prefix or ""
        wrong |= {
            one for one in (leaves, meta.preferred_international_prefix or "") if one.isdigit()
        }
    for begins in sorted(wrong):
        left = frozenset(plans)
        for digit in begins:
            left = _after(left, digit)
        if not left:
            yield begins


def table() -> list[str]:
    """All of them, with their country codes; none that a shorter one says already."""
    found = {*FAR, *nobodys()}
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        if str(code) not in FAR:
            found.update(f"{code}{one}" for one in (*dear_of(code), *wrong_of(code)))
    plain = {one for one in found if "X" not in one}
    return sorted(one for one in found if not any(one[:n] in plain for n in range(1, len(one))))


if __name__ == "__main__":
    FILE.write_text(json.dumps(table(), indent=0).replace(",\n", ", ") + "\n", encoding="utf-8")
