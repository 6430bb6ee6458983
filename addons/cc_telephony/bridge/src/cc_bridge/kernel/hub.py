# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who hears of what. A listener that raises costs nobody else anything.

Those from outside hear of an event once all that it brought is told: what they store then is not stored in the
middle of it.
"""

import asyncio
import inspect
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..events import Event
from ..facts import CallFact
from .forms import AgentChange

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])
#: By a channel's unique id what is known of it, in the words of CallModel.adopt; None for others' channels.
Recall = Callable[[str], Mapping[str, Any] | None]

#: One listener's faults are told in full once in so many seconds.
TOLD_EVERY_S = 60.0


class Guard:
    """Calls what others wrote."""

    def __init__(self) -> None:
        # owner and hook to when it was told last, and how many were not told since
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def call(self, owner: str, what: str, do: Callable[..., Any], *args: Any) -> Any:
        """Returns what it returns; None when it raised."""
        try:
            return do(*args)
        except (Exception, SystemExit):
            self.note(owner, what, args[0] if args else None)
            return None

    def note(self, owner: str, what: str, about: object = None) -> None:
        """Logs the exception that is being handled, but not a thousand times."""
        at, untold = self._told.get((owner, what), (-TOLD_EVERY_S, 0))
        now = time.monotonic()
        if now - at < TOLD_EVERY_S:
            self._told[owner, what] = (at, untold + 1)
            return
        self._told[owner, what] = (now, 0)
        log.exception(
            "plug-in %s: %s failed%s: %.500r",
            owner,
            what,
            f" ({untold} times more since it was told last)" if untold else "",
            about,
        )


@dataclass(frozen=True, slots=True)
class Hook(Generic[F]):
    """One listener; ``n`` is its place in the order of registration."""

    n: int
    owner: str
    do: F
    #: from outside: gets a copy of what is told, at the event's end
    apart: bool = False


class Hub:
    """Listeners by what they listen to, called in the order in which they came."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._count = itertools.count()
        self._events: dict[str | None, list[Hook[Callable[[Event], object]]]] = {}
        self._for: dict[str, tuple[Hook[Callable[[Event], object]], ...]] = {}
        self._calls: list[Hook[Callable[[CallFact], object]]] = []
        self._agents: list[Hook[Callable[[AgentChange], object]]] = []
        self._connected: list[Hook[Callable[[], Awaitable[None]]]] = []
        self._disconnected: list[Hook[Callable[[], object]]] = []
        self._recall: list[Hook[Recall]] = []
        # what those from outside are to be told
        self._due: list[tuple[Hook[Any], str, Any]] = []
        self._scheduled: asyncio.Handle | None = None

    # -- registration ---------------------------------------------------------------------------

    def on_event(
        self, owner: str, name: str | None, do: Callable[[Event], object], *, apart: bool = False
    ) -> None:
        """AMI events of this name; None: all."""
        self._events.setdefault(name, []).append(self._hook(owner, do, apart))
        self._for.clear()

    def on_call(self, owner: str, do: Callable[[CallFact], object], *, apart: bool = False) -> None:
        """Each fact about a call."""
        self._calls.append(self._hook(owner, do, apart))

    def on_agent_state(
        self, owner: str, do: Callable[[AgentChange], object], *, apart: bool = False
    ) -> None:
        """Each change of an agent."""
        self._agents.append(self._hook(owner, do, apart))

    def on_connected(self, owner: str, do: Callable[[], Awaitable[None]]) -> None:
        """After each login, once the PBX's calls and agents are known."""
        if not inspect.iscoroutinefunction(do):
            raise TypeError("a handler for on_connected is a coroutine function")
        self._connected.append(Hook(next(self._count), owner, do))

    def on_disconnected(self, owner: str, do: Callable[[], object]) -> None:
        """After each loss of the PBX, and each try that failed."""
        self._disconnected.append(self._hook(owner, do))

    def on_recall(self, owner: str, do: Recall) -> None:
        """Who may know a channel that nobody heard of."""
        self._recall.append(self._hook(owner, do))

    def _hook(self, owner: str, do: F, apart: bool = False) -> Hook[F]:
        if inspect.iscoroutinefunction(do):
            raise TypeError("a handler is a plain function: what takes time is spawned")
        return Hook(next(self._count), owner, do, apart)

    def remove(self, owner: str) -> None:
        """Nothing is told to this one any more."""
        lists: list[list[Hook[Any]]] = [
            *self._events.values(),
            self._calls,
            self._agents,
            self._connected,
            self._disconnected,
            self._recall,
        ]
        for hooks in lists:
            hooks[:] = [hook for hook in hooks if hook.owner != owner]
        self._due = [due for due in self._due if due[0].owner != owner]
        self._for.clear()

    # -- asking ---------------------------------------------------------------------------------

    def recall(self, uid: str) -> Mapping[str, Any] | None:
        """What the first who knows this channel says of it."""
        for hook in self._recall:
            known: Mapping[str, Any] | None = self._guard.call(hook.owner, "recall", hook.do, uid)
            if known is not None:
                return known
        return None

    # -- telling --------------------------------------------------------------------------------

    def event(self, event: Event, name: str) -> None:
        """An AMI event has come."""
        hooks = self._for.get(name)
        if hooks is None:
            both = [*self._events.get(name, ()), *self._events.get(None, ())]
            hooks = tuple(sorted(both, key=lambda hook: hook.n))
            # names come from the PBX, as many as it likes
            if len(self._for) > 500:
                self._for.clear()
            self._for[name] = hooks
        for hook in hooks:
            told = Event(event) if hook.apart else event
            self._tell(hook, f"listener to {name}", told)

    def call(self, fact: CallFact, copied: Callable[[CallFact], CallFact]) -> None:
        """A call has come on. ``copied`` makes a fact that may be changed."""
        for hook in list(self._calls):
            told = copied(fact) if hook.apart else fact
            self._tell(hook, "listener to calls", told)

    def agent(self, change: AgentChange) -> None:
        """An agent's state is another."""
        for hook in list(self._agents):
            self._tell(hook, "listener to agents", change)

    def _tell(self, hook: Hook[Any], what: str, told: Any) -> None:
        if not hook.apart:
            self._guard.call(hook.owner, what, hook.do, told)
            return
        self._due.append((hook, what, told))
        if self._scheduled is None:
            self._scheduled = asyncio.get_running_loop().call_soon(self.settle)

    def settle(self) -> None:
        """Those from outside are told now, in the order in which it happened."""
        if self._scheduled is not None:
            self._scheduled.cancel()
            self._scheduled = None
        while self._due:
            due, self._due = self._due, []
            for hook, what, told in due:
                self._guard.call(hook.owner, what, hook.do, told)

    def connected(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Who is to be run now that the PBX is there."""
        return [(hook.owner, hook.do) for hook in self._connected]

    def disconnected(self) -> None:
        """The PBX is gone."""
        for hook in list(self._disconnected):
            self._guard.call(hook.owner, "listener to the loss of the PBX", hook.do)
