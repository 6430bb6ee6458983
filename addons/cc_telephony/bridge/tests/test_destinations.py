# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""TEL-64: one list of destinations for Odoo, the bridge and the dialplan; the file of dear numbers is the plans'."""

import json
import random
import re
import sys
from pathlib import Path

import phonenumbers
import pytest

from cc_bridge.destinations import Destinations, level_of
from cc_contract.destinations import LEVELS, dear_numbers, fits

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/data/destinations.json").read_text(encoding="utf-8"))["cases"]


DEAR = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
}


def policy(case: dict[str, object]) -> Destinations:
    rows = case["rows"]
    assert isinstance(rows, dict)
    listed = [{"prefix": prefix, "allowed_for": word} for prefix, word in rows.items()]
    return Destinations({"country": case["country"], "destinations": listed})


class Dialplan:
    """The generated contexts as Asterisk reads them."""

    def __init__(self, lines: list[str]) -> None:
        self._plain: dict[tuple[str, str], str] = {}
        self._patterns: list[tuple[str, re.Pattern[str], list[int], str]] = []
        context = ""
        for line in lines:
            if line.startswith("["):
                context = line.strip("[]")
            elif m := re.match(r"exten => (\S+),1,(.*)", line):
                if not m[1].startswith("_"):
                    self._plain[context, m[1]] = m[2]
                    continue
                signs = m[1][1:]
                form = "".join({"X": "[0-9]", "!": ".*"}.get(s, re.escape(s)) for s in signs)
                rank = [{"X": 1, "!": 2}.get(s, 0) for s in signs]
                self._patterns.append((context, re.compile(form), rank, m[2]))

    def run(self, context: str, number: str) -> str:
        """Of what fits the strongest, sign by sign."""
        if plain := self._plain.get((context, number)):
            return plain
        return min(
            (rank, does)
            for where, form, rank, does in self._patterns
            if where == context and form.fullmatch(number)
        )[1]

    def level(self, number: str) -> int:
        """As cc-gate asks."""
        digits = re.sub(r"[^0-9]", "", number)
        if not digits or len(digits) > 15 or number not in (digits, f"+{digits}"):
            return LEVELS["nobody"]
        if ("cc-urgent", number) in self._plain:
            return LEVELS["phone"]
        does = self.run("cc-level" if number.startswith("+") else "cc-national", number)
        if does.startswith("Gosub(cc-level,"):
            does = self.run("cc-level", does[15:].split(",")[0].replace("${EXTEN}", number))
        told = re.fullmatch(r"Return\((\d)\)", does)
        assert told, does
        return int(told[1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['country']}{case['rows']}")
def test_the_same_everywhere(case: dict[str, object]) -> None:
    numbers = case["numbers"]
    assert isinstance(numbers, dict)
    told = {number: policy(case).level(number) for number in numbers}
    assert told == {number: LEVELS[word] for number, word in numbers.items()}
    plan = Dialplan(policy(case).dialplan())
    assert {number: plan.level(number) for number in numbers} == told


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['country']}{case['rows']}")
def test_any_number_is_the_same_in_the_dialplan(case: dict[str, object]) -> None:
    pick = random.Random(9)
    dear = [one.replace("X", "5") + "123" * pick.randint(0, 2) for one in dear_numbers()]
    some = [f"+{one}" for one in pick.sample(dear, 40)]
    for _ in range(60):
        digits = "".join(pick.choice("0123456789") for _ in range(pick.randint(1, 17)))
        some += [digits, f"+{digits}", f"+86{digits}", f"+49{digits}", f"00{digits}"]
    rules = policy(case)
    plan = Dialplan(rules.dialplan())
    assert {n: plan.level(n) for n in some} == {n: rules.level(n) for n in some}


def test_rows_of_a_wrong_form_let_nobody_call() -> None:
    left_out: list[str] = []
    rules = Destinations(
        {
            "country": "CN",
            "destinations": [
                {"prefix": "86!,1,Dial(x)", "allowed_for": "agent"},
                {"prefix": "49", "allowed_for": "everybody"},
                {"prefix": 86, "allowed_for": "agent"},
            ],
        },
        left_out,
    )
    assert len(left_out) == 3
    assert rules.level("+8613900139000") == rules.level("+4930123456") == LEVELS["nobody"]


@pytest.mark.parametrize(
    ("role", "level"), [("manager", 3), ("agent", 1), (None, 0), ("nobody", 0), ([], 0), ("x", 0)]
)
def test_roles(role: object, level: int) -> None:
    assert level_of(role) == level


def test_dear_numbers_are_the_plans() -> None:
    """Every number of premium rate, shared cost or of a person, and no other; the file is what the script writes."""
    kinds = phonenumbers.PhoneNumberType
    wrong = []
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in kinds.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            digits = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:]
            dear = phonenumbers.number_type(example) in DEAR
            if any(fits(one, digits) for one in dear_numbers()) is not dear:
                wrong.append(digits)
    assert wrong == []
    sys.path.insert(0, str(ROOT.parents[1] / "scripts"))
    import dear_numbers as script  # type: ignore[import-not-found]

    assert list(dear_numbers()) == script.table()
