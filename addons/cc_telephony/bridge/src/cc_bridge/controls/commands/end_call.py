# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A leader ends a call, whoever is in it: also one whose agent has left, and one that waits or rings."""

from cc_contract.causes import Cause

from ...ami import AmiFailed
from ...kernel.forms import NotPossible, Order, Result
from ..desk import Desk

#: A channel may come while others go.
_ROUNDS = 3


def register(desk: Desk) -> None:
    """Registers the command; its right was checked by Odoo, it needs no agent."""

    async def end_call(order: Order) -> Result:
        uid = order.call_uid or ""
        if desk.calls.open(uid) is None:
            raise NotPossible("no_call", "this call is over")
        for _ in range(_ROUNDS):
            found = [desk.channels.get(one) for one in desk.calls.channels_of(uid)]
            there = [channel for channel in found if channel is not None]
            if not there:
                break
            for channel in there:
                desk.calls.break_off(channel.uniqueid)
                try:
                    await desk.kernel.core.ami.action(
                        {
                            "Action": "Hangup",
                            "Channel": channel.name,
                            "Cause": str(int(Cause.NORMAL_CLEARING)),
                        }
                    )
                except AmiFailed:
                    continue  # has gone meanwhile
            for channel in there:
                await desk.steer.gone(channel.uniqueid)
        if [one for one in desk.calls.channels_of(uid) if desk.channels.get(one)]:
            raise NotPossible("failed", "the call does not end")
        return Result(call_uid=uid)

    desk.kernel.command("end_call", end_call)
