# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs what people want, at most once, and reports how it went.

A command's id is stored before it runs. After a crash those without a result are reported as
``unknown``: nobody can say whether they ran. Past its time a command is refused, never run late.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from .. import encoder
from ..agents.machine import IllegalMove
from ..ami import AmiDown, AmiError
from ..clock import PbxClock
from ..outbox import Outbox
from ..spool import Spool
from ..tasks import Tasks
from .forms import NotPossible, Order, Result

log = logging.getLogger(__name__)

Command = Callable[[Order], Awaitable[Result]]

_OWNER = "orders"


def read(row: object) -> Order:
    """What Odoo handed out, its form checked. Raises encoder.Refused.

    Arguments of a wrong form are left to the command's own checks: it then has a result.
    """
    if not isinstance(row, Mapping):
        raise encoder.Refused("it is no object")
    args, agent, call_uid = row.get("args"), row.get("agent"), row.get("call_uid")
    expires = row.get("expires_t")
    return Order(
        encoder.uuid(row.get("id")),
        kind if isinstance(kind := row.get("kind"), str) else repr(kind)[:40],
        args if isinstance(args, Mapping) else {},
        agent if isinstance(agent, str) else None,
        call_uid if isinstance(call_uid, str) and encoder.is_uuid(call_uid) else None,
        # without a time it is over
        expires if type(expires) is int else 0,
    )


class Locks:
    """What is done to one call is done one after the other."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}

    def of(self, key: str) -> asyncio.Lock:
        """The lock of a call."""
        if len(self._locks) > 500:
            self._locks = {k: v for k, v in self._locks.items() if v.locked()}
        return self._locks.setdefault(key, asyncio.Lock())


class Orders:
    """Takes commands from the reader; those of one agent, and those of one call, run one after the other.

    :param call_of: the call that holds an agent
    :param odoo_now_us: Odoo's clock, microseconds
    """

    def __init__(
        self,
        spool: Spool,
        outbox: Outbox,
        clock: PbxClock,
        tasks: Tasks,
        calls: Locks,
        *,
        call_of: Callable[[str], str | None],
        odoo_now_us: Callable[[], int],
    ) -> None:
        self._spool = spool
        self._outbox = outbox
        self._clock = clock
        self._tasks = tasks
        self._calls = calls
        self._call_of = call_of
        self._odoo_now_us = odoo_now_us
        self._agents: dict[str, asyncio.Lock] = {}
        self._kinds: dict[str, tuple[str, Command]] = {}

    def register(self, owner: str, kind: str, do: Command) -> None:
        """Commands of this kind are run so. Raises ValueError for one that is taken."""
        if kind in self._kinds:
            raise ValueError(f"the command {kind!r} is {self._kinds[kind][0]}'s")
        self._kinds[kind] = (owner, do)

    def remove(self, owner: str) -> None:
        """This one's commands are not known any more."""
        self._kinds = {k: v for k, v in self._kinds.items() if v[0] != owner}

    def kinds(self) -> list[str]:
        """All that are known, by name."""
        return sorted(self._kinds)

    def report_unfinished(self) -> None:
        """After a start: what had begun before the crash has no known result."""
        for command_id in self._spool.unfinished_commands():
            self._report(command_id, Result("unknown", "the bridge was restarted while this ran"))

    async def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Starts the commands that were not seen before."""
        for row in rows:
            try:
                order = read(row)
            except encoder.Refused as error:
                # without a good id nobody waits for an answer
                log.error("a command is passed over: %s", error)
                continue
            try:
                if not self._spool.command_is_new(order.id):
                    continue
            except sqlite3.OperationalError as error:
                log.error("command %s is not run: its id can't be stored (%s)", order.id, error)
                self._report(order.id, Result("failed", "the bridge's disk is full"))
                continue
            self._tasks.spawn(_OWNER, self._run(order), f"command-{order.kind}")

    async def close(self) -> None:
        """Waits for commands under way."""
        await self._tasks.finish(_OWNER)

    def _lock_of(self, order: Order) -> asyncio.Lock:
        """What one agent wants is done one after the other; what is nobody's waits for nobody."""
        if order.agent is None:
            return asyncio.Lock()
        return self._agents.setdefault(order.agent, asyncio.Lock())

    async def _run(self, order: Order) -> None:
        # always the agent first, then the call: two agents of one call can't wait for each other
        async with self._lock_of(order):
            uid = order.call_uid or self._call_of(order.agent or "")
            if uid is None:
                result = await self._result(order)
            else:
                async with self._calls.of(uid):
                    result = await self._result(order)
        if result.code != "ok":
            log.warning(
                "command %s (%s) of agent %s: %s %s",
                order.id,
                order.kind,
                order.agent,
                result.code,
                result.message,
            )
        self._report(order.id, result)

    async def _result(self, order: Order) -> Result:
        # the wait for the agent's earlier commands counts
        if self._odoo_now_us() > order.expires_t:
            return Result("expired", "too late")
        kind = self._kinds.get(order.kind)
        if kind is None:
            return Result("refused", f"this bridge does not know {order.kind[:40]!r}")
        try:
            result = await kind[1](order)
        except encoder.Refused as error:
            return Result("refused", str(error))
        except NotPossible as error:
            return Result(error.code, str(error))
        except IllegalMove as error:
            return Result("illegal_state", str(error))
        except AmiError as error:
            return Result(error.code if isinstance(error, AmiDown) else "failed", str(error))
        except (KeyError, TypeError, ValueError) as error:
            log.exception("command %s has wrong arguments", order.id)
            return Result("failed", f"wrong arguments: {error}")
        except Exception:  # whatever it was, Odoo hears of it
            log.exception("command %s failed", order.id)
            return Result("failed", "the bridge failed; its log says why")
        if not isinstance(result, Result):
            log.error("plug-in %s: command %s returned no Result: %r", kind[0], order.kind, result)
            return Result("failed", "the bridge failed; its log says why")
        return result

    def _report(self, command_id: str, result: Result) -> None:
        self._outbox.put(
            "command.result",
            self._clock.now_us(),
            {
                "command": {
                    "id": command_id,
                    "ok": result.code == "ok",
                    "code": result.code,
                    "message": result.message,
                    "call_uid": result.call_uid,
                }
            },
            command_done=command_id,
        )
