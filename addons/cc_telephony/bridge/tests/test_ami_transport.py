# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each trap of panoramisk 1.4 against a real socket, and that ours is not caught in it.

Tests named ``test_trap_…`` say what panoramisk does, and show that it does not happen here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fake_pbx import FakePbx, block
from waiting import PATIENCE_S, until

from cc_bridge.ami import (
    AmiDown,
    AmiError,
    AmiFailed,
    AmiLoginError,
    AmiNetworkError,
    AmiPermissionError,
    AmiSettings,
    AmiTimeout,
    AmiTransport,
)
from cc_bridge.ami.protocol import whole_characters
from cc_bridge.encoder import Refused
from cc_bridge.events import Event


class Client:
    """A transport with its handlers' notes."""

    def __init__(self, port: int, **changes: object) -> None:
        self.events: list[Event] = []
        self.ups = 0
        self.downs: list[AmiError] = []
        self.handler: Callable[[Event], Awaitable[None]] | None = None
        self.up = asyncio.Event()
        settings = AmiSettings(
            host="127.0.0.1",
            port=port,
            username="u",
            secret="right",
            # a test of waits says how long; else nothing ends because this process stood still
            connect_timeout=600,
            action_timeout=600,
            ping_every=600,
            ping_timeout=600,
            boot_timeout=600,
            backoff_first=0.02,
            backoff_last=0.05,
        )
        self.ami = AmiTransport(
            replace(settings, **changes),
            on_events=self._events,  # type: ignore[arg-type]
            on_up=self._up,
            on_down=self._down,
        )
        self.task: asyncio.Task[None] | None = None

    async def _events(self, events: list[Event]) -> None:
        for event in events:
            if self.handler is not None:
                await self.handler(event)
            self.events.append(event)

    async def _up(self) -> None:
        self.ups += 1
        self.up.set()

    async def _down(self, reason: AmiError) -> None:
        self.downs.append(reason)
        self.up.clear()

    async def start(self, *, wait: bool = True) -> None:
        self.task = asyncio.create_task(self.ami.run())
        if wait:
            await asyncio.wait_for(self.up.wait(), PATIENCE_S)

    async def stop(self) -> None:
        self.ami.close()
        if self.task is not None:
            await asyncio.wait_for(self.task, PATIENCE_S)

    async def until(self, done: Callable[[], bool], within: float = PATIENCE_S) -> None:
        await until(done, within)


@pytest.fixture
async def pbx() -> AsyncIterator[FakePbx]:
    server = FakePbx()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(pbx: FakePbx) -> AsyncIterator[Client]:
    one = Client(pbx.port)
    yield one
    await one.stop()


async def test_trap_send_before_connect_raises_attribute_error(client: Client) -> None:
    with pytest.raises(AmiDown, match="no connection"):
        await client.ami.action({"Action": "Ping"})


async def test_trap_actions_of_an_outage_are_replayed(pbx: FakePbx, client: Client) -> None:
    """panoramisk keeps them, Originate included, and sends them after the reconnect."""
    await client.start()
    pbx.handlers["Originate"] = lambda *_: None
    waiting = asyncio.create_task(client.ami.originate("PJSIP/1", context="c", exten="1"))
    await pbx.wait_for("Originate")
    await pbx.cut()
    with pytest.raises(AmiDown):
        await waiting
    with pytest.raises(AmiDown):
        await client.ami.originate("PJSIP/2", context="c", exten="2")
    await client.until(lambda: client.ups == 2)
    await client.ami.action({"Action": "Ping"})
    assert [a["Channel"] for a in pbx.actions("Originate")] == ["PJSIP/1"]


async def test_reconnects_with_growing_waits(pbx: FakePbx, client: Client) -> None:
    await client.start()
    await pbx.stop()
    await client.until(lambda: len(client.downs) >= 3)
    assert all(isinstance(reason, AmiNetworkError) for reason in client.downs)
    await pbx.start()
    await client.until(lambda: client.ups == 2)
    assert (await client.ami.action({"Action": "Ping"})).get("Response") == "Success"


