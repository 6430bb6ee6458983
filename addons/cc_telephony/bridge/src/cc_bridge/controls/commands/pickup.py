# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pick up what rings at a colleague."""

from collections.abc import Mapping
from typing import Any

from cc_contract.situation import my_leg, words

from ... import encoder
from ...calls.live import LiveChannel
from ...kernel.forms import NotPossible
from ...phones.auto_answer import AUTO_ANSWER
from ..desk import Desk

#: How soon a ring that came too late is taken back by the dialplan; seconds.
_TOO_LATE_S = 0.3


def register(desk: Desk) -> None:
    """Registers the control."""
    Pickup(desk)


class Pickup:
    """By the agent's own phone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.control("pickup", self.pickup)

    async def pickup(self, number: str, call_uid: str | None, args: Mapping[str, Any]) -> str:
        """Returns the call's id."""
        call_uid = encoder.uuid(args.get("call_uid") or call_uid)
        desk = self._desk
        agent = desk.find.free(number)
        call = desk.find.open(call_uid)
        if call is None:
            raise NotPossible("no_call", "this call does not ring any more")
        desk.find.check("pickup", number, call)
        ring = self._rings_at_colleague(call)
        customer = self._customer(call)
        if customer is None or ring is None:
            raise NotPossible("no_call", "this call does not ring at a colleague")
        target, leg = ring
        room = await desk.steer.getvar(customer.name, "ROOM")
        if not room:
            raise NotPossible("refused", "this call can't be steered from here")
        device = desk.agents.device(agent)
        await desk.steer.reachable(device, f"agent {number}")
        channel_id, alive = await desk.steer.ring(
            device,
            context="cc-room",
            exten="pickup",
            confirm=agent.device == "mobile",
            caller=target,
            call_uid=call["call_uid"],
            timeout_ms=15000,
            variables=[
                f"ROOM={room}",
                f"CUST={customer.name}",
                f"CUSTLEG={leg or customer.name}",
                f"AGENT={number}",
                f"CC_FROM={target}",
                AUTO_ANSWER,
            ],
            agent=number,
        )
        if not alive or (
            await desk.steer.gone(channel_id, _TOO_LATE_S)
            and self._in_call(number, call["call_uid"]) is None
        ):
            raise NotPossible("no_call", "it was answered a moment before")
        return str(call["call_uid"])

    def _in_call(self, number: str, call_uid: str) -> Any:
        call = self._desk.find.open(call_uid)
        return my_leg(call, number) if call and words(call, number)["mine"] == "talking" else None

    def _customer(self, call: Mapping[str, Any]) -> LiveChannel | None:
        for one in self._desk.calls.open_calls():
            if one.call_uid == call["call_uid"] and one.customer:
                return self._desk.channels.get(one.customer)
        return None

    def _rings_at_colleague(self, call: Mapping[str, Any]) -> tuple[str, str] | None:
        """Who is rung, and the queue's Local half behind which they are; the newest ring first."""
        channels = self._desk.channels
        for one in self._desk.calls.open_calls():
            if one.call_uid != call["call_uid"]:
                continue
            for made in reversed(one.attempts):
                if made.outcome is not None or not made.target or made.outside:
                    continue
                rung = channels.get(made.uid)
                if rung is None:
                    continue
                if not rung.name.startswith("Local/"):
                    return made.target, ""
                half = channels.named(rung.name[:-1] + "2")
                if half is not None:
                    return made.target, half.name
        return None
