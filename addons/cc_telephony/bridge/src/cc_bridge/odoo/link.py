# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The conversation with Odoo: hello, facts in order, commands and intent at each bell.

Blocking calls run in threads; five of them, so that a long upload holds up no fact, a big batch no
command or hint, and a plug-in's request none of these.
"""

import asyncio
import contextlib
import logging
import random
import socket
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ..config import OdooSettings
from ..facts import envelope
from ..spool import Fact, Spool
from .client import Hello, OdooClient, OdooError, Who

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 500
# facts that no screen waits for, and how long they wait for those that one does, s
UNHURRIED = frozenset({"call.started", "call.queued", "queue.changed", "recording.ready"})
PATIENCE_S = 0.025
# a ring that is hinted at is on its card already: what the page behind it reads comes first, s
HINTED_S = 0.15
# a pause after each batch, of what it took: at 20 calls/s a fact then costs two thirds, and comes as soon
REST, LONGEST_REST_S = 0.5, 0.1
# of what was left out of the PBX's files: enough to see what is wrong
MOST_TOLD, LONGEST_TOLD = 20, 200
LOOK_EVERY_S = 20.0
#: Hints on their way at most: behind more of them the fact is faster.
MOST_HINTS = 3
# between tries while Odoo is away, s: one bridge that knocks is no load, and people wait for it
_FIRST, _LAST = 0.5, 4.0
# how often a bridge that is not wanted asks again, s
TAKEN_EVERY_S = 5.0


class Ousted(Exception):
    """Another bridge speaks for our PBX now. Two at one PBX would undo each other's work."""


