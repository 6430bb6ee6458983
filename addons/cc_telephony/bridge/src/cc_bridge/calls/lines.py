# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which endpoints are lines to the outside, which are phones, and what number each stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channels import Channel

# Lines to the outside, whatever their name, but for an analogue phone that is dialled or calls like one.
_LINES = frozenset(["dahdi", "misdn", "khomp", "capi", "lcr", "ooh323", "h323", "zap"])
_TRUNK_WORD = re.compile(r"trunk|provider|gateway|(?:^|[-_])gw|pstn|carrier|uplink", re.I)
_EXTENSION = re.compile(r"^[A-Za-z]{0,4}\d{2,6}$", re.ASCII)
# Where a dialplan lets callers in from outside, and where phones are.
_OUTSIDE = re.compile(
    r"trunk|pstn|extern|public|incoming|inbound|outside|provider|carrier"
    r"|from[-_]?(?:did|voip|sip|isp|gw|gsm|mobile|world|net)|(?:^|[-_])did(?:$|[-_])",
    re.I,
)
_INSIDE = re.compile(r"intern|inside|agents?\b|phones?\b|users?\b|office|extensions?\b|staff", re.I)
# sip:number@host of a dial string, and what its number is
_URI = re.compile(r"^(?:sips?|tel):(\+?[\d*#]+)(?:[@;]|$)", re.I | re.ASCII)
_SHORT = re.compile(r"^\d{2,5}$", re.ASCII)


def same_number(one: str | None, two: str | None) -> bool:
    """Whether two numbers differ only by what stands before them: a prefix to be dialled, a country's, zeros."""
    digits = ("".join(c for c in x or "" if c.isdigit()) for x in (one, two))
    short, long = sorted((x.lstrip("0") for x in digits), key=len)
    return bool(short) and (long.endswith(short) if len(short) > 5 else long == short)


def _port(ch: Channel) -> bool:
    """Whether the endpoint is a port of a card: its name is no number of anybody's."""
    return ch.tech.lower() in _LINES


def _numbered(ch: Channel) -> bool:
    """Whether the endpoint is named after an extension."""
    return not _port(ch) and _EXTENSION.match(ch.endpoint) is not None


class Lines:
    """What was told by the configuration and learnt from the stream about endpoints."""

    def __init__(
        self,
        trunks: Iterable[str] = (),
        agent_endpoints: Callable[[str], str | None] | None = None,
    ) -> None:
        self.trunks: set[str] = set(trunks)
        self.told = frozenset(self.trunks)
        self.agents = agent_endpoints
        # the number that dialled digits stand for
        self.plain: Callable[[str], str] = str
        self.phones: set[str] = set()
        # phones named after people: what extension they show
        self.shown: dict[str, str] = {}
        # whom a number was seen at: one at which several phones ring is a group's, not theirs
        self.claims: dict[str, set[str]] = {}

    def is_trunk(self, ch: Channel) -> bool:
        """Whether this channel leads outside.

        Told by the configuration, learnt from dial strings and queue members, else guessed:
        ``1004`` and ``w1004`` are phones, so is what is dialled by its name alone or shows an
        extension as its number; the dialplan's context may tell; others that call us are lines.
        """
        name = ch.endpoint
        if ch.local:
            return False
        if name in self.told:
            return True
        if name in self.phones or (self.agents and self.agents(name) is not None):
            return False
        # in mid-call the context is where the dialplan has got to, not the endpoint's own
        context = "" if ch.in_progress else ch.context or ""
        if _port(ch):
            return ch.outside or not _INSIDE.search(context)
        if name in self.trunks or _TRUNK_WORD.search(name):
            return True
        if self.told:
            return False
        if ch.outside:
            return True
        if (name.isdigit() and _EXTENSION.match(name)) or (ch.number and ch.number == name):
            return False
        if _OUTSIDE.search(context):
            return True
        if _INSIDE.search(context) or not ch.incoming:
            return False
        # a phone shows an extension, or the digits it is named after; a line somebody's number
        digits = "".join(c for c in name if c.isdigit())
        own = len(digits) > 2 and (ch.number or "").endswith(digits)
        if _EXTENSION.match(name) and len(ch.number or "") > 6 and not own:
            return True
        return not (_EXTENSION.match(name) or _SHORT.match(ch.number or ""))

    def learn(self, ch: Channel, dialled: str | None) -> None:
        """See from a dial string whether it was a phone (``1004``) or a line (``442@trunk``)."""
        if ch.local or not dialled or ch.endpoint in self.told:
            return
        plain = (
            dialled.partition("/")[2]
            if dialled.lower().startswith(ch.tech.lower() + "/")
            else dialled
        )
        number, at, host = plain.partition("@")
        behind = plain[len(ch.endpoint) + 1 :] if plain.startswith(ch.endpoint + "/") else ""
        if uri := _URI.match(behind):
            # endpoint/sip:number@host: a number that the endpoint is to reach, no contact of a phone's
            contact = _numbered(ch) and ch.endpoint.isdigit()
            ch.outside = len(uri[1]) > 5 and not contact and uri[1] != ch.endpoint
        elif (at and host.split("/")[0] == ch.endpoint and number.split("/")[0] != ch.endpoint) or (
            behind != ch.endpoint and behind.removeprefix("+").isalnum()
        ):
            ch.outside = True
        if ch.outside and ch.endpoint not in self.phones:
            self.trunks.add(ch.endpoint)
        elif plain == ch.endpoint and plain not in self.trunks and not _TRUNK_WORD.search(plain):
            self.phones.add(plain)  # a line is never dialled without a number

    def extension(self, ch: Channel) -> str | None:
        """The agent's number or extension behind a channel, the outside number for a line."""
        if ch.agent:
            return ch.agent
        if self.agents and (agent := self.agents(ch.endpoint)):
            return agent
        if self.is_trunk(ch):
            return self.outside_number(ch)
        number = ch.number or ""
        if _SHORT.match(number) and not _numbered(ch):
            if ch.incoming or self.claims.get(number, set()) <= {ch.endpoint}:
                self.shown[ch.endpoint] = number
            elif self.shown.get(ch.endpoint) == number:
                del self.shown[ch.endpoint]
        return self.shown.get(ch.endpoint) or ch.endpoint or ch.number

    def claim(self, ch: Channel) -> None:
        """A phone is called by this number, by whoever rings it now."""
        if ch.number and _SHORT.match(ch.number) and not _numbered(ch):
            self.claims.setdefault(ch.number, set()).add(ch.endpoint)

    def named(self, device: str | None) -> str | None:
        """The extension of a device that an event names: ``PJSIP/alice``."""
        name = (device or "").rpartition("/")[2]
        if self.agents and (agent := self.agents(name)):
            return agent
        return self.shown.get(name) or name or None

    def outside_number(self, ch: Channel) -> str | None:
        """The number at the far end of a line: what was dialled there, else who called."""
        if ch.dialled:
            plain = ch.dialled
            head, slash, tail = plain.partition("/")
            if slash and head.lower() == ch.tech.lower():
                plain = tail
            number, _, host = plain.partition("@")
            if host.startswith(ch.endpoint + "/"):
                number = host[len(ch.endpoint) + 1 :]  # IAX2/user:secret@line/number
            head, slash, tail = number.partition("/")
            number = tail if slash and (head == ch.endpoint or _port(ch)) else number
            if uri := _URI.match(number):
                number = uri[1]
            if number and number != ch.endpoint:
                return self.plain(number)
        return ch.number
