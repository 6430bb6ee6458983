# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A browser phone that registers from another page than before: what the old page held is dead.

Asterisk would notice by the missing sound only after seconds, or, for a call that rings at the page
that is gone, not before the ring's end. A page that merely lost its connection comes back with the
same contact, and its calls go on.
"""

import logging
import re

from cc_contract.causes import Cause

from ..ami import AmiError, AmiTransport
from ..calls.live import LiveChannels
from ..events import Event, text
from ..kernel.forms import Plugin
from ..kernel.kernel import CoreKernel
from ..tasks import Tasks

log = logging.getLogger(__name__)

#: In talk what the dialplan takes for a lost phone; while it rings, that it is not there.
_TALKING, _RINGING = Cause.REQUESTED_CHANNEL_UNAVAILABLE, Cause.DESTINATION_OUT_OF_ORDER
_USER = re.compile(r"sips?:([^@;>]+)@")
_ORIGIN = re.compile(r";x-ast-orig-host=([^;:>]+)")


def page_of(uri: str) -> str | None:
    """What stays the same in a browser phone's contact while its page lives; None for other phones.

    Browsers have no name of their own in SIP: their host ends in ``.invalid`` (RFC 7118, 5), which
    Asterisk keeps as ``x-ast-orig-host``.
    """
    user, origin = _USER.match(uri), _ORIGIN.search(uri)
    if not user or not origin or not origin[1].endswith(".invalid"):
        return None
    return f"{user[1]}@{origin[1]}"


class Reloads(Plugin):
    """Feed it every ContactStatus."""

    def __init__(self, ami: AmiTransport, channels: LiveChannels, tasks: Tasks) -> None:
        self._ami = ami
        self._channels = channels
        self._pages: dict[str, str] = {}
        self._tasks = tasks

    @classmethod
    def plugin(cls, kernel: CoreKernel) -> "Reloads":
        """As a part of the bridge."""
        own = cls(kernel.core.ami, kernel.channels, kernel.core.tasks)
        kernel.on_event("ContactStatus", own.feed)
        return own

    def feed(self, event: Event) -> None:
        """Ends the channels of a page that another one has replaced."""
        if text(event, "ContactStatus") == "Removed":
            return
        extension, page = text(event, "AOR"), page_of(text(event, "URI"))
        if not extension or page is None:
            return
        before = self._pages.get(extension)
        self._pages[extension] = page
        if before not in (None, page):
            self._tasks.spawn("reloads", self._drop(extension), f"reload-{extension}")

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._tasks.finish("reloads")

    async def _drop(self, extension: str) -> None:
        for channel in self._channels.of_device(f"PJSIP/{extension}"):
            cause = _TALKING if channel.state == "Up" else _RINGING
            log.info("%s registered from another page: %s is dead", extension, channel.name)
            try:
                await self._ami.action(
                    {"Action": "Hangup", "Channel": channel.name, "Cause": str(int(cause))}
                )
            except AmiError as error:
                log.info("%s: %s", channel.name, error)
