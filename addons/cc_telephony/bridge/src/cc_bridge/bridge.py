# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The services, wired: events in, facts out, commands through."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from . import encoder
from .agents.members import QueueTable
from .agents.rejoin import Rejoin
from .agents.reloads import Reloads
from .agents.service import AgentService
from .ami import AmiError, AmiFailed, AmiTransport, Event
from .ami.channels import ChannelTable, text
from .calls import CallModel
from .clock import PbxClock
from .commands import CommandRunner
from .completeness import Completeness
from .config import Settings
from .controls import CallControl
from .dialling import Dialled, DialRules
from .encoder import Refused
from .facts import CallFact
from .intent import well_formed
from .odoo.bell import Bell
from .odoo.link import OdooLink
from .outbox import Outbox
from .pbx_config.apply import PbxConfig
from .recordings import Recordings
from .spool import Spool

log = logging.getLogger(__name__)

PRUNE_EVERY_S = 3600.0
# how long a starting bridge waits for Odoo's word that no other speaks for the PBX
ADMISSION_S = 5.0
QUEUE_EVERY_S = 1.0


class Bridge:
    """One PBX, one Odoo. Made inside the running loop; :meth:`run` until cancelled."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = PbxClock()
        self.spool = Spool(settings.spool)
        self.outbox = Outbox(self.spool, self._facts_stored)
        self.ami = AmiTransport(
            settings.ami, on_events=self._events, on_up=self._up, on_down=self._down
        )
        self.endpoints: dict[str, str] = {}
        self.intent = well_formed(self.spool.state("intent") or {})
        self.dialled = Dialled()
        self.calls = CallModel(
            trunks=DialRules(self.intent.get("settings") or {}).trunks,
            agent_endpoints=self.endpoints.get,
            dialled=self.dialled.number,
        )
        self.channels = ChannelTable()
        self.queues = QueueTable()
        self.agents = AgentService(self.ami, self.outbox, self.clock, self.queues, self.endpoints)
        self.agents.on_devices = self._write_config
        self.pbx_config = PbxConfig(
            self.ami, settings.config_dir, settings.recordings, self.agents.devices
        )
        self.control = CallControl(self.ami, self.channels, self.agents, self.calls, self.dialled)
        self.control.folder, self.control.clock = settings.recordings, self.clock
        self.rejoin = Rejoin(self.ami, self.channels, self.agents, self.calls)
        self.reloads = Reloads(self.ami, self.channels)
        self.link = OdooLink(
            settings.odoo,
            self.spool,
            greeting=self._greeting,
            on_intent=self._intent,
            on_commands=self._commands,
            left_out=lambda: self.pbx_config.left_out,
        )
        self.commands = CommandRunner(
            self.spool, self.outbox, self.clock, self.agents, self.control, self.link.odoo_now_us
        )
        self.recordings = Recordings(
            settings.recordings, self.spool, self.outbox, self.clock, self.link.upload
        )
        self.completeness = Completeness(
            settings.cel,
            settings.queue_log,
            spool=self.spool,
            outbox=self.outbox,
            clock=self.clock,
            calls=self.calls,
            trunks=lambda: set(self.agents.rules.trunks),
            endpoints=self.endpoints,
            on_call=self._completed,
            heard=lambda: self.ami.heard,
        )
        self.bell = Bell(settings.odoo, self.link.bell)
        self._asterisk: str | None = None
        self._boot_t: int | None = None
        self._ami_error: AmiError | None = None
        self._told: Mapping[str, Any] | None = None
        self._stale: set[str] = set()
        # the channels of the last stock, and the PBX's time before it was asked for (0: not known)
        self._stock: tuple[frozenset[str], int] = (frozenset(), 0)
        self._config_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.outbox.provide("calls", self.calls.snapshot_rest)
        self.outbox.provide_each("call:", self.calls.snapshot_call)
        self.outbox.provide("intent", lambda: self.intent)

    async def run(self) -> None:
        """Restores what was kept and runs all loops until cancelled."""
        if saved := self.spool.state("calls"):
            self.calls.restore(saved, list(self.spool.states("call:").values()))
        self.completeness.begin()
        self.agents.know_intent(self.intent)
        self.agents.restore(self.spool.state("agents") or ())
        self.commands.report_unfinished()
        self.bell.start()
        tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("ami", self._once_admitted(self.ami.run)),
                ("odoo", self.link.run()),
                ("queues", self._queue_loop()),
                ("recordings", self._once_admitted(self.recordings.run)),
                ("prune", self._prune_loop()),
                ("completeness", self._once_admitted(self.completeness.run)),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.bell.stop()
            self.ami.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.rejoin.close()
            await self.reloads.close()
            await self.agents.close()
            await self.commands.close()
            await self.control.close()
            self.outbox.flush()
            self.spool.close()

    async def _once_admitted(self, work: Callable[[], Awaitable[None]]) -> None:
        """A second bridge by mistake touches neither PBX nor calls while the first one is heard."""
        await self.link.admitted(ADMISSION_S)
        await work()

    # -- from the PBX ---------------------------------------------------------------------------

    async def _events(self, events: list[Event]) -> None:
        for event in events:
            try:
                self._event(event)
            except Exception:  # one that we don't understand must not cost those behind it
                log.exception("an event is passed over: %.1000r", event)
        self.outbox.flush()

    def _event(self, event: Event) -> None:
        self.clock.straighten(event)
        self.channels.feed(event)
        self.queues.feed(event)
        self._dialled_by_phone(event)
        self.control.feed(event)
        self.rejoin.feed(event)
        self.reloads.feed(event)
        if text(event, "Event") == "Newchannel":
            self._newborn(text(event, "Uniqueid"))
        elif text(event, "Event") == "Hangup":
            self.agents.channel_gone(text(event, "Uniqueid"))
        if self._stale and any(value in self._stale for value in _texts(event)):
            return
        for fact in self.calls.feed(event):
            self._call_fact(fact)

    def _dialled_by_phone(self, event: Event) -> None:
        """The dialplan says which number it is about to send out under other digits."""
        if text(event, "Event") == "UserEvent" and text(event, "UserEvent") == "CCOut":
            number = text(event, "Number")
            try:
                self.dialled.remember(self.agents.rules.outside(number), number)
            except encoder.Refused:
                log.debug("dialled as it is: %r", number)

    def _call_fact(self, fact: CallFact) -> None:
        # the call's own part and what calls share: not all calls again at each fact of one
        touched = ("calls", f"call:{fact.call['call_uid']}")
        self.outbox.put(fact.kind, fact.t, {"call": fact.call}, touch=touched)
        self.completeness.fact(fact, self.calls.channels_of(fact.call["call_uid"]))
        # a call that was found gone ended at its last evidence, not now
        ended_t = fact.call["ended_t"]
        staying = self.control.staying(fact.call) if fact.kind == "call.ended" else None
        self.agents.call_changed(fact.call, fact.t if ended_t is None else ended_t, staying)
        self.control.call_changed(fact.call)
        if fact.kind == "call.started":
            self._name_call(fact.call)
        elif fact.kind == "call.ended":
            self.recordings.call_ended(fact.call)

    def _completed(self, call: dict[str, Any], new: bool) -> None:
        """Completeness has told of a call that was missed (new) or whose end was."""
        if new:
            self.agents.call_passed(call)
        else:
            self.agents.call_changed(call, call["ended_t"])
        self.recordings.call_ended(call)

    def _name_call(self, call: Mapping[str, Any]) -> None:
        """Puts the call's id on its first channel, for the phones' INVITE and for whoever looks."""
        channel = next(
            (self.channels.get(uid) for leg in call["legs"] for uid in leg["channels"]), None
        )
        if channel is not None and self.ami.connected:
            self._background(
                self.ami.action(
                    {
                        "Action": "Setvar",
                        "Channel": channel.name,
                        "Variable": "__CC_CALL",
                        "Value": call["call_uid"],
                    }
                )
            )

    def _background(self, work: Any) -> None:
        async def quietly() -> None:
            try:
                await work
            except (AmiError, Refused) as error:
                log.debug("not done: %s", error)

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _up(self) -> None:
        """After a login: what the PBX has is the truth; then members are brought to the states."""
        action = self.ami.action
        self._ami_error = None
        self._asterisk = (await action({"Action": "CoreSettings"})).get("AsteriskVersion") or None
        self._boot_t = _boot_time(await action({"Action": "CoreStatus"}))
        self._tell_state(reconciled=False)
        await self._take_stock()
        self.agents.forget_pbx()
        self.pbx_config.forget_pbx()
        await self._configure()
        self._tell_state(reconciled=True)
        self.outbox.flush()

    async def _take_stock(self) -> None:
        action = self.ami.action
        self.completeness.resyncing()
        for event in await self.completeness.catch_up(self._boot_t):
            for fact in self.calls.feed(event):
                self._call_fact(fact)
        while self.completeness.judge(taking_stock=True):  # noqa: ASYNC110 (it works)
            await asyncio.sleep(0)
        if (heard := self.completeness.evidence(self._boot_t)) is not None:
            self.calls.extend(heard)
        asked = self.clock.pbx_us() if self.clock.last_us else 0
        channels = (await action({"Action": "CoreShowChannels"}, multi=True)).events
        rows = [row for row in channels if text(row, "Event") == "CoreShowChannel"]
        rooms = await self._rooms()
        status = (await action({"Action": "QueueStatus"}, multi=True)).events
        self.channels.reset(rows, rooms)
        self.queues.reset(status)
        t = self.clock.now_us()
        facts = self.calls.resync(
            rows, queue_entries=[r for r in status if text(r, "Event") == "QueueEntry"], t=t
        )
        for fact in facts:
            self._call_fact(fact)
        there = frozenset(text(row, "Uniqueid") for row in rows)
        self._stock = there, asked
        self._stale = self._gone_meanwhile(there)
        self.completeness.listening(
            (text(row, "Uniqueid") for row in rows), self.clock.pbx_us(), self._boot_t
        )
        self.agents.calls_are([call.as_dict() for call in self.calls.open_calls()], there)
        await self._clear_marks(all_again=True)

    def _newborn(self, uid: str) -> None:
        """One that began before stock was taken and was not there then is gone: its end is on its way."""
        there, asked = self._stock
        if self.clock.last_us < asked and uid not in there and self.calls.call_of(uid) is None:
            self._stale.add(uid)

    def _gone_meanwhile(self, there: frozenset[str]) -> set[str]:
        """Channels that came and went, or only went, while stock was taken: of their calls events tell half.

        The rest may have been before the login. Those whom nobody knows are left to CEL: they lie in
        the gap that ends now.
        """
        ended = {text(e, "Uniqueid") for e in self.ami.waiting() if text(e, "Event") == "Hangup"}
        return {uid for uid in ended - there if uid and self.calls.call_of(uid) is None}

    async def _clear_marks(self, *, all_again: bool) -> None:
        busy = {
            leg.number
            for call in self.calls.open_calls()
            for leg in call.legs
            if leg.number and leg.left_t is None
        }
        try:
            await self.agents.reset_marks(busy, all_again=all_again)
        except AmiFailed as error:
            log.error("the marks of free agents can't be cleared: %s", error)

    async def _rooms(self) -> dict[str, str]:
        """Unique id to conference. A PBX without any conference answers with an error."""
        rooms: dict[str, str] = {}
        try:
            listed = (await self.ami.action({"Action": "ConfbridgeListRooms"}, multi=True)).events
        except AmiError:
            return rooms
        for row in listed:
            name = text(row, "Conference")
            if not name:
                continue
            try:
                members = await self.ami.action(
                    {"Action": "ConfbridgeList", "Conference": name}, multi=True
                )
            except AmiError:
                continue
            rooms.update({text(m, "Uniqueid"): name for m in members.events if text(m, "Uniqueid")})
        return rooms

    async def _down(self, reason: AmiError) -> None:
        self._ami_error = reason
        self.completeness.deaf()
        self._tell_state(reconciled=False)

    def _tell_state(self, *, reconciled: bool) -> None:
        error = self._ami_error
        body = {
            "connected": self.ami.connected and error is None,
            "asterisk": self._asterisk,
            "boot_t": self._boot_t,
            "reconciled": reconciled,
            "error": None
            if error is None
            else error.code
            if error.code in ("network", "login", "permission")
            else "network",
            "message": str(error) if error else "",
        }
        if body != self._told:
            self._told = body
            self.outbox.put("pbx.state", self.clock.now_us(), {"pbx_state": body})

    # -- from Odoo ------------------------------------------------------------------------------

    async def _intent(self, intent: dict[str, Any]) -> None:
        self.intent = well_formed(intent)
        self.outbox.touch("intent")
        self.agents.set_intent(self.intent)
        self.calls.lines(self.agents.rules.trunks)
        if self.ami.connected:
            # the PBX may have been reached before Odoo said which agents there are
            await self._clear_marks(all_again=False)
        await self._configure()

    async def _configure(self) -> None:
        await self._write_config()
        await self.agents.reconcile()

    async def _write_config(self) -> None:
        async with self._config_lock:
            try:
                queues_changed = await self.pbx_config.apply(self.intent)
            finally:
                self.link.health_changed()
            if queues_changed:
                status = await self.ami.action({"Action": "QueueStatus"}, multi=True)
                self.queues.reset(status.events)

    async def _commands(self, rows: list[dict[str, Any]]) -> None:
        await self.commands.take(rows)

    def _greeting(self) -> dict[str, Any]:
        error = self._ami_error
        return {
            "asterisk": self._asterisk,
            "boot_t": self._boot_t,
            "connected": self.ami.connected,
            "error": error.code if error else None,
        }

    # -- to Odoo --------------------------------------------------------------------------------

    def _facts_stored(self) -> None:
        self.link.facts_stored()

    async def _queue_loop(self) -> None:
        """Reports changed queues, each at most once a second."""
        told: dict[str, Mapping[str, Any]] = {}
        while True:
            await asyncio.sleep(QUEUE_EVERY_S)
            if not self.ami.connected:
                continue
            changed, self.queues.changed = sorted(self.queues.changed), set()
            for queue in changed:
                body = self.queues.fact(queue)
                if told.get(queue) != body:
                    told[queue] = body
                    self.outbox.put("queue.changed", self.clock.now_us(), {"queue": body})

    async def _prune_loop(self) -> None:
        while True:
            self.spool.retry()
            if self.spool.error is None:
                self.spool.prune()
            await asyncio.sleep(PRUNE_EVERY_S if self.spool.error is None else 5.0)


def _texts(event: Event) -> Iterator[str]:
    """The values of an event, repeated headers too."""
    for value in event.values():
        yield from [value] if isinstance(value, str) else value


def _boot_time(reply: Any) -> int | None:
    """CoreStatus gives the PBX's local date and time; the bridge stands beside it."""
    try:
        moment = time.strptime(
            f"{reply.get('CoreStartupDate')} {reply.get('CoreStartupTime')}", "%Y-%m-%d %H:%M:%S"
        )
        return round(time.mktime(moment)) * 1_000_000
    except ValueError:
        return None
