# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The baseline of bench/pop.py: AMI events straight to a page over a websocket, nothing known, nothing kept."""

from __future__ import annotations

import asyncio
import base64
import hashlib

PAGE = """<!doctype html><meta charset="utf-8"><body><script>
const socket = new WebSocket(`ws://${location.host}/ws`);
socket.onmessage = ({data}) => {
    const card = document.createElement("div");
    card.className = "o_cc_card_name";
    card.textContent = data;
    document.body.replaceChildren(card);
};
socket.onopen = () => { window.ready = true; };
</script>"""


class Relay:
    """A page at http://127.0.0.1:port/ that shows the caller of each AgentCalled."""

    def __init__(self, ami_port: int, port: int) -> None:
        self.ami_port = ami_port
        self.port = port
        self.sockets: list[asyncio.StreamWriter] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self._task = asyncio.create_task(self._ami())

    async def stop(self) -> None:
        assert self._task
        self._task.cancel()
        self._server.close()
        for writer in self.sockets:
            writer.close()

    async def _ami(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ami_port)
        await reader.readline()
        writer.write(b"Action: Login\r\nUsername: x\r\nSecret: x\r\n\r\n")
        while True:
            blob = (await reader.readuntil(b"\r\n\r\n")).decode()
            if "Event: AgentCalled\r\n" not in blob:
                continue
            fields = dict(line.split(": ", 1) for line in blob.split("\r\n") if ": " in line)
            text = fields["CallerIDNum"].encode()
            for socket in self.sockets:
                socket.write(bytes([0x81, len(text)]) + text)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        keys = [
            line.split(": ", 1)[1]
            for line in head.split("\r\n")
            if line.lower().startswith("sec-websocket-key:")
        ]
        if not keys:
            body = PAGE.encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            writer.close()
            return
        accept = hashlib.sha1((keys[0] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n"
        )
        self.sockets.append(writer)
