# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""After a login what the PBX has is the truth: calls, agents and queues are brought to it.

Events that arrive meanwhile are handled after it. Some of them are about channels that were gone already:
of their calls events tell half.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from .agents.members import QueueTable
from .agents.service import AgentService
from .ami import AmiError, AmiFailed, AmiPermissionError, AmiTransport
from .calls import CallModel
from .clock import PbxClock
from .completeness import Completeness
from .events import Event, text
from .facts import CallFact

log = logging.getLogger(__name__)

# the seconds in a unique id of the PBX's own making
_BIRTH = re.compile(r"(?:^|-)(\d{10})\.\d+$", re.ASCII)


class Resync:
    """One PBX, asked after each login.

    :param tell: takes each fact that comes of it
    """

    def __init__(
        self,
        ami: AmiTransport,
        *,
        clock: PbxClock,
        queues: QueueTable,
        calls: CallModel,
        agents: AgentService,
        completeness: Completeness,
        tell: Callable[[CallFact], None],
    ) -> None:
        self._ami = ami
        self._clock = clock
        self._queues = queues
        self._calls = calls
        self._agents = agents
        self._completeness = completeness
        self._tell = tell
        self.asterisk: str | None = None
        self.boot_t: int | None = None
        #: channels that were gone before their events came
        self.stale: set[str] = set()
        # the channels of the last resync, those that theirs came of, and the PBX's time before it was
        # asked (0: not known)
        self._there: frozenset[str] = frozenset()
        self._roots: frozenset[str] = frozenset()
        self._asked = 0

    async def greet(self) -> None:
        """Asks who the PBX is, what time it has, and since when it runs."""
        action = self._ami.action
        self._clock.begin({"Timestamp": (await action({"Action": "Ping"})).get("Timestamp") or ""})
        self.asterisk = (await action({"Action": "CoreSettings"})).get("AsteriskVersion") or None
        self.boot_t = _boot_time(await action({"Action": "CoreStatus"}))

    async def run(self) -> None:
        """Asks for all that there is and takes it over."""
        action = self._ami.action
        self._completeness.resyncing()
        for event in await self._completeness.catch_up(self.boot_t):
            for fact in self._calls.feed(event):
                self._tell(fact)
        while self._completeness.judge(resyncing=True):  # noqa: ASYNC110 (it works)
            await asyncio.sleep(0)
        if (heard := self._completeness.evidence(self.boot_t)) is not None:
            self._calls.extend(heard)
        asked = self._clock.pbx_us() if self._clock.is_known else 0
        channels = (await action({"Action": "CoreShowChannels"}, multi=True)).events
        # that is how it was now; what is asked next takes its time, and calls go on and end meanwhile
        t = self._clock.now_us()
        rows = [row for row in channels if text(row, "Event") == "CoreShowChannel"]
        rooms = await self._rooms()
        status = (await action({"Action": "QueueStatus"}, multi=True)).events
        for endpoint in self._agents.phones.reset(await self._devices()):
            self._agents.phone_changed(endpoint)
        self._queues.reset(status)
        facts = self._calls.resync(
            rows,
            queue_entries=[r for r in status if text(r, "Event") == "QueueEntry"],
            rooms=rooms,
            t=t,
        )
        for fact in facts:
            self._tell(fact)
        there = frozenset(text(row, "Uniqueid") for row in rows)
        self._there, self._roots = there, frozenset(text(row, "Linkedid") for row in rows) | there
        self._asked = asked
        self.stale = self._gone_meanwhile(there)
        self._completeness.listening(
            (text(row, "Uniqueid") for row in rows),
            self._clock.pbx_us(),
            self.boot_t,
            asked=asked,
        )
        self._agents.calls_are([call.as_dict() for call in self._calls.open_calls()], there)
        await self.clear_marks(all_again=True)

    async def look_over(self, quiet_us: int) -> None:
        """Ends what is no more and of which no end was told, without waiting for another login."""
        doubtful = self._calls.in_doubt(self._clock.now_us() - quiet_us)
        if not doubtful:
            return
        rows = (await self._ami.action({"Action": "CoreShowChannels"}, multi=True)).events
        there = {text(row, "Uniqueid") for row in rows} | self._ending()
        gone = {uid: ch for uid, ch in doubtful.items() if ch.uniqueid not in there}
        for fact in self._calls.gone(gone):
            self._tell(fact)
        for ch in gone.values():
            log.warning("%s has gone without a word", ch.name)
            self._agents.channel_gone(ch.uniqueid)

    def newborn(self, event: Event) -> None:
        """A channel that began before the PBX was asked and was not there then is gone: its end is on its way.

        So is one whose call began then: a phone that was rung in the moment in which the caller gave up.
        """
        uid = text(event, "Uniqueid")
        if uid in self._there or self._calls.call_of(uid) is not None:
            return
        # a PBX may tell no times with its events
        is_before = 0 < self._clock.last_us < self._asked
        root = text(event, "Linkedid")
        if is_before or (root != uid and self._is_of_the_gap(root)):
            self.stale.add(uid)

    def _is_of_the_gap(self, root: str) -> bool:
        """Whether the channel that a call came of began before the PBX was asked, and nobody has heard of it."""
        born = _BIRTH.search(root)
        return (
            born is not None
            and int(born[1]) * 1_000_000 < self._asked
            and root not in self._roots
            and self._calls.live.get(root) is None
        )

    def _gone_meanwhile(self, there: frozenset[str]) -> set[str]:
        """Channels that came and went, or only went, while the PBX was asked: of their calls events tell half.

        The rest may have been before the login. Those whom nobody knows are left to CEL: they lie in
        the gap that ends now.
        """
        return {uid for uid in self._ending() - there if uid and self._calls.call_of(uid) is None}

    def _ending(self) -> set[str]:
        """The channels whose end has arrived and is still to be handled."""
        return {text(e, "Uniqueid") for e in self._ami.waiting() if text(e, "Event") == "Hangup"}

    async def clear_marks(self, *, all_again: bool) -> None:
        """Clears the dialplan's marks of agents who are in no call."""
        busy = {
            leg.number
            for call in self._calls.open_calls()
            for leg in call.legs
            if leg.number and leg.left_t is None
        }
        try:
            await self._agents.reset_marks(busy, all_again=all_again)
        except AmiFailed as error:
            log.error("the marks of free agents can't be cleared: %s", error)

    async def _devices(self) -> Sequence[Event]:
        """Device states; a PBX that doesn't tell them leaves agents of no queue unwatched."""
        try:
            return (await self._ami.action({"Action": "DeviceStateList"}, multi=True)).events
        except (AmiFailed, AmiPermissionError) as error:
            log.warning("the PBX does not tell its device states: %s", error)
            return ()

    async def _rooms(self) -> dict[str, str]:
        """Unique id to conference. A PBX without any conference answers with an error."""
        rooms: dict[str, str] = {}
        try:
            listed = (await self._ami.action({"Action": "ConfbridgeListRooms"}, multi=True)).events
        except AmiError:
            return rooms
        for row in listed:
            name = text(row, "Conference")
            if not name:
                continue
            try:
                members = await self._ami.action(
                    {"Action": "ConfbridgeList", "Conference": name}, multi=True
                )
            except AmiError:
                continue
            rooms.update({text(m, "Uniqueid"): name for m in members.events if text(m, "Uniqueid")})
        return rooms


def _boot_time(reply: Any) -> int | None:
    """CoreStatus gives the PBX's local date and time; the bridge stands beside it."""
    try:
        moment = time.strptime(
            f"{reply.get('CoreStartupDate')} {reply.get('CoreStartupTime')}", "%Y-%m-%d %H:%M:%S"
        )
        return round(time.mktime(moment)) * 1_000_000
    except ValueError:
        return None
