# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Waiting for what an event brings: the event sets the future, nobody looks again and again."""

import asyncio
from collections.abc import Callable

from ..events import Event


class Changes:
    """Feed it every event once the call model has taken it."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Callable[[Event], object]] = {}

    def feed(self, event: Event) -> None:
        """Wakes those for whom this is what they wait for."""
        for future, done in list(self._waiting.items()):
            if not future.done() and done(event):
                future.set_result(None)

    async def until(self, done: Callable[[], object], seconds: float) -> bool:
        """Returns true once ``done()`` is true, false when it isn't after ``seconds``."""
        return bool(done()) or await self.event(lambda _: done(), seconds) or bool(done())

    async def event(self, wanted: Callable[[Event], object], seconds: float) -> bool:
        """Whether an event came within ``seconds`` for which ``wanted(event)`` is true."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = wanted
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            return False
        finally:
            del self._waiting[future]
        return True
