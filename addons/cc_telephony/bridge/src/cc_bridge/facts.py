# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts: what the bridge says to Odoo, and the ids in them (form: ``cc_contract/facts.schema.json``)."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cc_contract.facts import VERSION


@dataclass(frozen=True, slots=True)
class CallFact:
    """One moment of one call.

    ``kind``: ``call.started`` … as the schema lists them. ``t``: PBX time in integer
    microseconds since 1970 UTC, None where the stream carries no time. ``call``: the whole
    call so far, by the schema's ``call``, its ``rev`` already raised.
    """

    kind: str
    t: int | None
    call: dict[str, Any]


def uuid7(
    clock_ns: Callable[[], int] = time.time_ns, random: Callable[[int], bytes] = os.urandom
) -> str:
    """A version 7 UUID (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits.

    Sorted as text they are in order of birth to the millisecond, which keeps the call
    table's index narrow at its end.
    """
    millis = (clock_ns() // 1_000_000) & ((1 << 48) - 1)
    tail = int.from_bytes(random(10), "big")
    rand_a = (tail >> 62) & 0xFFF
    rand_b = tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=millis << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b))


def envelope(
    *, pbx: str, epoch: int, seq: int, t: int | None, kind: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    """The JSON object of one fact; ``body`` is ``{"call": …}``, ``{"agent": …}`` …"""
    return {"v": VERSION, "pbx": pbx, "epoch": epoch, "seq": seq, "t": t, "kind": kind, **body}
