# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a plug-in is given: everything that it may do, in one object."""

import inspect
import json
import re
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol

from .. import encoder
from ..agents.machine import Agent
from ..agents.service import AgentService
from ..ami import AmiError, AmiTransport, Reply
from ..ami.protocol import Value
from ..calls import CallModel
from ..calls.live import LiveChannels
from ..clock import PbxClock
from ..config import Settings
from ..dialling import Dialled, DialRules
from ..events import Event
from ..facts import CallFact
from ..outbox import Outbox
from ..spool import Spool
from ..tasks import Tasks
from .changes import Changes
from .forms import AgentChange, AgentNow
from .gate import Gate
from .hub import Guard, Hub
from .orders import Command, Locks, Orders
from .sections import Section, Sections
from .tables import only

#: The bridge's own kinds of facts; nobody else speaks in its name.
_OWN_KINDS = re.compile(r"(call|agent|queue|pbx|command|recording|dial)\.")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_]{0,30}")
_ENVELOPE = frozenset({"v", "pbx", "epoch", "seq", "t", "kind"})
_DIALPLAN = re.compile(r"\[(?P<context>[^]]*)\]|exten =>|exten=|same =>|same=|include =>|;|$")


class Upload(Protocol):
    """Uploads a recording: call, part, sha256, length in ms, bytes. Raises OdooError."""

    def __call__(
        self, call_uid: str, part: int, sha256: str, duration_ms: int, data: bytes, /
    ) -> Awaitable[int]: ...


