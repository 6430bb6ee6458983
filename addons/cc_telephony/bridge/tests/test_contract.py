# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What bridge and Odoo agree on (``cc_contract``): the bridge's part follows it, the checker says what the schema says."""

import csv
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from calls.streams import events, run

from cc_bridge.dialling import DialRules, typed
from cc_contract import facts
from cc_contract.forms import FormError, Forms
from cc_contract.tables import HERE, table

DATA = table("vectors/dial_rules.json")
ODD = [
    None,
    "",
    "nonsense",
    "x" * 257,
    "a\x00b",
    "\ud800",
    -1,
    2**31,
    1.5,
    True,
    [],
    {},
    [1],
    [None],
]
BODIES = {
    "agent": {
        "agent": "8101",
        "state": "busy",
        "since": 5,
        "until": None,
        "more": 0,
        "talks_on": True,
    }
    | {
        "next": {"state": "break", "reason": None},
        "reachable": False,
        "session": 3,
        "device": "desk",
    }
    | {"reason": None, "extension": "2001", "call_uid": None},
    "queue": {"queue": "support", "waiting": 0},
    "command": {"id": "c", "ok": True, "code": "ok", "message": None},
    "pbx_state": {
        "connected": True,
        "asterisk": "22.1",
        "boot_t": 7,
        "error": "login",
        "message": "x",
    },
}


@pytest.mark.parametrize("row", DATA["numbers"], ids=lambda row: row["number"])
def test_dialled_as_in_odoo(row: dict[str, str | None]) -> None:
    rules = DialRules(DATA["settings"])
    assert row["number"]
    way = rules.outside(row["number"])
    assert (way.digits, way.trunk, way.caller_id) == (
        row["dialled"],
        row["trunk"],
        row["caller_id"] or "",
    )


def _asterisk(pattern: str) -> re.Pattern[str]:
    """An extension's pattern as Asterisk reads it."""
    signs = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "!": ".*", "+": r"\+", "*": r"\*"}
    parts = re.findall(r"\[[^]]*\]|.", pattern.removeprefix("_"))
    return re.compile("".join(part if part[0] == "[" else signs.get(part, part) for part in parts))


def _typed(country: str, keys: str) -> str:
    """What the dialplan makes of it: the first line that fits, they stand from narrow to wide."""
    for line in typed(country):
        found = re.fullmatch(r"exten => (\S+),1,Set\(CC_NUM=(\S*)\$\{EXTEN(?::(\d+))?\}\)", line)
        if found and _asterisk(found[1]).fullmatch(keys):
            return found[2] + keys[int(found[3] or 0) :]
    raise AssertionError(f"no line takes {keys}")


def test_typed_numbers_are_the_numbers_that_odoo_reads() -> None:
    """What a phone's keys say is made E.164 as Odoo reads it, or left as it is; never another number."""
    with (HERE / "vectors/phone_forms.tsv").open(encoding="utf-8") as lines:
        rows = [
            row
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if re.fullmatch(r"\+?[0-9]+", row["written"]) and row["key"].startswith("+")
        ]
    read = {
        (row["country"], row["written"]): _typed(row["country"], row["written"]) for row in rows
    }
    wrong = {
        key: number
        for row in rows
        if (number := read[key := (row["country"], row["written"])]).startswith("+")
        and number != row["key"]
    }
    assert wrong == {}
    assert sum(number.startswith("+") for number in read.values()) > 30


def bodies() -> dict[str, dict[str, Any]]:
    calls = [
        fact.call for fact in run(events("cc2_consult_completed")) if fact.kind == "call.ended"
    ]
    rated = {**calls[0], "rating": {"outcome": "satisfied", "key": "1"}, "cause": 16}
    return {**BODIES, "call": rated}


def twisted(value: Any) -> Iterator[Any]:
    """The same with one part odd, missing or too much, at every depth."""
    if isinstance(value, dict):
        yield {**value, "more than that": 1}
        for name, part in value.items():
            yield {key: one for key, one in value.items() if key != name}
            yield from ({**value, name: odd} for odd in [*ODD, *twisted(part)])
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from (
                [*value[:index], odd, *value[index + 1 :]] for odd in [*ODD, *twisted(part)]
            )


@pytest.mark.parametrize("name", ["call", "agent", "queue", "command", "pbx_state"])
def test_the_checker_says_what_the_schema_says(name: str) -> None:
    """Odoo checks facts by functions that are made of the schema: they say of everything what it says."""
    body = bodies()[name]
    check = Forms(facts.SCHEMA).check(name)
    by_schema = jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": facts.SCHEMA["$defs"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    taken = 0
    for one in [body, *twisted(deepcopy(body))]:
        try:
            check(one, "it")
        except FormError as error:
            assert not by_schema.is_valid(one), (error, one)
        else:
            taken += 1
            assert by_schema.is_valid(one), one
    assert taken


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "gone"}, "the call: 'state' has a wrong value"),
        ({"legs": [{}]}, "the call's 'legs' lacks 'leg'"),
        ({"legs": {}}, "the call's 'legs' is not a list of reasonable length"),
        ({"more": 1}, "the call has an unknown part 'more'"),
        ({"from": "x"}, "the call's 'from' is not an object"),
        (
            {"holds": [{"from_t": 1, "to_t": "x", "by": None}]},
            "the call's 'holds': 'to_t' has a wrong",
        ),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], said: str) -> None:
    body = bodies()["call"]
    facts.check_call(body)
    with pytest.raises(FormError, match=re.escape(said)):
        facts.check_call({**body, **changed})
    with pytest.raises(FormError, match="number one twice"):
        facts.check_call({**body, "legs": [body["legs"][0]] * 2})
