# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The model's memory as JSON and back, so that a restarted bridge knows its calls again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from ..events import Event
from .channels import Channel
from .records import Attempt, Call, Entry, Hold, Leg, Transfer
from .world import Expected, World

VERSION = 1
_PARTS: dict[str, type] = {
    "legs": Leg,
    "attempts": Attempt,
    "transfers": Transfer,
    "entries": Entry,
    "holds": Hold,
}
#: What fields were called in 19.0.1.0.0.
_OLD_NAMES = {
    "front": "rang_first",
    "midway": "in_progress",
    "taker": "picks_up",
    "weak": "provisional",
}
T = TypeVar("T")


def _plain(record: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for f in fields(record):
        value = getattr(record, f.name)
        if f.name in _PARTS:
            value = [_plain(x) for x in value]
        elif isinstance(value, set):
            value = sorted(value)
        elif isinstance(value, list):
            value = [dict(x) if isinstance(x, dict) else x for x in value]
        elif isinstance(value, tuple):
            value = list(value)
        out[f.name] = value
    return out


def _make(kind: type[T], saved: Mapping[str, Any]) -> T:
    """A record from its dict; fields that this version does not know are left out."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    named = {_OLD_NAMES.get(name, name): value for name, value in saved.items()}
    return kind(**{name: value for name, value in named.items() if name in known})


def dump(w: World) -> dict[str, Any]:
    """The world as plain data. What a call needs, not what the PBX tells again."""
    whole = dump_rest(w)
    for uid in w.calls:
        if part := dump_call(w, uid):
            whole["calls"].append(part["call"])
            whole["channels"] += part["channels"]
    return whole


def dump_call(w: World, call_uid: str) -> dict[str, Any] | None:
    """One open call and its channels; None when it isn't open."""
    call = w.calls.get(call_uid)
    if call is None or call.ended:
        return None
    return {
        "call": _plain(call),
        "channels": [_plain(c) for c in map(w.reg.live.get, sorted(call.channels)) if c],
    }


def dump_rest(w: World) -> dict[str, Any]:
    """All but the open calls: what many calls share, in a size that does not grow with them."""
    of_calls = {uid for call in w.calls.values() if not call.ended for uid in call.channels}
    return {
        "version": VERSION,
        "channels": [_plain(c) for c in w.reg.live.values() if c.uid not in of_calls],
        "calls": [_plain(c) for c in w.calls.values() if c.ended],
        "expected": {k: _plain(v) for k, v in w.expected.items()},
        "rooms": dict(w.rooms),
        "waiting": list(w.waiting),
        "early": {uid: dict(e) for uid, e in w.early.items()},
        "bridges_told": w.bridges_told,
        "trunks": sorted(w.reg.trunks),
        "phones": sorted(w.reg.phones),
        "shown": dict(w.reg.shown),
        "claims": {number: sorted(names) for number, names in w.reg.claims.items()},
        "asks": w.reg.asks,
        "queues": w.reg.queues,
        "swapped": dict(w.reg.swapped),
    }


def load(w: World, saved: Mapping[str, Any]) -> None:
    """Fill an empty world from ``dump``'s result; another version's is passed over."""
    if saved.get("version") != VERSION:
        return
    # what it had then is known, and what it has now is listed before anything new is heard
    w.reg.resynced = True
    for row in saved.get("channels", ()):
        ch = _make(Channel, row)
        w.reg.hold(ch)
    for row in saved.get("calls", ()):
        call = _make(Call, row)
        for name, kind in _PARTS.items():
            setattr(call, name, [_make(kind, x) for x in row.get(name, ())])
        call.channels = set(call.channels)
        call.last_left = tuple(row["last_left"]) if row.get("last_left") else None
        call.from_before = tuple(row["from_before"]) if row.get("from_before") else None
        w.calls[call.call_uid] = call
    w.expected.update({k: _make(Expected, v) for k, v in saved.get("expected", {}).items()})
    w.rooms.update(saved.get("rooms", {}))
    w.waiting.update(dict.fromkeys(saved.get("waiting", ())))
    w.early.update({uid: Event(headers) for uid, headers in saved.get("early", {}).items()})
    w.bridges_told = bool(saved.get("bridges_told"))
    w.reg.trunks.update(saved.get("trunks", ()))
    w.reg.phones.update(saved.get("phones", ()))
    w.reg.shown.update(saved.get("shown", {}))
    w.reg.claims.update({k: set(v) for k, v in saved.get("claims", {}).items()})
    w.reg.swapped.update(saved.get("swapped", {}))
    w.reg.asks = w.reg.asks or bool(saved.get("asks"))
    w.reg.queues = w.reg.queues or bool(saved.get("queues"))
