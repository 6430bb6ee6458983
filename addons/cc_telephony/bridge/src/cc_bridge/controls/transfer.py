# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Blind transfer: the agent leaves, the customer is taken to somebody else."""

from collections.abc import Mapping
from typing import Any

from ..kernel.forms import NotPossible
from .consult import Consult

_ANY = frozenset({"agent", "queue", "ivr", "number"})


class Transfer(Consult):
    """Handing over without asking."""

    async def transfer(self, number: str, call_uid: str | None, to: Mapping[str, Any]) -> None:
        """Where the customer goes is written on his channel; the agent's going sets him off.

        Not answered within 20 s he goes to the front of the queue he came from; without one the agent who
        handed him over is rung once more.
        """
        place = await self._place("transfer", number, call_uid)
        target = await self._target(number, to, allowed=_ANY)
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
            await self._setvar(place.cust, name, value)
        await self._leave(place)
