# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The doorbell against a websocket peer on a real socket."""

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from fake_odoo import PBX, SECRET
from waiting import PATIENCE_S

from cc_bridge.config import OdooSettings
from cc_bridge.odoo import bell as bell_module
from cc_bridge.odoo.bell import Bell
from cc_bridge.odoo.client import OdooClient, Session


class Peer:
    """Takes websocket connections, one after the other; sends text frames."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heads: list[str] = []
        self.subscriptions: list[dict[str, object]] = []
        self.connection: socket.socket | None = None
        self.came = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            self.heads.append(head.decode())
            key = next(
                line.split(": ")[1]
                for line in head.decode().split("\r\n")
                if line.lower().startswith("sec-websocket-key")
            )
            accept = base64.b64encode(
                hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            ).decode()
            connection.sendall(
                (
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
                ).encode()
            )
            self.subscriptions.append(json.loads(self._frame(connection)))
            self.connection = connection
            self.came.release()

    @staticmethod
    def _frame(connection: socket.socket) -> bytes:
        data = connection.recv(4096)
        size = data[1] & 0x7F
        mask, body = (data[2:6], data[6:]) if size < 126 else (data[4:8], data[8:])
        return bytes(b ^ mask[n % 4] for n, b in enumerate(body))

    def send(self, messages: object) -> None:
        assert self.connection is not None
        data = json.dumps(messages).encode()
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + len(data).to_bytes(2, "big")
        self.connection.sendall(b"\x81" + size + data)

    def cut(self) -> None:
        assert self.connection is not None
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if self.connection is not None:
            self.connection.close()
        self.thread.join(2)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setattr(bell_module, "_FIRST", 0.02)
    monkeypatch.setattr(
        OdooClient, "session", lambda self: Session("cc.pbx:token", "session_id=abc")
    )
    one = Peer()
    yield one
    one.close()


def test_it_subscribes_rings_and_comes_back(peer: Peer) -> None:
    rung: list[object] = []
    heard = threading.Semaphore(0)

    def ring(*what: object) -> None:
        rung.append(what[0] if len(what) == 1 else what)
        heard.release()

    def rang() -> bool:
        return heard.acquire(timeout=PATIENCE_S)

    def came() -> bool:
        return peer.came.acquire(timeout=PATIENCE_S)

    bell = Bell(OdooSettings(f"http://127.0.0.1:{peer.port}", "db", PBX, SECRET), ring, ring)
    bell.start()
    assert came() and rang()
    head = peer.heads[0].lower()
    assert "cookie: session_id=abc" in head and f"origin: http://127.0.0.1:{peer.port}" in head
    # Odoo turns away whoever names a browser without the worker's version
    assert "user-agent" not in head
    assert peer.subscriptions[0] == {
        "event_name": "subscribe",
        "data": {"channels": ["cc.pbx:token"], "last": 0},
    }
    peer.send([{"id": 1, "message": {"type": "cc.pbx/bell", "payload": {"what": "command"}}}])
    assert rang()
    peer.send([{"id": 2, "message": {"type": "other", "payload": {}}}])
    peer.send([{"id": 3, "message": {"type": "cc.pbx/bell", "payload": {"what": "intent"}}}])
    assert rang()
    peer.send(
        [
            {
                "id": 4,
                "message": {"type": "cc.pbx/bell", "payload": {"epoch": 7, "command": {"id": "a"}}},
            },
            {"id": 5, "message": {"type": "cc.pbx/bell", "payload": {"what": "intent"}}},
        ]
    )
    assert rang() and rang()
    peer.cut()
    assert came() and rang()
    assert rung[:3] == ["subscribed", "command", "intent"]
    # the intent goes before a command that came with it
    assert rung[3:] == ["intent", (7, {"id": "a"}), "subscribed"]
    bell.stop()
    bell.join(PATIENCE_S)
    assert not bell.is_alive()
