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
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import websocket

from ..config import OdooSettings
from .client import OdooClient, OdooError, Session

log = logging.getLogger(__name__)

#: Silence after which the socket is pinged, and how long the pong may take; seconds.
_PING_EVERY = 20
# between tries to subscribe, s: until it works commands wait for the next look
_FIRST, _LAST = 1.0, 5.0
#: How far we stay below Odoo's limit: so much of its messages, in so much of its time.
MESSAGES, TIME = 0.7, 1.25


def _has_room(link: websocket.WebSocket) -> bool:
    """Whether a short message goes out at once: nobody waits for a slow network."""
    try:
        writable = select.poll()
        writable.register(link.sock, select.POLLOUT)
        return writable.poll(0) == [(link.sock.fileno(), select.POLLOUT)]
    except (AttributeError, OSError, TypeError, ValueError):
        return False  # it was closed meanwhile


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
        # when we spoke last, as often as we may in `_within_s`
        self._said: deque[float] = deque(maxlen=0)
        self._within_s = 0.0
        self._socket: websocket.WebSocket | None = None

    def _may_say(self, session: Session) -> None:
        """A new socket may say what Odoo lets it."""
        self._said = deque(maxlen=int(session.burst * MESSAGES))
        self._within_s = session.within_s * TIME

    def say(self, event: str, data: object) -> bool:
        """Says something short that may be lost to Odoo; waits for nothing.

        Odoo ends a socket that says too much (websocket_rate_limit_burst, _delay): then it is for others to say.

        :return: false when it is not said
        """
        now = time.monotonic()
        most = self._said.maxlen
        often = not most or (len(self._said) == most and now - self._said[0] < self._within_s)
        link = self._socket
        if link is None or self._ending.is_set() or often or not _has_room(link):
            return False
        self._said.append(now)
        try:
            link.send(json.dumps({"event_name": event, "data": data}))
        except (OSError, websocket.WebSocketException) as error:
            log.debug("bell: not said: %s", error)  # the reader sees what is wrong with the socket
            return False
        return True

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
        self._may_say(session)
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
