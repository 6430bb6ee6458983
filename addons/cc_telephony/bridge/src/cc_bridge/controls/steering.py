# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is done to channels: variables, moves within the room's dialplan, ends, rings."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from cc_contract.causes import Cause

from ..ami import AmiFailed, AmiTransport
from ..calls import CallModel
from ..calls.live import LiveChannel, LiveChannels
from ..events import Event, text
from ..kernel.changes import Changes
from ..kernel.forms import NotPossible

log = logging.getLogger(__name__)

#: How long a moved channel may take to be where it was sent, and how long a leg may take to end; seconds.
MOVE_S = 1.0
#: A second try of a move that was refused comes after so long.
AGAIN_S = 0.1
#: How long an Originate may take to fail at once, and a phone that is asked to say that it is there.
RING_S = 1.0
QUALIFY_S = 0.3


class Steering:
    """Every method is one step on the PBX; what can't be done raises NotPossible or AmiError."""

    def __init__(
        self, ami: AmiTransport, channels: LiveChannels, calls: CallModel, changes: Changes
    ) -> None:
        self._ami = ami
        self._channels = channels
        self._calls = calls
        self._changes = changes
        self._originated: dict[str, asyncio.Future[bool]] = {}

    def originated(self, event: Event) -> None:
        """How an Originate went: its OriginateResponse, or (a failed one may carry no unique id) its Hangup."""
        waiting = self._originated.get(text(event, "Uniqueid"))
        if waiting is not None and not waiting.done():
            waiting.set_result(text(event, "Response") == "Success")

    async def getvar(self, channel: str, name: str) -> str:
        """A channel's variable; empty when there is none."""
        try:
            reply = await self._ami.action(
                {"Action": "Getvar", "Channel": channel, "Variable": name}
            )
        except AmiFailed:
            return ""
        return str(reply.get("Value") or "")

    async def setvar(self, channel: str, name: str, value: str) -> None:
        """Sets a channel's variable."""
        await self._ami.action(
            {"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}
        )

    async def ask(self, expression: str) -> str:
        """The value of a dialplan function that is nobody's channel's."""
        reply = await self._ami.action({"Action": "Getvar", "Variable": expression})
        return str(reply.get("Value") or "")

    async def redirect(self, name: str, exten: str) -> None:
        """Sends a channel to an extension of the room's dialplan."""
        await self._ami.action(
            {
                "Action": "Redirect",
                "Channel": name,
                "Context": "cc-room",
                "Exten": exten,
                "Priority": "1",
            }
        )

    async def move(self, name: str, exten: str, room: str | None) -> None:
        """Redirects a channel within the room's dialplan and sees that it is there (``room``) or out (None).

        Of two moves at the same moment the second may be refused: it is tried once more. Raises NotPossible.
        """
        error = ""
        for _ in range(2):
            if self._channels.named(name) is None:
                raise NotPossible("no_call", "the other side has hung up")
            try:
                await self.redirect(name, exten)
            except AmiFailed as failed:
                error = str(failed)
                await asyncio.sleep(AGAIN_S)
                continue

            def there() -> bool:
                channel = self._channels.named(name)
                return channel is None or channel.room == room

            if await self._changes.until(there, MOVE_S):
                if self._channels.named(name) is None:
                    raise NotPossible("no_call", "the other side has hung up")
                return
            error = f"{name} did not go to {exten}"
        raise NotPossible("failed", error)

    async def leave(self, name: str) -> None:
        """An agent's leg goes; the dialplan works out what that means for those who stay."""
        await self.redirect(name, "gone")
        await self._changes.until(lambda: self._channels.named(name) is None, MOVE_S)

    async def end(self, channel: LiveChannel, cause: Cause = Cause.NORMAL_CLEARING) -> None:
        """Hangs a channel up. Raises NotPossible when it is gone already."""
        if cause == Cause.NORMAL_CLEARING:
            self._calls.break_off(channel.uniqueid)
        try:
            await self._ami.action(
                {"Action": "Hangup", "Channel": channel.name, "Cause": str(int(cause))}
            )
        except AmiFailed as error:
            raise NotPossible("no_call", str(error)) from None

    async def gone(self, uid: str, seconds: float = MOVE_S) -> bool:
        """Whether the channel is gone, or goes within this time."""
        return await self._changes.until(lambda: self._channels.get(uid) is None, seconds)

    async def record(
        self, channel: LiveChannel, base: str, monitor: str, file: str | None = None
    ) -> None:
        """Begins a recording: what they say in ``<base>-in.wav``, what they hear in ``<base>-out.wav``.

        Whom the room has muted is not heard in it: nothing is read from their channel then.

        :param monitor: the channel's variable that keeps MixMonitor's id
        :param file: a mixed one that goes on in it
        """
        start = {
            "Action": "MixMonitor",
            "Channel": channel.name,
            "Options": f"{'a' if file else ''}Sr({base}-in.wav)t({base}-out.wav)i({monitor})",
        }
        if file:
            start["File"] = file
        await self._ami.action(start)

    async def stop_recording(self, name: str, monitor: str) -> None:
        """Ends a recording of a channel, by MixMonitor's id ("": the first there is); its file is closed then."""
        stop = {"Action": "StopMixMonitor", "Channel": name}
        if monitor:
            stop["MixMonitorID"] = monitor
        try:
            await self._ami.action(stop)
        except AmiFailed as error:
            log.error("a recording of %s does not stop: %s", name, error)

    async def there(self, uid: str) -> LiveChannel | None:
        """The channel, once it is there."""
        await self._changes.until(lambda: self._channels.get(uid), MOVE_S)
        return self._channels.get(uid)

    async def answered(self, uid: str, seconds: float) -> bool:
        """Whether a ringing channel is answered within this time. Raises NotPossible when it stops ringing."""
        await self._changes.until(
            lambda: (now := self._channels.get(uid)) is None or now.state == "Up", seconds
        )
        now = self._channels.get(uid)
        if now is None:
            raise NotPossible("no_call", "the call stopped ringing")
        return now.state == "Up"

    async def reachable(self, device: str, shown: str) -> None:
        """Raises NotPossible when a phone is known not to be there."""
        if "@" in device:
            return
        state = f"DEVICE_STATE({device})"
        if await self.ask(state) in ("UNAVAILABLE", "INVALID"):
            # a contact once marked so remains so, also after the phone is back, until it is asked
            await self._ami.action({"Action": "PJSIPQualify", "Endpoint": device.partition("/")[2]})
            await self._changes.event(
                lambda e: text(e, "Event") == "DeviceStateChange" and text(e, "Device") == device,
                QUALIFY_S,
            )
            if await self.ask(state) in ("UNAVAILABLE", "INVALID"):
                raise NotPossible("not_registered", f"{shown} is not registered")

    async def ring(
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
                async with asyncio.timeout(RING_S):
                    return channel_id, await done
            except TimeoutError:
                return channel_id, True
        except BaseException:
            self._calls.forget(channel_id)
            raise
        finally:
            self._originated.pop(channel_id, None)
