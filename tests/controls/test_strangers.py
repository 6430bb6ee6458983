# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""TEL-64: what a stranger writes into an address ends nobody's call and makes no event, on a real Asterisk."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from line_fixtures import Talk
from line_rig import LineRig, eventually
from stranger import Stranger

from cc_bridge.check import Finding, pbx
from cc_bridge.config import Settings as BridgeSettings
from cc_stack.nginx import Nginx
from cc_stack.process import HOST, port_open

#: A pattern as sites write it: whatever begins with a digit.
LAX = "_X."


@pytest.fixture
def lax(rig: LineRig) -> Iterator[None]:
    """A site whose dialplan takes anything."""
    cli = rig.asterisk.cli
    said = cli(f"dialplan add extension {LAX},1,Goto,cc-queue\\,support\\,1 into from-pstn")
    assert LAX in cli("dialplan show from-pstn"), said
    yield
    cli(f"dialplan remove extension {LAX}@from-pstn")


def forged(talk: Callable[..., Talk]) -> tuple[Talk, str, str]:
    """A conversation, its customer's channel, and a number that would end it."""
    one = talk("queue")
    channel = one.call["legs"][0]["channels"][0]
    return one, channel, f"9%0d%0a%0d%0aEvent%3a%20Hangup%0d%0aUniqueid%3a%20{channel}"


def test_a_number_that_is_none_is_no_call(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one, _, number = forged(talk)
    before = len(rig.calls())
    for to in (number, "100%24%7BSHELL(touch%20x)%7D", "9%0a9", "100%2c1%2cHangup"):
        stranger = Stranger(rig.settings.ports.sip, "13900001111", to=to)
        assert stranger.call() == 404, to
        stranger.socket.close()
    assert one.call["state"] == "talking" and len(rig.calls()) == before
    assert rig.asterisk.cli("core show channels concise").count("13900001111") == 0
    one.does("hangup")
    one.ended()


@pytest.mark.usefixtures("lax")
def test_nor_where_a_dialplan_takes_anything(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """``INVITE sip:9%0d%0a%0d%0aEvent%3a%20Hangup…`` is one call from its beginning to its end, and nothing else."""
    one, channel, number = forged(talk)
    before = {call["call_uid"] for call in rig.calls()}
    rig.stream.clear()
    stranger = Stranger(rig.settings.ports.sip, "13900002222", to=number)
    assert stranger.call() == 200
    [theirs] = eventually(
        lambda: [c for c in rig.calls() if c["call_uid"] not in before and c["state"] == "queued"]
    )
    born = next(e for e in rig.stream if e["Event"] == "Newchannel")
    assert born["Exten"] == f"9 Event: Hangup Uniqueid: {channel}"[: len(born["Exten"])]
    assert born["Uniqueid"] == born["Linkedid"] != channel
    assert not [e for e in rig.stream if e["Event"] == "Hangup"]
    assert one.call["state"] == "talking"
    stranger.hang_up()
    eventually(
        lambda: next(c for c in rig.calls() if c["call_uid"] == theirs["call_uid"])["state"]
        == "ended"
    )
    assert one.call["state"] == "talking"
    one.does("hangup")
    one.ended()


def checked(settings: BridgeSettings) -> list[Finding]:
    """What `cc_bridge check` says of the PBX."""

    async def collect() -> list[Finding]:
        return [finding async for finding in pbx(settings)]

    return asyncio.run(collect())


def test_the_ami_user_has_what_it_needs_and_no_more(rig: LineRig) -> None:
    settings = rig.bridge.settings
    found = checked(settings)
    assert {one.code for one in found} == {"ok"}, found
    # one who may do everything is told of
    more = replace(settings, ami=replace(settings.ami, username="stack"))
    told = [one.text for one in checked(more) if one.code == "permission"]
    assert [text for text in told if "command, config" in text], told


def upgrade(port: int, origin: str) -> str:
    """The first line of the answer to a browser that opens a phone's connection."""
    with socket.create_connection((HOST, port), timeout=10) as line:
        own = f"Origin: {origin}\r\n" if origin else ""
        line.sendall(
            f"GET /pbx/main/ws HTTP/1.1\r\nHost: {HOST}:{port}\r\n{own}Upgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: sip\r\n\r\n".encode()
        )
        return line.recv(4096).split(b"\r\n")[0].decode()


def test_a_foreign_page_opens_no_phone(rig: LineRig) -> None:
    """`/pbx/<code>/ws` is for pages of the same address."""
    nginx = Nginx(rig.settings)
    nginx.configure()
    nginx.start()
    port = rig.settings.ports.web
    try:
        eventually(lambda: port_open(port))
        assert " 101 " in upgrade(port, f"http://{HOST}:{port}")
        for origin in (
            "https://evil.example",
            "null",
            f"http://{HOST}:{port}.evil.example",
            f"http://evil.example/{HOST}:{port}",
            f"http://{HOST}",
            f"file://{HOST}:{port}",
        ):
            assert " 403 " in upgrade(port, origin), origin
    finally:
        nginx.stop()
