# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A desk phone with two lines and a transfer key (REFER with Replaces), which baresip has not: signalling only."""

from __future__ import annotations

import re
import socket
import threading
import time
import uuid
from dataclasses import dataclass

from cc_stack.process import HOST


@dataclass
class Line:
    """A dialogue with the PBX."""

    call_id: str
    #: From and To as the phone writes them in its own requests
    own: str
    theirs: str
    target: str
    answered: bool = False
    ringing: bool = False
    cseq: int = 1

    def tags(self) -> tuple[str, str]:
        """The phone's tag and the PBX's."""
        return _tag(self.own), _tag(self.theirs)


def _tag(header: str) -> str:
    found = re.search(r"tag=([^;>\s]+)", header)
    return found[1] if found else ""


def _header(message: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.*)$", message, re.M | re.I)
    return found[1].strip() if found else ""


class KeyPhone:
    """Answers each call at once. No registration: it is dialled as ``PJSIP/<name>/sip:<name>@<address>``."""

    def __init__(self, name: str, pbx_port: int) -> None:
        self.name, self._pbx = name, (HOST, pbx_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind((HOST, 0))
        self.address = f"{HOST}:{self._socket.getsockname()[1]}"
        self.lines: list[Line] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        for one in self.lines:
            self._request(one, "BYE")
        self._socket.close()
        self._sound.close()

    # ---- what a person does

    def dial(self, number: str) -> Line:
        """The next line."""
        uri = f"sip:{number}@{HOST}:{self._pbx[1]}"
        line = Line(
            uuid.uuid4().hex,
            f"<sip:{self.name}@{HOST}>;tag={uuid.uuid4().hex[:8]}",
            f"<{uri}>",
            uri,
        )
        self.lines.append(line)
        self._request(line, "INVITE", body=self._sdp())
        return line

    def hand_over(self, first: Line, second: Line) -> None:
        """The transfer key: whoever is on the first line takes the phone's place on the second."""
        mine, pbxs = second.tags()
        replaces = f"{second.call_id}%3Bto-tag%3D{pbxs}%3Bfrom-tag%3D{mine}"
        uri = second.target.partition(";")[0]
        self._request(first, "REFER", f"Refer-To: <{uri}?Replaces={replaces}>")

    def hang_up(self, line: Line) -> None:
        self._request(line, "BYE")

    # ---- SIP

    def _sdp(self) -> str:
        port = self._sound.getsockname()[1]
        return (
            f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        )

    def _request(self, line: Line, method: str, *headers: str, body: str = "") -> None:
        if method != "ACK":
            line.cseq += 1
        lines = [
            f"{method} {line.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address};branch=z9hG4bK{uuid.uuid4().hex};rport",
            "Max-Forwards: 70",
            f"From: {line.own}",
            f"To: {line.theirs}",
            f"Call-ID: {line.call_id}",
            f"CSeq: {line.cseq} {method}",
            f"Contact: <sip:{self.name}@{self.address}>",
            *headers,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self._socket.sendto(("\r\n".join([*lines, "", ""]) + body).encode(), self._pbx)

    def _answer(self, message: str, code: str, own: str = "", body: str = "") -> None:
        vias = "\r\n".join(re.findall(r"^Via:.*?(?=\r)", message, re.M | re.I))
        lines = [
            f"SIP/2.0 {code}",
            vias,
            f"From: {_header(message, 'From')}",
            f"To: {own or _header(message, 'To')}",
            f"Call-ID: {_header(message, 'Call-ID')}",
            f"CSeq: {_header(message, 'CSeq')}",
            f"Contact: <sip:{self.name}@{self.address}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self._socket.sendto(("\r\n".join([*lines, "", ""]) + body).encode(), self._pbx)

    def _listen(self) -> None:
        while True:
            try:
                message = self._socket.recv(1 << 16).decode(errors="replace")
            except OSError:
                return
            line = next((x for x in self.lines if x.call_id == _header(message, "Call-ID")), None)
            if message.startswith("SIP/2.0"):
                if line and "INVITE" in _header(message, "CSeq"):
                    self._told(line, message)
            elif message.startswith("INVITE "):
                self._called(line, message)
            elif not message.startswith("ACK "):
                self._answer(message, "200 OK")

    def _told(self, line: Line, message: str) -> None:
        code = int(message.split()[1])
        line.theirs = _header(message, "To")
        if code == 180:
            line.ringing = True
        if code >= 200:
            contact = re.search(r"<([^>]+)>", _header(message, "Contact"))
            if 200 <= code < 300 and contact:
                line.target, line.answered = contact[1], True
            self._request(line, "ACK")

    def _called(self, line: Line | None, message: str) -> None:
        if line is None:
            contact = re.search(r"<([^>]+)>", _header(message, "Contact"))
            line = Line(
                _header(message, "Call-ID"),
                f"{_header(message, 'To')};tag={uuid.uuid4().hex[:8]}",
                _header(message, "From"),
                contact[1] if contact else "",
                answered=True,
            )
            self.lines.append(line)
            self._answer(message, "180 Ringing", line.own)
            time.sleep(0.3)
        self._answer(message, "200 OK", line.own, self._sdp())
