# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""panoramisk's parser and writer with its traps closed.

What differs from panoramisk 1.4: bytes are cut at whole UTF-8 characters, and broken ones become U+FFFD;
line breaks in a caller's number end no message; answers are collected by :class:`Pending`, which knows one-answer and list actions, and never swallows
OriginateResponse; a message that nobody can read costs itself only; when the connection goes, pending
futures fail and nothing is kept for sending again.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from .errors import AmiDown

log = logging.getLogger(__name__)

Value = str | Sequence[str]

#: No message of a PBX is longer, in characters; one without an end would fill the memory.
LONGEST = 1 << 20


def whole_characters(data: bytes) -> int:
    """How many leading bytes of ``data`` end on a UTF-8 character boundary."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if width > back else len(data)
    return len(data)


#: What follows a caller's number in every event about a channel, up to a header no number can hold
#: (Asterisk cuts a number off at 79 characters, these lines alone are longer).
_BEHIND = (
    r"\r\n(?P=p)CallerIDName: [^\r\n]*\r\n(?P=p)ConnectedLineNum: (?P<other>%s)"
    r"\r\n(?P=p)ConnectedLineName: [^\r\n]*\r\n(?P=p)"
    r"(?:Language: [^\r\n]*\r\n(?P=p)AccountCode: |Wait: )"
)
_ANY = r"[\s\S]{0,100}?"
_NUMBER = re.compile(
    r"(?:\A|(?<=\n))(?P<p>\w*)CallerIDNum: (?P<number>" + _ANY + ")" + _BEHIND % _ANY
)
_WHOLE = re.compile(
    r"(?:\A|(?<=\n))(?P<p>\w*)CallerIDNum: (?P<number>[^\r\n]*)" + _BEHIND % r"[^\r\n]*"
)
_BREAKS = re.compile(r"[\r\n]+")
_PREFIX = re.compile(r"\w*CallerIDNum: ")
_ASTERISKS = re.compile(r"Event: (?!OriginateResponse\r)\w+\r\n(?:Privilege|ActionID): ")
#: So much more is read for the end of an event that a number has cut in two, in characters.
_ONE_EVENT = 4096


def mended(text: str, start: int, end: int) -> str | None:
    """``text`` with the event at ``start`` whole: a SIP address may carry line breaks (``%0d%0a``) in the
    caller's number, and Asterisk writes them into its events as they are. So a stranger could forge events.

    :param end: where the event ends by its first empty line
    :return: the text, line breaks of numbers replaced by a space; None if the rest has not come yet
    """
    if not text.startswith("Event: ", start) or text.find("CallerIDNum: ", start, end) < 0:
        return text
    place = start
    while (place := text.find("CallerIDNum: ", place, end)) >= 0:
        line = text.rfind("\n", start, place) + 1
        place += len("CallerIDNum: ")
        if not _PREFIX.fullmatch(text, line, place) or _WHOLE.match(text, line):
            continue
        # only what an Asterisk writes is known to have all these headers
        if not _ASTERISKS.match(text, start, end):
            return text
        broken = _NUMBER.match(text, line)
        if broken is None:
            return None if len(text) - start < _ONE_EVENT else text
        log.warning("AMI: a number held line breaks: %.100r", broken["number"] + broken["other"])
        text = "".join(
            (
                text[: broken.start("number")],
                _BREAKS.sub(" ", broken["number"]),
                text[broken.end("number") : broken.start("other")],
                _BREAKS.sub(" ", broken["other"]),
                text[broken.end("other") :],
            )
        )
        end = text.find("\r\n\r\n", start)
        if end < 0:
            return None
    return text


def readable(data: bytes) -> bytes:
    """``data`` as UTF-8: panoramisk would drop broken bytes, so that nobody sees that there was something."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data


def plain(message: Message) -> dict[str, str | list[str]]:
    """A message as a plain dict, header names as the PBX wrote them."""
    return dict(message.items())


