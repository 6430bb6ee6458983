# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Several recorded calls at once on one PBX, played as time passes; what the PBX would list at any moment."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

from cc_bridge.completeness import cel

from . import recorded

MICRO = 1_000_000


@dataclass(frozen=True)
class Moment:
    """What happens at one time: an AMI event, a line of CEL or one of queue_log."""

    t: int
    ami: dict[str, Any] | None = None
    cel: str | None = None
    queue_log: str | None = None


def of_cel(line: str) -> Moment:
    """A line of CEL, at its time."""
    row = cel.parse(line)
    assert row is not None
    return Moment(row.t, cel=line)


def moments(names: list[str], start: int, apart: list[int]) -> list[Moment]:
    """Scenarios, the n-th begun ``sum(apart[:n])`` s after ``start`` (µs), in order of time."""
    found: list[Moment] = []
    for name, offset in zip(names, itertools.accumulate(apart), strict=True):
        scenario = recorded.load(name)
        rows = [row for row in map(cel.parse, scenario.cel) if row is not None]
        # whole seconds: queue_log has no others
        shift = ((start - rows[0].t) // MICRO + offset) * MICRO
        for event in scenario.ami:
            if stamp := event.get("Timestamp"):
                t = round(float(stamp) * MICRO) + shift
                found.append(Moment(t, ami={**event, "Timestamp": f"{t // MICRO}.{t % MICRO:06d}"}))
        for line, row in zip(scenario.cel, rows, strict=True):
            t = row.t + shift
            old = f'"{row.t // MICRO}.{row.t % MICRO:06d}"'
            new = f'"{t // MICRO}.{t % MICRO:06d}"'
            found.append(Moment(t, cel=line.replace(old, new, 1)))
        for line in scenario.queue_log:
            second, _, rest = line.partition("|")
            t = int(second) * MICRO + shift
            # it is written some time within its second
            found.append(Moment(t + MICRO - 1, queue_log=f"{t // MICRO}|{rest}"))
    return sorted(found, key=lambda moment: moment.t)


def listed(past: list[Moment], now: int) -> list[dict[str, str]]:
    """CoreShowChannels, after these moments."""
    there: dict[str, dict[str, str]] = {}
    for moment in past:
        row = cel.parse(moment.cel) if moment.cel else None
        if row is None:
            continue
        if row.event == "CHAN_END":
            there.pop(row.uid, None)
            continue
        if row.event == "LINKEDID_END":
            continue
        one = there.setdefault(
            row.uid,
            {
                "Event": "CoreShowChannel",
                "Uniqueid": row.uid,
                "ChannelState": "4" if row.uid == row.linked and row.exten != "s" else "0",
                "born": str(row.t),
            },
        )
        one.update(
            Channel=row.name,
            Linkedid=row.linked,
            CallerIDNum=row.number,
            CallerIDName=row.caller_name,
            Exten=row.exten,
            Context=row.context,
            Application=row.app,
            ApplicationData=row.data,
        )
        if row.event == "ANSWER":
            one["ChannelState"] = "6"
        elif row.event == "BRIDGE_ENTER":
            one["BridgeId"] = json.loads(json.dumps(row.extra))["bridge_id"]
        elif row.event == "BRIDGE_EXIT":
            one.pop("BridgeId", None)
    for one in there.values():
        seconds = (now - int(one.pop("born"))) // MICRO
        one["Duration"] = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return list(there.values())
