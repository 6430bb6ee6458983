# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Fixtures of the tests of controls: one Asterisk and bridge for all, a conversation of any kind to begin with."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from line_rig import MOBILES, Call, Ear, LineRig, eventually
from sound_of import tones_by_step

from cc_stack.settings import Settings

#: Every control must do the same in all of these.
KINDS = ("queue", "direct", "outbound")
INSTANCE = "test-controls"
#: Who is heard on the left and who on the right of a recording, for a tenth of a second.
Step = tuple[set[str], set[str]]
#: So many steps are no remainder of what was before.
LEAST = 4


@pytest.fixture(scope="session")
def line_rig() -> Iterator[LineRig]:
    """Asterisk and bridge, started once."""
    rig = LineRig(Settings.load(INSTANCE))
    rig.down()
    try:
        rig.up()
        yield rig
    finally:
        rig.down()


@pytest.fixture
def rig(line_rig: LineRig, request: pytest.FixtureRequest) -> Iterator[LineRig]:
    """The same, with nobody signed in and no call left when the test is over.

    With CC_RECORD=folder each test leaves the AMI stream of its calls there, for the call model's tests.
    """
    line_rig.stream.clear()
    yield line_rig
    line_rig.settle()
    if folder := os.environ.get("CC_RECORD"):
        name = re.sub(r"\W+", "_", request.node.name).strip("_")
        lines = "".join(f"{json.dumps(event)}\n" for event in line_rig.stream)
        (Path(folder) / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


@pytest.fixture
def settings(rig: LineRig) -> Iterator[Callable[..., None]]:
    """settings(dial_mode="customer_first") changes the PBX's settings for the test."""
    before = dict(rig.odoo.intent["settings"])

    def change(**values: Any) -> None:
        rig.configure({**before, **values})

    yield change
    rig.configure(before)


@dataclass
class Talk:
    """Agent 1001 in conversation with a customer."""

    rig: LineRig
    ann: Ear
    customer: Ear
    uid: str
    agent: str = "1001"

    @property
    def call(self) -> Call:
        """The newest word on the call."""
        return next(c for c in self.rig.calls() if c["call_uid"] == self.uid)

    def does(self, kind: str, code: str = "ok", *, agent: str = "", **args: Any) -> dict[str, Any]:
        """A command about this call, with the result it must have."""
        result = self.rig.command(kind, args, agent or self.agent, self.uid)
        assert result["code"] == code, f"{result}\nin {self.call}"
        return result

    def hold_and_back(self, agent: str = "") -> None:
        """Hold, and resume once it is told: the PBX says of a channel first that it left, then where it is."""
        self.does("hold", agent=agent)
        self.until(state="held")
        self.does("resume", agent=agent)

    def until(self, **fields: Any) -> Call:
        """The call once its fields have these values."""

        def so() -> bool:
            return all(self.call[k] == v for k, v in fields.items())

        so.__doc__ = f"{fields}, it is { ({k: self.call[k] for k in fields}) }"
        eventually(so)
        return self.call

    def ended(self) -> Call:
        """The call when it is over."""
        eventually(lambda: self.call["state"] == "ended")
        return self.call

    def outcomes(self) -> list[tuple[str, str]]:
        """Who was rung, and how it ended."""
        return [(a["target"], a["outcome"]) for a in self.call["attempts"]]

    def transfers(self) -> list[tuple[str, str, str, bool]]:
        """How, by whom, to whom, completed."""
        return [(t["how"], t["by"], t["to"], t["completed"]) for t in self.call["transfers"]]

    def parties(self) -> list[tuple[str, str]]:
        """Who was in it."""
        return [(leg["role"], leg["number"]) for leg in self.call["legs"]]


def heard(ears: dict[str, Ear]) -> dict[str, set[str]]:
    """Name to the names of those whom they hear, measured over the newest 0.4 s."""
    return {
        name: {other for other, one in ears.items() if one is not ear and ear.hears(one.tone)}
        for name, ear in ears.items()
    }


def hear(expected: dict[str, set[str]], seconds: float = 60, **ears: Ear) -> None:
    """Waits until exactly these hear those, and that it stays so."""
    end, since = time.monotonic() + seconds, None
    while since is None or time.monotonic() < since + 0.5:
        found, now = heard(ears), time.monotonic()
        # on a busy machine a tone may fail for a moment: then it has to hold anew
        since = (since or now) if found == expected else None
        assert since or now < end, f"heard: {found}, expected: {expected}"
        time.sleep(0.1)


def talk_on(*ears: Ear, seconds: float = 1.5) -> None:
    """Until each of them has heard so much more: while a busy machine stands still nobody hears anything."""
    before = [ear.sound_s for ear in ears]
    eventually(lambda: all(e.sound_s > b + seconds for e, b in zip(ears, before, strict=True)))


def recordings(one: Talk, count: int) -> list[dict[str, Any]]:
    """What the call left, by part, once there are so many and no more come."""

    def found() -> list[dict[str, Any]]:
        facts = [f["recording"] for f in one.rig.facts("recording.")]
        return sorted((f for f in facts if f["call_uid"] == one.uid), key=lambda f: int(f["part"]))

    eventually(lambda: len(found()) >= count)
    eventually(lambda: one.rig.recordings_on_their_way() == 0)
    assert [f["part"] for f in found()] == list(range(1, count + 1))
    return found()


def heard_in(recording: dict[str, Any], **ears: Ear) -> list[Step]:
    """A recording step by step."""
    names = {ear.tone: name for name, ear in ears.items()}
    return [
        ({names[hertz] for hertz in left}, {names[hertz] for hertz in right})
        for left, right in tones_by_step(Path(recording["path"]), *names)
    ]


def in_turn(steps: list[Step], *wanted: Step) -> bool:
    """Whether these are in it one after the other; not for how long.

    When a phone or the PBX stands still for some seconds, so much of the sound is lost.
    """
    rest = iter(steps)
    return all(len([*islice(filter(one.__eq__, rest), LEAST)]) == LEAST for one in wanted)


def music(ear: Ear) -> bool:
    """They hear something that is nobody's tone."""
    return ear.loud() > 0.01


@pytest.fixture
def talk(rig: LineRig) -> Callable[..., Talk]:
    """talk("queue") is a conversation; "mobile" is a queue call answered at an outside mobile."""

    def begin(kind: str = "queue", number: str = "+8613800000001") -> Talk:
        since = int(time.time() * 1_000_000) - 500_000
        if kind == "outbound":
            ann, customer = rig.desk("1001"), rig.ears["outside"].as_number(number)
            result = rig.command("dial", {"number": number}, "1001")
            assert result["ok"], result
            ann.answer()
            uid = result["call_uid"]
        elif kind == "mobile":
            customer, ann = rig.customer(number), rig.ears["outside"].as_number(MOBILES["1005"])
            rig.sign_in("1005", "mobile", MOBILES["1005"])
            customer.call("100")
            eventually(lambda: rig.state("1005") == "ringing")
            eventually(rig.asks_for_a_key)
            ann.keys("1")
            uid = rig.calls(since)[-1]["call_uid"]
        else:
            ann, customer = rig.desk("1001"), rig.customer(number)
            customer.call("100" if kind == "queue" else "1001")
            eventually(lambda: rig.state("1001") == "ringing")
            ann.answer()
            uid = rig.calls(since)[-1]["call_uid"]
        found = Talk(rig, ann, customer, uid, "1005" if kind == "mobile" else "1001")
        found.until(state="talking")
        hear({"ann": {"customer"}, "customer": {"ann"}}, ann=ann, customer=customer)
        return found

    return begin