@pytest.mark.parametrize("bad", ["a\r\nAction: Originate", "a\n", "a\r", "a\0b"])
async def test_trap_line_breaks_in_values_inject_actions(
    pbx: FakePbx, client: Client, bad: str
) -> None:
    await client.start()
    with pytest.raises(Refused):
        await client.ami.action({"Action": "UserEvent", "Name": bad})
    with pytest.raises(Refused):
        await client.ami.action({"Action": "Originate", "Variable": ["A=1", bad]})
    with pytest.raises(Refused):
        await client.ami.action({"Action": "Ping", bad: "x"})
    assert b"UserEvent" not in pbx.raw and b"Originate" not in pbx.raw


async def test_trap_queue_add_never_resolves(pbx: FakePbx, client: Client) -> None:
    """panoramisk takes "Added interface to queue" for the head of a list and waits for ever."""
    await client.start()
    pbx.handlers["QueueAdd"] = lambda *_: block(
        Response="Success", ActionID="{id}", Message="Added interface to queue"
    )
    reply = await client.ami.action(
        {"Action": "QueueAdd", "Queue": "q", "Interface": "Local/1@x/n"}
    )
    assert reply.get("Message") == "Added interface to queue"


async def test_list_actions_are_whole(pbx: FakePbx, client: Client) -> None:
    await client.start()
    pbx.handlers["QueueStatus"] = lambda *_: (
        block(
            Response="Success",
            ActionID="{id}",
            EventList="start",
            Message="Queue status will follow",
        )
        + block(Event="QueueParams", ActionID="{id}", Queue="a")
        + block(Event="QueueMember", ActionID="{id}", Queue="a")
        + block(Event="QueueStatusComplete", ActionID="{id}", EventList="Complete", ListItems="2")
    )
    reply = await client.ami.action({"Action": "QueueStatus"}, multi=True)
    assert [e["Event"] for e in reply.events] == [
        "QueueParams",
        "QueueMember",
        "QueueStatusComplete",
    ]
    assert client.events == []


async def test_a_refused_list_action_ends(pbx: FakePbx, client: Client) -> None:
    await client.start()
    pbx.handlers["ConfbridgeList"] = lambda *_: block(
        Response="Error", ActionID="{id}", Message="No active conferences."
    )
    with pytest.raises(AmiFailed, match="No active"):
        await client.ami.action({"Action": "ConfbridgeList", "Conference": "x"}, multi=True)


async def test_trap_originate_without_async_drops_the_connection(
    pbx: FakePbx, client: Client
) -> None:
    """panoramisk looks for the header when the answer says "successfully queued": KeyError."""
    await client.start()
    pbx.handlers["Originate"] = lambda *_: block(
        Response="Success", ActionID="{id}", Message="Originate successfully queued"
    )
    reply = await client.ami.action({"Action": "Originate", "Channel": "PJSIP/1", "Exten": "1"})
    assert reply.get("Response") == "Success"
    assert (await client.ami.action({"Action": "Ping"})).get("Response") == "Success"
    assert (client.ups, pbx.connections) == (1, 1)


