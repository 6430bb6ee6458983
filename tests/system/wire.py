# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really goes over the wire to a phone: the keys in its RTP (RFC 4733), read from the loopback device."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
from types import TracebackType

KEYS = "0123456789*#ABCD"
TELEPHONE_EVENT = 101
SO_ATTACH_FILTER = 26


def _keep_only(listener: socket.socket, port: int) -> None:
    """Lets the kernel pass nothing but the keys sent to this port.

    The sound of every other call of the machine would fill the buffer while this process stands still, and keys
    that come then would be lost.
    """
    steps = (
        (0xB1, 0, 0, 0),  # x = length of the IP header
        (0x48, 0, 0, 2),  # the port that it goes to
        (0x15, 0, 4, port),
        (0x50, 0, 0, 9),  # RTP's marker and payload type
        (0x54, 0, 0, 0x7F),
        (0x15, 0, 1, TELEPHONE_EVENT),
        (0x06, 0, 0, 0xFFFF),  # kept whole
        (0x06, 0, 0, 0),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(code))
    listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


class KeysTo:
    """Listens, in a `with` block, for the keys that are sent to a UDP port of this machine. Needs root."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._seen: dict[int, str] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        _keep_only(self._socket, port)
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
