# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Between the bridge and the PBX: every byte that the bridge sends over AMI, kept."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress


class Tap:
    """Listens at `port` and passes everything on to the PBX's AMI port, both ways."""

    def __init__(self, ami_port: int) -> None:
        self.ami_port = ami_port
        self.sent = b""
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.ami_port))
                self._open += [near, far]
                for source, target, keep in ((near, far, True), (far, near, False)):
                    threading.Thread(
                        target=self._pass, args=(source, target, keep), daemon=True
                    ).start()

    def _pass(self, source: socket.socket, target: socket.socket, keep: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if keep:
                    self.sent += data
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def actions(self) -> list[dict[str, str]]:
        """What the PBX was asked, as it reads it: a lone line feed ends a line too."""
        text = self.sent.decode().replace("\r\n", "\n").replace("\r", "\n")
        return [
            dict(line.partition(": ")[::2] for line in block.split("\n") if line)
            for block in re.split(r"\n\n+", text)
            if block.strip()
        ]

    def close(self) -> None:
        self._listener.close()
        for one in self._open:
            one.close()
