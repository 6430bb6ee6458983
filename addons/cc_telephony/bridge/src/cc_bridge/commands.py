# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge's own commands: what agents want for themselves, and what they do with calls."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from . import encoder
from .ami.channels import Event
from .controls import CallControl
from .facts import CallFact
from .kernel.forms import NotPossible, Order, Plugin, Result
from .kernel.kernel import CoreKernel


class CallCommands(Plugin):
    """Registers the commands, and lets the controls hear of events and calls."""

    def __init__(self, kernel: CoreKernel) -> None:
        core = kernel.core
        self._agents = core.agents
        control = CallControl(
            core.ami, core.channels, core.agents, core.calls, core.dialled, core.locks
        )
        control.folder, control.clock = core.settings.recordings, core.clock
        self._control = control
        kernel.on_event(None, self._event)
        kernel.on_call(self._call)
        kinds: dict[str, Callable[[Order], Awaitable[Result]]] = {
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
        for kind, do in kinds.items():
            kernel.command(kind, do)

    def _event(self, event: Event) -> None:
        self._control.feed(event)

    def _call(self, fact: CallFact) -> None:
        self._control.call_changed(fact.call)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._control.close()

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
