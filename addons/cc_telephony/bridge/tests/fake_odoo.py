# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's bridge routes over real HTTP, as the contract has them; a test may break any of them."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

PBX = "3627dbd9-8080-4a56-9418-28a83211a369"
SECRET = "a-secret-that-is-long-enough-for-hs256"


def order(kind: Any, args: Any, *, ttl_s: float = 20, **more: Any) -> dict[str, Any]:
    """A command as Odoo gives it to the bridge, good for `ttl_s` seconds; `more` says otherwise."""
    return {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "args": args,
        "agent": None,
        "call_uid": None,
        "expires_t": int((time.time() + ttl_s) * 1_000_000),
        **more,
    }


class FakeOdoo:
    """State of the server; ``break_next[path]`` is a list of ways to fail, taken one a request.

    Ways: an int (status, applied nothing), ``"lost"`` (applied, then the connection is cut).
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.seq = 0
        self.facts: list[dict[str, Any]] = []
        self.batches: list[int] = []
        self.healths: list[dict[str, Any]] = []
        self.intent: dict[str, Any] = {}
        self.commands: list[dict[str, Any]] = []
        self.recordings: list[tuple[dict[str, str], bytes]] = []
        self.requests: list[str] = []
        self.break_next: dict[str, list[int | str]] = {}
        self.delay = 0.0
        #: routes of other addons: path to what answers a body
        self.routes: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        #: another bridge is at work
        self.taken = False
        self.whos: list[dict[str, Any]] = []
        self.clock_offset_us = 0
        self.lock = threading.Lock()
        self.url = ""

    def clock_us(self) -> int:
        return time.time_ns() // 1000 + self.clock_offset_us

    def answer(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        data = json.loads(body) if path != "/cc/recording" else {}
        if path == "/cc/hello":
            self.whos.append(data["who"])
            if self.taken:
                return 409, {"error": "taken", "message": "another bridge"}
            self.epoch += 1
            return 200, {
                "epoch": self.epoch,
                "seq": self.seq,
                "intent": self.intent,
                "channel": "c",
            }
        if path == "/cc/session":
            return 200, {"channel": "cc.pbx:token"}
        if path == "/cc/recording":
            self.recordings.append((query, body))
            return 200, {"recording": len(self.recordings)}
        if data["epoch"] != self.epoch:
            return 409, {"error": "epoch", "message": "older", "epoch": self.epoch}
        if path == "/cc/facts" and data["after"] > self.seq:
            return 409, {"error": "epoch", "message": "restored", "epoch": self.epoch}
        if path == "/cc/facts":
            new = [f for f in data["facts"] if f["seq"] > self.seq]
            self.batches.append(len(data["facts"]))
            self.healths.append(data["health"])
            self.facts += new
            self.seq = max([self.seq] + [f["seq"] for f in new])
            return 200, {"seq": self.seq, "rejected": 0}
        if path in self.routes:
            return 200, self.routes[path](data)
        if path == "/cc/commands":
            return 200, {"commands": self.commands}
        return 200, {"intent": self.intent}


@contextmanager
def serve(odoo: FakeOdoo) -> Iterator[FakeOdoo]:
    """Runs the server in a thread."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with odoo.lock:
                odoo.requests.append(path)
                ways = odoo.break_next.get(path) or []
                way = ways.pop(0) if ways else None
                status, answer = (
                    self.checked(path, query, body)
                    if not isinstance(way, int)
                    else (way, {"error": "http", "message": "broken on purpose"})
                )
            time.sleep(odoo.delay)
            if way == "lost":
                self.close_connection = True
                self.connection.close()
                return
            data = json.dumps({**answer, "clock_us": odoo.clock_us()}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if path == "/cc/session":
                self.send_header("Set-Cookie", "session_id=abc; Path=/")
            self.end_headers()
            self.wfile.write(data)

        def checked(self, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
            from urllib.parse import parse_qsl

            try:
                claims = jwt.decode(
                    self.headers["Authorization"].removeprefix("Bearer "),
                    SECRET,
                    algorithms=["HS256"],
                    audience="cc_bridge",
                )
            except jwt.InvalidTokenError as error:
                return 401, {"error": "token", "message": str(error)}
            assert claims["iss"] == PBX and claims["exp"] - claims["iat"] <= 600
            assert self.headers["X-Odoo-Database"] == "db"
            return odoo.answer(path, dict(parse_qsl(query)), body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

        def finish(self) -> None:
            with suppress(OSError, ValueError):  # cut on purpose
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    odoo.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield odoo
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
