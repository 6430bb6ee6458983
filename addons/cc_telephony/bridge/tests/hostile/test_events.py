# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recorded calls whose headers hold mischief, through everything that the bridge feeds with events."""

import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from calls import streams
from fake_odoo import PBX, SECRET
from hypothesis import given
from hypothesis import strategies as st
from loops import in_loop
from waiting import PATIENCE_S

from cc_bridge.ami import AmiSettings
from cc_bridge.bridge import Bridge
from cc_bridge.config import OdooSettings, Settings
from cc_contract.facts import MAX_TEXT

from .material import FUZZ, NAMES, texts

RECORDING = "cc_answer"
EVIL = [
    {"Event": ["A", "B"]},
    {"Event": "Newchannel", "Uniqueid": ["a", "b"], "Channel": ["x", "y"]},
    {"Event": "Newchannel"},
    {"Event": "QueueCallerJoin", "Queue": "support", "Count": "²"},
    {"Event": "QueueCallerJoin", "Queue": "support", "Count": "9" * 5000},
    {"Event": "QueueMemberStatus", "Queue": "q", "Interface": "Local/1@cc-agent/n", "Status": "²"},
    {"Event": "Hangup", "Uniqueid": "1.1", "Cause": "٣" * 20},
    {"Event": "Newstate", "Timestamp": "1e999", "Uniqueid": "\x00"},
    {"Event": "Newstate", "Timestamp": "nan"},
    {"Event": "Newstate", "Timestamp": "9" * 30},
    {"Event": "DialBegin", "DestUniqueid": "1.1", "Uniqueid": "1.1", "DialString": "x" * 100_000},
    {"Event": "Rename", "Uniqueid": "1.1", "Newname": "\r\nAction: Logoff"},
    {"Event": "UserEvent", "UserEvent": "CCAgentLost", "Agent": "1\r\nAction: Logoff", "Room": ""},
    {"Event": "OriginateResponse", "Uniqueid": "<unknown>", "Response": "<script>"},
]


def settings_in(folder: Path) -> Settings:
    return Settings(
        odoo=OdooSettings("http://127.0.0.1:9", "db", PBX, SECRET, timeout=1),
        ami=AmiSettings("127.0.0.1", 9, "u", "right", action_timeout=PATIENCE_S),
        spool=folder / "spool",
        recordings=folder / "rec",
        config_dir=folder / "etc",
        log_level="INFO",
        log_file=None,
    )


@pytest.fixture
async def bridge(tmp_path: Path) -> AsyncIterator[Bridge]:
    """A bridge that runs no loops: events are handed in, facts are read from its spool."""
    one = Bridge(settings_in(tmp_path))
    yield one
    await one.agents.close()
    one.spool.close()


def facts_of(bridge: Bridge) -> list[dict[str, Any]]:
    return [fact.body for fact in bridge.spool.batch(0, 100_000)]


