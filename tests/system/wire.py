# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really goes over the wire to a phone: the keys in its RTP (RFC 4733), read from the loopback device."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

KEYS = "0123456789*#ABCD"
TELEPHONE_EVENT = 101


class KeysTo:
    """Listens, in a `with` block, for the keys that are sent to a UDP port of this machine. Needs root."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._seen: dict[int, str] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        self._socket.settimeout(0.2)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._over = False

    def __enter__(self) -> KeysTo:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over = True
        self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        while not self._over:
            try:
                packet = self._socket.recv(2048)
            except TimeoutError:
                continue
            udp = packet[(packet[0] & 15) * 4 :]
            rtp = udp[8:]
            to_us = int.from_bytes(udp[2:4], "big") == self.port
            if to_us and len(rtp) >= 16 and rtp[1] & 0x7F == TELEPHONE_EVENT:
                # all packets of one key have one timestamp; each is sent several times
                self._seen[int.from_bytes(rtp[4:8], "big")] = KEYS[rtp[12]]

    @property
    def keys(self) -> str:
        """Those that came so far."""
        return "".join(self._seen.values())