async def test_trap_an_exception_while_reading_drops_the_connection(
    pbx: FakePbx, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A message that can't be handled costs itself only, not those that came in the same packet."""
    await client.start()
    await pbx.send(
        "Event: A\r\nEvent: B\r\nActionID: 1\r\nActionID: 2\r\n\r\n" + block(Event="X", N="1")
    )
    await client.until(lambda: [e.get("N") for e in client.events][-1:] == ["1"])
    assert (client.ups, pbx.connections) == (1, 1)


async def test_trap_originate_response_is_swallowed(pbx: FakePbx, client: Client) -> None:
    """While the action is pending panoramisk takes the event for a part of its answer."""
    await client.start()
    # the event overtakes the response, with the action's own id
    pbx.handlers["Originate"] = lambda *_: (
        block(Event="OriginateResponse", ActionID="{id}", Response="Failure", Uniqueid="<unknown>")
        + block(Response="Success", ActionID="{id}", Message="Originate successfully queued")
    )
    uid = await client.ami.originate("PJSIP/1", context="c", exten="1", channel_id="cc-1")
    sent = pbx.actions("Originate")[0]
    assert (sent["Async"], sent["ChannelId"], uid) == ("true", "cc-1", "cc-1")
    await client.until(lambda: bool(client.events))
    assert client.events[0]["Event"] == "OriginateResponse"
    assert client.ami.connected


async def test_trap_a_failing_handler_drops_the_connection(
    pbx: FakePbx, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(event: Event) -> None:
        if event["N"] == "1":
            raise ValueError("handler bug")

    client.handler = fails
    await client.start()
    await pbx.send(block(Event="X", N="1"))
    await client.until(lambda: "handler bug" in caplog.text)
    await pbx.send(block(Event="X", N="2"))
    await client.until(lambda: [e["N"] for e in client.events] == ["2"])
    assert (client.ups, pbx.connections) == (1, 1)


async def test_trap_handlers_finish_out_of_order(pbx: FakePbx, client: Client) -> None:
    async def slow_first(event: Event) -> None:
        await asyncio.sleep(0.05 if event["N"] == "0" else 0)

    client.handler = slow_first
    await client.start()
    await pbx.send("".join(block(Event="X", N=str(n)) for n in range(5)))
    await client.until(lambda: len(client.events) == 5)
    assert [e["N"] for e in client.events] == ["0", "1", "2", "3", "4"]


async def test_events_wait_during_a_resync(pbx: FakePbx) -> None:
    """What happens during the resync is handled after it, not in its middle."""
    order: list[str] = []

    async def up() -> None:
        await pbx.send(block(Event="X", N="1"))
        await ami.action({"Action": "Ping"})
        await asyncio.sleep(0.05)
        order.append("resync")

    async def events(group: list[Event]) -> None:
        order.extend(str(e["N"]) for e in group)

    async def down(_: AmiError) -> None:
        return None

    ami = AmiTransport(
        AmiSettings("127.0.0.1", pbx.port, "u", "right"), on_events=events, on_up=up, on_down=down
    )
    task = asyncio.create_task(ami.run())
    await until(lambda: len(order) >= 2)
    ami.close()
    await task
    assert order == ["resync", "1"]


async def test_trap_a_frozen_pbx_is_not_noticed(pbx: FakePbx) -> None:
    client = Client(pbx.port, connect_timeout=0.5, ping_every=0.1, ping_timeout=0.2)
    await client.start()
    pbx.frozen = True
    await client.until(lambda: bool(client.downs))
    assert isinstance(client.downs[0], AmiNetworkError) and "not answered" in str(client.downs[0])
    pbx.frozen = False
    await client.until(lambda: client.ups >= 2)
    await client.stop()


async def test_a_busy_pbx_is_not_pinged(pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it says counts; how long it has been silent is told by a clock that stands while it does not speak."""
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("cc_bridge.ami.transport.time", clock)
    client = Client(pbx.port, ping_every=0.05)
    await client.start()
    for n in range(20):
        now[0] += 0.04
        await pbx.send(block(Event="X", N=str(n)))
        await client.until(lambda n=n: len(client.events) > n)
        # it looks meanwhile
        await asyncio.sleep(0.03)
    assert pbx.actions("Ping") == [] and client.downs == []
    now[0] += 0.06
    await pbx.wait_for("Ping")
    await client.stop()


async def test_trap_a_character_cut_by_the_network_is_lost(pbx: FakePbx, client: Client) -> None:
    await client.start()
    data = block(Event="X", CallerIDName="José Ñandú 王小明 😀").encode()
    for byte in data:
        await pbx.send(bytes([byte]))
        await asyncio.sleep(0)
    await client.until(lambda: bool(client.events))
    assert client.events[0]["CallerIDName"] == "José Ñandú 王小明 😀"


def test_character_boundaries() -> None:
    text = "aé王😀".encode()
    assert [whole_characters(text[:n]) for n in range(len(text) + 1)] == [
        0,
        1,
        1,
        3,
        3,
        3,
        6,
        6,
        6,
        6,
        10,
    ]


async def test_trap_close_during_an_outage_still_reconnects(pbx: FakePbx, client: Client) -> None:
    """panoramisk's timer connects again after close()."""
    await client.start()
    await pbx.stop()
    await client.until(lambda: bool(client.downs))
    await client.stop()
    await pbx.start()
    before = pbx.connections
    await asyncio.sleep(0.2)
    assert pbx.connections == before and not client.ami.connected


async def test_trap_a_wrong_password_retries_in_silence(pbx: FakePbx) -> None:
    one = Client(pbx.port, secret="wrong")
    await one.start(wait=False)
    await one.until(lambda: bool(one.downs))
    assert isinstance(one.downs[0], AmiLoginError) and one.downs[0].code == "login"
    await one.stop()


async def test_nobody_there_is_a_network_error() -> None:
    server = FakePbx()
    await server.start()
    await server.stop()
    one = Client(server.port)
    await one.start(wait=False)
    await one.until(lambda: bool(one.downs))
    assert one.downs[0].code == "network"
    await one.stop()


async def test_a_missing_right_is_a_permission_error(pbx: FakePbx, client: Client) -> None:
    await client.start()
    pbx.handlers["Originate"] = lambda *_: block(
        Response="Error", ActionID="{id}", Message="Permission denied"
    )
    with pytest.raises(AmiPermissionError) as caught:
        await client.ami.originate("PJSIP/1", context="c", exten="1")
    assert caught.value.code == "permission"


async def test_no_answer_times_out_and_the_connection_stays(pbx: FakePbx, client: Client) -> None:
    await client.start()
    pbx.handlers["Reload"] = lambda *_: None
    with pytest.raises(AmiTimeout):
        await client.ami.action({"Action": "Reload"}, within=0.1)
    assert client.ami.connected
    # its late answer must not be taken for anything else
    late = (await pbx.wait_for("Reload"))["ActionID"]
    await pbx.send(block(Response="Success", ActionID=late))
    assert (await client.ami.action({"Action": "CoreStatus"})).get("Message") == "done"


async def test_trap_unique_ids_are_cut_at_the_dot(pbx: FakePbx, client: Client) -> None:
    await client.start()
    await pbx.send(
        "Event: UserEvent\r\nUniqueid: bench-1795304444.720\r\nUniqueid: other\r\n"
        "Empty: \r\nChanVariable: a=1: 2\r\n\r\n"
    )
    await client.until(lambda: bool(client.events))
    assert client.events[0]["Uniqueid"] == ["bench-1795304444.720", "other"]
    assert client.events[0]["ChanVariable"] == "a=1: 2"


async def test_the_resync_comes_when_the_pbx_has_booted(pbx: FakePbx, client: Client) -> None:
    """A PBX that is still loading answers AMI without having its queues."""
    pbx.booted = False
    await client.start(wait=False)
    await pbx.wait_for("Login")
    await asyncio.sleep(0.1)
    assert client.ups == 0
    await pbx.send(block(Event="FullyBooted", Status="Fully Booted"))
    await client.until(lambda: client.ups == 1)


async def test_a_resync_that_fails_is_tried_again(pbx: FakePbx) -> None:
    tries: list[int] = []
    downs: list[str] = []

    async def up() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise AmiPermissionError("QueueStatus: Permission denied")

    async def down(reason: AmiError) -> None:
        downs.append(reason.code)

    async def events(_: list[Event]) -> None:
        return None

    ami = AmiTransport(
        AmiSettings("127.0.0.1", pbx.port, "u", "right", backoff_first=0.02),
        on_events=events,
        on_up=up,
        on_down=down,
    )
    task = asyncio.create_task(ami.run())
    await until(lambda: len(tries) >= 2)
    ami.close()
    await task
    assert downs == ["permission"]
