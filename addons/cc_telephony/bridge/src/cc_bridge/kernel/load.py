# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Finds the plug-ins, makes, starts and closes them. One that fails is logged and left out."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import entry_points
from typing import Any

from .forms import Plugin
from .kernel import Core, CoreKernel, Kernel

log = logging.getLogger(__name__)

GROUP = "cc_bridge.plugins"
#: A plug-in that has not started or closed after so long is not waited for; seconds.
START_S = 5.0
CLOSE_S = 5.0

#: A plug-in's name and what brings its factory.
Found = tuple[str, Callable[[], Any]]


def found() -> list[Found]:
    """What is installed, by name."""
    return [(e.name, e.load) for e in sorted(entry_points(group=GROUP), key=lambda e: e.name)]


class Plugins:
    """All of them, the bridge's own first."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._own: list[tuple[Kernel, Plugin]] = []
        self._others: list[tuple[Kernel, Plugin]] = []

    @property
    def names(self) -> list[str]:
        """Those from outside that run."""
        return [kernel.name for kernel, _ in self._others]

    def add_own(self, name: str, factory: Callable[[CoreKernel], Plugin]) -> None:
        """One of the bridge: without it there is no bridge, so its faults go on."""
        kernel = CoreKernel(self._core, name)
        self._own.append((kernel, factory(kernel)))

    def add(self, those: Iterable[Found]) -> None:
        """Makes those from outside."""
        taken = {kernel.name for kernel, _ in (*self._own, *self._others)}
        for name, load in those:
            if (self._core.settings.plugins.get(name) or {}).get("enabled") is False:
                log.info("plug-in %s is switched off", name)
                continue
            kernel = Kernel(self._core, name)
            try:
                if name in taken or not name.replace("_", "a").isalnum() or not name.isascii():
                    raise ValueError("its name is taken, or not letters, digits and _")
                taken.add(name)
                plugin = load()(kernel)
                if not all(callable(getattr(plugin, part, None)) for part in ("start", "close")):
                    raise TypeError(f"{plugin!r} has no start() and close()")
            except (Exception, SystemExit):
                log.exception("plug-in %s can't be made: it is left out", name)
                kernel.leave()
                self._core.tasks.drop(name)
                continue
            self._others.append((kernel, plugin))

    async def start(self) -> None:
        """Starts all; those from outside at the same time."""
        for _, plugin in self._own:
            await plugin.start()
        started = await asyncio.gather(*(self._start(k, p) for k, p in self._others))
        self._others = [one for one, went in zip(self._others, started, strict=True) if went]
        if self._others:
            log.info("plug-ins: %s", ", ".join(self.names))

    async def _start(self, kernel: Kernel, plugin: Plugin) -> bool:
        try:
            async with asyncio.timeout(START_S):
                await plugin.start()
        except Exception:
            log.exception("plug-in %s can't be started: it is left out", kernel.name)
            kernel.leave()
            await self._core.tasks.cancel(kernel.name)
            return False
        return True

    async def close(self) -> None:
        """Closes all, the last first; nothing is told to them any more."""
        self._core.hub.settle()
        await asyncio.gather(*(self._close(k, p) for k, p in reversed(self._others)))
        for kernel, plugin in reversed(self._own):
            await plugin.close()
            await self._core.tasks.cancel(kernel.name)

    async def _close(self, kernel: Kernel, plugin: Plugin) -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                await plugin.close()
        except Exception:
            log.exception("plug-in %s did not close", kernel.name)
        kernel.leave()
        await self._core.tasks.cancel(kernel.name)


__all__: Sequence[str] = ["GROUP", "Found", "Plugins", "found"]
