# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What agents do with calls, as AMI actions. Each control is one file of ``commands``: nothing else names it."""

from importlib import import_module
from pkgutil import iter_modules

from ..kernel.forms import Plugin
from ..kernel.kernel import CoreKernel
from . import commands
from .desk import Desk

__all__ = ["Controls"]


class Controls(Plugin):
    """All files of ``commands``; each has a ``register(desk)``."""

    def __init__(self, kernel: CoreKernel) -> None:
        self._kernel = kernel
        self.desk = Desk(kernel)
        for module in sorted(iter_modules(commands.__path__), key=lambda m: m.name):
            import_module(f"{commands.__name__}.{module.name}").register(self.desk)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._kernel.core.tasks.finish(self._kernel.name)
