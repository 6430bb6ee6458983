# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""panoramisk's parser and writer with its traps closed.

What differs from panoramisk 1.4: bytes are cut at whole UTF-8 characters, and broken ones become U+FFFD;
line breaks that a stranger writes into a number end no message; answers are collected by :class:`Pending`, which knows one-answer and list actions, and never swallows
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

from ..events import Event
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


#: What a stranger writes stands in these values of a channel, the same headers in the same order in every event of
#: an Asterisk (``p``: the channel's part in the event; the rows of a queue end with Wait). Line breaks in an address
#: (``%0d%0a``) come through as they are. Asterisk cuts a number off at 79 characters.
_LINE = r"[^\r\n]*"
_NUMBER, _NAME = r"[\s\S]{0,80}", r"[\s\S]{0,200}"


def _channel(number: str, name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<p>\w*)CallerIDNum: (?P<number>{number})\r\n(?P=p)CallerIDName: (?P<name>{name})"
        rf"\r\n(?P=p)ConnectedLineNum: (?P<other>{number})"
        rf"\r\n(?P=p)ConnectedLineName: (?P<other_name>{name})\r\n(?P=p)"
        rf"(?:Wait: |Language: {_LINE}\r\n(?P=p)AccountCode: {_LINE}"
        rf"\r\n(?P=p)Context: {_LINE}\r\n(?P=p)Exten: (?P<exten>))"
    )


_WHOLE, _BROKEN = _channel(_LINE, _LINE), _channel(_NUMBER, _NAME)
#: Behind the number dialled, as Asterisk writes it.
_BEHIND = rf"\r\n%sPriority: -?\d+\r\n%sUniqueid: {_LINE}\r\n"
#: Where a phone or a line has been sent on to (302), or sends somebody (REFER), and what stands behind it in the event.
_SENT_ON = re.compile(
    rf"\r\n(?:DestLinkedid: {_LINE}\r\n(?P<forward>Forward)"
    rf"|IsExternal: \w+\r\nContext: {_LINE}\r\nExtension): "
)
_BREAKS = re.compile(r"[\r\n]+")
_PREFIX = re.compile(r"\w*CallerIDNum: ")
_ASTERISKS = re.compile(r"Event: (?!OriginateResponse\r)\w+\r\n(?:Privilege|ActionID): ")
_LONGEST_EXTEN = 80
#: Their last header may hold anything of any length; nobody can say where it ends.
_OPEN_ENDED = frozenset({"Newexten", "VarSet"})
#: So much more is read for the end of an event that a stranger has cut in two, in characters.
_ONE_EVENT = 4096


def mended(text: str, start: int, end: int) -> str | None:
    """``text`` with the event at ``start`` whole: an address may carry line breaks, in the caller's number, in the
    number dialled and in whom somebody is sent to, and Asterisk writes them into its events as they are. So a
    stranger could forge events.

    Where such a value ends is known by the headers behind it. Of several that fit the last counts that is near
    enough: what comes behind the true one is the PBX's, and too far away.

    :param end: where the event ends by its first empty line
    :return: the text, line breaks of strangers replaced by a space; None if the rest has not come yet
    """
    if not text.startswith("Event: ", start):
        return text
    place = start
    while (place := text.find("CallerIDNum: ", place, end)) >= 0:
        line = text.rfind("\n", start, place) + 1
        place += len("CallerIDNum: ")
        if not _PREFIX.fullmatch(text, line, place):
            continue
        told = _whole(text, line)
        if told is None:
            # only what an Asterisk writes is known to have all these headers
            if not _ASTERISKS.match(text, start, end):
                return text
            told = _broken(text, line)
            if told is None:
                return None if len(text) - start < _ONE_EVENT else text
        text, place = told
        end = text.find("\r\n\r\n", max(start, place - 4))
        if end < 0:
            return None
    return _sent_on_whole(text, start, end)


def _sent_on_whole(text: str, start: int, end: int) -> str | None:
    """The same with whom somebody is sent to whole; None while that can't be said.

    No event of a PBX is as short as such a value may be: the last end that is near enough is its own.
    """
    found = _SENT_ON.search(text, start, end + 2)
    if found is None or not _ASTERISKS.match(text, start, end):
        return text
    mark = "\r\nDialStatus: " if found["forward"] else "\r\n\r\n"
    most = found.end() + _LONGEST_EXTEN + len(mark)
    if len(text) < most and not text.endswith("\r\n\r\n"):
        return None
    last = text.rfind(mark, found.end(), most)
    value = text[found.end() : last] if last >= 0 else ""
    if not _BREAKS.search(value):
        return text
    log.warning("AMI: a number held line breaks: %.100r", value)
    text = text[: found.end()] + _BREAKS.sub(" ", value) + text[last:]
    return text if text.find("\r\n\r\n", found.end()) >= 0 else None


def _whole(text: str, line: int) -> tuple[str, int] | None:
    """The text and where its channel at ``line`` ends, if nobody has written line breaks into it."""
    found = _WHOLE.match(text, line)
    if found is None or found["exten"] is None:
        return (text, found.end()) if found is not None else None
    end = _exten_end(text, found.end(), found["p"])
    return (text, end) if end is not None and not _BREAKS.search(text, found.end(), end) else None


def _broken(text: str, line: int) -> tuple[str, int] | None:
    """The same with line breaks taken out; None while the rest of the channel has not come."""
    found = _BROKEN.match(text, line)
    if found is None:
        return None
    end = found.end()
    spans = [found.span(name) for name in ("number", "name", "other", "other_name")]
    if found["exten"] is not None:
        last = _exten_end(text, end, found["p"])
        if last is None:
            return None
        spans.append((end, last))
        end = last
    parts, at = [], 0
    for begin, close in spans:
        parts += [text[at:begin], _BREAKS.sub(" ", text[begin:close])]
        if _BREAKS.search(text, begin, close):
            log.warning("AMI: a number held line breaks: %.100r", text[begin:close])
        at = close
    mended_part = "".join(parts)
    return mended_part + text[at:], len(mended_part) + end - at


def _exten_end(text: str, at: int, part: str) -> int | None:
    """Where the number dialled ends that begins at ``at``; None while that can't be said."""
    mark = f"\r\n{part}Priority: "
    found = text.rfind(mark, at, at + _LONGEST_EXTEN + len(mark))
    if found < 0 or (len(text) < at + _LONGEST_EXTEN and not text.endswith("\r\n\r\n")):
        return None
    behind = re.compile(_BEHIND % (part, part))
    while found >= 0:
        if behind.match(text, found):
            return found
        found = text.rfind(mark, at, found)
    return None


def readable(data: bytes) -> bytes:
    """``data`` as UTF-8: panoramisk would drop broken bytes, so that nobody sees that there was something."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data


def plain(message: Message) -> Event:
    """A message's headers, names as the PBX wrote them."""
    return Event(dict(message.items()))


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
        on_event: Callable[[Event], None],
        on_data: Callable[[], None],
        on_lost: Callable[["BridgeProtocol", Exception | None], None],
    ) -> None:
        super().__init__()
        self._on_event = on_event
        self._on_data = on_data
        self._on_lost = on_lost
        self._warned = False
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
            if message.event in _OPEN_ENDED and not self._warned:
                self._warned = True
                log.error(
                    "AMI: the PBX sends %s, in which strangers' words have no end: leave it out in "
                    "manager.conf (eventfilter), or a number dialled may forge events",
                    message.event,
                )
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
