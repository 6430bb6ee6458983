# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Many short calls at once: customers and desk phones as one thread of plain SIP with sound.

SIPp and baresip are one process a call or phone; here hundreds of calls must fit beside the stack they
load, outlive a killed PBX, and be repeatable by a seed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from cc_stack.process import HOST
from cc_stack.settings import Settings

Address = tuple[str, int]
# how often an unanswered request is sent again, seconds after the first
AGAIN = (0.5, 1.5, 3.5, 7.5)
FRAME = bytes([0x55, 0x2A, 0xD5, 0xAA]) * 40


@dataclass(slots=True)
class Message:
    """One SIP message; header names in small letters, the first of each."""

    first: str
    headers: dict[str, str]
    vias: list[str]
    routes: list[str]
    body: str

    @classmethod
    def parse(cls, data: bytes) -> Message:
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        lines = head.split("\r\n")
        headers: dict[str, str] = {}
        vias, routes = [], []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name, value = name.strip().lower(), value.strip()
            if name in ("via", "v"):
                vias.append(value)
            elif name == "record-route":
                routes.append(value)
            else:
                headers.setdefault(name, value)
        return cls(lines[0], headers, vias, routes, body)

    @property
    def status(self) -> int:
        """200 and the like; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """Of a request, or of what is answered."""
        return self.headers.get("cseq", "0 NONE").split()[-1]

    @property
    def media(self) -> Address | None:
        """Where the other side wants its sound."""
        where = re.search(r"^c=IN IP4 (\S+)", self.body, re.M)
        port = re.search(r"^m=audio (\d+)", self.body, re.M)
        return (where[1], int(port[1])) if where and port else None


def _answer(request: Message, status: str, tag: str, contact: str, body: str = "") -> bytes:
    to = request.headers["to"]
    lines = [
        f"SIP/2.0 {status}",
        *(f"Via: {via}" for via in request.vias),
        *(f"Record-Route: {route}" for route in request.routes),
        f"From: {request.headers['from']}",
        f"To: {to if 'tag=' in to else f'{to};tag={tag}'}",
        f"Call-ID: {request.headers['call-id']}",
        f"CSeq: {request.headers['cseq']}",
        f"Contact: {contact}",
    ]
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


class _Socket(asyncio.DatagramProtocol):
    """A UDP socket with one reader."""

    def __init__(self, reader: Callable[[Message, Address], None]) -> None:
        self.reader = reader
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        if data[:1].isalpha():  # not the keep-alive of two line breaks
            self.reader(Message.parse(data), address)

    def error_received(self, _exc: Exception) -> None:
        """The PBX is away: the sender will see that no answer comes."""

    def send(self, data: bytes, address: Address) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(data, address)


@dataclass(slots=True)
class _Dialog:
    """A call at our end."""

    call_id: str
    tag: str
    to: str
    target: str = ""
    media: Address | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    bye_heard: asyncio.Event = field(default_factory=asyncio.Event)
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    cseq: int = 1
    frame: int = 0
    ssrc: int = 0


@dataclass(slots=True)
class Numbers:
    """What the load did, as its own side saw it."""

    placed: int = 0
    accepted: int = 0
    unheard: int = 0
    answered_by_phone: int = 0


class Load:
    """Customers who call the number `to`, and phones that answer; all in one thread at a low priority.

    :param rate: calls a second
    :param phones: extension to secret; they register again every few seconds
    :param talk: seconds that an agent talks before hanging up, from and to
    :param patience: seconds after which a customer hangs up, from and to
    """

    def __init__(
        self,
        settings: Settings,
        seed: int,
        phones: dict[str, str],
        *,
        rate: float = 5.0,
        to: str = "100",
        talk: tuple[float, float] = (0.4, 2.2),
        patience: tuple[float, float] = (1.0, 4.0),
    ) -> None:
        self.ports = settings.ports
        self.random = random.Random(seed)
        self.prefix = f"+861{self.random.randrange(30, 99)}{self.random.randrange(10**4):04d}"
        self.phones = phones
        self.rate = rate
        self.to = to
        self.talk = talk
        self.patience = patience
        self.numbers = Numbers()
        self.registered: set[str] = set()
        self._calling = threading.Event()
        self._stopping = threading.Event()
        self._dialogs: dict[str, _Dialog] = {}
        self._talking: dict[str, _Dialog] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._challenges: dict[str, Message] = {}
        self._registers: dict[str, asyncio.Future[Message]] = {}
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self._thread.start()

    # -- from the test's thread -----------------------------------------------------------------

    def go(self) -> None:
        """Customers begin to call."""
        self._calling.set()

    def pause(self) -> None:
        """No new calls; those that go on end by themselves."""
        self._calling.clear()

    @property
    def open(self) -> int:
        """Customers on the line."""
        return sum(1 for uid in list(self._dialogs) if uid.startswith("c"))

    def close(self) -> None:
        """Ends the thread."""
        self._stopping.set()
        self._thread.join(10)

    # -- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
        asyncio.run(self._main())

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        self._callers = _Socket(self._to_caller)
        self._desks = _Socket(self._to_phone)
        self._sound = _Socket(lambda _message, _address: None)
        for port, sock in (
            (self.ports.callers, self._callers),
            (self.ports.phones, self._desks),
            (self.ports.caller_rtp, self._sound),
        ):
            await loop.create_datagram_endpoint(lambda s=sock: s, local_addr=(HOST, port))  # type: ignore[misc]
        self._spawn(self._register_all())
        self._spawn(self._speak())
        due = time.monotonic()
        while not self._stopping.is_set():
            if not self._calling.is_set():
                due = time.monotonic()
                await asyncio.sleep(0.02)
                continue
            due += self.random.expovariate(self.rate)
            await asyncio.sleep(max(due - time.monotonic(), 0))
            if self._calling.is_set():
                self._spawn(self._customer(self.numbers.placed))
                self.numbers.placed += 1
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sock in (self._callers, self._desks, self._sound):
            if sock.transport is not None:
                sock.transport.close()
        # a transport closes its socket in the loop's next turn
        await asyncio.sleep(0)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _speak(self) -> None:
        """A frame every 20 ms to everybody who is connected, so that recordings are not empty."""
        due = time.monotonic()
        while True:
            due = max(due + 0.02, time.monotonic() - 0.1)
            await asyncio.sleep(max(due - time.monotonic(), 0))
            for dialog in list(self._talking.values()):
                if dialog.media is None:
                    continue
                dialog.frame += 1
                head = struct.pack(
                    ">BBHII", 0x80, 0, dialog.frame & 0xFFFF, dialog.frame * 160, dialog.ssrc
                )
                self._sound.send(head + FRAME, dialog.media)

    def _sdp(self) -> str:
        return (
            f"v=0\r\no=load 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
            f"m=audio {self.ports.caller_rtp} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n"
        )

    def _token(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    # -- customers ------------------------------------------------------------------------------

    async def _customer(self, serial: int) -> None:
        """One call: dials, stays for their patience, hangs up, unless the PBX does before."""
        number = f"{self.prefix}{serial:05d}"
        dialog = _Dialog(f"c{self._token()}", self._token(), f"<sip:{self.to}@{HOST}>")
        dialog.ssrc = self.random.getrandbits(32)
        patience = self.random.uniform(*self.patience)
        self._dialogs[dialog.call_id] = dialog
        try:
            branch = self._token()
            invite = self._request(dialog, "INVITE", number, branch, body=self._sdp())
            if not await self._until(dialog.heard, lambda: self._pbx(invite), dialog):
                self.numbers.unheard += 1
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience + 6):
                    await dialog.answered.wait()
            if not dialog.answered.is_set():
                if not dialog.ended.is_set():
                    self._pbx(self._request(dialog, "CANCEL", number, branch))
                return
            self.numbers.accepted += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await dialog.ended.wait()
            if not dialog.ended.is_set():
                dialog.cseq += 1
                bye = self._request(dialog, "BYE", number, self._token())
                await self._until(dialog.bye_heard, lambda: self._pbx(bye), dialog)
        finally:
            self._talking.pop(dialog.call_id, None)
            self._dialogs.pop(dialog.call_id, None)

    def _pbx(self, data: bytes) -> None:
        self._callers.send(data, (HOST, self.ports.sip))

    def _request(
        self, dialog: _Dialog, method: str, number: str, branch: str, body: str = ""
    ) -> bytes:
        target = dialog.target or f"sip:{self.to}@{HOST}:{self.ports.sip}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{self.ports.callers};branch=z9hG4bK{branch}",
            f"From: <sip:{number}@{HOST}>;tag={dialog.tag}",
            f"To: {dialog.to}",
            f"Call-ID: {dialog.call_id}",
            f"CSeq: {dialog.cseq} {method}",
            f"Contact: <sip:customer@{HOST}:{self.ports.callers}>",
            "Max-Forwards: 70",
        ]
        if body:
            lines.append("Content-Type: application/sdp")
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()

    async def _until(self, event: asyncio.Event, send: Callable[[], None], dialog: _Dialog) -> bool:
        """Sends, and sends again, until the event or the end of patience with the PBX."""
        send()
        before = 0.0
        for after in AGAIN:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(after - before):
                    await event.wait()
            if event.is_set() or dialog.ended.is_set():
                return True
            before = after
            send()
        return False

    def _to_caller(self, message: Message, address: Address) -> None:
        dialog = self._dialogs.get(message.headers.get("call-id", ""))
        if not message.status:
            if message.method != "ACK":
                self._callers.send(_answer(message, "200 OK", "x", "<sip:customer>"), address)
            if message.method == "BYE" and dialog:
                dialog.ended.set()
            return
        if dialog is None:
            return
        dialog.heard.set()
        if message.method == "BYE":
            dialog.bye_heard.set()
        if message.method != "INVITE" or message.status < 200:
            return
        dialog.to = message.headers["to"]
        branch = self._token()
        if message.status >= 300:
            # an ACK of a refusal belongs to the INVITE's transaction
            branch = (message.vias[0].partition("branch=z9hG4bK")[2]).partition(";")[0]
            dialog.ended.set()
        else:
            found = re.search(r"<([^>]+)>", message.headers.get("contact", ""))
            dialog.target = found[1] if found else ""
            dialog.media = message.media
            self._talking[dialog.call_id] = dialog
            dialog.answered.set()
        number = re.search(r"sip:([^@]+)@", message.headers["from"])
        self._pbx(self._request(dialog, "ACK", number[1] if number else "", branch))

    # -- phones ---------------------------------------------------------------------------------

    async def _register_all(self) -> None:
        while True:
            for extension in self.phones:
                self._spawn(self._register(extension))
                await asyncio.sleep(0.02)
            await asyncio.sleep(5 if len(self.registered) == len(self.phones) else 1)

    async def _register(self, extension: str) -> None:
        """Registers, with the password when asked for it; what fails is tried again a moment later."""
        call_id = f"r{extension}"
        head = ""
        for cseq in range(1, 3):
            future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
            self._registers[call_id] = future
            lines = [
                f"REGISTER sip:{HOST}:{self.ports.sip} SIP/2.0",
                f"Via: SIP/2.0/UDP {HOST}:{self.ports.phones};branch=z9hG4bK{self._token()}",
                f"From: <sip:{extension}@{HOST}>;tag={self._token()}",
                f"To: <sip:{extension}@{HOST}>",
                f"Call-ID: {call_id}",
                f"CSeq: {cseq + 2 * int(time.monotonic())} REGISTER",
                f"Contact: <sip:{extension}@{HOST}:{self.ports.phones}>",
                "Expires: 120",
                "Max-Forwards: 70",
                *([head] if head else []),
            ]
            data = "\r\n".join([*lines, "Content-Length: 0", "", ""]).encode()
            self._desks.send(data, (HOST, self.ports.sip))
            try:
                async with asyncio.timeout(2):
                    reply = await future
            except TimeoutError:
                self.registered.discard(extension)
                return
            if reply.status == 200:
                self.registered.add(extension)
                return
            head = self._authorization(extension, reply)
            if not head:
                return

    def _authorization(self, extension: str, reply: Message) -> str:
        challenge = dict(
            re.findall(r'(\w+)="?([^",]+)"?', reply.headers.get("www-authenticate", ""))
        )
        if "nonce" not in challenge:
            return ""
        uri = f"sip:{HOST}:{self.ports.sip}"

        def digest(text: str) -> str:
            return md5(text.encode(), usedforsecurity=False).hexdigest()

        one = digest(f"{extension}:{challenge['realm']}:{self.phones[extension]}")
        two = digest(f"REGISTER:{uri}")
        response = digest(f"{one}:{challenge['nonce']}:00000001:load:auth:{two}")
        opaque = f', opaque="{challenge["opaque"]}"' if "opaque" in challenge else ""
        return (
            f'Authorization: Digest username="{extension}", realm="{challenge["realm"]}",'
            f' nonce="{challenge["nonce"]}", uri="{uri}", response="{response}",'
            f' algorithm=MD5, qop=auth, nc=00000001, cnonce="load"{opaque}'
        )

    def _to_phone(self, message: Message, address: Address) -> None:
        call_id = message.headers.get("call-id", "")
        if message.status:
            future = self._registers.get(call_id)
            if message.method == "REGISTER" and future and not future.done():
                future.set_result(message)
            elif message.method == "BYE" and (dialog := self._dialogs.get(f"p{call_id}")):
                dialog.bye_heard.set()
            return
        dialog = self._dialogs.get(f"p{call_id}")
        if message.method == "INVITE":
            if dialog is None:
                self._spawn(self._ring(message, address))
            elif "tag=" in message.headers["to"]:
                self._say(message, "200 OK", dialog.tag, address, self._sdp())
            return
        if message.method == "ACK":
            if dialog:
                dialog.acked.set()
            return
        self._say(message, "200 OK", dialog.tag if dialog else "x", address)
        if dialog and message.method in ("BYE", "CANCEL"):
            dialog.ended.set()

    def _say(
        self, request: Message, status: str, tag: str, address: Address, body: str = ""
    ) -> None:
        contact = f"<sip:desk@{HOST}:{self.ports.phones}>"
        self._desks.send(_answer(request, status, tag, contact, body), address)

    async def _ring(self, invite: Message, address: Address) -> None:
        """A phone: rings a moment, is picked up (or rejected, or left alone), talks, maybe hangs up."""
        call_id = f"p{invite.headers['call-id']}"
        dialog = _Dialog(call_id, self._token(), invite.headers["from"], media=invite.media)
        dialog.ssrc = self.random.getrandbits(32)
        self._dialogs[call_id] = dialog
        found = re.search(r"<([^>]+)>", invite.headers.get("contact", ""))
        dialog.target = found[1] if found else ""
        mood = self.random.random()
        try:
            self._say(invite, "180 Ringing", dialog.tag, address)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(30 if mood < 0.03 else self.random.uniform(0.05, 0.4)):
                    await dialog.ended.wait()
            if dialog.ended.is_set():
                self._say(invite, "487 Request Terminated", dialog.tag, address)
                return
            if mood > 0.97:
                self._say(invite, "603 Decline", dialog.tag, address)
                return
            self.numbers.answered_by_phone += 1
            self._talking[call_id] = dialog
            await self._until(
                dialog.acked,
                lambda: self._say(invite, "200 OK", dialog.tag, address, self._sdp()),
                dialog,
            )
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.random.uniform(*self.talk) if mood < 0.6 else 20.0):
                    await dialog.ended.wait()
            if not dialog.ended.is_set():
                await self._until(
                    dialog.bye_heard,
                    lambda: self._desks.send(self._bye(invite, dialog), address),
                    dialog,
                )
        finally:
            self._talking.pop(call_id, None)
            self._dialogs.pop(call_id, None)

    def _bye(self, invite: Message, dialog: _Dialog) -> bytes:
        lines = [
            f"BYE {dialog.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{self.ports.phones};branch=z9hG4bK{dialog.tag}",
            f"From: {invite.headers['to']};tag={dialog.tag}",
            f"To: {invite.headers['from']}",
            f"Call-ID: {invite.headers['call-id']}",
            "CSeq: 1 BYE",
            *(f"Route: {route}" for route in invite.routes),
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        return "\r\n".join([*lines, "", ""]).encode()


@contextlib.contextmanager
def loaded(load: Load) -> Iterator[Load]:
    """Calls while the block runs."""
    load.go()
    try:
        yield load
    finally:
        load.pause()
