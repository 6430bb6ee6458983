# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A scripted AMI peer on a real TCP socket: says what a test tells it to, byte for byte."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from waiting import PATIENCE_S

BANNER = b"Asterisk Call Manager/11.0.0\r\n"

Handler = Callable[["FakePbx", dict[str, str]], "str | bytes | None"]


def block(**headers: str) -> str:
    """One AMI message."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"


class FakePbx:
    """Accepts connections, keeps what it received, answers by ``handlers``.

    A handler returns text to send (``{id}`` becomes the ActionID) or None for silence. Actions without a
    handler get ``Response: Success``.
    """

    def __init__(self, secret: str = "right") -> None:
        self.secret = secret
        self.received: list[dict[str, str]] = []
        self.raw = b""
        self.handlers: dict[str, Handler] = {}
        self.frozen = False
        self.booted = True
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.port = 0
        self.came = asyncio.Condition()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.cut()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def cut(self) -> None:
        """Breaks all connections."""
        writers, self._writers = self._writers, []
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def send(self, data: str | bytes) -> None:
        for writer in self._writers:
            writer.write(data.encode() if isinstance(data, str) else data)
            await writer.drain()

    def actions(self, name: str) -> list[dict[str, str]]:
        return [action for action in self.received if action["Action"] == name]

    async def wait_for(
        self, name: str, count: int = 1, within: float = PATIENCE_S
    ) -> dict[str, str]:
        """The count-th action of a name, once it has come."""
        async with asyncio.timeout(within), self.came:
            await self.came.wait_for(lambda: len(self.actions(name)) >= count)
        return self.actions(name)[count - 1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.connections += 1
        writer.write(BANNER)
        try:
            while True:
                data = await reader.readuntil(b"\r\n\r\n")
                self.raw += data
                action = dict(
                    line.split(": ", 1) for line in data.decode().split("\r\n") if ": " in line
                )
                self.received.append(action)
                async with self.came:
                    self.came.notify_all()
                answer = self._answer(action)
                if answer is not None and not self.frozen:
                    text = (
                        answer
                        if isinstance(answer, bytes)
                        else answer.replace("{id}", action["ActionID"]).encode()
                    )
                    writer.write(text)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    def _answer(self, action: dict[str, str]) -> "str | bytes | None":
        if action["Action"] in self.handlers:
            return self.handlers[action["Action"]](self, action)
        if action["Action"] == "Login" and action["Secret"] != self.secret:
            return block(Response="Error", ActionID="{id}", Message="Authentication failed")
        if action["Action"] == "Login":
            return block(Response="Success", ActionID="{id}") + (
                block(Event="FullyBooted", Status="Fully Booted") if self.booted else ""
            )
        return block(Response="Success", ActionID="{id}", Message="done")
