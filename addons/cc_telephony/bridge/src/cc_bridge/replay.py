# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge replay FILE``: a recorded AMI stream in, facts out as JSON lines.

Needs neither PBX nor Odoo. A line is one event as the recorder writes it; lines that are no
events (``_sent``, ``Response``) are passed over, broken ones too and counted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from .calls import Call, CallModel
from .facts import envelope, uuid7

# The PBX's id in facts that no PBX sends.
NO_PBX = "00000000-0000-7000-8000-000000000000"


@dataclass(slots=True)
class Told:
    """What a replay came to: ``facts`` written, ``broken`` lines, ``open_calls`` at the end."""

    facts: int = 0
    events: int = 0
    broken: int = 0
    failed: int = 0
    open_calls: list[Call] = field(default_factory=list)


def _say(text: str) -> None:
    """A line for whoever typed the command; standard output is for facts only."""
    sys.stderr.write(text + "\n")


def replay(
    lines: Iterable[str],
    out: TextIO,
    *,
    pbx: str = NO_PBX,
    epoch: int = 1,
    model: CallModel | None = None,
) -> Told:
    """Feed every line to a call model and write its facts to ``out``, one JSON object a line."""
    model = model or CallModel(mint=uuid7)
    told = Told()
    for line in lines:
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            told.broken += 1
            continue
        if not isinstance(event, dict):
            told.broken += 1
            continue
        if "_sent" in event or "Event" not in event:
            continue
        told.events += 1
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


def _lines(path: str) -> Iterator[str]:
    """The lines of a file, gzip too; ``-`` is standard input. Broken UTF-8 is replaced."""
    if path == "-":
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        yield from sys.stdin
        return
    with Path(path).open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if packed:
            with gzip.open(raw) as stream:
                for line in stream:
                    yield line.decode("utf-8", "replace")
            return
        for line in raw:
            yield line.decode("utf-8", "replace")


def main(argv: list[str] | None = None) -> int:
    """The command; 0 for any readable file, 1 with a message for one that can't be read."""
    parser = argparse.ArgumentParser(
        prog="cc_bridge replay", description="Print the facts of a recorded AMI stream."
    )
    parser.add_argument(
        "file", help="JSON lines as `cc_bridge record` writes them, .gz too; - for stdin"
    )
    parser.add_argument("--pbx", default=NO_PBX, help="PBX uuid to put into the facts")
    parser.add_argument("--epoch", type=int, default=1, help="epoch to put into the facts")
    parser.add_argument(
        "--trunk",
        action="append",
        default=[],
        metavar="NAME",
        help="an endpoint that leads outside",
    )
    options = parser.parse_args(argv)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        told = replay(
            _lines(options.file),
            sys.stdout,
            pbx=options.pbx,
            epoch=options.epoch,
            model=CallModel(mint=uuid7, trunks=frozenset(options.trunk)),
        )
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except (OSError, EOFError) as error:
        _say(f"cc_bridge replay: cannot read {options.file}: {error}")
        return 1
    if told.broken:
        _say(f"{told.broken} broken line(s) passed over")
    for call in told.open_calls:
        _say(
            f"left open: {call.call_uid} {call.direction} {call.state}"
            f" from {call.from_number or '?'} to {call.to_number or '?'}"
        )
    _say(f"{told.events} event(s), {told.facts} fact(s), {len(told.open_calls)} call(s) left open")
    return 0


if __name__ == "__main__":
    sys.exit(main())
