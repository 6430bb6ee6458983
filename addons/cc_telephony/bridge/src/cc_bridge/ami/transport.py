# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A lasting AMI connection: connects, logs in, watches, reconnects; events in order, actions with answers.

Owns every trap of panoramisk 1.4 (its parser and writer are used, its reconnecting is not).
"""

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .. import encoder
from ..events import Event
from .errors import (
    AmiDown,
    AmiError,
    AmiFailed,
    AmiLoginError,
    AmiNetworkError,
    AmiPermissionError,
    AmiTimeout,
)
from .protocol import BridgeProtocol, Value, plain

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AmiSettings:
    """Where the PBX is; times in seconds."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    connect_timeout: float = 10.0
    action_timeout: float = 10.0
    ping_every: float = 5.0
    ping_timeout: float = 5.0
    backoff_first: float = 0.5
    backoff_last: float = 15.0
    # a PBX that is still loading its modules says FullyBooted when it is done; a user without the
    # class "system" never hears it
    boot_timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an action: the response's headers and, for list actions, the events."""

    headers: Event
    events: tuple[Event, ...] = ()

    def get(self, name: str) -> str:
        """One header of the response as text; an empty string when it isn't there."""
        value = self.headers.get(name, "")
        return value if isinstance(value, str) else value[0]


