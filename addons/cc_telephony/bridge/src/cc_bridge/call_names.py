# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What calls are called: a call's id on its channel, and the number that dialled digits stand for."""

import logging

from . import encoder
from .ami import AmiError
from .events import Event, text
from .facts import CallFact
from .kernel.forms import Plugin
from .kernel.kernel import CoreKernel

log = logging.getLogger(__name__)


class CallNames(Plugin):
    """Listens only."""

    def __init__(self, kernel: CoreKernel) -> None:
        self._kernel = kernel
        kernel.on_event("UserEvent", self._dialled)
        kernel.on_call(self._named)

    def _dialled(self, event: Event) -> None:
        """The dialplan says which number it is about to send out under other digits."""
        if text(event, "UserEvent") != "CCOut":
            return
        number = text(event, "Number")
        try:
            self._kernel.core.dialled.remember(self._kernel.rules().outside(number), number)
        except encoder.Refused:
            log.debug("dialled as it is: %r", number)

    def _named(self, fact: CallFact) -> None:
        """Puts the call's id on its first channel, for the phones' INVITE and for whoever looks."""
        kernel = self._kernel
        if fact.kind != "call.started" or not kernel.ami.connected:
            return
        uids = (uid for leg in fact.call["legs"] for uid in leg["channels"])
        channel = next((kernel.channels.get(uid) for uid in uids), None)
        if channel is not None:
            kernel.core.tasks.spawn(
                kernel.name,
                kernel.ami.action(
                    {
                        "Action": "Setvar",
                        "Channel": channel.name,
                        "Variable": "__CC_CALL",
                        "Value": fact.call["call_uid"],
                    }
                ),
                "name-call",
                expected=(AmiError, encoder.Refused),
                level=logging.DEBUG,
            )

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._kernel.core.tasks.finish(self._kernel.name)
