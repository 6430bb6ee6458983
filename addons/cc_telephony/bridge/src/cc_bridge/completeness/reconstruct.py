# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls from CEL and queue_log alone, in the same form as the live model's. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..calls import CallModel
from .cel import CelRow
from .events import Translator
from .queuelog import QueueRow


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A call as CEL tells it.

    ``call``: by the schema; its rev is a placeholder, and its call_uid (``cel-…``) unless somebody knew it. ``channels``: unique ids of all
    channels that were ever part of it. ``ended``: whether CEL saw its end; a call that was open when
    the PBX died ends at its last evidence and says so (``estimated``).
    """

    call: dict[str, Any]
    channels: frozenset[str]
    ended: bool


def reconstruct(
    rows: Iterable[CelRow],
    queue_rows: Iterable[QueueRow] | None = None,
    *,
    trunks: Iterable[str] = (),
    agent_endpoints: Callable[[str], str | None] | None = None,
    dead: int | None = None,
    recall: Callable[[str], Mapping[str, Any] | None] = lambda _uid: None,
) -> list[Rebuilt]:
    """The calls of one group of rows, in order of their beginning.

    :param queue_rows: None when there is no queue_log at all
    :param recall: what is known of a channel by its unique id, as CallModel.adopt takes it, or None: CEL's rows
        of an originated channel have no number
    :param dead: what is still open will never get another row; until then (µs) it was surely there
    """
    numbers = iter(range(1, 1 << 30))
    model = CallModel(
        mint=lambda: f"cel-{next(numbers)}", trunks=trunks, agent_endpoints=agent_endpoints
    )
    last: dict[str, dict[str, Any]] = {}
    channels: dict[str, set[str]] = {}
    seen: set[str] = set()

    def remember(event: Mapping[str, str]) -> None:
        for name in ("Uniqueid", "DestUniqueid"):
            uid = event.get(name)
            if uid and uid not in seen:
                seen.add(uid)
                if (known := recall(uid)) is not None:
                    model.adopt(channel_id=uid, **known)

    def take(facts: Iterable[Any]) -> None:
        for fact in facts:
            last[fact.call["call_uid"]] = fact.call

    def gather(event: Mapping[str, str]) -> None:
        # the event's own channels: all calls at each event would take too long in a large group
        for name in ("Uniqueid", "DestUniqueid"):
            uid = event.get(name)
            if uid and (call_uid := model.call_of(uid)) is not None:
                channels.setdefault(call_uid, set()).add(uid)

    t: int | None = None
    for event in Translator(rows, queue_rows).events():
        remember(event)
        gather(event)
        facts = model.feed(event)
        take(facts)
        gather(event)
        told = {fact.call["call_uid"] for fact in facts}
        if len(told) == 1:
            # a call that is told of only when its one channel goes: nobody has that channel any more
            known = set().union(*channels.values())
            uids = {event[name] for name in ("Uniqueid", "DestUniqueid") if event.get(name)}
            channels.setdefault(told.pop(), set()).update(uids - known)
        t = round(float(event["Timestamp"]) * 1_000_000)
    open_before = {call.call_uid for call in model.open_calls()}
    if dead is not None:
        model.extend(dead)
        take(model.resync([], t=t if t is None else max(t, dead)))
    found = []
    for uid, call in last.items():
        for leg in call["legs"]:
            channels.setdefault(uid, set()).update(leg["channels"])
        found.append(
            Rebuilt(
                call=call,
                channels=frozenset(channels.get(uid, ())),
                ended=call["state"] == "ended" and uid not in open_before,
            )
        )
    return found
