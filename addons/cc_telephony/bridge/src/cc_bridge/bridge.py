# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The services, wired: events in, facts out, commands through. What is done with them is done by plug-ins."""

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Any

from cc_contract.facts import is_link_error

from . import parts
from .agents.machine import Agent
from .agents.members import QueueTable
from .agents.service import STORED, AgentService
from .agents.talking_on import talking_on
from .ami import AmiError, AmiTransport
from .calls import CallModel
from .clock import PbxClock
from .completeness import Completeness
from .config import Settings
from .dialling import Dialled, DialRules
from .events import Event, text
from .facts import CallFact
from .hints import Hints
from .intent import well_formed
from .kernel import load
from .kernel.changes import Changes
from .kernel.forms import AgentChange
from .kernel.gate import Gate
from .kernel.hub import Guard, Hub
from .kernel.kernel import Core
from .kernel.orders import Locks, Orders
from .kernel.sections import Sections
from .odoo.bell import Bell
from .odoo.link import OdooLink
from .outbox import Outbox
from .pbx_config.apply import PbxConfig
from .resync import Resync
from .spool import Spool
from .tasks import Tasks

log = logging.getLogger(__name__)

PRUNE_EVERY_S = 3600.0
# how long a starting bridge waits for Odoo's word that no other speaks for the PBX
ADMISSION_S = 5.0
QUEUE_EVERY_S = 1.0
# how often the PBX is asked for channels that have been silent and alone for as long
DOUBT_EVERY_S = 30.0


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
        self.queues = QueueTable()
        self.tasks = Tasks()
        self.agents = AgentService(
            self.ami, self.outbox, self.clock, self.queues, self.endpoints, self.tasks
        )
        self.gate = Gate(self.agents, self.calls)
        self.agents.on_devices = self._write_config
        self.agents.on_change = self._agent_changed
        self.pbx_config = PbxConfig(
            self.ami,
            settings.config_dir,
            settings.recordings,
            self.agents.devices,
            lambda: list(self.core.dialplan.values()),
        )
        self.link = OdooLink(
            settings.odoo,
            self.spool,
            greeting=self._greeting,
            on_intent=self._intent,
            on_commands=self._commands,
            left_out=lambda: (*self.pbx_config.left_out, *self.sections.left_out),
        )
        self.hints = Hints()
        self.guard = Guard()
        self.hub = Hub(self.guard)
        self.changes = Changes()
        self.sections = Sections(self.guard)
        locks = Locks()
        self.commands = Orders(
            self.spool,
            self.outbox,
            self.clock,
            self.tasks,
            locks,
            call_of=self.agents.call_of,
            odoo_now_us=self.link.odoo_now_us,
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
            behind=lambda: self.ami.behind,
            recall=self.hub.recall,
        )
        self.resync = Resync(
            self.ami,
            clock=self.clock,
            queues=self.queues,
            calls=self.calls,
            agents=self.agents,
            completeness=self.completeness,
            tell=self._call_fact,
        )
        self.bell = Bell(settings.odoo, self.link.bell, self.link.handed)
        self.core = Core(
            settings=settings,
            clock=self.clock,
            spool=self.spool,
            outbox=self.outbox,
            ami=self.ami,
            channels=self.calls.live,
            calls=self.calls,
            agents=self.agents,
            dialled=self.dialled,
            gate=self.gate,
            post=self.link.post,
            upload=self.link.upload,
            orders=self.commands,
            guard=self.guard,
            hub=self.hub,
            sections=self.sections,
            tasks=self.tasks,
            locks=locks,
            changes=self.changes,
        )
        self._ami_error: AmiError | None = None
        self._told: Mapping[str, Any] | None = None
        self._config_lock = asyncio.Lock()
        self.outbox.provide("calls", self.calls.snapshot_rest)
        self.outbox.provide_each("call:", self.calls.snapshot_call)
        self.outbox.provide("intent", lambda: self.intent)
        self.plugins = load.Plugins(self.core)
        for name, factory in parts.OWN:
            self.plugins.add_own(name, factory)

    async def run(self) -> None:
        """Restores what was kept and runs all loops until cancelled."""
        if saved := self.spool.state("calls"):
            self.calls.restore(saved, list(self.spool.states("call:").values()))
        self.completeness.begin()
        self.agents.know_intent(self.intent)
        self.agents.restore(self._agents_kept())
        self.commands.report_unfinished()
        self.plugins.add(load.found())
        self.intent = well_formed(self.spool.state("intent") or {}, self.sections.read)
        await self.plugins.start()
        self.sections.tell(self.intent)
        self.bell.start()
        loops = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("ami", self._once_admitted(self.ami.run)),
                ("odoo", self.link.run()),
                ("queues", self._queue_loop()),
                ("prune", self._prune_loop()),
                ("doubt", self._doubt_loop()),
                ("completeness", self._once_admitted(self.completeness.run)),
            )
        ]
        loops += [
            asyncio.create_task(self._once_admitted(work), name=name)
            for name, work in self.core.loops
        ]
        try:
            done, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.bell.stop()
            self.ami.close()
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await self.plugins.close()
            await self.agents.close()
            await self.commands.close()
            await self.tasks.finish("bridge")
            self.outbox.flush()
            self.spool.close()

    def _agents_kept(self) -> list[dict[str, Any]]:
        """What the spool knows of agents; bridges of 19.0.1.0.0 kept them all in one state."""
        if together := self.spool.state("agents"):
            states = {STORED + row["agent"]: row for row in together}
            self.spool.append([], states={**states, "agents": None})
        return list(self.spool.states(STORED).values())

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
        name = text(event, "Event")
        self.clock.adjust(event)
        if name == "Newchannel":
            self.resync.newborn(event)
        stale = self.resync.stale
        passed_over = bool(stale) and any(value in stale for value in _texts(event))
        facts = [] if passed_over else self.calls.feed(event)
        if (number := self.queues.feed(event)) is not None:
            self.agents.member_changed(number)
        if (endpoint := self.agents.phones.feed(event)) is not None:
            self.agents.phone_changed(endpoint)
        self.changes.feed(event)
        self.hub.event(event, name)
        if name == "Hangup":
            self.agents.channel_gone(text(event, "Uniqueid"))
        for fact in facts:
            self._call_fact(fact)
        self.hub.settle()

    def _call_fact(self, fact: CallFact) -> None:
        for hint in self.hints.newly(fact):
            if self.bell.say("cc.ring", hint):
                self.link.hinted(hint)
            else:
                self.link.hint(hint)
        # the call's own part and what calls share: not all calls again at each fact of one
        touched = ("calls", f"call:{fact.call['call_uid']}")
        self.outbox.put(fact.kind, fact.t, {"call": fact.call}, touch=touched)
        self.completeness.fact(fact, self.calls.channels_of(fact.call["call_uid"]))
        # a call that was found gone ended at its last evidence, not now
        ended_t = fact.call["ended_t"]
        on = talking_on(fact.call, self.calls.live) if fact.kind == "call.ended" else None
        self.agents.call_changed(fact.call, fact.t if ended_t is None else ended_t, on)
        self.hub.call(fact, copy.deepcopy)

    def _completed(self, call: dict[str, Any], new: bool) -> None:
        """Completeness has told of a call that was missed (new) or whose end was."""
        if new:
            self.agents.call_passed(call)
        else:
            self.agents.call_changed(call, call["ended_t"])
        self.hub.call(CallFact("call.ended", call["ended_t"], call), copy.deepcopy)

    def _agent_changed(self, agent: Agent) -> None:
        self.hub.agent(
            AgentChange(
                agent.agent,
                agent.state,
                agent.reason,
                agent.since,
                agent.call_uid,
                self.agents.reachable(agent.agent),
            )
        )

    async def _up(self) -> None:
        """After a login: what the PBX has is the truth; then members are brought to the states."""
        self._ami_error = None
        await self.resync.greet()
        self._tell_state(reconciled=False)
        await self.resync.run()
        # what was waited for may have come without an event
        self.changes.feed(Event())
        self.agents.forget_pbx()
        self.pbx_config.forget_pbx()
        await self._configure()
        self._tell_state(reconciled=True)
        self.outbox.flush()
        for owner, work in self.hub.connected():
            self.tasks.spawn(owner, _awaited(work), f"{owner}-connected")

    async def _down(self, reason: AmiError) -> None:
        self._ami_error = reason
        self.completeness.disconnected()
        self._tell_state(reconciled=False)
        self.hub.disconnected()

    def _tell_state(self, *, reconciled: bool) -> None:
        error = self._ami_error
        body = {
            "connected": self.ami.connected and error is None,
            "asterisk": self.resync.asterisk,
            "boot_t": self.resync.boot_t,
            "reconciled": reconciled,
            "error": None
            if error is None
            else error.code
            if is_link_error(error.code)
            else "network",
            "message": str(error) if error else "",
        }
        if body != self._told:
            self._told = body
            self.outbox.put("pbx.state", self.clock.now_us(), {"pbx_state": body})

    # -- from Odoo ------------------------------------------------------------------------------

    async def _intent(self, intent: dict[str, Any]) -> None:
        self.intent = well_formed(intent, self.sections.read)
        self.outbox.touch("intent")
        self.agents.set_intent(self.intent)
        self.calls.lines(self.agents.rules.trunks)
        self.sections.tell(self.intent)
        if self.ami.connected:
            # the PBX may have been reached before Odoo said which agents there are
            await self.resync.clear_marks(all_again=False)
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
            "asterisk": self.resync.asterisk,
            "boot_t": self.resync.boot_t,
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

    async def _doubt_loop(self) -> None:
        """Asks for channels of which nothing has been heard and that talk with nobody."""
        while True:
            await asyncio.sleep(DOUBT_EVERY_S)
            if self.ami.connected:
                try:
                    await self.resync.look_over(round(DOUBT_EVERY_S * 1_000_000))
                except AmiError as error:
                    log.debug("the PBX was not asked for its channels: %s", error)
                self.outbox.flush()

    async def _prune_loop(self) -> None:
        while True:
            self.spool.retry()
            if self.spool.error is None:
                self.spool.prune()
            await asyncio.sleep(PRUNE_EVERY_S if self.spool.error is None else 5.0)


def _awaited(work: Callable[[], Awaitable[None]]) -> Coroutine[Any, Any, None]:
    async def run() -> None:
        await work()

    return run()


def _texts(event: Event) -> Iterator[str]:
    """The values of an event, repeated headers too."""
    for value in event.values():
        yield from [value] if isinstance(value, str) else value
