# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Real calls: AMI stream, CEL and queue_log of the same seconds, recorded with the stack of this repository."""

import gzip
import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cc_bridge.calls import CallModel
from cc_bridge.completeness import cel, queuelog
from cc_bridge.completeness.reconstruct import Rebuilt, reconstruct

FOLDER = Path(__file__).parent / "recordings"
#: who sat at which phone
PHONES = {"2001": "1002", "2002": "1001"}


@dataclass(frozen=True)
class Recorded:
    """One scenario."""

    ami: list[dict[str, Any]]
    cel: list[str]
    queue_log: list[str]


def names() -> list[str]:
    """The scenarios that we keep."""
    return sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))


def load(name: str) -> Recorded:
    """One of them."""
    with gzip.open(FOLDER / f"{name}.json.gz", "rt", encoding="utf-8") as stream:
        return Recorded(**json.load(stream))


def again(recorded: Recorded, later_s: int) -> Recorded:
    """The same calls on a PBX that was started in between: times and ids are new, names of channels as before."""

    def moved(text: str) -> str:
        text = re.sub(r"\b1\d{9}(?=[.|])", lambda m: str(int(m[0]) + later_s), text)
        return re.sub(
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            lambda m: str(uuid.uuid5(uuid.NAMESPACE_OID, m[0])),
            text,
        )

    return Recorded(
        json.loads(moved(json.dumps(recorded.ami))),
        [moved(line) for line in recorded.cel],
        [moved(line) for line in recorded.queue_log],
    )


def by_ami(recorded: Recorded) -> list[dict[str, Any]]:
    """The calls' last states by the live model."""
    model = CallModel(trunks=["trunk"], agent_endpoints=PHONES.get)
    last: dict[str, dict[str, Any]] = {}
    for event in recorded.ami:
        for fact in model.feed(event):
            last[fact.call["call_uid"]] = fact.call
    return list(last.values())


def by_cel(recorded: Recorded, **options: Any) -> list[Rebuilt]:
    """The calls by CEL and queue_log alone."""
    rows = [row for row in map(cel.parse, recorded.cel) if row is not None]
    told = [row for row in map(queuelog.parse, recorded.queue_log) if row is not None]
    return reconstruct(rows, told, trunks=["trunk"], agent_endpoints=PHONES.get, **options)
