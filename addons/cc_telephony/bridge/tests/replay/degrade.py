# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What may be missing or different in a stream from somewhere else, one way each."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

Events = list[dict[str, Any]]
Way = Callable[[Events], Events]


def without(*kinds: str) -> Way:
    """Events filtered out on the PBX; ``Queue*`` is every event that begins so."""
    exact = {k for k in kinds if not k.endswith("*")}
    heads = tuple(k[:-1] for k in kinds if k.endswith("*"))

    def way(events: Events) -> Events:
        return [
            e
            for e in events
            if e["Event"] not in exact and not (heads and e["Event"].startswith(heads))
        ]

    return way


def bare(*headers: str) -> Way:
    """Headers that the PBX does not send; ``*Uniqueid`` is every header that ends so."""
    exact = {h for h in headers if not h.startswith("*")}
    tails = tuple(h[1:] for h in headers if h.startswith("*"))

    def way(events: Events) -> Events:
        return [
            {
                k: v
                for k, v in e.items()
                if k == "Event" or (k not in exact and not (tails and k.endswith(tails)))
            }
            for e in events
        ]

    return way


def spelt(*changes: tuple[str, str]) -> Way:
    """Names as another PBX gives them: regular expressions over the whole text."""

    def way(events: Events) -> Events:
        text = json.dumps(events)
        for old, new in changes:
            text = re.sub(old, new, text)
        found: Events = json.loads(text)
        return found

    return way


def doubled(events: Events) -> Events:
    """Two AMI sessions wrote into one file: everything twice, the second a little later."""
    out: Events = []
    for i, event in enumerate(events):
        out.append(event)
        if i >= 2:
            out.append(events[i - 2])
    return out + events[-2:]


def at_once_doubled(events: Events) -> Events:
    """Every event twice."""
    return [e for e in events for _ in range(2)]


def strangers(events: Events) -> Events:
    """Events of other modules between, about nothing that we know."""
    out: Events = []
    for i, event in enumerate(events):
        out += [event, {"Event": f"Unheard{i % 7}", "Channel": "X/1", "Uniqueid": "1.1"}]
        out.append(
            {"Event": "ExtensionStatus", "Exten": "1004", "Status": "1", "Hint": "PJSIP/1004"}
        )
        out.append({"Event": "PeerStatus", "Peer": "SIP/1004", "PeerStatus": "Registered"})
        out.append({"Event": "RTCPSent", "Channel": event.get("Channel", "PJSIP/9-0000000f")})
    return out


def twice(events: Events) -> Events:
    """The PBX was started anew, and what happened before happens again, ids and all."""
    return [*events, {"Event": "FullyBooted", "Status": "Fully Booted"}, *events]


def moved(events: Events, seed: int) -> Events:
    """Neighbours change places: threads of the PBX overtake each other."""
    random = Random(seed)
    out = list(events)
    for i in range(len(out) - 1):
        if random.random() < 0.1:
            out[i], out[i + 1] = out[i + 1], out[i]
    return out


def from_share(share: float) -> Way:
    """The recorder was started in the middle."""
    return lambda events: events[int(len(events) * share) :]


def to_share(share: float) -> Way:
    """The recorder was stopped before the end."""
    return lambda events: events[: int(len(events) * share)]
