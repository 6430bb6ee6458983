# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling rules: TEL-04, TEL-07."""

import pytest

from cc_bridge import encoder
from cc_bridge.dialling import Dialled, DialRules, plan, typed

# an office in Shanghai behind a 9: own fixed numbers without area code, others with 0, mobiles of Shanghai
# (one block, 138) plain, mobiles of elsewhere with 0, abroad by another line with 00
SHANGHAI = {
    "trunk": "city",
    "dial_prefix": "9",
    "caller_id": "02160000000",
    "trunks": [
        {"code": "city", "caller_id": "02161111111"},
        {"code": "world", "caller_id": None},
    ],
    "dial_rules": [
        {"prefix": "86", "strip": 2, "prepend": "90", "trunk": None, "caller_id": None},
        {"prefix": "8621", "strip": 4, "prepend": "9", "trunk": None, "caller_id": None},
        {"prefix": "8613", "strip": 2, "prepend": "90", "trunk": None, "caller_id": None},
        {"prefix": "86138", "strip": 2, "prepend": "9", "trunk": None, "caller_id": "4008001234"},
        # the second of the same prefix never counts
        {"prefix": "86138", "strip": 0, "prepend": "1", "trunk": None, "caller_id": None},
        {"prefix": "", "strip": 0, "prepend": "900", "trunk": "world", "caller_id": None},
    ],
}


@pytest.mark.parametrize(
    ("number", "digits", "trunk", "shown"),
    [
        ("+862162345678", "962345678", "city", "02161111111"),
        ("+861062345678", "901062345678", "city", "02161111111"),
        ("+8613912345678", "9013912345678", "city", "02161111111"),
        ("+8613812345678", "913812345678", "city", "4008001234"),
        ("+493012345678", "900493012345678", "world", "02160000000"),
        # a short code is no E.164 number: no rule is for it, the outside prefix is
        ("95588", "995588", "city", "02161111111"),
        ("8613", "98613", "city", "02161111111"),
    ],
)
def test_longest_prefix_wins(number: str, digits: str, trunk: str, shown: str) -> None:
    way = DialRules(SHANGHAI).outside(number)
    assert (way.digits, way.trunk, way.caller_id) == (digits, trunk, shown)
    assert way.device == f"PJSIP/{digits}@{trunk}"


def test_without_rules_as_before() -> None:
    rules = DialRules({"trunk": "t1", "dial_prefix": "0"})
    assert rules.outside("+8613800138000").device == "PJSIP/0+8613800138000@t1"
    assert DialRules({}).outside("10086").device == "PJSIP/10086@trunk"
    assert rules.trunks == {"t1"}


def test_the_dialplan_says_the_same() -> None:
    """Each rule is a pattern whose digits and variables are those of ``outside``."""
    lines = DialRules(SHANGHAI).dialplan()
    found = dict(
        zip(lines[1::4], (lines[n + 1 : n + 3] for n in range(1, len(lines), 4)), strict=True)
    )
    assert lines[0] == "[cc-rules]"
    assert found["exten => _+86138!,1,Set(CC_DIAL=9${EXTEN:3})"] == [
        " same => n,Set(CC_TRUNK=city)",
        " same => n,Set(CC_CID=4008001234)",
    ]
    assert "exten => _+8621!,1,Set(CC_DIAL=9${EXTEN:5})" in found
    assert "exten => _+!,1,Set(CC_DIAL=900${EXTEN:1})" in found
    assert "exten => _[0-9+*#]!,1,Set(CC_DIAL=9${EXTEN})" in found
    assert len(found) == 6


@pytest.mark.parametrize(
    "rule",
    [
        {"prefix": "86)", "strip": 0, "prepend": ""},
        {"prefix": "86", "strip": 3, "prepend": ""},
        {"prefix": "86", "strip": -1, "prepend": ""},
        {"prefix": "86", "strip": 0, "prepend": "9&SIP/x"},
        {"prefix": "86", "strip": 0, "prepend": "9", "trunk": "a,b"},
        {"prefix": "86", "strip": 0, "prepend": "9", "caller_id": "1\n"},
    ],
)
def test_a_rule_that_could_inject_is_left_out_and_named(rule: dict[str, object]) -> None:
    left_out: list[str] = []
    rules = DialRules({"dial_rules": [rule]}, left_out)
    assert rules.rules == []
    assert len(left_out) == 1
    with pytest.raises(encoder.Refused):
        rules.outside("1@x")


def test_what_is_typed_at_a_phone() -> None:
    assert plan("CN") == ("86", "00", "0", "1[3-9]XXXXXXXXX")
    assert plan("XX") == ("", "", "", "")
    lines = typed("CN")
    assert "exten => _0ZXXXXXX!,1,Set(CC_NUM=+86${EXTEN:1})" in lines
    assert "exten => _00XXXXXXX!,1,Set(CC_NUM=+${EXTEN:2})" in lines
    assert "exten => _1[3-9]XXXXXXXXX,1,Set(CC_NUM=+86${EXTEN})" in lines
    assert typed(None)[-2] == "exten => _[0-9*#]!,1,Set(CC_NUM=${EXTEN})"


def test_dialled_digits_are_remembered_not_guessed() -> None:
    rules, dialled = DialRules(SHANGHAI), Dialled(most=2)
    for number in ("+862162345678", "+8613912345678", "+8613812345678"):
        dialled.remember(rules.outside(number), number)
    assert dialled.number("913812345678") == "+8613812345678"
    assert dialled.number("9013912345678") == "+8613912345678"
    # forgotten, so shown as it is
    assert dialled.number("962345678") == "962345678"
