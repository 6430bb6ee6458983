# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Watches calls out: counts them, ends outside parties who are left alone with each other, raises the alarm."""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from typing import Any

from .ami import AmiError, AmiFailed
from .events import Event, text
from .facts import CallFact
from .kernel.forms import Plugin
from .kernel.kernel import CoreKernel
from .limits import OUT_S, PAIR_S

_AGENT = re.compile(r"[0-9]{1,20}")
_PHONE = re.compile(r"[A-Za-z0-9_]{1,32}")
_NUMBER = re.compile(r"\+?[0-9*#]{1,64}")
_WHY = frozenset({"destination", "busy", "hour", "pair", "minutes"})
#: How often those who were stopped for an hour are looked at again, s.
LOOK_S = 60.0


class Tolls(Plugin):
    """``dial.alarm`` is its fact: who, from which phone, to which number, why it was refused or ended."""

    def __init__(self, kernel: CoreKernel) -> None:
        self._kernel = kernel
        self._gate = kernel.core.gate
        self._gate.on_refused = self._refused
        # a call whose outside parties are alone: the channel that has a limit
        self._pairs: dict[str, str] = {}
        self._stopped: set[str] = set()
        self._is_cleared = False
        kernel.on_event("UserEvent", self._told)
        kernel.on_call(self._call)
        kernel.on_connected(self._connected)
        kernel.core.loops.append(("tolls", self._loop))

    # -- alarms ---------------------------------------------------------------------------------

    def _alarm(self, why: str, **about: str | None) -> None:
        core = self._kernel.core
        fields = ("agent", "phone", "number", "call_uid")
        core.outbox.put(
            "dial.alarm",
            core.clock.now_us(),
            {"dial": {"why": why, **{name: about.get(name) or None for name in fields}}},
        )

    def _refused(self, agent: str, number: str, why: str) -> None:
        self._alarm(why, agent=agent, number=number)

    def _told(self, event: Event) -> None:
        kind = text(event, "UserEvent")
        if kind == "CCRefused":
            self._alarm(_in(_WHY, text(event, "Why")), **_about(event))
        elif kind == "CCLimit":
            self._limit(event)
        elif kind == "CCOut":
            self._made(_good(_AGENT, text(event, "Agent")) or _good(_PHONE, text(event, "Phone")))

    def _limit(self, event: Event) -> None:
        core = self._kernel.core
        uid = core.calls.call_of(text(event, "Uniqueid"))
        number = next(
            (
                leg.number
                for call in core.calls.open_calls()
                for leg in call.legs
                if text(event, "Uniqueid") in leg.channels
            ),
            None,
        )
        self._alarm(_in(_WHY, text(event, "Why")), number=number, call_uid=uid)

    # -- how many -------------------------------------------------------------------------------

    def _made(self, who: str | None) -> None:
        if who is None:
            return
        self._gate.made(who)
        if self._gate.stopped(who) and who not in self._stopped:
            self._alarm("hour", **{"agent" if who in self._agents() else "phone": who})
            self._spawn(self._stop(who, True), "stop")

    def _agents(self) -> set[str]:
        return {agent.agent for agent in self._kernel.core.agents.signed_in()}

    async def _stop(self, who: str, on: bool) -> None:
        await self._kernel.core.ami.action(
            {"Action": "DBPut", "Family": "ccstop", "Key": who, "Val": "1" if on else ""}
        )
        (self._stopped.add if on else self._stopped.discard)(who)

    async def _connected(self) -> None:
        """What stands in the PBX's database may be of an earlier hour, or of a bridge before this one."""
        if not self._is_cleared:
            with contextlib.suppress(AmiFailed):  # there is nothing
                await self._kernel.core.ami.action({"Action": "DBDelTree", "Family": "ccstop"})
            self._is_cleared = True
        for who in {*self._gate.who(), *self._stopped}:
            await self._stop(who, self._gate.stopped(who))
        for call in self._kernel.core.calls.open_calls():
            self._look(call.as_dict())

    async def _loop(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            for who in [one for one in self._stopped if not self._gate.stopped(one)]:
                try:
                    await self._stop(who, False)
                except AmiError:
                    break  # the next login brings it

    # -- pairs ----------------------------------------------------------------------------------

    def _call(self, fact: CallFact) -> None:
        self._look(fact.call)

    def _look(self, call: Mapping[str, Any]) -> None:
        """Outside parties who talk with each other alone do so for a limited time, and no longer than that in all."""
        uid = call["call_uid"]
        here = [leg for leg in call["legs"] if leg["joined_t"] and not leg["left_t"]]
        outside = [leg for leg in here if leg["role"] in ("customer", "outside")]
        alone = len(outside) > 1 and len(outside) == len(here) and call["state"] != "ended"
        channel = self._live(outside[-1]) if alone else None
        if channel is None:
            if call["state"] == "ended":
                self._pairs.pop(uid, None)
            elif (old := self._pairs.pop(uid, None)) is not None and not alone:
                self._spawn(self._give(old, self._gate.limit("out_minutes", OUT_S, 60), ""), "pair")
        elif self._pairs.get(uid) != channel:
            self._pairs[uid] = channel
            seconds = self._gate.limit("pair_minutes", PAIR_S, 60)
            self._spawn(self._give(channel, seconds, "1"), "pair")

    def _live(self, leg: Mapping[str, Any]) -> str | None:
        for uid in reversed(leg["channels"]):
            if (channel := self._kernel.core.channels.get(uid)) is not None:
                return channel.name
        return None

    async def _give(self, channel: str, seconds: int, pair: str) -> None:
        """A channel has so many seconds from now on; 0: as many as it likes."""
        for name, value in (("CC_PAIR", pair), ("TIMEOUT(absolute)", str(seconds))):
            await self._kernel.core.ami.action(
                {"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}
            )

    def _spawn(self, work: Any, name: str) -> None:
        self._kernel.core.tasks.spawn(self._kernel.name, work, name, expected=(AmiError,))

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._kernel.core.tasks.finish(self._kernel.name)


def _good(form: re.Pattern[str], value: str) -> str | None:
    return value if form.fullmatch(value) else None


def _in(words: frozenset[str], word: str) -> str:
    return word if word in words else "destination"


def _about(event: Event) -> dict[str, str | None]:
    return {
        "agent": _good(_AGENT, text(event, "Agent")),
        "phone": _good(_PHONE, text(event, "Phone")),
        "number": _good(_NUMBER, text(event, "Number")),
    }