@dataclass(slots=True)
class Core:
    """The bridge's services, as its own plug-ins see them."""

    settings: Settings
    clock: PbxClock
    spool: Spool
    outbox: Outbox
    ami: AmiTransport
    channels: LiveChannels
    calls: CallModel
    agents: AgentService
    dialled: Dialled
    gate: Gate
    post: Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]
    upload: Upload
    orders: Orders
    guard: Guard
    hub: Hub
    sections: Sections
    tasks: Tasks
    locks: Locks
    changes: Changes
    #: what runs as long as the bridge does, once Odoo lets it; the end of one is the end of the bridge
    loops: list[tuple[str, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    #: dialplan of plug-ins, by their names
    dialplan: dict[str, str] = field(default_factory=dict)


class Ami:
    """The PBX by its manager interface."""

    def __init__(self, ami: AmiTransport) -> None:
        self._ami = ami

    @property
    def connected(self) -> bool:
        """Between a login and the connection's end."""
        return self._ami.connected

    async def action(
        self, headers: Mapping[str, Value], *, multi: bool = False, within: float | None = None
    ) -> Reply:
        """Sends one action and waits for its answer; see AmiTransport.action for what it raises."""
        return await self._ami.action(headers, multi=multi, within=within)


class Calls:
    """The calls that go on. What is returned is a copy."""

    def __init__(self, calls: CallModel) -> None:
        self._calls = calls

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter([call.as_dict() for call in self._calls.open_calls()])

    def get(self, call_uid: str) -> dict[str, Any] | None:
        """An open call by its id, in the form of facts."""
        call = self._calls.open(call_uid)
        return None if call is None else call.as_dict()

    def call_of(self, channel: str) -> str | None:
        """The call of a live channel, by unique id or name."""
        return self._calls.call_of(channel)


class Agents:
    """The agents who are signed in. What is returned is a copy."""

    def __init__(self, agents: AgentService) -> None:
        self._agents = agents

    def __iter__(self) -> Iterator[AgentNow]:
        return iter([self._now(agent) for agent in self._agents.signed_in()])

    def get(self, number: str) -> AgentNow | None:
        """An agent by number; None when they are not signed in."""
        agent = self._agents.get(number)
        return None if agent is None else self._now(agent)

    def device(self, number: str) -> str:
        """How Asterisk reaches them (``PJSIP/w1001``); empty when it can't be said."""
        agent = self._agents.get(number)
        return "" if agent is None else self._agents.device(agent)

    def call_of(self, number: str) -> str | None:
        """The call that they talk in, else the one that rings at them."""
        return self._agents.call_of(number)

    def _now(self, agent: Agent) -> AgentNow:
        return AgentNow(
            agent.agent,
            agent.session,
            agent.device,
            agent.extension,
            agent.state,
            agent.reason,
            agent.since,
            agent.until,
            agent.call_uid,
            self._agents.reachable(agent.agent),
            dict(agent.queues),
        )


class Kernel:
    """One plug-in's way to everything; ``name`` is that of its entry point."""

    #: checks of values that go to the PBX
    encoder: ModuleType = encoder

    def __init__(self, core: Core, name: str, *, apart: bool = True) -> None:
        self.name = name
        self._core = core
        self._apart = apart
        self._put: Callable[..., None] | None = None
        self.ami = Ami(core.ami)
        self.calls = Calls(core.calls)
        self.agents = Agents(core.agents)

    # -- what there is --------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The bridge's own settings (bridge.toml)."""
        return self._core.settings

    @property
    def options(self) -> Mapping[str, Any]:
        """This plug-in's section of bridge.toml, ``[plugins.<name>]``; empty without one."""
        return self._core.settings.plugins.get(self.name) or {}

    @property
    def clock(self) -> PbxClock:
        """The PBX's time: ``now_us()`` for facts, ``pbx_us()`` as the PBX writes it."""
        return self._core.clock

    @property
    def channels(self) -> LiveChannels:
        """Which channels exist; to be read only."""
        return self._core.channels

    def may_call(self, number: str) -> bool:
        """Whether everybody here may have a number called: what is dialled in nobody's name is asked so."""
        return self._core.agents.may_call(None, number)

    def rules(self) -> DialRules:
        """How outside numbers are dialled, by the newest intent."""
        return self._core.agents.rules

    # -- hearing --------------------------------------------------------------------------------

    def on_event(self, name: str | None, handler: Callable[[Event], object]) -> None:
        """AMI events of this name (None: all), once channels, calls and agents have taken it."""
        self._core.hub.on_event(self.name, name, handler, apart=self._apart)

    def on_call(self, handler: Callable[[CallFact], object]) -> None:
        """Each fact about a call, after the agents' states have followed it."""
        self._core.hub.on_call(self.name, handler, apart=self._apart)

    def on_agent_state(self, handler: Callable[[AgentChange], object]) -> None:
        """Each change of an agent: state, reason, call, or whether their phone is there."""
        self._core.hub.on_agent_state(self.name, handler, apart=self._apart)

    def on_connected(self, handler: Callable[[], Awaitable[None]]) -> None:
        """Run after each login, once the PBX's calls and agents are known."""
        self._core.hub.on_connected(self.name, handler)

    def on_disconnected(self, handler: Callable[[], object]) -> None:
        """After each loss of the PBX, and each try to reach it that failed."""
        self._core.hub.on_disconnected(self.name, handler)

    def on_recall(self, handler: Callable[[str], Mapping[str, Any] | None]) -> None:
        """Asked for channels that CEL tells of and nobody heard: what this plug-in knows of one by its unique id.

        ``{"call_uid": …}`` with what :meth:`originate` takes as ``known`` besides, or None. So a call that came
        and went while the bridge was away has its number and its id.
        """
        self._core.hub.on_recall(self.name, handler)

    # -- what people want -----------------------------------------------------------------------

    def command(self, kind: str, handler: Command) -> None:
        """Commands of this kind, run at most once, one after the other for an agent and for a call.

        The handler's NotPossible and encoder.Refused are the command's result. Raises ValueError for a kind
        that is taken.
        """
        if not inspect.iscoroutinefunction(handler):
            raise TypeError("a command's handler is a coroutine function")
        self._core.orders.register(self.name, kind, handler)

    def intent_section(
        self,
        name: str,
        handler: Callable[[Section], object],
        check: Callable[[Section], Section] | None = None,
    ) -> None:
        """The section ``name`` of the intent: at the start, as it was kept, and whenever it is another.

        :param check: returns the section cleaned, or raises encoder.Refused; what is refused counts as empty,
            and Odoo shows it
        """
        if inspect.iscoroutinefunction(handler):
            raise TypeError("a section's handler is a plain function: what takes time is spawned")
        self._core.sections.register(self.name, name, handler, check)

    # -- saying ---------------------------------------------------------------------------------

    def fact(self, kind: str, t: int | None, body: Mapping[str, Mapping[str, Any]]) -> None:
        """Tells Odoo, in order with everything else and until it is there.

        Within ``db()`` it is stored with what was written there, or not at all.

        :param t: PBX time in microseconds
        :param body: one key with an object: ``{"attempt": {…}}``
        """
        if not _KIND.fullmatch(kind) or _OWN_KINDS.match(kind):
            raise ValueError(f"{kind!r} can't be a plug-in's kind of fact")
        if len(body) != 1 or _ENVELOPE & set(body):
            raise ValueError("a fact's body is one key with an object")
        told: dict[str, Any] = json.loads(json.dumps(body, allow_nan=False))
        if t is not None and type(t) is not int:
            raise ValueError("a fact's time is a whole number of microseconds")
        (self._put or self._core.outbox.put)(kind, t, told)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Asks a route of Odoo (``@bridge_route``); our epoch goes along. Raises OdooError."""
        return await self._core.post(path, body)

    # -- keeping --------------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """What the names of this plug-in's tables begin with."""
        return f"{self.name}_"

    def tables(self, *sql: str) -> None:
        """Creates or changes tables of the plug-in; each start says it again (IF NOT EXISTS)."""
        with self._core.outbox.together(only(self.prefix, define=True)) as (db, _):
            for one in sql:
                db.execute(one)

    @contextmanager
    def db(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the plug-in's tables. Nothing may be awaited in it.

        Raises sqlite3.OperationalError when the disk is full, DatabaseError for others' tables.
        """
        if self._put is not None:
            raise RuntimeError("db() within db()")
        with self._core.outbox.together(only(self.prefix, define=False)) as (db, put):
            self._put = put
            try:
                yield db
            finally:
                self._put = None

    # -- doing ----------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Runs it beside; a failure is logged, at the bridge's end it is cancelled."""
        self._core.tasks.spawn(self.name, work, f"{self.name}-{name}")

    def lock(self, call_uid: str) -> AbstractAsyncContextManager[Any]:
        """``async with`` it while something is done to a call outside of a command; a command holds it."""
        return self._core.locks.of(call_uid)

    async def originate(
        self,
        device: str,
        *,
        context: str,
        exten: str,
        call_uid: str | None = None,
        caller: str = "",
        timeout_ms: int = 30000,
        variables: Sequence[str] = (),
        channel_id: str | None = None,
        **known: Any,
    ) -> str:
        """Rings a device and, answered, sends it into the dialplan; returns the channel's unique id.

        How it went is told by OriginateResponse and the call's facts. Raises AmiError.

        :param call_uid: the call that it belongs to; a new one (``facts.uuid7()``) begins with it
        :param channel_id: its unique id, ``cc-`` and a UUID, where it was written down before
        :param known: what the call model is told of the channel: agent, number, name, direction, line, role
        """
        channel_id = (
            f"cc-{encoder.uuid(channel_id.removeprefix('cc-'))}"
            if channel_id
            else f"cc-{uuid.uuid4()}"
        )
        given = list(variables)
        if call_uid:
            self._core.calls.adopt(encoder.uuid(call_uid), channel_id, **known)
            given.append(f"__CC_CALL={call_uid}")
        try:
            return await self._core.ami.originate(
                device,
                context=context,
                exten=exten,
                channel_id=channel_id,
                caller=caller,
                timeout_ms=timeout_ms,
                variables=tuple(given),
            )
        except (AmiError, encoder.Refused):
            self._core.calls.forget(channel_id)
            raise

    def dialplan(self, text: str) -> None:
        """Contexts that the bridge writes behind its own; their names are ``cc-<name>`` or begin with that and -."""
        for line in text.splitlines():
            found = _DIALPLAN.match(line.strip())
            if not found:
                raise ValueError(f"this is no line of a dialplan: {line!r}")
            context = found["context"]
            if context is not None and not (
                context == f"cc-{self.name}" or context.startswith(f"cc-{self.name}-")
            ):
                raise ValueError(f"the context {context!r} is not this plug-in's")
        if not text.lstrip().startswith((f"[cc-{self.name}]", f"[cc-{self.name}-")):
            raise ValueError("a dialplan begins with a context")
        self._core.dialplan[self.name] = text.strip() + "\n"

    def leave(self) -> None:
        """Takes back all that was registered."""
        core = self._core
        core.hub.remove(self.name)
        core.orders.remove(self.name)
        core.sections.remove(self.name)
        core.dialplan.pop(self.name, None)


class CoreKernel(Kernel):
    """For the bridge's own plug-ins: the services too, and events as they are, not copied."""

    def __init__(self, core: Core, name: str) -> None:
        super().__init__(core, name, apart=False)

    @property
    def core(self) -> Core:
        """The services."""
        return self._core