class Pending(Action):  # type: ignore[misc]
    """An action waiting for its answer. ``multi`` ones end with the list's Complete event."""

    def __init__(self, headers: Mapping[str, Value], *, multi: bool) -> None:
        super().__init__(headers)
        self.collect = multi

    def wants(self, message: Message) -> bool:
        """Whether this message answers the action, rather than being an event that names it."""
        if "event" not in message:
            return True
        return self.collect and message.event != "OriginateResponse"

    def add_message(self, message: Message) -> bool:
        """Takes one message; true when the answer is whole."""
        self.responses.append(message)
        failed = "event" not in message and not message.success
        whole = (
            failed
            or not self.collect
            or (
                "event" in message
                and (message.eventlist == "Complete" or str(message.event).endswith("Complete"))
            )
        )
        if whole and not self.future.done():
            self.future.set_result(list(self.responses))
        return whole


class BridgeProtocol(AMIProtocol):  # type: ignore[misc]
    """One TCP connection to the PBX."""

    encoding = "utf-8"
    closed: bool
    version: str | None

    def __init__(
        self,
        on_event: Callable[[dict[str, str | list[str]]], None],
        on_data: Callable[[], None],
        on_lost: Callable[["BridgeProtocol", Exception | None], None],
    ) -> None:
        super().__init__()
        self._on_event = on_event
        self._on_data = on_data
        self._on_lost = on_lost
        self._tail = b""
        self._text = ""

    def data_received(self, data: bytes) -> None:
        """Cuts what came into messages, at whole characters and at the ends that the PBX meant."""
        self._on_data()
        data = self._tail + data
        cut = whole_characters(data)
        self._tail = data[cut:]
        self._text += readable(data[:cut]).decode()
        start = 0
        if self.version is None and (line := self._text.find("\r\n")) >= 0:
            # the greeting is a line of its own, not the head of the first message
            self.version = self._text[:line]
            start = line + 2 if ": " not in self.version else 0
        while (end := self._text.find("\r\n\r\n", start)) >= 0:
            text = mended(self._text, start, end)
            if text is None:
                break
            if text is not self._text:
                self._text, end = text, text.find("\r\n\r\n", start)
            message = Message.from_line(self._text[start:end].strip())
            start = end + 4
            if message is not None:
                self.handle_message(message)
        self._text = self._text[start:]
        if len(self._text) > LONGEST:
            log.error("AMI: a message of over %d characters has no end; connecting anew", LONGEST)
            self.transport.abort()

    def request(
        self, headers: Mapping[str, Value], *, multi: bool
    ) -> "asyncio.Future[list[Message]]":
        """Writes an action; the future gets all its messages, or AmiDown."""
        if self.closed or self.transport.is_closing():
            raise AmiDown("no connection to the PBX")
        action = Pending(headers, multi=multi)
        self.responses[action.id] = action
        self.transport.write(str(action).encode(self.encoding))
        future: asyncio.Future[list[Message]] = action.future
        # a caller that gave up (timeout, cancelled) must not leave its entry behind
        future.add_done_callback(lambda _: self.responses.pop(action.id, None))
        return future

    def handle_message(self, message: Message) -> None:
        """Answers go to their action; everything else is an event. Raises nothing."""
        try:
            self._handle(message)
        except Exception:  # raised in here it would cost the connection and what came along with it
            log.exception("AMI: a message is passed over: %.500r", plain(message))

    def _handle(self, message: Message) -> None:
        # a header that comes twice is a list, which names no action
        name = message.id
        action = self.responses.get(name) if isinstance(name, str) else None
        if action is not None and action.wants(message):
            action.add_message(message)
        elif "event" in message:
            self._on_event(plain(message))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fails what waits and tells the owner, once."""
        self.close()
        self._on_lost(self, exc)

    def close(self) -> None:
        """Closes the socket; nothing is remembered for a later connection."""
        waiting: list[Any] = list(self.responses.values())
        self.responses.clear()
        for action in waiting:
            if not action.future.done():
                action.future.set_exception(AmiDown("the connection to the PBX was lost"))
                # whoever awaits sees it; nobody awaiting is no error of its own
                action.future.exception()
        if not self.closed:
            self.closed = True
            self.transport.close()
