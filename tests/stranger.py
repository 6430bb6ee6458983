# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A caller who keeps to no rule: one INVITE, written by hand."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import uuid

HOST = "127.0.0.1"
#: What must come is waited for so long: each of these is sent once, and the machine may stand still meanwhile.
PATIENCE_S = 60.0


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Stranger:
    """Calls with any address; `hang_up` ends the call. `write` sends a text.

    :param user: their number as it stands in the address, percent-encoded
    :param to: the number dialled, likewise
    :param name: their display name as it stands in the header, quotes and all
    :param at: the address that they call from
    """

    def __init__(
        self, sip_port: int, user: str, to: str = "100", name: str = '"x"', at: str = HOST
    ) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((at, 0))
        self.port = self.socket.getsockname()[1]
        self.sip_port, self.user, self.to, self.name = sip_port, user, to, name
        self.call_id = str(uuid.uuid4())
        self.to_tag = ""

    def call(self) -> int:
        """Dials; returns the first final answer, 0 when none came."""
        sdp = (
            f"v=0\r\no=x 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
            "m=audio 40000 RTP/AVP 0\r\n"
        )
        self._send("INVITE", 1, f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}", sdp)
        self.socket.settimeout(PATIENCE_S)
        try:
            while True:
                head = self.socket.recv(65536).decode(errors="replace")
                status = int(head.split(" ", 2)[1]) if head.startswith("SIP/2.0") else 0
                if status >= 200:
                    self.to_tag = next(
                        line.partition(";tag=")[2]
                        for line in head.split("\r\n")
                        if line.lower().startswith("to:")
                    )
                    self._send("ACK", 1)
                    return status
        except TimeoutError:
            return 0

    def write(self, text: str) -> int:
        """Sends a text message instead; returns the answer, 0 when none came."""
        more = f"Content-Type: text/plain\r\nContent-Length: {len(text)}"
        self._send("MESSAGE", 1, more, text)
        self.socket.settimeout(PATIENCE_S)
        try:
            return int(self.socket.recv(65536).decode(errors="replace").split(" ", 2)[1])
        except TimeoutError:
            return 0

    def register(self, secret: str, contact: str) -> int:
        """A phone says where it is; returns the answer to its password, 0 when none came."""
        uri, more = f"sip:{HOST}:{self.sip_port}", ""
        self.socket.settimeout(PATIENCE_S)
        for number in (1, 2):
            self._send(
                "REGISTER", number, f"{more}Expires: 60\r\nContent-Length: 0", contact=contact
            )
            head = ""
            # the PBX may ask whether we are there before it answers
            while not head.startswith("SIP/2.0"):
                try:
                    head = self.socket.recv(65536).decode(errors="replace")
                except TimeoutError:
                    return 0
            asked = dict(re.findall(r'(realm|nonce|opaque)="([^"]*)"', head))
            said = {
                "username": self.user,
                "uri": uri,
                "nc": "00000001",
                "cnonce": "x",
                "qop": "auth",
            }
            first = _md5(f"{self.user}:{asked.get('realm')}:{secret}")
            second = _md5(f"REGISTER:{uri}")
            proof = _md5(f"{first}:{asked.get('nonce')}:00000001:x:auth:{second}")
            words = ", ".join(
                f'{k}="{v}"'
                for k, v in {**asked, **said, "response": proof}.items()
                if k not in ("nc", "qop")
            )
            more = f"Authorization: Digest {words}, nc=00000001, qop=auth\r\n"
        return int(head.split(" ", 2)[1])

    def send_on(self, to: str) -> None:
        """Sends on whoever calls (302), to an address as it stands there, until the socket is closed.

        It is there whenever the PBX asks: else it would be held for gone after three seconds.
        """
        self.socket.settimeout(None)
        answers = {"OPTIONS": ["200 OK"], "INVITE": ["302 Moved", f"Contact: <sip:{to}@{HOST}>"]}
        with contextlib.suppress(OSError):
            while True:
                head = self.socket.recv(65536).decode(errors="replace")
                if answer := answers.get(head.partition(" ")[0]):
                    kept = re.findall(r"^(?:Via|From|Call-ID|CSeq):.*?(?=\r)", head, re.M | re.I)
                    [whom] = re.findall(r"^To:.*?(?=\r)", head, re.M | re.I)
                    lines = [f"SIP/2.0 {answer[0]}", *kept, f"{whom};tag=moved", *answer[1:]]
                    said = "\r\n".join([*lines, "Content-Length: 0", "", ""])
                    self.socket.sendto(said.encode(), (HOST, self.sip_port))

    def hang_up(self) -> None:
        self._send("BYE", 2)
        self.socket.close()

    def _send(
        self,
        method: str,
        number: int,
        more: str = "Content-Length: 0",
        body: str = "",
        contact: str = "",
    ) -> None:
        tag = f";tag={self.to_tag}" if self.to_tag else ""
        to = self.user if method == "REGISTER" else self.to
        at = (
            f"sip:{HOST}:{self.sip_port}"
            if method == "REGISTER"
            else f"sip:{to}@{HOST}:{self.sip_port}"
        )
        self.socket.sendto(
            "\r\n".join(
                (
                    f"{method} {at} SIP/2.0",
                    f"Via: SIP/2.0/UDP {HOST}:{self.port};branch=z9hG4bK{uuid.uuid4().hex}",
                    f"From: {self.name} <sip:{self.user}@{HOST}:{self.port}>;tag=stranger",
                    f"To: <sip:{to}@{HOST}>{tag}",
                    f"Call-ID: {self.call_id}",
                    f"CSeq: {number} {method}",
                    f"Contact: <{contact or f'sip:stranger@{HOST}:{self.port}'}>",
                    "Max-Forwards: 70",
                    more,
                    "",
                    body,
                )
            ).encode(),
            (HOST, self.sip_port),
        )
