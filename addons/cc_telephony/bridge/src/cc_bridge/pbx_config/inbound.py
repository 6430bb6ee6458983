# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls from outside: the context ``cc-inbound``, to which a trunk's own dialplan hands its calls. Pure.

A number goes by the first of its routes whose line it came in on; a number without a route by those that
name none. What no route takes is refused as a number that does not exist.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .. import encoder

KINDS = frozenset({"queue", "agent", "ivr"})
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Signs of a number dialled: Asterisk takes patterns of up to 255 characters, and these have 7 a sign.
LONGEST = 36
_FORM = re.compile(r"\+?[0-9*#]{1,32}")
_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_ZONE = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+){0,6}")


def place(row: object) -> tuple[str, str] | None:
    """Kind and name of a place to which calls go by themselves; None for none. Raises encoder.Refused."""
    if row is None:
        return None
    if not isinstance(row, Mapping):
        raise encoder.Refused("a target is no object")
    kind = encoder.choice(row.get("kind"), KINDS)
    to = row.get("to")
    return kind, encoder.agent(to) if kind == "agent" else encoder.code(to)


def inbound(
    rows: Iterable[Mapping[str, Any]], refuse: Callable[[str, Exception], None]
) -> list[str]:
    """The two contexts as lines.

    :param refuse: told of each route that is left out
    """
    ways: dict[str, list[tuple[str | None, str]]] = {}
    steps = ["[cc-routes]"]
    for row in rows:
        try:
            name, trunk, numbers, lines = _route(row)
        except (encoder.Refused, KeyError) as error:
            refuse(f"route {row.get('route')!r}", error)
            continue
        steps += lines
        for number in numbers:
            ways.setdefault(number, []).append((trunk, name))
    rest = ways.pop("", [])
    found = ["[cc-inbound]"]
    for number, routes in sorted(ways.items()):
        found += _number(number, [*routes, *rest])
    if rest:
        for more in range(LONGEST):
            found += _number(f"_[0-9+*#]{'[0-9*#]' * more}", rest)
    return [*found, "", *steps]


def _number(pattern: str, routes: list[tuple[str | None, str]]) -> list[str]:
    lines = [
        f"exten => {pattern},1,Set(__CC_LINE=${{CHANNEL(endpoint)}})",
        " same => n,Set(__CC_DID=${EXTEN})",
    ]
    for trunk, name in routes:
        if trunk is None:
            return [*lines, f" same => n,Goto(cc-routes,{name},1)"]
        lines.append(f' same => n,GotoIf($["${{CC_LINE}}"="{trunk}"]?cc-routes,{name},1)')
    return [*lines, " same => n,Hangup(1)"]


def _route(row: Mapping[str, Any]) -> tuple[str, str | None, list[str], list[str]]:
    name = encoder.code(row["route"])
    trunk = encoder.code(row["trunk"]) if row.get("trunk") else None
    numbers = row.get("numbers") or []
    if not isinstance(numbers, list) or not all(
        isinstance(one, str) and _FORM.fullmatch(one) for one in numbers
    ):
        raise encoder.Refused("its numbers are no list of digits")
    target = place(row.get("target"))
    closed = place(row.get("closed"))
    first = f"exten => {name},1,NoOp()"
    lines = [first, *_hours(row.get("hours")), *_go("open", target), *_go("closed", closed)]
    return name, trunk, numbers or [""], lines


def _go(label: str, target: tuple[str, str] | None) -> list[str]:
    if target is None:
        return [f" same => n({label}),Hangup({21 if label == 'closed' else 1})"]
    return [
        f" same => n({label}),Set(CC_TO={target[1]})",
        f" same => n,Goto(cc-place,{target[0]},1)",
    ]


def _hours(hours: object) -> list[str]:
    """Jumps to ``open`` or ``closed``; none for a route without working hours."""
    if hours is None:
        return []
    if not isinstance(hours, Mapping):
        raise encoder.Refused("its working hours are no object")
    zone = hours.get("zone")
    if not isinstance(zone, str) or len(zone) > 64 or not _ZONE.fullmatch(zone):
        raise encoder.Refused("its time zone is no name of one")
    lines = [f" same => n,Set(CC_NOW=${{STRFTIME(${{EPOCH}},{zone},%Y%m%d%H%M)}})"]
    for begin, end in _pairs(hours.get("shut"), 2):
        if type(begin) is not int or type(end) is not int or begin < 0 or end < 0:
            raise encoder.Refused("a stretch that is shut has a wrong form")
        lines.append(f" same => n,GotoIf($[${{CC_NOW}}>={begin} & ${{CC_NOW}}<{end}]?closed)")
    for day, begin, end in _pairs(hours.get("open"), 3):
        if type(day) is not int or not 0 <= day <= 6:
            raise encoder.Refused("a day of its working hours is none")
        span = _span(begin, end)
        if span:
            lines.append(f" same => n,GotoIfTime({span},{DAYS[day]},*,*,{zone}?open)")
    return [*lines, " same => n,Goto(closed)"]


def _pairs(rows: object, length: int) -> list[Any]:
    if not isinstance(rows, list) or any(
        not isinstance(row, list) or len(row) != length for row in rows
    ):
        raise encoder.Refused("its working hours have a wrong form")
    return rows


def _span(begin: object, end: object) -> str:
    """As Asterisk has it, whose last minute counts; empty where nothing lies between."""
    first, last = _minutes(begin), _minutes(end) - 1
    if last < first:
        return ""
    return f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}"


def _minutes(clock: object) -> int:
    found = _CLOCK.fullmatch(clock) if isinstance(clock, str) else None
    if not found or int(found[1]) * 60 + int(found[2]) > 24 * 60:
        raise encoder.Refused("a time of its working hours is none")
    return int(found[1]) * 60 + int(found[2])
