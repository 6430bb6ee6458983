# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fast lane: which rings are hinted, and that nothing waits for it."""

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import websocket
from bridge_rig import Rig, sign_in

from cc_bridge.config import OdooSettings
from cc_bridge.facts import CallFact
from cc_bridge.hints import Hints
from cc_bridge.odoo import bell as bell_module
from cc_bridge.odoo.bell import MESSAGES, TIME, Bell
from cc_bridge.odoo.client import Session


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


@pytest.fixture
def linked() -> Iterator[Callable[[Bell], socket.socket]]:
    """Gives a bell a socket to Odoo; its other end."""
    with contextlib.ExitStack() as sockets:

        def connect(bell: Bell) -> socket.socket:
            ours, theirs = map(sockets.enter_context, socket.socketpair())
            link = websocket.WebSocket()
            link.sock = ours
            bell._socket = link
            bell._may_say(Session("c", "k", burst=10, within_s=2.0))
            return theirs

        yield connect


def said_by(peer: socket.socket) -> list[Any]:
    """What has come over the socket."""
    reader = websocket.WebSocket()
    reader.sock = peer
    peer.settimeout(0.2)
    found = []
    with contextlib.suppress(websocket.WebSocketTimeoutException):
        while True:
            found.append(json.loads(reader.recv())["data"]["n"])
    return found


def test_nobody_waits_for_a_socket(
    monkeypatch: pytest.MonkeyPatch, linked: Callable[[Bell], socket.socket]
) -> None:
    """Without one, with a broken or a full one, and more often than Odoo takes it, it is not said."""
    clock = [100.0]
    monkeypatch.setattr(bell_module.time, "monotonic", lambda: clock[0])
    bell = Bell(OdooSettings("http://127.0.0.1:9", "db", "p", "s" * 32), print, print)
    assert not bell.say("cc.ring", {"n": 0})
    peer = linked(bell)
    most, pause = int(10 * MESSAGES), 2.0 * TIME
    said = [bell.say("cc.ring", {"n": n}) for n in range(2 * most)]
    assert said == [True] * most + [False] * most
    clock[0] += pause
    assert bell.say("cc.ring", {"n": 99})
    assert said_by(peer) == [*range(most), 99]
    clock[0] += pause
    full = linked(bell)
    assert bell._socket and bell._socket.sock
    bell._socket.sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            bell._socket.sock.send(b"x" * 4096)
    bell._socket.sock.setblocking(True)
    assert not bell.say("cc.ring", {"n": 1})
    full.close()
    assert not bell.say("cc.ring", {"n": 2})
    bell._socket.sock.close()
    assert not bell.say("cc.ring", {"n": 3})
    linked(bell)
    bell.stop()
    assert not bell.say("cc.ring", {"n": 4})


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