def strings(value: Any) -> list[str]:
    """All texts in it."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def check(facts: list[dict[str, Any]]) -> None:
    """Facts that Odoo takes: by the schema, and no text of a form that a database refuses."""
    for fact in facts:
        json.dumps(fact, ensure_ascii=False).encode()
        for text in strings(fact):
            assert len(text) <= MAX_TEXT, fact["kind"]
            assert text.isprintable(), fact["kind"]
    streams.check([_CallFact(f) for f in facts if f["kind"].startswith("call.")])


class _CallFact:
    def __init__(self, body: dict[str, Any]) -> None:
        self.kind, self.t, self.call = body["kind"], body["t"], body["call"]


def events() -> list[dict[str, Any]]:
    return [dict(event) for event in streams.events(RECORDING)]


@pytest.mark.parametrize("name", NAMES, ids=lambda n: repr(n[:20]))
async def test_a_call_by_whoever_it_calls_itself(bridge: Bridge, name: str) -> None:
    """The call is told from beginning to end, the name is text or nothing."""
    stream = events()
    customer = next(e for e in stream if e["Event"] == "Newchannel")["Uniqueid"]
    for event in stream:
        if event.get("Uniqueid") == customer and "CallerIDName" in event:
            event["CallerIDName"] = name
    await bridge._events(stream)
    facts = facts_of(bridge)
    check(facts)
    ended = [f["call"] for f in facts if f["kind"] == "call.ended"]
    assert [call["ended_by"] for call in ended] != []
    shown = ended[0]["from"]["name"]
    plain = "".join(c for c in name if c.isprintable()).strip()
    if plain and plain.lower() not in ("<unknown>", "null"):
        assert shown and plain.startswith(shown)


@pytest.mark.parametrize("evil", EVIL, ids=lambda e: f"{e['Event']}-{len(str(e))}")
async def test_the_events_behind_one_that_is_nonsense(bridge: Bridge, evil: dict[str, Any]) -> None:
    """It arrives in one group with a whole call, at any place: the call is told all the same."""
    stream = events()
    for place in (0, len(stream) // 3, len(stream) // 2):
        stream.insert(place, dict(evil))
    await bridge._events(stream)
    facts = facts_of(bridge)
    check(facts)
    answered = [f for f in facts if f["kind"] == "call.answered"]
    ended = [f for f in facts if f["kind"] == "call.ended"]
    assert len({f["call"]["call_uid"] for f in answered}) == 1
    assert answered[0]["call"]["call_uid"] in {f["call"]["call_uid"] for f in ended}


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@FUZZ
@given(st.data())
def test_any_header_of_any_event(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    """Up to ten headers of a recorded call are anything: facts stay valid, nothing raises."""
    stream = events()
    for _ in range(data.draw(st.integers(1, 10))):
        event = stream[data.draw(st.integers(0, len(stream) - 1))]
        header = data.draw(st.sampled_from(sorted(event)))
        event[header] = data.draw(st.one_of(texts, st.lists(texts, min_size=2, max_size=3)))

    async def play() -> list[dict[str, Any]]:
        bridge = Bridge(settings_in(tmp_path_factory.mktemp("b")))
        try:
            await bridge._events(stream)
            return facts_of(bridge)
        finally:
            await bridge.agents.close()
            bridge.spool.close()

    logging.disable(logging.ERROR)
    try:
        facts = in_loop(play())
    finally:
        logging.disable(logging.NOTSET)
    check(facts)


@pytest.mark.parametrize(
    "written,name",
    [
        (r"O\'Brien", "O'Brien"),
        (r"q\\\"q \\ x", 'q"q \\ x'),
        (r"tab\there", "tab here"),
        (r"no \escape", r"no \escape"),
    ],
)
async def test_a_name_is_read_as_it_was_sent(bridge: Bridge, written: str, name: str) -> None:
    """Asterisk 22 escapes names on AMI as C does; these are what it wrote for such callers."""
    stream = events()
    customer = next(e for e in stream if e["Event"] == "Newchannel")["Uniqueid"]
    for event in stream:
        if event.get("Uniqueid") == customer and "CallerIDName" in event:
            event["CallerIDName"] = written
    await bridge._events(stream)
    calls = [f["call"] for f in facts_of(bridge) if f["kind"] == "call.ended"]
    assert [call["from"]["name"] for call in calls] == [name]


async def test_a_stamp_of_the_far_future_moves_no_clock(bridge: Bridge) -> None:
    before = bridge.clock.now_us()
    # each of them would be hours or years
    for stamp in ("1e18", "99999999999", "inf", "-5"):
        await bridge._events([{"Event": "Newstate", "Timestamp": stamp}])
    assert abs(bridge.clock.now_us() - before) < 600_000_000


async def test_what_is_passed_over_is_logged(
    bridge: Bridge, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own in one event: said, with the event, and the next one is handled."""
    seen: list[str] = []

    def feed(event: dict[str, Any]) -> list[Any]:
        if event["N"] == "1":
            raise RuntimeError("bug")
        seen.append(event["N"])
        return []

    monkeypatch.setattr(bridge.calls, "feed", feed)
    await bridge._events([{"Event": "X", "N": n} for n in "012"])
    assert seen == ["0", "2"]
    assert re.search(r"passed over: .*'N': '1'", caplog.text)
