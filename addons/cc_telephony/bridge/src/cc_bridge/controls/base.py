# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What all groups of controls stand on: finding the channels of a call, moving one and seeing that it moved."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import encoder
from ..agents.machine import Agent
from ..agents.service import AgentService
from ..ami import AmiError, AmiFailed, AmiTransport
from ..ami.channels import Channel, ChannelTable, Event, text
from ..calls import CallModel
from ..dialling import Dialled
from ..kernel.forms import NotPossible
from ..kernel.orders import Locks
from .situation import legal, my_leg, other_side, third_parties, words

log = logging.getLogger(__name__)

#: How long a moved channel may take to be where it was sent, and how long a leg may take to end; seconds.
MOVE_S = 1.0
_STEP_S = 0.01


@dataclass(frozen=True, slots=True)
class Place:
    """An agent in a call: his channel, the room, and how the other side is moved.

    ``cust``: name of the customer's own channel. ``other``: the channel that is put on music for him: the
    queue's Local half, his own channel, or in an internal call the colleague's. ``away`` and ``back``:
    where that one is sent.
    """

    number: str
    call: Mapping[str, Any]
    mine: Channel
    room: str
    cust: str
    other: str
    away: str
    back: str


class Base:
    """Shared by all groups; each call's commands are run one after the other by who holds :meth:`lock`."""

    def __init__(
        self,
        ami: AmiTransport,
        channels: ChannelTable,
        agents: AgentService,
        calls: CallModel,
        dialled: Dialled | None = None,
        locks: Locks | None = None,
    ) -> None:
        self._ami = ami
        self._channels = channels
        self._agents = agents
        self._calls = calls
        self._dialled = dialled or Dialled()
        self._originated: dict[str, asyncio.Future[bool]] = {}
        self._locks = locks or Locks()
        self._tasks: set[asyncio.Task[None]] = set()

    def _background(self, work: Awaitable[object]) -> None:
        task = asyncio.create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _quietly(work: Awaitable[object]) -> None:
        try:
            await work
        except (AmiError, NotPossible) as error:
            log.error("not done: %s", error)

    async def close(self) -> None:
        """Waits for what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def lock(self, call_uid: str) -> asyncio.Lock:
        """Serialises what is done to one call."""
        return self._locks.of(call_uid)

    def feed(self, event: Event) -> None:
        """Sees how an Originate went (a failed one may carry no unique id: then its Hangup tells)."""
        kind = text(event, "Event")
        if kind in ("OriginateResponse", "Hangup"):
            waiting = self._originated.get(text(event, "Uniqueid"))
            if waiting is not None and not waiting.done():
                waiting.set_result(text(event, "Response") == "Success")

    # -- who and where --------------------------------------------------------------------------

    def _signed_in(self, number: str) -> Agent:
        agent = self._agents.get(number)
        if agent is None:
            raise NotPossible("no_agent", f"agent {number} is not signed in")
        return agent

    def _open(self, call_uid: str | None) -> Mapping[str, Any] | None:
        """A call by its id, as facts show it."""
        for call in self._calls.open_calls():
            if call.call_uid == call_uid:
                return call.as_dict()
        return None

    def call_for(self, number: str, call_uid: str | None) -> Mapping[str, Any]:
        """The call that a command is about: the one named, else the agent's own. Raises NotPossible."""
        call = self._open(call_uid or self._agents.call_of(number))
        if call is None:
            raise NotPossible("no_call", "there is no such call any more")
        return call

    def _check(self, control: str, number: str, call: Mapping[str, Any] | None) -> None:
        """Asks the table. Raises NotPossible (illegal_state)."""
        agent = self._signed_in(number)
        situation = words(call, number)
        if not legal(control, situation, agent.device):
            shown = ", ".join(f"{k} {v}" for k, v in situation.items() if v not in (None, False))
            raise NotPossible("illegal_state", f"{control} is not possible now ({shown})")

    def _live(self, leg: Mapping[str, Any] | None) -> Channel | None:
        for uid in reversed(leg["channels"] if leg else ()):
            if channel := self._channels.get(uid):
                return channel
        return None

    async def _place(self, control: str, number: str, call_uid: str | None) -> Place:
        """Where the agent is, once the table has allowed the control. Raises NotPossible."""
        call = self.call_for(number, call_uid)
        self._check(control, number, call)
        mine = self._live(my_leg(call, number))
        if mine is None:
            raise NotPossible("no_call", "you are not in this call any more")
        return await self._around(number, call, mine)

    async def _around(self, number: str, call: Mapping[str, Any], mine: Channel) -> Place:
        room, cust, leg = [await self._getvar(mine.name, v) for v in ("ROOM", "CUST", "CUSTLEG")]
        if not room or self._channels.named(cust) is None:
            raise NotPossible("no_call", "this call can't be steered from here")
        if cust == mine.name:
            # he called a colleague himself: it is the colleague who is put on music
            peer = self._live(other_side(call, number))
            if peer is None:
                raise NotPossible("no_call", "the other side is gone")
            return Place(number, call, mine, room, cust, peer.name, "wait", "agent")
        if leg != cust and self._channels.named(leg) is not None:
            return Place(number, call, mine, room, cust, leg, "hold", "cust")
        return Place(number, call, mine, room, cust, cust, "hold", "custx")

    def _thirds(self, place: Place) -> list[Channel]:
        """Live channels of the third parties, the oldest first."""
        found = [self._live(leg) for leg in third_parties(place.call, place.number)]
        return [c for c in found if c is not None]

    def _rung(self, call_uid: str) -> list[Channel]:
        """Channels that are being rung for a call by an Originate of ours."""
        for call in self._calls.open_calls():
            if call.call_uid == call_uid:
                found = [
                    self._channels.get(a.uid) for a in call.attempts if a.outcome is None and a.uid
                ]
                return [c for c in found if c is not None and c.uniqueid.startswith("cc-")]
        return []

    # -- doing ----------------------------------------------------------------------------------

    async def _getvar(self, channel: str, name: str) -> str:
        try:
            reply = await self._ami.action(
                {"Action": "Getvar", "Channel": channel, "Variable": name}
            )
        except AmiFailed:
            return ""
        return str(reply.get("Value") or "")

    async def _setvar(self, channel: str, name: str, value: str) -> None:
        await self._ami.action(
            {"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}
        )

    async def _until(self, done: Callable[[], object], seconds: float = MOVE_S) -> bool:
        for _ in range(round(seconds / _STEP_S)):
            if done():
                return True
            await asyncio.sleep(_STEP_S)
        return bool(done())

    async def _move(self, name: str, exten: str, room: str | None) -> None:
        """Redirects a channel within the room's dialplan and sees that it is there (``room``) or out (None).

        Of two moves at the same moment the second may be refused: it is tried once more. Raises NotPossible.
        """
        error = ""
        for _ in range(2):
            if self._channels.named(name) is None:
                raise NotPossible("no_call", "the other side has hung up")
            try:
                await self._ami.action(
                    {
                        "Action": "Redirect",
                        "Channel": name,
                        "Context": "cc-room",
                        "Exten": exten,
                        "Priority": "1",
                    }
                )
            except AmiFailed as failed:
                error = str(failed)
                await asyncio.sleep(0.1)
                continue

            def there() -> bool:
                channel = self._channels.named(name)
                return channel is None or channel.room == room

            if await self._until(there):
                if self._channels.named(name) is None:
                    raise NotPossible("no_call", "the other side has hung up")
                return
            error = f"{name} did not go to {exten}"
        raise NotPossible("failed", error)

    async def _end(self, channel: Channel, cause: int = 16) -> None:
        if cause == 16:
            self._calls.break_off(channel.uniqueid)
        try:
            await self._ami.action(
                {"Action": "Hangup", "Channel": channel.name, "Cause": str(cause)}
            )
        except AmiFailed as error:
            raise NotPossible("no_call", str(error)) from None

    async def _reachable(self, device: str, shown: str) -> None:
        """Raises NotPossible when a phone is known not to be there."""
        if "@" in device:
            return
        reply = await self._ami.action({"Action": "Getvar", "Variable": f"DEVICE_STATE({device})"})
        if reply.get("Value") in ("UNAVAILABLE", "INVALID"):
            # a contact once marked so stays so, also after the phone is back, until it is asked
            await self._ami.action({"Action": "PJSIPQualify", "Endpoint": device.partition("/")[2]})
            await asyncio.sleep(0.3)
            reply = await self._ami.action(
                {"Action": "Getvar", "Variable": f"DEVICE_STATE({device})"}
            )
        if reply.get("Value") in ("UNAVAILABLE", "INVALID"):
            raise NotPossible("not_registered", f"{shown} is not registered")

    async def _ring(
        self,
        device: str,
        *,
        context: str,
        exten: str,
        variables: Sequence[str],
        confirm: bool = False,
        caller: str = "",
        call_uid: str | None = None,
        timeout_ms: int = 25000,
        **known: Any,
    ) -> tuple[str, bool]:
        """Originates; the channel's id, and whether it still lives after the first second.

        :param confirm: the phone may be a mailbox: key 1 first
        :param known: what the call model is told of the channel (``adopt``)
        """
        channel_id = f"cc-{uuid.uuid4()}"
        self._calls.adopt(call_uid or "", channel_id, confirm=confirm or None, **known)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._originated[channel_id] = done
        given = list(variables)
        if call_uid:
            given += [f"__CC_CALL={call_uid}"]
            if "@" not in device:
                given += [f"PJSIP_HEADER(add,X-CC-Call)={call_uid}"]
        if confirm:
            given += [f"CC_THEN_C={context}", f"CC_THEN_X={exten}"]
            context, exten = "cc-confirm", "s"
        try:
            await self._ami.originate(
                device,
                context=context,
                exten=exten,
                channel_id=channel_id,
                caller=caller,
                timeout_ms=timeout_ms,
                variables=tuple(given),
            )
            try:
                async with asyncio.timeout(1.0):
                    return channel_id, await done
            except TimeoutError:
                return channel_id, True
        except BaseException:
            self._calls.forget(channel_id)
            raise
        finally:
            self._originated.pop(channel_id, None)

    def _outside(self, number: str) -> Any:
        try:
            way = self._agents.rules.outside(number)
        except encoder.Refused as error:
            raise NotPossible("bad_number", str(error)) from None
        self._dialled.remember(way, number)
        return way
