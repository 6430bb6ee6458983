# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What CEL tells against what was told to Odoo: missed, ended, other, the same. Pure.

AMI's word is richer (holds by a phone's key, ratings, what the dialplan says), so it remains wherever it
was listened to; CEL's counts where nobody listened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Differences below this are two clocks in one PBX, not news (µs).
SAME = 50_000


def corrected(
    known: Mapping[str, Any], rebuilt: Mapping[str, Any], ended: bool, *, unheard: bool = False
) -> dict[str, Any]:
    """The call as it was, from Odoo's last state of it and CEL's.

    :param known: the last fact's call; may be open
    :param rebuilt: what ``reconstruct`` made of it, in state ended
    :param ended: whether CEL saw the end; else it is the last evidence of either
    :param unheard: nobody listened for a moment while the conversation came to its end: whose
        hang-up it was may have been missed, though the hang-up itself was heard
    :return: the whole call, its rev one higher; ``known`` itself when there is nothing to correct
    """
    call = {**known}
    guessed = known["estimated"] or known["state"] != "ended"
    if guessed:
        _end(call, known, rebuilt, ended)
    elif ended and unheard and rebuilt["ended_by"] != "system":
        call["ended_by"], call["loss"] = rebuilt["ended_by"], rebuilt["loss"]
    # taken up in its middle: a list of channels tells neither the beginning nor what was dialled
    in_progress = _sooner(rebuilt["started_t"], known["started_t"]) or (
        known["estimated"] and ended
    )
    if in_progress:
        for name in ("started_t", "direction", "from", "to"):
            call[name] = rebuilt[name]
        # it stood in the queue when the channels were listed: since when, the list did not say
        call["queued_t"] = rebuilt["queued_t"] or known["queued_t"]
    for name in ("line", "queue", "queued_t"):
        if call[name] is None:
            call[name] = rebuilt[name]
    if in_progress or call["answered_t"] is None:
        call["answered_t"] = rebuilt["answered_t"]
    if call["answered_t"] is not None:
        call["loss"] = None
    for name in ("legs", "attempts", "transfers", "holds", "ivr"):
        if len(rebuilt[name]) > len(known[name]) or (
            name in ("legs", "attempts") and len(rebuilt[name]) == len(known[name]) and guessed
        ):
            call[name] = [dict(part) for part in rebuilt[name]]
    call["attempts"] = [dict(made) for made in call["attempts"]]
    for made, theirs in zip(call["attempts"], rebuilt["attempts"], strict=False):
        told = {"cancelled", "no_answer"} if unheard else {"cancelled"}
        if made["outcome"] in told and made["target"] == theirs["target"]:
            # that a ring stopped was heard, but maybe not why
            made["outcome"] = theirs["outcome"] or made["outcome"]
    call["rating"] = known["rating"] or rebuilt["rating"]
    call["estimated"] = not ended and guessed
    _name_legs(call, known)
    _close(call)
    if same(known, call):
        return dict(known)
    call["rev"] = known["rev"] + 1
    return call


def last_talk(call: Mapping[str, Any]) -> int | None:
    """When the last of those who served an ended call left it; without one, its end."""
    left = [
        x["left_t"] for x in call["legs"] if x["role"] != "customer" and x["left_t"] is not None
    ]
    found: int | None = max(left, default=call["ended_t"])
    return found


def created(rebuilt: Mapping[str, Any], call_uid: str) -> dict[str, Any]:
    """A call that nobody told of, whole, under its new id."""
    call = {**rebuilt, "call_uid": call_uid, "rev": 1}
    _close(call)
    return call


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states tell the same, times that are nearly the same included."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = (set(one) | set(other)) - {"rev", "call_uid"}
        return all(_same(name, one.get(name), other.get(name)) for name in names)
    return one == other


def _same(name: str, one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _same(name, a, b) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return same(one, other)
    timed = name.endswith("_t") or name == "t"
    if timed and isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= SAME
    return bool(one == other)


def _sooner(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one < other - SAME


def _end(
    call: dict[str, Any], known: Mapping[str, Any], rebuilt: Mapping[str, Any], ended: bool
) -> None:
    call["state"] = "ended"
    for name in ("ended_by", "cause", "loss"):
        call[name] = rebuilt[name]
    times = [t for t in (rebuilt["ended_t"], known["ended_t"]) if t is not None]
    if ended or not times:
        call["ended_t"] = rebuilt["ended_t"]
    else:
        # what either saw last
        call["ended_t"] = max(times)


def _name_legs(call: dict[str, Any], known: Mapping[str, Any]) -> None:
    """What AMI knew of a party that CEL can't tell: whose it is, and how a supervisor took part."""
    for leg in call["legs"]:
        for old in known["legs"]:
            if set(old["channels"]) & set(leg["channels"]):
                leg["number"] = old["number"] or leg["number"]
                leg["role"], leg["mode"] = old["role"], old["mode"]


def _close(call: dict[str, Any]) -> None:
    """Nothing of an ended call stays open, nothing of it lies outside of it."""
    start, end = call["started_t"], call["ended_t"]
    _clamp(call, ("queued_t",), start, end)
    call["legs"] = [_cut({**x}, ("joined_t", "left_t"), start, end) for x in call["legs"]]
    call["attempts"] = [_cut({**x}, ("ring_t", "end_t"), start, end) for x in call["attempts"]]
    call["holds"] = [_cut({**x}, ("from_t", "to_t"), start, end) for x in call["holds"]]
    if entries := call.get("entries"):
        call["entries"] = [_cut({**x}, ("from_t", "to_t"), start, end) for x in entries]
    for made in call["attempts"]:
        made["outcome"] = made["outcome"] or "cancelled"
    for n, leg in enumerate(call["legs"], 1):
        leg["leg"] = n
    for n, made in enumerate(call["attempts"], 1):
        made["n"] = n


def _cut(part: dict[str, Any], names: tuple[str, str], start: Any, end: Any) -> dict[str, Any]:
    """A part whose two times lie within the call, the second one known."""
    first, last = names
    if (part[last] is None and part[first] is not None) or (
        part[last] is None and first == "joined_t"
    ):
        part[last] = end
    _clamp(part, names, start, end)
    return part


def _clamp(part: dict[str, Any], names: Iterable[str], start: Any, end: Any) -> None:
    """Times that are known lie within the call."""
    for name in names:
        if part[name] is not None:
            if end is not None:
                part[name] = min(part[name], end)
            if start is not None:
                part[name] = max(part[name], start)


def closed(known: Mapping[str, Any], t: int) -> dict[str, Any]:
    """An open call whose channels are all gone, with nothing known of how: ended at the last evidence."""
    call = {**known, "state": "ended", "estimated": True, "ended_by": "system"}
    call["ended_t"] = max(x for x in (t, known["started_t"], known["answered_t"]) if x is not None)
    call["rev"] = known["rev"] + 1
    _close(call)
    return call