class OdooLink:
    """Run :meth:`run` in a task.

    :param greeting: asterisk, boot_t, connected and error for the hello
    :param on_intent: gets the intent after each hello and each intent bell
    :param on_commands: gets open commands; must pass over those it has seen
    :param left_out: what of the intent did not reach the PBX, a line each
    """

    def __init__(
        self,
        settings: OdooSettings,
        spool: Spool,
        *,
        greeting: Callable[[], dict[str, Any]],
        on_intent: Callable[[dict[str, Any]], Awaitable[None]],
        on_commands: Callable[[list[dict[str, Any]]], Awaitable[None]],
        left_out: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._settings = settings
        self._spool = spool
        self._greeting = greeting
        self._on_intent = on_intent
        self._on_commands = on_commands
        self._left_out = left_out
        # of the health, what must reach Odoo also when no fact goes there
        self._told: tuple[object, ...] = (0, None, ())
        self._facts = OdooClient(settings)
        self._reader = OdooClient(settings)
        self._uploader = OdooClient(settings)
        self._others = OdooClient(settings)
        self._hints = OdooClient(settings)
        self._hinting = 0
        # rings told ahead, by call and revision; until their fact goes
        self._hinted: set[tuple[str, int]] = set()
        self._threads = {
            id(c): ThreadPoolExecutor(1, thread_name_prefix=f"cc-odoo-{name}")
            for name, c in (
                ("facts", self._facts),
                ("look", self._reader),
                ("upload", self._uploader),
                ("plugins", self._others),
                ("hints", self._hints),
            )
        }
        self._loop = asyncio.get_running_loop()
        self._stored = asyncio.Event()
        self._look = asyncio.Event()
        # bells that asked for the intent, and up to which of them it is known
        self._intent_asked = 1
        self._intent_known = 0
        self._taking: set[asyncio.Task[None]] = set()
        self._epoch: int | None = None
        self._greeted = asyncio.Event()
        self._admitted = asyncio.Event()
        self._greeted_once = False
        self._id = self._own_id()
        self._process = uuid.uuid4().hex
        self.last_error: str | None = None

    # -- called by others -----------------------------------------------------------------------

    def facts_stored(self) -> None:
        """There are new facts in the spool."""
        self._stored.set()

    def health_changed(self) -> None:
        """Something of the health may be other than Odoo knows."""
        self._stored.set()

    def bell(self, what: str) -> None:
        """The doorbell rang; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._ring, what)

    def _ring(self, what: str) -> None:
        # while we were not subscribed an intent bell may have been lost
        if what in ("intent", "subscribed"):
            self._intent_asked += 1
        self._look.set()

    def handed(self, epoch: int, command: dict[str, Any]) -> None:
        """A bell carries a command; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._take, epoch, command)

    def _take(self, epoch: int, command: dict[str, Any]) -> None:
        # another bridge may be meant, and the intent is never older than a command that is run
        if epoch != self._epoch or not self._greeted.is_set() or self._intent_due:
            self._look.set()
            return
        task = self._loop.create_task(self._guard("commands", self._on_commands([command])))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    @property
    def _intent_due(self) -> bool:
        return self._intent_known != self._intent_asked

    def odoo_now_us(self) -> int:
        """Odoo's clock, from the latest answer."""
        latest = self._reader if self._reader.skew_us else self._facts
        return time.time_ns() // 1000 + latest.skew_us

    async def admitted(self, within: float) -> None:
        """Waits while Odoo says that another bridge speaks for this PBX.

        :param within: seconds after which an Odoo that says nothing is not waited for: the PBX must be
            served without it too
        """
        while not self._admitted.is_set():
            try:
                async with asyncio.timeout(within):
                    await self._admitted.wait()
            except TimeoutError:
                if not self._unwanted:
                    self._admitted.set()

    @property
    def _unwanted(self) -> bool:
        return bool(self._spool.state("ousted"))

    def _own_id(self) -> str:
        """Of the spool, and of the host: a copied machine has the same spool."""
        own = self._spool.state("bridge")
        if not own:
            own = uuid.uuid4().hex
            self._spool.set_state("bridge", own)
        return f"{own}@{socket.gethostname()}"

    @property
    def greeted(self) -> bool:
        """Whether Odoo knows us by an epoch right now."""
        return self._epoch is not None

    async def upload(
        self, call_uid: str, part: int, sha256: str, duration_ms: int, data: bytes
    ) -> int:
        """Uploads a recording. Raises OdooError."""
        return await self._call(
            self._uploader,
            lambda: self._uploader.recording(call_uid, part, sha256, duration_ms, data),
        )

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A plug-in's request. Raises OdooError."""
        epoch = self._epoch
        if epoch is None:
            raise OdooError("network", "Odoo does not know us at present")
        return await self._call(
            self._others, lambda: self._others.post(path, {"epoch": epoch, **body})
        )

    def hinted(self, hint: Mapping[str, Any]) -> None:
        """The bell has told of a ring: its fact has time, unless something else is told meanwhile."""
        self._hinted.add((hint["call_uid"], hint["rev"]))

    def hint(self, hint: Mapping[str, Any]) -> None:
        """Tells of a ring that the bell can't say; nobody waits for it, and it may be lost."""
        if self._epoch is None or self._hinting >= MOST_HINTS:
            return
        body = {"epoch": self._epoch, "hint": hint}
        self._hinting += 1
        task = self._loop.create_task(self._hint(body))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _hint(self, body: Mapping[str, Any]) -> None:
        try:
            await self._call(self._hints, lambda: self._hints.post("/cc/ring", body))
        except OdooError as error:
            log.debug("odoo: a hint is lost: %s", error)
        finally:
            self._hinting -= 1

    # -- the loops ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Sends and looks until cancelled; what is under way is finished by its thread."""
        tasks = [
            asyncio.create_task(self._send_loop(), name="odoo-facts"),
            asyncio.create_task(self._look_loop(), name="odoo-look"),
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for pool in self._threads.values():
                pool.shutdown(wait=False, cancel_futures=True)
            for client in (self._facts, self._reader, self._uploader, self._others, self._hints):
                client.close()

    async def _send_loop(self) -> None:
        wait = _FIRST
        while True:
            try:
                if self._epoch is None:
                    await self._hello()
                if not await self._send_batch():
                    self._stored.clear()
                    if self._spool.waiting <= 0:
                        await self._stored.wait()
                wait = _FIRST
                continue
            except OdooError as error:
                self._note(error)
                if error.code == "taken":
                    self._spool.set_state("ousted", True)
                    if self._admitted.is_set():
                        raise Ousted(str(error)) from None
                    await asyncio.sleep(TAKEN_EVERY_S * random.uniform(0.8, 1.2))
                    continue
                if error.code != "epoch":
                    self._admitted.set()
            except Exception:  # a full disk, a bug: say it and go on
                log.exception("sending facts failed")
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))
            wait = min(wait * 2, _LAST)

    async def _hello(self) -> None:
        greeting = self._greeting()
        # one that has spoken already, or was sent away, does not push a newer one out
        who = Who(self._id, self._process, again=self._greeted_once or self._unwanted)
        asked = self._intent_asked
        hello: Hello = await self._call(self._facts, lambda: self._facts.hello(**greeting, who=who))
        if self._unwanted:
            log.warning("odoo: the other bridge is gone, this one takes over")
            self._spool.set_state("ousted", None)
        self._greeted_once = True
        self._spool.align(hello.seq)
        self._epoch = hello.epoch
        self._admitted.set()
        self.last_error = None
        log.info("odoo: epoch %d, facts up to %d are there", hello.epoch, hello.seq)
        await self._guard("intent", self._on_intent(hello.intent))
        self._intent_known = asked
        self._greeted.set()
        self._look.set()

    async def _send_batch(self) -> bool:
        """Sends the next facts, or a changed health alone; false when there is nothing to send."""
        facts = await self._due()
        news = self._news()
        if self._epoch is None or (not facts and news == self._told):
            return False
        epoch = self._epoch
        bodies = [
            envelope(
                pbx=self._settings.pbx,
                epoch=epoch,
                seq=f.seq,
                t=f.body["t"],
                kind=f.body["kind"],
                body={k: v for k, v in f.body.items() if k not in ("t", "kind")},
            )
            for f in facts
        ]
        health = self.health(len(facts))
        after = self._spool.acked
        sent = self._loop.time()
        seq, rejected = await self._call(
            self._facts, lambda: self._facts.facts(epoch, bodies, health, after)
        )
        took = self._loop.time() - sent
        if rejected:
            log.error(
                "odoo set %d of %d facts aside (numbers %d to %d)",
                rejected,
                len(facts),
                facts[0].seq,
                facts[-1].seq,
            )
        self._told = news
        if not facts:
            return True
        if seq < facts[0].seq:
            raise OdooError(
                "form", f"Odoo took none of the facts {facts[0].seq} to {facts[-1].seq}"
            )
        self.last_error = None
        self._spool.acknowledge(seq)
        self._hinted -= {ring for fact in facts if (ring := _ring_told(fact))}
        if len(facts) < BATCH:  # what has piled up while Odoo was away goes on without a pause
            await asyncio.sleep(min(took * REST, LONGEST_REST_S))
        return True

    async def _due(self) -> list[Fact]:
        """The next facts, as soon as a screen waits for one of them, or when the others have waited long enough.

        A queue rings its agent some 15 ms after the call came: one request instead of two in a row.
        """
        begun = self._loop.time()
        while True:
            self._stored.clear()
            facts = self._spool.batch(self._spool.acked, BATCH)
            left = begun + self._patience(facts) - self._loop.time()
            if left <= 0:
                return facts
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._stored.wait()

    def _patience(self, facts: Sequence[Fact]) -> float:
        """How long these may wait for more, s."""
        longest = 0.0
        for fact in facts:
            if not (wait := self._wait(fact)):
                return 0.0
            longest = max(longest, wait)
        return longest

    def _wait(self, fact: Fact) -> float:
        """How long this one may wait, s; 0 for what a screen waits for."""
        kind = fact.body["kind"]
        if kind in UNHURRIED:
            return PATIENCE_S
        # the agent's state goes with the ring it is told with
        rings = kind == "agent.state" and fact.body["agent"]["state"] == "ringing"
        return HINTED_S if rings or _ring_told(fact) in self._hinted else 0.0

    def _news(self) -> tuple[object, ...]:
        return self._spool.uploads, self._spool.error, tuple(self._left_out())

    def health(self, going: int = 0) -> dict[str, Any]:
        """What goes along with each batch.

        :param going: how many facts go with it; the others are those that wait
        """
        health: dict[str, Any] = {
            "spool": max(self._spool.waiting - going, 0),
            "t": time.time_ns() // 1000,
            "uploads": self._spool.uploads,
        }
        if self._spool.error:
            health["spool_error"] = self._spool.error
        if left_out := self._left_out():
            health["left_out"] = [line[:LONGEST_TOLD] for line in left_out[:MOST_TOLD]]
        return health

    async def _look_loop(self) -> None:
        while True:
            await self._greeted.wait()
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            if self._news() != self._told:
                self.health_changed()
            if self._epoch is None:
                continue
            try:
                await self._look_once(self._epoch)
            except OdooError as error:
                self._intent_asked += 1
                self._note(error)
                await asyncio.sleep(_FIRST)
            except Exception:  # an answer that we don't understand must not end the bridge
                log.exception("looking for commands failed")
                await asyncio.sleep(_FIRST)

    async def _look_once(self, epoch: int) -> None:
        # the intent first: it is never older than a command that was run
        if self._intent_due:
            asked = self._intent_asked
            intent = await self._call(self._reader, lambda: self._reader.intent(epoch))
            await self._guard("intent", self._on_intent(intent))
            self._intent_known = asked
        commands = await self._call(self._reader, lambda: self._reader.commands(epoch))
        if commands:
            await self._guard("commands", self._on_commands(commands))

    def _note(self, error: OdooError) -> None:
        """Says what went wrong, once for each new trouble, and forgets an epoch that is over."""
        text = f"{error.code}: {error}"
        if text != self.last_error:
            if error.code == "token":
                log.error(
                    "odoo refuses our token: the PBX's uuid or secret is wrong, or the clocks "
                    "differ by minutes (%s)",
                    error,
                )
            elif error.code == "taken":
                log.error("odoo: %s; this bridge keeps its hands off the PBX", error)
            else:
                log.warning("odoo: %s", text)
        self.last_error = text
        if error.code == "epoch":
            self._epoch = None
            self._greeted.clear()
            self._stored.set()

    async def _call(self, client: OdooClient, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._threads[id(client)], work)

    @staticmethod
    async def _guard(what: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:  # what people want must not stop the facts
            log.exception("%s failed", what)


def _ring_told(fact: Fact) -> tuple[str, int] | None:
    """The call and its revision, where the fact tells of a ring."""
    if fact.body["kind"] != "call.ringing":
        return None
    call = fact.body["call"]
    return call["call_uid"], call["rev"]
