# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one keeper of tasks: nothing that runs by itself is forgotten, fails in silence or outlives the bridge."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """Tasks by their owner."""

    def __init__(self) -> None:
        self._of: dict[str, set[asyncio.Task[Any]]] = {}

    def spawn(
        self,
        owner: str,
        work: Coroutine[Any, Any, Any],
        name: str,
        *,
        expected: tuple[type[Exception], ...] = (),
        level: int = logging.ERROR,
    ) -> asyncio.Task[Any]:
        """Runs it beside everything else; a failure is logged.

        :param expected: errors that belong to life: logged in a line of ``level``, not with where they came from
        """
        task = asyncio.create_task(self._run(work, name, expected, level), name=name)
        kept = self._of.setdefault(owner, set())
        kept.add(task)
        task.add_done_callback(kept.discard)
        # one that was cancelled before it began has not looked at its work
        task.add_done_callback(lambda _: work.close())
        return task

    @staticmethod
    async def _run(
        work: Coroutine[Any, Any, Any],
        name: str,
        expected: tuple[type[Exception], ...],
        level: int,
    ) -> None:
        try:
            await work
        except expected as error:
            log.log(level, "%s: not done: %s", name, error)
        except Exception:
            log.exception("%s failed", name)

    async def finish(self, owner: str) -> None:
        """Waits for an owner's tasks, also for those that they begin meanwhile."""
        while kept := self._others(owner):
            await asyncio.gather(*kept, return_exceptions=True)

    def drop(self, owner: str) -> None:
        """Ends an owner's tasks without waiting for them."""
        for task in self._others(owner):
            task.cancel()

    async def cancel(self, owner: str) -> None:
        """Ends an owner's tasks."""
        while kept := self._others(owner):
            for task in kept:
                task.cancel()
            await asyncio.gather(*kept, return_exceptions=True)

    def _others(self, owner: str) -> list[asyncio.Task[Any]]:
        # one that closes its owner must not wait for itself
        me = asyncio.current_task()
        return [task for task in self._of.get(owner, ()) if task is not me]
