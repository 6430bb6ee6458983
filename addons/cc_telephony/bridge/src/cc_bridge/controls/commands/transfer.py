# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Blind transfer: the agent leaves, the customer is taken to somebody else."""

from collections.abc import Mapping
from typing import Any

from ...kernel.forms import NotPossible
from ..desk import Desk
from ..targets import ANYBODY


def register(desk: Desk) -> None:
    """Registers the control."""

    async def transfer(number: str, call_uid: str | None, args: Mapping[str, Any]) -> None:
        """Where the customer goes is written on their channel; the agent's going sets them off.

        Not answered within 20 s they are first again in the queue they came from; without one the agent who
        handed them over is rung once more.
        """
        place = await desk.place("transfer", number, call_uid)
        target = await desk.targets.target(number, args, allowed=ANYBODY)
        if place.mine.name == place.cust:
            raise NotPossible("refused", "you are the caller: only who was called can hand over")
        for name, value in (
            ("CC_XKIND", target.kind),
            ("CC_XTO", target.value),
            ("CC_XBY", number),
            ("CC_XDEV", target.device),
            ("CC_XCONFIRM", "1" if target.confirm else ""),
            ("CC_XCID", target.caller if target.kind == "number" else ""),
            ("CC_XBACK", ""),
            ("SHARED(NEXT)", "xfer"),
        ):
            await desk.steer.setvar(place.cust, name, value)
        await desk.steer.leave(place.mine.name)

    desk.control("transfer", transfer)
