# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whatever answers in Odoo's place: an error with a word, never a bridge that ends or fills the memory."""

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fake_odoo import PBX, SECRET
from waiting import PATIENCE_S

from cc_bridge.config import OdooSettings
from cc_bridge.odoo import client as client_module
from cc_bridge.odoo.bell import Bell
from cc_bridge.odoo.client import OdooClient, OdooError, Who

Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def answering(answer: Answer) -> Iterator[OdooClient]:
    """A server that always says the same."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # it had heard enough
            if "Content-Length" in headers:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client = OdooClient(
        OdooSettings(
            f"http://127.0.0.1:{server.server_address[1]}", "db", PBX, SECRET, timeout=PATIENCE_S
        )
    )
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


ASK: dict[str, Callable[[OdooClient], object]] = {
    "hello": lambda c: c.hello(
        asterisk=None, boot_t=None, connected=False, error=None, who=Who("b", "p", False)
    ),
    "facts": lambda c: c.facts(1, [], {}, 0),
    "commands": lambda c: c.commands(1),
    "intent": lambda c: c.intent(1),
    "recording": lambda c: c.recording("u", 1, "s", 1, b"x"),
}
DEEP = b"[" * 200_000 + b"]" * 200_000
BODIES: dict[str, Answer] = {
    "no json": (200, {}, b"<html>It works</html>"),
    "empty": (200, {}, b""),
    "broken utf-8": (200, {}, b'{"seq": "\xff\xfe"}'),
    "a list": (200, {}, b"[1]"),
    "deep": (200, {}, b'{"intent": ' + DEEP + b"}"),
    "wrong types": (
        200,
        {},
        b'{"epoch": "1", "seq": null, "commands": {"a": 1}, "intent": [1], "recording": true}',
    ),
    "redirect": (302, {"Location": "http://127.0.0.1:9/"}, b"{}"),
    "error of no form": (500, {}, b'{"error": {"a": [1]}, "message": [1]}'),
    "cut short": (200, {"Content-Length": "1000"}, b'{"seq": 1'),
}


@pytest.mark.parametrize("ask", ASK)
@pytest.mark.parametrize("body", BODIES)
def test_an_answer_of_no_form_is_an_error_with_a_word(ask: str, body: str) -> None:
    with answering(BODIES[body]) as client, pytest.raises(OdooError) as caught:
        ASK[ask](client)
    assert caught.value.code in ("http", "network", "{'a': [1]}")


def test_a_packed_answer_is_not_unpacked() -> None:
    """100 MB of zeros in 100 kB."""
    bomb = gzip.compress(b'{"commands": ["' + b"0" * 100_000_000 + b'"]}')
    with (
        answering((200, {"Content-Encoding": "gzip"}, bomb)) as client,
        pytest.raises(OdooError) as caught,
    ):
        client.commands(1)
    assert caught.value.code == "http"


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "LONGEST_ANSWER", 100_000)
    body = json.dumps({"commands": ["x" * 200_000]}).encode()
    with answering((200, {}, body)) as client, pytest.raises(OdooError, match="more than"):
        client.commands(1)


def test_one_connection_is_used_for_many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading an answer in part, for its limit, must not cost a new connection for each."""
    opened: list[object] = []
    monkeypatch.setattr("urllib3.util.connection.create_connection", _counter(opened))
    with answering((200, {}, b'{"commands": []}')) as client:
        for _ in range(5):
            assert client.commands(1) == []
    assert len(opened) == 1


def _counter(opened: list[object]) -> Callable[..., socket.socket]:
    from urllib3.util.connection import create_connection

    def counting(*args: object, **kwargs: object) -> socket.socket:
        opened.append(args)
        return create_connection(*args, **kwargs)  # type: ignore[arg-type]

    return counting


@pytest.mark.parametrize(
    "message,rung",
    [
        (b"[]", []),
        (b"7", []),
        (b'[{"message": 1}, null, "x"]', []),
        (b'{"message": {"type": "cc.pbx/bell", "payload": ["what"]}}', ["command"]),
        (b'[{"message": {"type": "cc.pbx/bell"}}]', ["command"]),
        (b'[{"message": {"type": "cc.pbx/bell", "payload": {"what": {"a": 1}}}}]', ["command"]),
    ],
)
def test_a_bell_of_any_form_says_look_at_most(message: bytes, rung: list[str]) -> None:
    heard: list[str] = []
    Bell(OdooSettings("http://127.0.0.1:9", "db", PBX, SECRET), heard.append, heard.append)._read(
        message
    )
    assert heard == rung


@pytest.mark.parametrize("message", [b"\xff", b"{", DEEP], ids=["bytes", "half", "deep"])
def test_a_bell_that_is_no_json_costs_the_socket_at_most(message: bytes) -> None:
    """``run`` takes a ValueError for a broken connection and makes it anew."""
    bell = Bell(
        OdooSettings("http://127.0.0.1:9", "db", PBX, SECRET), lambda _: None, lambda *_: None
    )
    with pytest.raises(ValueError):
        bell._read(message)
