# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""TEL-64: what a stranger writes into an address ends nobody's call and makes no event, on a real Asterisk."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from line_fixtures import Talk
from line_rig import LineRig, eventually
from stranger import Stranger

from cc_bridge import check
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


@pytest.fixture
def site(rig: LineRig, request: pytest.FixtureRequest) -> Iterator[str]:
    """A site whose line has no context for messages, as the manual's, or one that has forgotten it."""
    file = rig.settings.run / "asterisk" / "etc" / "pjsip.conf"
    before = file.read_text()

    def forgotten() -> bool:
        """A reload is refused while another one is under way."""
        rig.asterisk.cli("module reload res_pjsip.so")
        said = rig.asterisk.cli("pjsip show endpoint trunk")
        return "message_context" in said and "cc-none" not in said

    if request.param == "forgotten":
        file.write_text(before.replace("message_context = cc-none\n", ""))
        eventually(forgotten)
    yield request.param
    file.write_text(before)
    rig.asterisk.cli("module reload res_pjsip.so")


@pytest.mark.parametrize("site", ["as-told", "forgotten"], indirect=True)
@pytest.mark.parametrize("to", ["100", "1001"])
def test_a_text_message_is_no_call(rig: LineRig, site: str, to: str) -> None:
    """MESSAGE runs the dialplan on a channel that all texts share: nobody waits in a queue by it, or rings."""
    rig.desk("1001")
    before = len(rig.stream)
    stranger = Stranger(rig.settings.ports.sip, "13900001111", to=to)
    assert stranger.write("hello") == (404 if site == "as-told" else 202)
    stranger.socket.close()
    # a call that comes behind it is heard when whatever the text has done is done
    customer = rig.customer("+8613800000001")
    customer.call("100")
    eventually(lambda: rig.state("1001") == "ringing")
    told = {event["Event"] for event in rig.stream[before:] if "Message/" in str(event.values())}
    assert not told & {"QueueCallerJoin", "DialBegin", "MixMonitorStart"}, told
    channels = rig.asterisk.cli("core show channels concise").splitlines()
    assert not [
        c for c in channels if c.startswith("Message/") and ("!Queue!" in c or "!Dial!" in c)
    ]
    customer.hang_up()
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))


