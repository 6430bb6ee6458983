# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The doorbell: Odoo's websocket, listened to in a thread of its own.

The bus drops, repeats and re-orders messages. So nothing is read from it but "look": at every bell,
after every subscribe, and the reader looks every 20 s in any case.
"""

import contextlib
import json
import logging
import random
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import websocket

from ..config import OdooSettings
from .client import OdooClient, OdooError

log = logging.getLogger(__name__)

#: Silence after which the socket is pinged, and how long the pong may take; seconds.
_PING_EVERY = 20
# between tries to subscribe, s: until it works commands wait for the next look
_FIRST, _LAST = 1.0, 5.0


class Bell(threading.Thread):
    """Calls ``on_bell("command" | "intent" | "subscribed")`` from its own thread."""

    def __init__(self, settings: OdooSettings, on_bell: Callable[[str], None]) -> None:
        super().__init__(name="cc-bell", daemon=True)
        self._settings = settings
        self._on_bell = on_bell
        self._ending = threading.Event()
        self._socket: websocket.WebSocket | None = None

    def stop(self) -> None:
        """Ends the thread; doesn't wait for it."""
        self._ending.set()
        # closing a socket doesn't wake the thread that reads it; shutting it down does
        inner = self._socket.sock if self._socket is not None else None
        if inner is not None:
            with contextlib.suppress(OSError):
                inner.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Connects and listens until :meth:`stop`, with back-off and jitter."""
        client = OdooClient(self._settings)
        wait = _FIRST
        try:
            while not self._ending.is_set():
                try:
                    self._connect(client)
                    wait = _FIRST
                    self._listen()
                except (OdooError, OSError, websocket.WebSocketException, ValueError) as error:
                    if not self._ending.is_set():
                        log.info("bell: %s: %s", error.__class__.__name__, error)
                finally:
                    self._drop()
                self._ending.wait(wait * random.uniform(0.5, 1.5))
                wait = min(wait * 2, _LAST)
        finally:
            client.close()

    def _connect(self, client: OdooClient) -> None:
        session = client.session()
        parts = urlsplit(self._settings.url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._socket = websocket.create_connection(
            f"{scheme}://{parts.netloc}/websocket",
            timeout=10,
            cookie=session.cookie,
            origin=f"{parts.scheme}://{parts.netloc}",
            header=[f"X-Odoo-Database: {self._settings.database}"],
        )
        self._socket.send(
            json.dumps(
                {"event_name": "subscribe", "data": {"channels": [session.channel], "last": 0}}
            )
        )
        log.info("bell: subscribed")
        self._on_bell("subscribed")

    def _listen(self) -> None:
        assert self._socket is not None
        self._socket.settimeout(_PING_EVERY)
        silent = 0
        while not self._ending.is_set():
            try:
                opcode, data = self._socket.recv_data(control_frame=True)
            except websocket.WebSocketTimeoutException:
                silent += 1
                if silent > 1:
                    raise OSError("no answer to a ping") from None
                self._socket.ping()
                continue
            silent = 0
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise OSError(f"closed by Odoo ({data!r})")
            if opcode == websocket.ABNF.OPCODE_TEXT:
                self._read(data)

    def _read(self, data: bytes) -> None:
        try:
            messages = json.loads(data)
        except RecursionError:
            raise ValueError("a message is nested too deeply") from None
        looks = set()
        for message in messages if isinstance(messages, list) else [messages]:
            inner = message.get("message") if isinstance(message, dict) else None
            if isinstance(inner, dict) and inner.get("type") == "cc.pbx/bell":
                payload = inner.get("payload")
                what = payload.get("what") if isinstance(payload, dict) else None
                looks.add("intent" if what == "intent" else "command")
        for what in looks:
            self._on_bell(what)

    def _drop(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self._socket.close(timeout=1)
            self._socket = None
