# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The doorbell: Odoo's websocket, listened to in a thread of its own.

The bus drops, repeats and re-orders messages. So it mostly says "look": at every bell, after every
subscribe, and the reader looks every 20 s in any case. A bell may carry its command to save the look;
the command then stays open in Odoo until its result, so one that is lost is found by the next look.
"""

import contextlib
import json
import logging
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import websocket

from ..config import OdooSettings
from .client import OdooClient, OdooError

log = logging.getLogger(__name__)

#: Silence after which the socket is pinged, and how long the pong may take; seconds.
_PING_EVERY = 20
# between tries to subscribe, s: until it works commands wait for the next look
_FIRST, _LAST = 1.0, 5.0
#: What we say at most in so many seconds, well below Odoo's limit (websocket_rate_limit_burst, _delay).
MOST_SAID, WITHIN_S = 7, 2.5


class Bell(threading.Thread):
    """Calls ``on_bell("command" | "intent" | "subscribed")`` from its own thread.

    :param on_command: gets what a bell carries: the epoch of the bridge that is meant, and the command
    """

    def __init__(
        self,
        settings: OdooSettings,
        on_bell: Callable[[str], None],
        on_command: Callable[[int, dict[str, Any]], None],
    ) -> None:
        super().__init__(name="cc-bell", daemon=True)
        self._settings = settings
        self._on_bell = on_bell
        self._on_command = on_command
        self._ending = threading.Event()
        # what goes out has a thread of its own: neither reading nor the bridge waits for it
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="cc-hint")
        self._said: deque[float] = deque(maxlen=MOST_SAID)
        self._socket: websocket.WebSocket | None = None

    def say(self, event: str, data: object) -> bool:
        """Says something that may be lost to Odoo; waits for nothing.

        Odoo ends a socket that says more than ten things in two seconds: then it is for others to say.

        :return: false when it is not said
        """
        now = time.monotonic()
        often = len(self._said) == MOST_SAID and now - self._said[0] < WITHIN_S
        if self._socket is None or self._ending.is_set() or often:
            return False
        self._said.append(now)
        self._writer.submit(self._say, json.dumps({"event_name": event, "data": data}))
        return True

    def _say(self, text: str) -> None:
        try:
            if self._socket is not None:
                self._socket.send(text)
        except (OSError, websocket.WebSocketException) as error:
            log.debug("bell: not said: %s", error)  # the reader sees what is wrong with the socket

    def stop(self) -> None:
        """Ends the thread; doesn't wait for it."""
        self._ending.set()
        self._writer.shutdown(wait=False, cancel_futures=True)
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
        looks, handed = set(), []
        for message in messages if isinstance(messages, list) else [messages]:
            inner = message.get("message") if isinstance(message, dict) else None
            if isinstance(inner, dict) and inner.get("type") == "cc.pbx/bell":
                payload = inner.get("payload")
                carried = payload if isinstance(payload, dict) else {}
                epoch, command = carried.get("epoch"), carried.get("command")
                if type(epoch) is int and isinstance(command, dict):
                    handed.append((epoch, command))
                else:
                    looks.add("intent" if carried.get("what") == "intent" else "command")
        # an intent goes before the commands that came with it
        for what in looks:
            self._on_bell(what)
        for epoch, command in handed:
            self._on_command(epoch, command)

    def _drop(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self._socket.close(timeout=1)
            self._socket = None
