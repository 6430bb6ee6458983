# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Inbound routes as dialplan (TEL-63): who goes where, by number, line and hour, and what is refused."""

from typing import Any

import pytest

from cc_bridge.pbx_config.inbound import inbound


def route(name: str, **more: Any) -> dict[str, Any]:
    target = {"kind": "queue", "to": "support"}
    return {"route": name, "trunk": None, "numbers": ["100"], "target": target, **more}


def made(*rows: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The lines, and what was left out."""
    refused: list[str] = []
    lines = inbound(rows, lambda what, error: refused.append(f"{what}: {error}"))
    return lines, refused


def steps(lines: list[str], extension: str) -> list[str]:
    """What is done at an extension, in order."""
    at = next(n for n, line in enumerate(lines) if line.startswith(f"exten => {extension},1,"))
    found = [lines[at].split(",", 2)[2]]
    for line in lines[at + 1 :]:
        if not line.startswith(" same"):
            break
        found.append(line.split("n,", 1)[-1] if "n," in line else line.split(",", 1)[1])
    return found


def test_a_number_goes_by_its_line_first() -> None:
    lines, refused = made(route("r1", trunk="isdn"), route("r2"), route("r3", numbers=[]))
    assert refused == []
    assert steps(lines, "100")[2:] == [
        'GotoIf($["${CC_LINE}"="isdn"]?cc-routes,r1,1)',
        "Goto(cc-routes,r2,1)",
    ]
    # a number without a route of its own, of any length; its line and number are known to the call
    for pattern in ("_[0-9+*#]", "_[0-9+*#][0-9*#][0-9*#]"):
        assert steps(lines, pattern) == [
            "Set(__CC_LINE=${CHANNEL(endpoint)})",
            "Set(__CC_DID=${EXTEN})",
            "Goto(cc-routes,r3,1)",
        ]


def test_what_no_route_takes_is_refused() -> None:
    lines, _ = made(route("r1", trunk="isdn"))
    assert steps(lines, "100")[-1] == "Hangup(1)"
    assert not any("_[" in line for line in lines)


def test_targets() -> None:
    for kind, to in (("queue", "sales"), ("agent", "1001"), ("ivr", "main")):
        lines, _ = made(route("r1", target={"kind": kind, "to": to}))
        assert lines[-3:-1] == [
            f" same => n(open),Set(CC_TO={to})",
            f" same => n,Goto(cc-place,{kind},1)",
        ]
        assert lines[-1] == " same => n(closed),Hangup(21)"


def test_working_hours_and_holidays() -> None:
    hours = {
        "zone": "Asia/Shanghai",
        "open": [[0, "09:00", "12:00"], [0, "13:30", "24:00"], [6, "10:00", "10:00"]],
        "shut": [[202610010000, 202610080000]],
    }
    lines, refused = made(route("r1", hours=hours, closed={"kind": "ivr", "to": "night"}))
    assert refused == []
    assert lines[lines.index("[cc-routes]") + 1 :] == [
        "exten => r1,1,NoOp()",
        " same => n,Set(CC_NOW=${STRFTIME(${EPOCH},Asia/Shanghai,%Y%m%d%H%M)})",
        " same => n,GotoIf($[${CC_NOW}>=202610010000 & ${CC_NOW}<202610080000]?closed)",
        # the last minute counts
        " same => n,GotoIfTime(09:00-11:59,mon,*,*,Asia/Shanghai?open)",
        " same => n,GotoIfTime(13:30-23:59,mon,*,*,Asia/Shanghai?open)",
        " same => n,Goto(closed)",
        " same => n(open),Set(CC_TO=support)",
        " same => n,Goto(cc-place,queue,1)",
        " same => n(closed),Set(CC_TO=night)",
        " same => n,Goto(cc-place,ivr,1)",
    ]


GOOD = {"zone": "UTC", "open": [[0, "09:00", "12:00"]], "shut": []}


@pytest.mark.parametrize(
    "bad",
    [
        {"numbers": ["100\n same => n,System(id)"]},
        {"numbers": ["_X."]},
        {"numbers": "100"},
        {"trunk": "a,b"},
        {"target": {"kind": "system", "to": "support"}},
        {"target": {"kind": "queue", "to": "a,1)\n"}},
        {"target": "support"},
        {"closed": {"kind": "agent", "to": "x"}},
        {"hours": "always"},
        {"hours": {**GOOD, "zone": "UTC?evil,1"}},
        {"hours": {**GOOD, "zone": "UTC,%Y)}"}},
        {"hours": {**GOOD, "open": [[7, "09:00", "12:00"]]}},
        {"hours": {**GOOD, "open": [[0, "09:00", "25:00"]]}},
        {"hours": {**GOOD, "open": [[0, "9", "12:00"]]}},
        {"hours": {**GOOD, "shut": [["now", "then"]]}},
        {"hours": {**GOOD, "shut": [[1]]}},
    ],
)
def test_what_could_say_something_else_is_left_out(bad: dict[str, Any]) -> None:
    """One wrong route takes no other's calls."""
    lines, refused = made(route("r1", **bad), route("r2", numbers=["200"]))
    assert len(refused) == 1 and "'r1'" in refused[0]
    assert "Goto(cc-routes,r2,1)" in steps(lines, "200")
    assert not any("r1" in line for line in lines)
