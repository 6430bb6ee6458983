# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plug-ins that fail wherever one can."""

import asyncio
from typing import Any

from cc_bridge.plugins import Kernel, Order, Plugin, Result


def _fail(*_: Any) -> Any:
    raise RuntimeError("broken on purpose")


async def _fail_later(*_: Any) -> Any:
    _fail()


class Broken(Plugin):
    """Every hook raises; it is made and started all the same."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        kernel.intent_section("broken", _fail, _fail)
        kernel.intent_section("broken_too", _fail)
        kernel.command("broken", _fail_later)
        kernel.command("broken_result", self._no_result)
        kernel.command("broken_tables", self._others_tables)
        kernel.on_event("UserEvent", _fail)
        kernel.on_event(None, _fail)
        kernel.on_call(_fail)
        kernel.on_agent_state(_fail)
        kernel.on_connected(_fail_later)
        kernel.on_disconnected(_fail)
        kernel.on_recall(_fail)

    async def start(self) -> None:
        self.kernel.spawn(_fail_later(), "failing")

    async def close(self) -> None:
        _fail()

    async def _no_result(self, _order: Order) -> Result:
        return "fine"  # type: ignore[return-value]

    async def _others_tables(self, order: Order) -> Result:
        with self.kernel.db() as db:
            db.execute(order.args["sql"])
        return Result()


def unmade(kernel: Kernel) -> Plugin:
    """Fails in the making, after it has registered something."""
    kernel.command("unmade", _fail_later)
    kernel.on_event(None, _fail)
    kernel.spawn(asyncio.sleep(3600), "left behind")
    raise SystemExit("no")


class Unstarted(Plugin):
    """Fails at its start."""

    def __init__(self, kernel: Kernel) -> None:
        kernel.command("unstarted", _fail_later)

    async def start(self) -> None:
        _fail()


class Hanging(Plugin):
    """Never starts."""

    def __init__(self, kernel: Kernel) -> None:
        kernel.command("hanging", _fail_later)

    async def start(self) -> None:
        await asyncio.sleep(3600)