def test_a_forwarding_forges_nothing(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """302 from a phone, or from whom a line reaches: the number sent on to ends DialEnd, line breaks and all."""
    one, channel, number = forged(talk)
    for ear in ("2003", "anonymous"):
        rig.without(ear)
    phone = Stranger(rig.settings.ports.sip, "2003")
    assert phone.register("s-2003", f"sip:2003@{HOST}:{phone.port}") == 200
    threading.Thread(target=phone.send_on, args=(number,), daemon=True).start()
    contact = re.compile(r"2003/sip:2003@.*\bAvail\b")
    eventually(lambda: contact.search(rig.asterisk.cli("pjsip show contacts")))
    rig.sign_in("1003", "desk", "2003")
    rig.stream.clear()
    caller = rig.customer("+8613800000077", 11)
    caller.call("1003")
    told = eventually(lambda: [e for e in rig.stream if e["Event"] == "DialEnd" and "Forward" in e])
    assert told[0]["Forward"].startswith("9 Event: Hangup Uniqueid: ")
    assert channel not in [e["Uniqueid"] for e in rig.stream if e["Event"] == "Hangup"]
    assert one.call["state"] == "talking"
    caller.hang_up()
    phone.socket.close()
    one.does("hangup")
    one.ended()


def test_who_names_a_line_is_none(rig: LineRig) -> None:
    """From another address, with the name of the line's endpoint as the caller: a password is asked for."""
    before = len(rig.calls())
    for user in ("trunk", "13900001111", "2001"):
        stranger = Stranger(rig.settings.ports.sip, user, at="127.0.0.3")
        assert stranger.call() == 401, user
        stranger.socket.close()
    assert len(rig.calls()) == before


def checked(settings: BridgeSettings) -> list[Finding]:
    """What `cc_bridge check` says of the PBX."""

    async def collect() -> list[Finding]:
        return [finding async for finding in pbx(settings)]

    return asyncio.run(collect())


NEEDED = "system,call,agent,user,reporting,originate"
#: a user of manager.conf: what he may, and what is said of him
USERS = {
    "everything": (
        "read = all\nwrite = all",
        ["(all); manager.conf: write", "(all); manager.conf: read"],
    ),
    "one-more": (f"read = {NEEDED},dtmf\nwrite = {NEEDED},dialplan", ["(dialplan)"]),
    "hears-more": (f"read = {NEEDED},dtmf,security\nwrite = {NEEDED}", ["(originate, security)"]),
    "narrow": ("read = call,dtmf\nwrite = call,system", ["lacks", "may not"]),
    "deaf": ("read = call\nwrite = call,user,system", ["may not", "does not get user events"]),
}


def test_the_ami_user_has_what_it_needs_and_no_more(
    rig: LineRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cc_bridge check` says it of any user, too wide or too narrow, by each class."""
    settings = rig.bridge.settings
    # whoever may hear of user events hears of theirs, if late
    monkeypatch.setattr(check, "OWN_EVENT_S", 60.0)
    found = checked(settings)
    assert {one.code for one in found} == {"ok", "note"}, found
    # whose password the class system may read is said
    assert [one.text for one in found if one.code == "note" and "passwords of stack" in one.text]
    file = rig.settings.run / "asterisk" / "etc" / "manager.conf"
    before = file.read_text()
    secret = f"secret = {rig.asterisk.ami_secret}"
    file.write_text(
        before + "".join(f"\n[{n}]\n{secret}\n{rights}\n" for n, (rights, _) in USERS.items())
    )
    rig.asterisk.cli("manager reload")
    try:
        for name, (_rights, words) in USERS.items():
            if name == "deaf":
                monkeypatch.setattr(check, "OWN_EVENT_S", 1.0)
            other = replace(settings, ami=replace(settings.ami, username=name))
            told = [one.text for one in checked(other) if one.code == "permission"]
            for word in words:
                assert [text for text in told if word in text], (name, word, told)
        unfiltered = [one.text for one in checked(other) if one.code == "config"]
    finally:
        file.write_text(before)
        rig.asterisk.cli("manager reload")
    # the sections above have no filters: a stranger's line breaks would be events
    assert [text for text in unfiltered if "Newexten" in text and "VarSet" in text], unfiltered


def upgrade(port: int, origin: str, says: str = "") -> str:
    """The first line of the answer to a browser that opens a phone's connection, or to what it says by it."""
    with socket.create_connection((HOST, port), timeout=60) as line:
        own = f"Origin: {origin}\r\n" if origin else ""
        line.sendall(
            f"GET /pbx/main/ws HTTP/1.1\r\nHost: {HOST}:{port}\r\n{own}Upgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: sip\r\n\r\n".encode()
        )
        first = line.recv(4096).split(b"\r\n")[0].decode()
        if not says:
            return first
        # one text frame, masked with zeros
        line.sendall(struct.pack("!BBHI", 0x81, 0x80 | 126, len(says), 0) + says.encode())
        return line.recv(4096)[4:].split(b"\r\n")[0].decode(errors="replace")


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
        # whoever comes by nginx is not the line, which is at Asterisk's own address
        for user in ("trunk", "13900001111"):
            invite = (
                f"INVITE sip:100@{HOST} SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK{user}\r\n"
                f"From: <sip:{user}@{HOST}>;tag=a\r\nTo: <sip:100@{HOST}>\r\nCall-ID: ws-{user}\r\n"
                "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:x@x.invalid;transport=ws>\r\n"
                "Content-Length: 0\r\n\r\n"
            )
            assert "401" in upgrade(port, "", invite), user
    finally:
        nginx.stop()
