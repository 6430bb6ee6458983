# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What agents want for themselves: signing in and out, states, more time for a wrap-up."""

from collections.abc import Mapping
from typing import Any

from ... import encoder
from ...kernel.forms import NotPossible, Order, Result
from ..desk import Desk

_DEVICES = frozenset({"browser", "desk", "mobile"})


def register(desk: Desk) -> None:
    """Registers the controls."""
    Session(desk)


class Session:
    """Of one agent; none of it is about a call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._agents = desk.agents
        desk.kernel.command("sign_in", self.sign_in)
        desk.kernel.command("sign_out", self.sign_out)
        desk.kernel.command("set_state", self.set_state)
        desk.kernel.command("next_state", self.next_state)
        desk.kernel.command("finish_wrap_up", self.finish_wrap_up)
        desk.kernel.command("prolong", self.prolong)

    async def sign_in(self, order: Order) -> Result:
        """At a device."""
        args: Mapping[str, Any] = order.args
        device = encoder.choice(args["device"], _DEVICES)
        check = encoder.number if device == "mobile" else encoder.extension
        number, extension = self._desk.number(order), check(args["extension"])
        if device == "mobile":
            self._desk.kernel.core.gate.check_phone(number, extension)
        await self._agents.sign_in(number, device, extension, int(args["session"]))
        return Result()

    async def sign_out(self, order: Order) -> Result:
        """From everywhere, or only from one session."""
        session = order.args.get("session")
        await self._agents.sign_out(
            self._desk.number(order), None if session is None else int(session)
        )
        return Result()

    async def set_state(self, order: Order) -> Result:
        """Ready, busy, break …, with a reason."""
        number = self._there(order)
        reason = order.args.get("reason")
        await self._agents.set_state(
            number, str(order.args["state"]), None if reason in (None, False) else str(reason)
        )
        return Result()

    async def next_state(self, order: Order) -> Result:
        """What comes after the call that is on and its wrap-up; without a state nothing particular."""
        state, reason = order.args.get("state"), order.args.get("reason")
        self._agents.choose_next(
            self._there(order), str(state) if state else None, str(reason) if reason else None
        )
        return Result()

    async def finish_wrap_up(self, order: Order) -> Result:
        """The work after the call is done: to what was chosen, else ready."""
        await self._agents.finish(self._there(order))
        return Result()

    async def prolong(self, order: Order) -> Result:
        """More time for the wrap-up that runs."""
        self._agents.prolong(self._there(order))
        return Result()

    def _there(self, order: Order) -> str:
        number = self._desk.number(order)
        if self._agents.get(number) is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        return number
