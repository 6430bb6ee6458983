# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Nothing but known characters reaches the PBX."""

from collections.abc import Callable

import pytest

from cc_bridge import encoder
from cc_bridge.encoder import Refused


@pytest.mark.parametrize("good", ["+8613800138000", "10086", "*97", "#31#5551234", "110"])
def test_numbers_that_may_be_dialled(good: str) -> None:
    assert encoder.number(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "+",
        "*",
        "abc",
        "1&PJSIP/2",
        "1,30",
        "${EXTEN}",
        "1@evil",
        "1 2",
        "1+2",
        "++1",
        "1\n2",
        "1;2",
        "1/2",
        "１２３",
        "1" * 60,
        "1\r\nAction: Hangup",
    ],
)
def test_numbers_that_may_not(bad: str) -> None:
    with pytest.raises(Refused):
        encoder.number(bad)


@pytest.mark.parametrize("check", [encoder.code, encoder.agent, encoder.extension, encoder.secret])
@pytest.mark.parametrize(
    "bad", ["a]\n[b", "a;b", "#exec x", "a[b", "a\0", "a${b}", "", "a&b", "a,b"]
)
def test_names_and_secrets(check: Callable[[object], str], bad: str) -> None:
    with pytest.raises(Refused):
        check(bad)


@pytest.mark.parametrize(
    "check,good,bad",
    [
        (
            encoder.code,
            ["q1", "after-sales", "a_b", "2nd", "generally", "x" * 40],
            ["q", "-a", "_a", "general", "x" * 41],
        ),
        (encoder.extension, ["2", "w1001", "a_b", "x" * 32], ["desk-1", "_a", "x" * 33]),
    ],
)
def test_names_on_the_pbx(check: Callable[[object], str], good: list[str], bad: list[str]) -> None:
    assert [check(name) for name in good] == good
    for name in bad:
        with pytest.raises(Refused, match="is not allowed: "):
            check(name)


def test_a_secret_is_not_repeated_in_the_error() -> None:
    with pytest.raises(Refused) as caught:
        encoder.secret("hunter2;x")
    assert "hunter2" not in str(caught.value)


def test_display_keeps_letters_of_any_script() -> None:
    assert encoder.display('王小明 O\'Neil "x" <1>;[]\n#exec') == "王小明 O'Neil x 1exec"


@pytest.mark.parametrize("bad", ["relative", "/a/../b", "/a b", "/a,b", "/a;b", "/a${b}"])
def test_paths(bad: str) -> None:
    with pytest.raises(Refused):
        encoder.path(bad)
    assert encoder.path("/var/spool/cc-rec") == "/var/spool/cc-rec"


@pytest.mark.parametrize("bad", [-1, True, "5", None, 1.5, 10**9])
def test_seconds(bad: object) -> None:
    with pytest.raises(Refused):
        encoder.seconds(bad)
