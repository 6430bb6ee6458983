# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recorded streams, and the checks that every list of facts must pass."""

import functools
import gzip
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from cc_bridge.calls import CallModel
from cc_bridge.facts import CallFact, envelope
from cc_contract.facts import SCHEMA

FOLDER = Path(__file__).parent.parent / "recordings"
_VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
PBX = "01900000-0000-7000-8000-000000000001"


def names() -> list[str]:
    """The recordings that we keep."""
    return sorted(p.name.removesuffix(".jsonl.gz") for p in FOLDER.glob("*.jsonl.gz"))


@functools.cache
def lines(name: str) -> list[str]:
    """The lines of a recording."""
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        return stream.readlines()


def events(name: str) -> list[dict[str, Any]]:
    """The events of a recording, without the actions noted between them."""
    return list(_events(name))


@functools.cache
def _events(name: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in lines(name)]
    return [e for e in found if "Event" in e]


def minter() -> Callable[[], str]:
    """Ids in order: 00000000-0000-7000-8000-00000000000N."""
    numbers: Iterator[int] = itertools.count(1)
    return lambda: f"00000000-0000-7000-8000-{next(numbers):012x}"


def run(stream: Iterable[Mapping[str, Any]], model: CallModel | None = None) -> list[CallFact]:
    """Feed a stream to a model."""
    model = model or CallModel(mint=minter())
    return [fact for event in stream for fact in model.feed(event)]


def last(facts: Iterable[CallFact]) -> list[dict[str, Any]]:
    """The newest state of each call, in order of their beginning."""
    found: dict[str, dict[str, Any]] = {}
    for fact in facts:
        found[fact.call["call_uid"]] = fact.call
    return list(found.values())


def kinds(facts: Iterable[CallFact]) -> list[str]:
    """The moments, without ``call.``."""
    return [f.kind.removeprefix("call.") for f in facts]


def validate(kind: str, call: Mapping[str, Any], seq: int = 1, t: int | None = None) -> None:
    """By the schema."""
    _VALIDATOR.validate(
        envelope(pbx=PBX, epoch=1, seq=seq, t=t, kind=kind, body={"call": dict(call)})
    )


def check(facts: Iterable[CallFact]) -> None:
    """By the schema; one more at each revision; no time goes back; an end is the end."""
    revs: dict[str, int] = {}
    ended: set[str] = set()
    times: dict[str, int] = {}
    for seq, fact in enumerate(facts, 1):
        call = fact.call
        uid = call["call_uid"]
        validate(fact.kind, call, seq, fact.t)
        assert call["rev"] == revs.get(uid, 0) + 1, f"{uid}: rev {call['rev']}"
        assert (call["rev"] == 1) == (fact.kind == "call.started")
        revs[uid] = call["rev"]
        assert uid not in ended or fact.kind == "call.corrected", f"{fact.kind} after the end"
        assert (call["state"] == "ended") == (fact.kind == "call.ended")
        if fact.kind == "call.ended":
            ended.add(uid)
            assert call["ended_by"] in ("customer", "agent", "system")
            assert all(a["outcome"] for a in call["attempts"])
        if fact.t is not None:
            assert fact.t >= times.get(uid, fact.t), f"{uid}: time went back"
            times[uid] = fact.t
            _in_order(call, fact.t)
        assert [x["leg"] for x in call["legs"]] == list(range(1, len(call["legs"]) + 1))
        assert [x["n"] for x in call["attempts"]] == list(range(1, len(call["attempts"]) + 1))


def _in_order(call: Mapping[str, Any], now: int) -> None:
    pairs = [(call["started_t"], call["queued_t"]), (call["started_t"], call["answered_t"])]
    pairs += [(call["started_t"], call["ended_t"]), (call["answered_t"], call["ended_t"])]
    pairs += [(x["joined_t"], x["left_t"]) for x in call["legs"]]
    pairs += [(x["ring_t"], x["end_t"]) for x in call["attempts"]]
    pairs += [(x["from_t"], x["to_t"]) for x in call["holds"]]
    for first, second in pairs:
        assert first is None or second is None or first <= second, (first, second, call)
        assert first is None or first <= now, (first, now, call)
        assert second is None or second <= now, (second, now, call)
