# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Waiting for something that no event announces to a test."""

import asyncio
from collections.abc import Callable

#: Of a test with what must come: a busy machine stops us for seconds; s.
PATIENCE_S = 60.0


async def until(done: Callable[[], object], within: float = PATIENCE_S) -> None:
    """Looks every 10 ms; TimeoutError after ``within`` seconds."""
    async with asyncio.timeout(within):
        while not done():  # noqa: ASYNC110 (sockets and threads of others set no event of ours)
            await asyncio.sleep(0.01)
