# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fast lane: which rings are hinted, and that nothing waits for it."""

import json
from typing import Any

import pytest
from bridge_rig import Rig, sign_in

from cc_bridge.config import OdooSettings
from cc_bridge.facts import CallFact
from cc_bridge.hints import Hints
from cc_bridge.odoo import bell as bell_module
from cc_bridge.odoo.bell import MOST_SAID, Bell


def fact(kind: str, *rings: tuple[int, str | None], **more: Any) -> CallFact:
    """A customer's call; rings as number and outcome."""
    call = {
        "call_uid": "c",
        "rev": 4,
        "state": "ringing",
        "direction": "inbound",
        "from": {"number": "13800138000", "name": "LI"},
        "queue": "support",
        "started_t": 1,
        "queued_t": 2,
        "attempts": [
            {
                "n": n,
                "target": f"100{n}",
                "queue": "support",
                "ring_t": 3,
                "end_t": 4 if outcome else None,
                "outcome": outcome,
            }
            for n, outcome in rings
        ],
        **more,
    }
    return CallFact(kind, 3, call)


def test_each_ring_once() -> None:
    hints = Hints()
    [first] = hints.newly(fact("call.ringing", (1, None)))
    assert first == {
        "call_uid": "c",
        "rev": 4,
        "agent": "1001",
        "number": "13800138000",
        "name": "LI",
        "queue": "support",
        "t": 3,
        "ring_t": 3,
        "started_t": 1,
        "queued_t": 2,
    }
    assert hints.newly(fact("call.ringing", (1, None))) == []
    found = hints.newly(fact("call.ringing", (1, "no_answer"), (2, None), (3, None)))
    assert [one["agent"] for one in found] == ["1002", "1003"]


def test_what_is_no_customers_ring() -> None:
    hints = Hints()
    assert hints.newly(fact("call.ringing", (1, None), direction="internal")) == []
    assert hints.newly(fact("call.ringing", (1, None), direction="outbound")) == []
    assert hints.newly(fact("call.answered", (1, None))) == []
    assert hints.newly(fact("call.ended", (1, None), state="ended")) == []


class Broken:
    """A socket whose peer is gone."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.sock = None

    def send(self, text: str) -> None:
        self.sent.append(text)
        raise OSError("broken")


def test_nobody_waits_for_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, with a broken one, and more often than Odoo's socket takes it, it is not said."""
    clock = [100.0]
    monkeypatch.setattr(bell_module.time, "monotonic", lambda: clock[0])
    bell = Bell(OdooSettings("http://127.0.0.1:9", "db", "p", "s" * 32), print, print)
    assert not bell.say("cc.ring", {"a": 1})
    broken = Broken()
    bell._socket = broken  # type: ignore[assignment]
    said = [bell.say("cc.ring", {"n": n}) for n in range(2 * MOST_SAID)]
    assert said == [True] * MOST_SAID + [False] * MOST_SAID
    clock[0] += 2.6
    assert bell.say("cc.ring", {"n": 99})
    bell._writer.submit(lambda: None).result()
    assert [json.loads(text)["data"]["n"] for text in broken.sent] == [*range(MOST_SAID), 99]
    bell.stop()
    assert not bell.say("cc.ring", {"late": 1})


async def test_a_ring_is_hinted_and_told(rig: Rig) -> None:
    """The hint goes out with the fact, which is stored and sent as ever."""
    await sign_in(rig)
    said: list[tuple[str, Any]] = []
    posted: list[Any] = []
    rig.odoo.routes["/cc/ring"] = lambda body: posted.append(body) or {}  # type: ignore[func-returns-value]

    def say(event: str, data: Any) -> bool:
        said.append((event, data))
        return len(said) == 1

    rig.bridge.bell.say = say  # type: ignore[method-assign, assignment]
    call = fact("call.ringing", (1, None)).call
    whole = {
        **call,
        "legs": [],
        "call_uid": "0190b6a2-6ed5-7b7e-9d6c-0c3a4f0d7a11",
        "ended_t": None,
    }
    rig.bridge._call_fact(CallFact("call.ringing", 3, whole))
    assert [(event, data["agent"]) for event, data in said] == [("cc.ring", "1001")]
    # what the socket does not take goes by HTTP
    second = fact("call.ringing", (1, "no_answer"), (2, None)).call
    rig.bridge._call_fact(CallFact("call.ringing", 4, {**whole, "attempts": second["attempts"]}))
    await rig.until(lambda: posted)
    assert posted == [{"epoch": rig.odoo.epoch, "hint": said[1][1]}]
    await rig.until(lambda: rig.bodies("call.ringing", "call"))
