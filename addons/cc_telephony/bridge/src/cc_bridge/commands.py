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
from dataclasses import dataclass
from typing import Any

from . import encoder
from .agents.service import AgentService, IllegalMove
from .ami import AmiDown, AmiError
from .clock import PbxClock
from .controls import CallControl, NotPossible
from .outbox import Outbox
from .spool import Spool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """One command as Odoo hands it out; ``expires_t`` in Odoo's clock, microseconds."""

    id: str
    kind: str
    args: Mapping[str, Any]
    agent: str | None
    call_uid: str | None
    expires_t: int


@dataclass(frozen=True, slots=True)
class Result:
    """How it went."""

    code: str = "ok"
    message: str = ""
    call_uid: str | None = None


def _order(row: object) -> Order:
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


class CommandRunner:
    """Takes commands from the reader; those of one agent, and those of one call, run one after the other."""

    def __init__(
        self,
        spool: Spool,
        outbox: Outbox,
        clock: PbxClock,
        agents: AgentService,
        control: CallControl,
        odoo_now_us: Callable[[], int],
    ) -> None:
        self._spool = spool
        self._outbox = outbox
        self._clock = clock
        self._agents = agents
        self._control = control
        self._odoo_now_us = odoo_now_us
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._kinds: dict[str, Callable[[Order], Awaitable[Result]]] = {
            "sign_in": self._sign_in,
            "sign_out": self._sign_out,
            "set_state": self._set_state,
            "prolong": self._prolong,
            "dial": self._dial,
            "answer": self._answer,
            "reject": self._reject,
            "hangup": self._hangup,
            "mute": self._mute,
            "check": self._check,
            "echo": self._echo,
            "pickup": self._pickup,
            "transfer": self._transfer,
            "consult": self._consult,
            "invite": self._invite,
            "uninvite": self._uninvite,
            "kick": self._kick,
            "dtmf": self._dtmf,
            "collect": self._collect,
            "listen": self._listen,
            "hold": self._plain(control.hold),
            "resume": self._plain(control.resume),
            "cancel": self._plain(control.cancel),
            "toggle": self._plain(control.toggle),
            "conference": self._plain(control.conference),
            "complete": self._plain(control.complete),
            "whisper": self._plain(control.whisper),
            "barge": self._plain(control.barge),
            "takeover": self._plain(control.takeover),
        }

    def report_unfinished(self) -> None:
        """After a start: what had begun before the crash has no known result."""
        for command_id in self._spool.unfinished_commands():
            self._report(command_id, Result("unknown", "the bridge was restarted while this ran"))

    async def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Starts the commands that were not seen before."""
        for row in rows:
            try:
                order = _order(row)
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
            task = asyncio.create_task(self._run(order), name=f"command-{order.kind}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Waits for commands under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, order: Order) -> None:
        # always the agent first, then the call: two agents of one call can't wait for each other
        async with self._locks.setdefault(order.agent or "", asyncio.Lock()):
            uid = order.call_uid or self._agents.call_of(order.agent or "")
            if uid is None:
                result = await self._result(order)
            else:
                async with self._control.lock(uid):
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
            return await kind(order)
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

    # -- kinds ----------------------------------------------------------------------------------

    def _number(self, order: Order) -> str:
        if not order.agent:
            raise NotPossible("no_agent", "the command names no agent")
        return encoder.agent(order.agent)

    async def _sign_in(self, order: Order) -> Result:
        args = order.args
        device = encoder.choice(args["device"], frozenset({"browser", "desk", "mobile"}))
        check = encoder.number if device == "mobile" else encoder.extension
        await self._agents.sign_in(
            self._number(order), device, check(args["extension"]), int(args["session"])
        )
        return Result()

    async def _sign_out(self, order: Order) -> Result:
        session = order.args.get("session")
        await self._agents.sign_out(self._number(order), None if session is None else int(session))
        return Result()

    async def _set_state(self, order: Order) -> Result:
        number = self._number(order)
        if self._agents.get(number) is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        reason = order.args.get("reason")
        await self._agents.set_state(
            number, str(order.args["state"]), None if reason in (None, False) else str(reason)
        )
        return Result()

    async def _prolong(self, order: Order) -> Result:
        number = self._number(order)
        if self._agents.get(number) is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        self._agents.prolong(number)
        return Result()

    async def _dial(self, order: Order) -> Result:
        try:
            number = encoder.number(order.args["number"])
        except encoder.Refused as error:
            raise NotPossible("bad_number", str(error)) from None
        return Result(call_uid=await self._control.dial(self._number(order), number))

    async def _answer(self, order: Order) -> Result:
        await self._control.answer(self._number(order))
        return Result(call_uid=order.call_uid)

    async def _reject(self, order: Order) -> Result:
        await self._control.reject(self._number(order))
        return Result(call_uid=order.call_uid)

    async def _hangup(self, order: Order) -> Result:
        await self._control.hangup(self._number(order), order.call_uid)
        return Result(call_uid=order.call_uid)

    async def _mute(self, order: Order) -> Result:
        on = order.args.get("on", True) is not False
        await self._control.mute(self._number(order), order.call_uid, on)
        return Result(call_uid=order.call_uid)

    def _plain(
        self, do: Callable[[str, str | None], Awaitable[object]]
    ) -> Callable[[Order], Awaitable[Result]]:
        """A control that needs nothing but who and which call."""

        async def run(order: Order) -> Result:
            await do(self._number(order), order.call_uid)
            return Result(call_uid=order.call_uid)

        return run

    @staticmethod
    def _to(order: Order) -> Mapping[str, Any]:
        to = order.args["to"]
        if not isinstance(to, Mapping):
            raise encoder.Refused("`to` is no object")
        return to

    async def _transfer(self, order: Order) -> Result:
        await self._control.transfer(self._number(order), order.call_uid, self._to(order))
        return Result(call_uid=order.call_uid)

    async def _consult(self, order: Order) -> Result:
        await self._control.consult(self._number(order), order.call_uid, self._to(order))
        return Result(call_uid=order.call_uid)

    async def _invite(self, order: Order) -> Result:
        await self._control.invite(self._number(order), order.call_uid, self._to(order))
        return Result(call_uid=order.call_uid)

    async def _uninvite(self, order: Order) -> Result:
        n = encoder.seconds(order.args["ring"], low=1)
        await self._control.uninvite(self._number(order), order.call_uid, n)
        return Result(call_uid=order.call_uid)

    async def _kick(self, order: Order) -> Result:
        leg = encoder.seconds(order.args["leg"], low=1)
        await self._control.kick(self._number(order), order.call_uid, leg)
        return Result(call_uid=order.call_uid)

    async def _pickup(self, order: Order) -> Result:
        uid = order.args.get("call_uid") or order.call_uid
        return Result(call_uid=await self._control.pickup(self._number(order), encoder.uuid(uid)))

    async def _dtmf(self, order: Order) -> Result:
        await self._control.dtmf(self._number(order), order.call_uid, order.args["digits"])
        return Result(call_uid=order.call_uid)

    async def _collect(self, order: Order) -> Result:
        args = order.args
        await self._control.collect(
            self._number(order), order.call_uid, args.get("max", 32), args.get("seconds", 10)
        )
        return Result(call_uid=order.call_uid)

    async def _listen(self, order: Order) -> Result:
        of = str(order.args.get("of") or "")
        return Result(call_uid=await self._control.listen(self._number(order), order.call_uid, of))

    async def _echo(self, order: Order) -> Result:
        await self._control.echo(self._number(order))
        return Result()

    async def _check(self, _order: Order) -> Result:
        code, message = await self._control.check()
        return Result(code, message)
