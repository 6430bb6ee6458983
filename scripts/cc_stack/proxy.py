# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A TCP link that can be broken in every way a network knows, and an HTTP reply that can be lost."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, TypeVar

from cc_stack.process import HOST

T = TypeVar("T")
Mode = Literal["pass", "cut", "frozen", "half_open"]


class Link:
    """A listening port in front of another one, in a thread of its own.

    ``pass``; ``cut``: connections are closed, new ones refused at once; ``frozen``: nothing goes through
    either way, nobody is told; ``half_open``: the far side is gone, the near side is not told (a
    firewall that forgot): what is sent to it vanishes, also on new connections.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self.target = target
        self.mode: Mode = "pass"
        #: replies to requests that begin so are thrown away with their connection, so many times
        self._lose: tuple[bytes, int] = (b"", 0)
        self.lost_replies = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._far: set[asyncio.StreamWriter] = set()
        self._flows: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._open.set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._thread.start()
        self._server = self._in_loop(asyncio.start_server(self._serve, HOST, port))

    def _in_loop(self, work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(10)

    def become(self, mode: Mode) -> None:
        """Changes the mode for all connections, old and new."""
        self._in_loop(self._set(mode))

    async def _set(self, mode: Mode) -> None:
        self.mode = mode
        if mode in ("frozen", "half_open"):
            self._open.clear()
        if mode == "cut":
            self._drop(self._writers)
        if mode == "half_open":
            # the far program sees its end; the near one hears nothing of it
            self._drop(self._far)
        if mode in ("pass", "cut"):
            self._open.set()

    def forget(self) -> None:
        """Closes all connections, as the firewall's timer does in the end."""
        self._in_loop(self._forget())

    async def _forget(self) -> None:
        self._drop(self._writers)

    @staticmethod
    def _drop(writers: set[asyncio.StreamWriter]) -> None:
        for writer in list(writers):
            writer.transport.abort()

    def lose_replies(self, start: bytes, times: int) -> None:
        """The next answers to requests that begin with `start` are lost after the far side gave them."""
        self._lose = (start, times)

    @property
    def to_lose(self) -> int:
        """How many replies are still to be lost."""
        return self._lose[1]

    def close(self) -> None:
        """Ends the thread."""
        self._in_loop(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for task in list(self._flows):
            task.cancel()
        self._drop(self._writers)
        await asyncio.gather(*self._flows, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = asyncio.current_task()
        assert me is not None
        self._flows.add(me)
        self._writers.add(writer)
        try:
            if self.mode == "cut":
                writer.transport.abort()
                return
            await self._open.wait()
            far_reader, far = await asyncio.open_connection(HOST, self.target)
            self._writers.add(far)
            self._far.add(far)
            state = {"doomed": False}

            def asked(data: bytes) -> None:
                start, times = self._lose
                if times and data.startswith(start):
                    self._lose = (start, times - 1)
                    state["doomed"] = True

            def answered(_data: bytes) -> None:
                if state["doomed"]:
                    self.lost_replies += 1
                    raise ConnectionResetError

            there = asyncio.create_task(self._flow(reader, far, asked))
            flows = {there, asyncio.create_task(self._flow(far_reader, writer, answered))}
            try:
                await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
                if self.mode == "half_open":
                    there.cancel()
                    await asyncio.gather(there, return_exceptions=True)
                    # what comes from the near side now goes nowhere
                    with contextlib.suppress(OSError):
                        while await reader.read(1 << 16):
                            pass
            finally:
                for flow in flows:
                    flow.cancel()
                await asyncio.gather(*flows, return_exceptions=True)
                far.transport.abort()
                self._far.discard(far)
                self._writers.discard(far)
        except OSError:
            pass
        finally:
            writer.transport.abort()
            self._writers.discard(writer)
            self._flows.discard(me)

    async def _flow(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        seen: Callable[[bytes], None],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                await self._open.wait()
                seen(data)
                writer.write(data)
                await writer.drain()
