# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A mail server on this machine: takes whatever is sent to it, over SMTP as RFC 5321 says."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage


class MailServer:
    """`messages`: what came, in its order, with the envelope's receivers in ``X-Rcpt``."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        server = self

        class Session(socketserver.StreamRequestHandler):
            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

            def handle(self) -> None:
                self.say("220 mail.test ESMTP")
                receivers: list[str] = []
                while line := self.rfile.readline().decode("utf-8", "replace").strip():
                    verb = line[:4].upper()
                    if verb in ("EHLO", "HELO"):
                        self.say("250 mail.test")
                    elif verb == "RCPT":
                        receivers.append(line.partition("<")[2].partition(">")[0])
                        self.say("250 OK")
                    elif verb == "DATA":
                        self.say("354 go on")
                        server.take(self.data(), receivers)
                        receivers = []
                        self.say("250 OK")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:  # MAIL, RSET, NOOP
                        self.say("250 OK")

            def data(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b".") else line)
                return b"".join(lines)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, raw: bytes, receivers: list[str]) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        message["X-Rcpt"] = ", ".join(receivers)
        self.messages.append(message)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
