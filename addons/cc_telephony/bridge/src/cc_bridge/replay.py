# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge replay FILE``: a recorded AMI stream in, facts out as JSON lines.

Needs neither PBX nor Odoo. Messages that are no events (``_sent``, ``Response``) are passed over, broken
ones too and counted. The forms of a recording are described in ``recorded.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from . import recorded
from .calls import Call, CallModel
from .facts import envelope, uuid7

# The PBX's id in facts that no PBX sends.
NO_PBX = "00000000-0000-7000-8000-000000000000"


# Two AMI sessions in one recording tell everything twice, this many events apart at most.
_WINDOW = 64


@dataclass(slots=True)
class Told:
    """What a replay came to: ``facts`` written, ``broken`` lines, ``open_calls`` at the end.

    ``doubled``: events that the recording holds twice, ``failed``: events that raised.
    """

    facts: int = 0
    events: int = 0
    broken: int = 0
    failed: int = 0
    doubled: int = 0
    open_calls: list[Call] = field(default_factory=list)


def _mark(event: recorded.Message) -> int:
    """Equal for the same event of the PBX, whatever the recorders added (``_t``)."""
    return hash(tuple(sorted((k, str(v)) for k, v in event.items() if not k.startswith("_"))))


def _say(text: str) -> None:
    """A line for whoever typed the command; standard output is for facts only."""
    sys.stderr.write(text + "\n")


def replay(
    messages: Iterable[recorded.Message | None],
    out: TextIO,
    *,
    pbx: str = NO_PBX,
    epoch: int = 1,
    model: CallModel | None = None,
) -> Told:
    """Feed every message (None: a broken one) to a call model and write its facts to ``out``, one JSON object a line."""
    model = model or CallModel(mint=uuid7)
    told = Told()
    seen: deque[int] = deque(maxlen=_WINDOW)
    for message in messages:
        if message is None:
            told.broken += 1
            continue
        event = recorded.event(message)
        if event is None:
            continue
        told.events += 1
        if "." in str(event.get("Timestamp", "")):
            # whole seconds would make one of two keys that were pressed in the same one
            mark = _mark(event)
            if mark in seen:
                told.doubled += 1
                continue
            seen.append(mark)
        try:
            facts = model.feed(event)
        except Exception as error:
            # One event must not cost the rest of a recording; it is said, not hidden.
            told.failed += 1
            _say(f"event {told.events} failed: {error!r}")
            continue
        for fact in facts:
            told.facts += 1
            whole = envelope(
                pbx=pbx,
                epoch=epoch,
                seq=told.facts,
                t=fact.t,
                kind=fact.kind,
                body={"call": fact.call},
            )
            out.write(json.dumps(whole, ensure_ascii=False) + "\n")
    told.open_calls = model.open_calls()
    return told


class _Reading:
    """The messages of several files, one after the other, as far as they can be read; ``error``: why no further."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.error: str | None = None

    def __iter__(self) -> Iterator[recorded.Message | None]:
        for path in self.paths:
            try:
                yield from recorded.messages(recorded.lines(path))
            except recorded.UNREADABLE as error:
                self.error = f"cannot read {path}: {getattr(error, 'strerror', None) or error}"
                return


def main(argv: list[str] | None = None) -> int:
    """The command; 0 for readable files, 2 with a message for one that can't be read."""
    parser = argparse.ArgumentParser(
        prog="cc_bridge replay",
        description="Print the facts of a recorded AMI stream, one JSON object a line, on standard"
        " output. On standard error: broken lines, the calls that the recording leaves open, a"
        " summary. Exit 0, also with calls left open; 2 if a file can't be read (to its end).",
    )
    parser.add_argument(
        "file",
        nargs="+",
        help="JSON lines as `cc_bridge record` writes them, a JSON array of events, or AMI's own"
        " text; gzip, bzip2, xz too; - for standard input. Several files are one stream, in this"
        " order",
    )
    parser.add_argument("--pbx", default=NO_PBX, help="PBX uuid to put into the facts")
    parser.add_argument("--epoch", type=int, default=1, help="epoch to put into the facts")
    parser.add_argument(
        "--trunk",
        action="append",
        default=[],
        metavar="NAME",
        help="an endpoint that leads outside; else it is guessed (may be repeated)",
    )
    options = parser.parse_args(argv)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    reading = _Reading(options.file)
    try:
        told = replay(
            reading,
            sys.stdout,
            pbx=options.pbx,
            epoch=options.epoch,
            model=CallModel(mint=uuid7, trunks=frozenset(options.trunk)),
        )
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read us has seen enough; nothing more can be written, at the end neither
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 0
    except OSError as error:
        _say(f"cc_bridge replay: cannot write the facts: {error}")
        return 2
    if reading.error is not None:
        _say(f"cc_bridge replay: {reading.error}")
    if told.events or reading.error is None:
        _sum_up(told)
    return 0 if reading.error is None else 2


def _sum_up(told: Told) -> None:
    """What the recording was, on standard error."""
    if told.doubled:
        _say(f"{told.doubled} event(s) told twice")
    if told.broken:
        _say(f"{told.broken} broken line(s) passed over")
    for call in told.open_calls:
        _say(
            f"left open: {call.call_uid} {call.direction} {call.state}"
            f" from {call.from_number or '?'} to {call.to_number or '?'}"
        )
    if not told.events:
        _say("no AMI event was found: neither JSON objects with an Event nor AMI's own text")
    _say(f"{told.events} event(s), {told.facts} fact(s), {len(told.open_calls)} call(s) left open")


if __name__ == "__main__":
    sys.exit(main())
