# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An outside phone proves that it is an agent's: it is rung, and the code that Odoo shows is keyed in there."""

import hmac

from ... import encoder
from ...events import Event, text
from ...facts import uuid7
from ...kernel.forms import NotPossible, Order, Result
from ..desk import Desk

#: Ringing, and then the time to key in; together they stay below Odoo's patience with a command.
_RING_MS, _KEYS_S = 25000, 25.0


def register(desk: Desk) -> None:
    """Registers the command."""
    Confirm(desk)


class Confirm:
    """Codes that were keyed in, by channel, for those who wait for them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # channel that is asked: what was keyed in there
        self._asked: dict[str, str | None] = {}
        desk.kernel.command("confirm_number", self.confirm)
        desk.kernel.on_event("UserEvent", self._keyed)

    def _keyed(self, event: Event) -> None:
        uid = text(event, "Uniqueid")
        if text(event, "UserEvent") == "CCCode" and uid in self._asked:
            self._asked[uid] = text(event, "Code")

    async def confirm(self, order: Order) -> Result:
        """``number``, ``code``, and ``of``, the agent who says that it is theirs."""
        desk = self._desk
        number, code = encoder.number(order.args["number"]), encoder.keys(order.args["code"])
        way = desk.targets.outside(encoder.agent(order.args["of"]), number)
        call_uid = uuid7()
        channel_id, alive = await desk.steer.ring(
            way.device,
            context="cc-code",
            exten="s",
            caller=way.caller_id,
            call_uid=call_uid,
            timeout_ms=_RING_MS,
            variables=[f"__CC_LINE={way.trunk}"],
            direction="outbound",
            number=number,
            line=way.trunk,
        )
        if not alive:
            raise NotPossible("failed", "the phone can't be reached")
        self._asked[channel_id] = None
        try:
            await desk.kernel.core.changes.until(
                lambda: self._asked[channel_id] is not None
                or desk.channels.get(channel_id) is None,
                _RING_MS / 1000 + _KEYS_S,
            )
            keyed = self._asked[channel_id]
        finally:
            del self._asked[channel_id]
        if keyed is None:
            raise NotPossible("no_answer", "no code was keyed in")
        if not hmac.compare_digest(keyed, code):
            raise NotPossible("wrong_code", "the code was wrong")
        return Result(call_uid=call_uid)