class AmiTransport:
    """Run :meth:`run` in a task; handlers are awaited one event after the other.

    :param on_events: gets every event, in order, in groups (all that had arrived); its exceptions are logged
    :param on_up: after each login, before any later event is handled; while it runs events are kept.
        If it fails the connection is made anew.
    :param on_down: at each loss or failed try, with the reason
    """

    def __init__(
        self,
        settings: AmiSettings,
        *,
        on_events: Callable[[list[Event]], Awaitable[None]],
        on_up: Callable[[], Awaitable[None]],
        on_down: Callable[[AmiError], Awaitable[None]],
    ) -> None:
        self.settings = settings
        self._on_events = on_events
        self._on_up = on_up
        self._on_down = on_down
        self._protocol: BridgeProtocol | None = None
        self._logged_in = False
        self._closing = False
        self._lost = asyncio.Event()
        self._booted = asyncio.Event()
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        # out of the queue, and being handled or waiting for on_up's end
        self._taken: list[Event] = []
        self._heard = 0.0
        # held while on_up resyncs, so that no event is handled in the middle of it
        self._gate = asyncio.Lock()

    @property
    def heard(self) -> float:
        """When the PBX sent anything last (monotonic seconds): what it told before has arrived."""
        return self._heard

    def waiting(self) -> list[Event]:
        """For on_up: events that have arrived meanwhile and will be handled after it, in order."""
        queued = []
        while not self._queue.empty():
            queued.append(self._queue.get_nowait())
        for event in queued:
            self._queue.put_nowait(event)
        return [*self._taken, *queued]

    @property
    def behind(self) -> bool:
        """Whether events have arrived that are not handled yet."""
        return bool(self._taken) or not self._queue.empty()

    @property
    def connected(self) -> bool:
        """True between a successful login and the connection's end."""
        return self._logged_in

    async def run(self) -> None:
        """Stays connected until :meth:`close`, with back-off and jitter between tries."""
        consumer = asyncio.create_task(self.consume(), name="ami-events")
        wait = self.settings.backoff_first
        try:
            while not self._closing:
                try:
                    await self.connect()
                    await self._wait_for_boot()
                    async with self._gate:
                        await self._on_up()
                    wait = self.settings.backoff_first
                    reason: AmiError = await self._watch()
                except AmiError as error:
                    reason = error
                except Exception as error:  # a fault of our own in on_up: say it, try again
                    log.exception("the resync failed")
                    reason = AmiFailed(str(error))
                self._drop()
                if self._closing:
                    break
                log.warning("AMI %s: %s", reason.code, reason)
                await self._guard("on_down", self._on_down(reason))
                await asyncio.sleep(wait * random.uniform(0.5, 1.5))
                wait = min(wait * 2, self.settings.backoff_last)
        finally:
            self._drop()
            consumer.cancel()
            await asyncio.gather(consumer, return_exceptions=True)

    async def connect(self) -> None:
        """One connection and one login. Raises AmiNetworkError, AmiLoginError or AmiPermissionError."""
        settings = self.settings
        self._lost.clear()
        self._booted.clear()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(settings.connect_timeout):
                _, protocol = await loop.create_connection(
                    lambda: BridgeProtocol(self._event, self._data, self._connection_lost),
                    settings.host,
                    settings.port,
                )
        except (OSError, TimeoutError) as error:
            raise AmiNetworkError(
                f"no connection to {settings.host}:{settings.port} ({error or 'timed out'})"
            ) from error
        if self._closing:
            protocol.close()
            raise AmiDown("closed")
        self._protocol = protocol
        try:
            await self._request(
                {
                    "Action": "Login",
                    "Username": settings.username,
                    "Secret": settings.secret,
                    "Events": "on",
                },
                multi=False,
                within=settings.connect_timeout,
            )
        except AmiFailed as error:
            self._drop()
            raise AmiLoginError(f"the PBX refused the AMI login: {error}") from None
        except (AmiDown, AmiTimeout) as error:
            self._drop()
            raise AmiNetworkError(f"no answer to the AMI login: {error}") from None
        self._logged_in = True

    def close(self) -> None:
        """Ends :meth:`run`, also in the middle of an outage."""
        self._closing = True
        self._drop()
        self._lost.set()

    async def action(
        self, headers: Mapping[str, Value], *, multi: bool = False, within: float | None = None
    ) -> Reply:
        """Sends one action and waits for its answer. Never repeated, whatever happens.

        :param multi: a list action: wait for the Complete event too
        :param within: seconds to wait, else the settings' action_timeout
        Raises AmiDown without a login, encoder.Refused for line breaks, AmiPermissionError, AmiFailed,
        AmiTimeout.
        """
        if not self._logged_in:
            raise AmiDown("no connection to the PBX")
        return await self._request(headers, multi=multi, within=within)

    async def originate(
        self,
        channel: str,
        *,
        context: str,
        exten: str,
        channel_id: str | None = None,
        caller: str = "",
        timeout_ms: int = 30000,
        variables: Sequence[str] = (),
    ) -> str:
        """Rings a device and, answered, sends it into the dialplan. Returns the channel's unique id.

        Always asynchronous and always with our own channel id: a failed one has no other name.
        How it went is told by OriginateResponse, an event like others.
        """
        channel_id = channel_id or f"cc-{uuid.uuid4()}"
        headers: dict[str, Value] = {
            "Action": "Originate",
            "Channel": channel,
            "Context": context,
            "Exten": exten,
            "Priority": "1",
            "Async": "true",
            "ChannelId": channel_id,
            "Timeout": str(timeout_ms),
        }
        if caller:
            headers["CallerID"] = caller
        if variables:
            headers["Variable"] = list(variables)
        await self.action(headers)
        return channel_id

    async def _request(
        self, headers: Mapping[str, Value], *, multi: bool, within: float | None
    ) -> Reply:
        checked: dict[str, Value] = {
            encoder.wire(name): encoder.wire(value)
            if isinstance(value, str)
            else [encoder.wire(item) for item in value]
            for name, value in headers.items()
        }
        if self._protocol is None:
            raise AmiDown("no connection to the PBX")
        future = self._protocol.request(checked, multi=multi)
        try:
            async with asyncio.timeout(within or self.settings.action_timeout):
                messages = await future
        except TimeoutError:
            raise AmiTimeout(f"no answer to {checked['Action']}") from None
        first = plain(messages[0])
        if not messages[0].success:
            text = str(first.get("Message", "refused"))
            if "permission denied" in text.lower():
                raise AmiPermissionError(f"{checked['Action']}: {text}")
            raise AmiFailed(text)
        return Reply(first, tuple(plain(m) for m in messages[1:]))

    async def _wait_for_boot(self) -> None:
        lost = asyncio.create_task(self._lost.wait())
        booted = asyncio.create_task(self._booted.wait())
        await asyncio.wait(
            {lost, booted}, timeout=self.settings.boot_timeout, return_when=asyncio.FIRST_COMPLETED
        )
        for task in (lost, booted):
            task.cancel()
        if self._lost.is_set():
            raise AmiNetworkError("the PBX closed the connection")

    async def _watch(self) -> AmiError:
        """Returns why the connection ended. A PBX that says nothing is pinged; no answer is an end."""
        settings = self.settings
        while True:
            try:
                async with asyncio.timeout(settings.ping_every):
                    await self._lost.wait()
                return AmiNetworkError("the PBX closed the connection")
            except TimeoutError:
                pass
            if time.monotonic() - self._heard < settings.ping_every:
                continue
            try:
                await self._request({"Action": "Ping"}, multi=False, within=settings.ping_timeout)
            except AmiTimeout:
                return AmiNetworkError(f"the PBX has not answered for {settings.ping_timeout:g} s")
            except AmiDown:
                return AmiNetworkError("the PBX closed the connection")

    async def consume(self) -> None:
        """The one reader of the event queue: order is kept, a failing handler costs one group."""
        while True:
            events = [await self._queue.get()]
            while not self._queue.empty() and len(events) < 500:
                events.append(self._queue.get_nowait())
            self._taken = events
            async with self._gate:
                await self._guard("event handler", self._on_events(events))
            self._taken = []

    @staticmethod
    async def _guard(what: str, work: Awaitable[None]) -> None:
        try:
            await work
        except AmiError as error:
            log.error("%s: %s", what, error)
        except Exception:  # a fault in our own handlers must not cost the connection
            log.exception("%s failed", what)

    def _event(self, event: Event) -> None:
        if event.get("Event") == "FullyBooted":
            self._booted.set()
            return
        self._queue.put_nowait(event)

    def _data(self) -> None:
        self._heard = time.monotonic()

    def _connection_lost(self, protocol: BridgeProtocol, _exc: Exception | None) -> None:
        if protocol is self._protocol:
            self._logged_in = False
            self._lost.set()

    def _drop(self) -> None:
        self._logged_in = False
        if self._protocol is not None:
            self._protocol.close()
            self._protocol = None
