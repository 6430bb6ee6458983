# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What each AMI event means. One function an event: ``(world, event) -> None``."""

from __future__ import annotations

from collections.abc import Callable

from ...events import Event
from ..world import World
from . import bridge, channel, dial, dialplan, older, parking, queue, transfer

Handler = Callable[[World, Event], None]

HANDLERS: dict[str, Handler] = {
    **channel.HANDLERS,
    **dial.HANDLERS,
    **queue.HANDLERS,
    **bridge.HANDLERS,
    **transfer.HANDLERS,
    **parking.HANDLERS,
    **dialplan.HANDLERS,
}
HANDLERS.update(older.handlers(dict(HANDLERS)))
