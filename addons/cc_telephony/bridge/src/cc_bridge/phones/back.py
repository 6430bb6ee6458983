# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A phone that registers again is asked at once whether it is there: once marked as gone it remains so."""

from ..ami import AmiError
from ..events import Event, text
from ..kernel.forms import Plugin
from ..kernel.kernel import CoreKernel


class PhoneBack(Plugin):
    """Those at which somebody is signed in."""

    def __init__(self, kernel: CoreKernel) -> None:
        self._kernel = kernel
        kernel.on_event("ContactStatus", self._registered)

    def _registered(self, event: Event) -> None:
        if text(event, "ContactStatus") in ("Created", "Updated"):
            core = self._kernel.core
            core.tasks.spawn(
                self._kernel.name,
                core.agents.phone_is_back(text(event, "EndpointName")),
                "phone-back",
                expected=(AmiError,),
            )

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._kernel.core.tasks.finish(self._kernel.name)
