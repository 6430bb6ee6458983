# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agents: live states, their wrap-up timers, and the queue membership that follows from them.

The machine says what an agent's state is; :meth:`AgentService.sync` has the PBX brought to it (``on_pbx.py``).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from typing import Any

from cc_contract.destinations import AGENT, PHONE
from cc_contract.states import load

from .. import encoder
from ..ami import AmiError, AmiTransport
from ..clock import PbxClock
from ..destinations import Destinations, level_of
from ..dialling import DialRules
from ..outbox import Outbox
from ..pbx_config.generate import device_of
from ..tasks import Tasks
from .declined import REST_S, Declined
from .involvement import Involvement
from .machine import MICRO, Agent, IllegalMove, Machine
from .members import QueueTable
from .on_pbx import OnPbx
from .phones import Phones
from .unanswered import Unanswered
from .watch import PhoneWatch

log = logging.getLogger(__name__)
_OWNER = "agents"
#: Beginning of the names of their states in the spool.
STORED = "agent:"

__all__ = ["AgentService", "IllegalMove"]


async def _nothing() -> None:
    """Nobody asked to be told."""


class AgentService:
    """All agents of this PBX.

    :param endpoints: SIP endpoint to agent number; kept up to date for the call model
    """

    def __init__(
        self,
        ami: AmiTransport,
        outbox: Outbox,
        clock: PbxClock,
        queues: QueueTable,
        endpoints: dict[str, str],
        tasks: Tasks,
    ) -> None:
        self._ami = ami
        self._outbox = outbox
        self._clock = clock
        self._queues = queues
        self._endpoints = endpoints
        self._agents: dict[str, Agent] = {}
        self._intent: dict[str, Any] = {}
        #: how outside numbers are dialled, by the newest intent
        self.rules = DialRules({})
        #: where who may call, by the newest intent
        self.destinations = Destinations({})
        self._levels: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._cleared: set[str] = set()
        self._tasks = tasks
        self._involved = Involvement()
        self._declined = Declined()
        self._unanswered = Unanswered()
        self.phones = Phones()
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._machine = Machine(load(), self._wrap_up_s, self._wrap_up_more)
        self._on_pbx = OnPbx(ami, queues)
        self._watch = PhoneWatch(
            clock.now_us, self.reachable, self._report, lambda agent: self.on_change(agent)
        )
        self.on_devices: Callable[[], Awaitable[None]] = _nothing
        #: told each change of an agent, and of whether their phone is there
        self.on_change: Callable[[Agent], None] = lambda _: None
        outbox.provide_each(STORED, self.snapshot)

    # -- what is kept ---------------------------------------------------------------------------

    def snapshot(self, number: str) -> dict[str, Any] | None:
        """For the spool: one agent, for at each change of anybody all of them are too much."""
        agent = self._agents.get(number)
        return agent.dump() if agent is not None else None

    def _changed(self, agent: Agent) -> None:
        """What is remembered of them is to be stored, told or not."""
        self._outbox.touch(STORED + agent.agent)

    def restore(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """From the spool; timers start again, those whose time is over fire at once."""
        for row in rows:
            agent = Agent.load(row)
            self._agents[agent.agent] = agent
            self._endpoint(agent)
            self._set_timer(agent)

    def get(self, number: str) -> Agent | None:
        """An agent who is signed in, or None."""
        agent = self._agents.get(number)
        return agent if agent and agent.signed_in else None

    def signed_in(self) -> list[Agent]:
        """All agents who are signed in."""
        return [agent for agent in self._agents.values() if agent.signed_in]

    def reachable(self, number: str) -> bool:
        """False when the PBX has said that this agent's phone is not there.

        The queues know it of their members, whose marks the dialplan holds; the phone's own state says it of
        those who are in no queue.
        """
        there = self._queues.of_agent(number).values()
        if there:
            return not any(member.status in ("unavailable", "invalid") for member in there)
        agent = self.get(number)
        return agent is None or self.phones.there(agent.extension or "")

    def phone_changed(self, endpoint: str) -> None:
        """The PBX has told that a phone came or went."""
        there = {"extension": endpoint, "there": self.phones.there(endpoint)}
        self._outbox.put("phone.changed", self._clock.now_us(), {"phone": there})
        number = self._endpoints.get(endpoint)
        if number is not None:
            self.member_changed(number)

    def member_changed(self, number: str) -> None:
        """The PBX has told something of this agent as a queue's member."""
        agent = self.get(number)
        if agent is None:
            return
        self._watch.changed(agent)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The PBX's settings in the intent."""
        found: Mapping[str, Any] = self._intent.get("settings") or {}
        return found

    def at(self, extension: str) -> str | None:
        """The agent who is signed in at this SIP endpoint."""
        return self._endpoints.get(extension)

    def device(self, agent: Agent) -> str:
        """How Asterisk reaches them (``PJSIP/w1001``); an empty string when it can't be said, or must not be."""
        if agent.device == "mobile" and not self.may_call(agent.agent, agent.extension or ""):
            return ""
        return device_of({"device": agent.device, "extension": agent.extension}, self.rules)

    def devices(self) -> dict[str, str]:
        """Agent number to device, for the hints."""
        return {a.agent: self.device(a) for a in self._agents.values() if a.signed_in}

    def may_call(self, number: str | None, called: str) -> bool:
        """Whether an agent (None: no agent, as everybody) may have a number outside called."""
        level = AGENT if number is None else self._levels.get(number, PHONE)
        return self.destinations.may(called, level)

    # -- what people want -----------------------------------------------------------------------

    def know_intent(self, intent: Mapping[str, Any]) -> None:
        """Takes queues and settings from an intent that may be old: nobody is signed in or out by it."""
        self._intent = dict(intent)
        self.rules = DialRules(self.settings)
        self.destinations = Destinations(self.settings)
        self._levels = {
            str(row["agent"]): level_of(row.get("may", "agent"))
            for row in intent.get("agents") or ()
        }

    def set_intent(self, intent: Mapping[str, Any]) -> None:
        """Takes the intent: signs in and out what differs. The owner then reconciles."""
        self.know_intent(intent)
        rows = {str(row["agent"]): row for row in intent.get("agents") or ()}
        for number, row in rows.items():
            known = self._agents.get(number)
            if known is not None and not known.signed_in and known.done == row.get("session"):
                continue  # signed out after a call; Odoo has yet to hear of it
            if row.get("session") is not None:
                self._sign_in(number, row.get("device"), row.get("extension"), row["session"], row)
        for agent in list(self._agents.values()):
            if agent.signed_in and (rows.get(agent.agent) or {}).get("session") is None:
                self._sign_out(agent)

    async def sign_in(self, number: str, device: str, extension: str, session: int) -> None:
        """Signs an agent in; a sign-in elsewhere ends. Raises encoder.Refused or AmiError."""
        rows: Iterable[dict[str, Any]] = self._intent.get("agents") or ()
        row = next((r for r in rows if str(r["agent"]) == number), {})
        self._sign_in(encoder.agent(number), device, extension, session, row)
        # the hint must watch their device before the queue asks it
        await self.on_devices()
        await self._sync_now(number)

    async def sign_out(self, number: str, session: int | None) -> None:
        """Signs an agent out; an older session than their present one changes nothing."""
        agent = self._agents.get(number)
        if agent is None or (session is not None and agent.session != session):
            return
        self._sign_out(agent)
        await self._sync_now(number)

    async def set_state(self, number: str, state: str, reason: str | None) -> None:
        """The agent's own wish. Raises IllegalMove, KeyError (not signed in) or AmiError."""
        agent = self.get(number)
        if agent is None:
            raise KeyError(number)
        self._unanswered.is_there(number)
        if self._machine.ask(agent, self._clock.now_us(), state, reason):
            self._report(agent)
        await self._sync_now(number)

    def choose_next(self, number: str, state: str | None, reason: str | None) -> None:
        """What comes after their call and its wrap-up. Raises IllegalMove, KeyError (not signed in)."""
        agent = self.get(number)
        if agent is None:
            raise KeyError(number)
        if self._machine.choose_next(agent, state, reason):
            self._report(agent)

    async def finish(self, number: str) -> None:
        """Ends their wrap-up. Raises IllegalMove, KeyError (not signed in) or AmiError."""
        agent = self.get(number)
        if agent is None:
            raise KeyError(number)
        if self._machine.finish(agent, self._clock.now_us()):
            self._report(agent)
            self._gone_out(agent)
        await self._sync_now(number)

    def _gone_out(self, agent: Agent) -> None:
        """Whom a choice made before has just signed out is forgotten like anybody who signs out."""
        if not agent.signed_in:
            agent.queues = {}
            self._endpoint(agent)

    def prolong(self, number: str) -> None:
        """More time for their wrap-up. Raises IllegalMove, KeyError (not signed in)."""
        agent = self.get(number)
        if agent is None:
            raise KeyError(number)
        if self._machine.prolong(agent, self._clock.now_us()):
            self._report(agent)

    # -- what calls do --------------------------------------------------------------------------

    def call_changed(
        self, call: Mapping[str, Any], t: int | None, talking_on: Mapping[str, str] | None = None
    ) -> None:
        """Takes a call's newest state.

        :param talking_on: agents who talk on though the call has ended, each with their channel's unique id
        """
        for number in self._declined.newly(call):
            self._rest(number)
        rung_out = self._unanswered.newly(call)
        for number, uid in (talking_on or {}).items():
            # also who has signed out meanwhile: their phone is not free when they come back
            agent = self._agents.setdefault(number, Agent(number))
            agent.talks_on, agent.talks_on_in = uid, call["call_uid"]
            self._changed(agent)
            if agent.signed_in:
                self._report(agent)
        for number in self._involved.update(call, talking_on or ()):
            self._calls_moved(number, t)
        for number, queue, times in rung_out:
            self._rang_out(number, queue, times, t)

    def _rang_out(self, number: str, queue: str, times: int, t: int | None) -> None:
        """Who lets as many of a queue's calls ring out as its setting says is set aside."""
        agent, limit = self.get(number), self._queue_number(queue, "miss_limit")
        if agent is None or not 0 < limit <= times:
            return
        reason = self.settings.get("not_answering")
        at = self._clock.now_us() if t is None else t
        if self._machine.set_aside(agent, at, reason if isinstance(reason, str) else ""):
            self._unanswered.is_there(number)
            self._report(agent)
            self.sync(number)

    def talking_on(self, number: str) -> str | None:
        """The channel on which an agent talks on though their call has ended."""
        agent = self._agents.get(number)
        return agent.talks_on if agent is not None else None

    def channel_gone(self, uid: str) -> None:
        """A channel has hung up: who talked on there does so no more."""
        for agent in self._agents.values():
            if agent.talks_on == uid:
                self._talks_on_no_more(agent)
                self._calls_moved(agent.agent, None)

    def _talks_on_no_more(self, agent: Agent) -> None:
        if agent.talks_on_in is not None:
            self._involved.gone(agent.agent, agent.talks_on_in)
        agent.talks_on = agent.talks_on_in = None
        self._changed(agent)

    def _rest(self, number: str) -> None:
        """They have rejected a queue's call: the queues pass them over for a while."""
        if number in self._agents:
            old = self._resting.pop(number, None)
            if old is not None:
                old.cancel()
            self._resting[number] = asyncio.get_running_loop().call_later(
                REST_S, self._rested, number
            )
            self.sync(number)

    def _rested(self, number: str) -> None:
        self._resting.pop(number, None)
        self.sync(number)

    def call_passed(self, call: Mapping[str, Any]) -> None:
        """A whole call that nobody told us of: those who talked in it were on the phone meanwhile.

        Only if nothing is known of them since: what has been said of an agent's time remains.
        """
        for leg in call["legs"]:
            agent = self.get(leg["number"] or "") if leg["role"] == "agent" else None
            if agent is None or leg["joined_t"] is None or agent.since > leg["joined_t"]:
                continue
            ringing, talking, _ = self._involved.of(agent.agent)
            if ringing or talking:
                continue
            self._timeout_at(agent, leg["joined_t"])
            queue = call["queue"]
            for t, uid in ((leg["joined_t"], call["call_uid"]), (leg["left_t"], None)):
                if self._machine.calls(agent, t, ringing=None, talking=uid, queue=queue):
                    self._report(agent)
            self.sync(agent.agent)

    def _timeout_at(self, agent: Agent, t: int) -> None:
        """A wrap-up that was over by then ended in its own time."""
        if self._machine.timeout(agent, t):
            self._report(agent)

    def calls_are(self, calls: Iterable[Mapping[str, Any]], channels: Container[str] = ()) -> None:
        """Takes all open calls for the whole truth, after a resync.

        :param channels: unique ids of what the PBX has
        """
        self._involved = Involvement()
        self._unanswered = Unanswered()
        for agent in self._agents.values():
            if agent.talks_on is None:
                continue
            if agent.talks_on in channels and agent.talks_on_in is not None:
                self._involved.talk_on(agent.agent, agent.talks_on_in, agent.queue_call)
            else:
                self._talks_on_no_more(agent)
        for call in calls:
            self._involved.update(call)
            self._unanswered.newly(call)
        for number in list(self._agents):
            self._calls_moved(number, None)
            self.member_changed(number)

    def _calls_moved(self, number: str, t: int | None) -> None:
        agent = self._agents.get(number)
        if agent is None:
            return
        at = self._clock.now_us() if t is None else t
        ringing, talking, queue = self._involved.of(number)
        self._changed(agent)
        if self._machine.calls(agent, at, ringing=ringing, talking=talking, queue=queue):
            self._report(agent)
            self._gone_out(agent)
            self.sync(number)

    def call_of(self, number: str) -> str | None:
        """The call that holds an agent: the one they talk in, else the one that rings."""
        ringing, talking, _ = self._involved.of(number)
        return talking or ringing

    # -- the PBX --------------------------------------------------------------------------------

    async def reconcile(self) -> None:
        """Brings all members on the PBX to what the states say."""
        if not self._ami.connected:
            return
        for number in sorted(set(self._agents) | self._queues.agents()):
            try:
                await self._sync_now(number)
            except (AmiError, encoder.Refused) as error:
                log.error("agent %s: %s", number, error)

    async def reset_marks(self, busy: set[str], *, all_again: bool) -> None:
        """Clears the dialplan's marks of agents who are in no call: they outlive a restart of the PBX.

        :param all_again: after a login; else only those of agents that were not known before
        """
        if all_again:
            self._cleared.clear()
        known = set(self._agents) | {str(r["agent"]) for r in self._intent.get("agents") or ()}
        for number in sorted(known - busy - self._cleared):
            for mark in ("ag", "al"):
                await self._on_pbx.mark(mark, number, "UNAVAILABLE")
            self._cleared.add(number)

    async def mark_busy(self, number: str, on: bool) -> None:
        """Keeps the queues from an agent whose own call does not ring at their phone yet; or lets them again."""
        if on or self._involved.of(number)[1] is None:
            await self._on_pbx.mark("al", number, "INUSE" if on else "UNAVAILABLE")

    def sync(self, number: str) -> None:
        """Brings one agent's membership to their state, in the background."""
        if self._ami.connected:
            # what is not done the next reconnect does
            self._tasks.spawn(
                _OWNER,
                self._sync_now(number),
                f"agent-{number}",
                expected=(AmiError, encoder.Refused),
            )

    async def _sync_now(self, number: str) -> None:
        async with self._locks.setdefault(number, asyncio.Lock()):
            agent = self._agents.get(number) or Agent(number)
            paused = self._machine.paused(agent) or number in self._resting
            await self._on_pbx.put(agent, self.device(agent) if agent.signed_in else "", paused)
            listed = (str(row["extension"]) for row in self._intent.get("extensions") or ())
            await self._on_pbx.put_phones(listed, self._endpoints)

    async def phone_is_back(self, endpoint: str) -> None:
        """A phone has registered: if somebody is signed in at it, it is asked at once."""
        if endpoint in self._endpoints:
            await self._on_pbx.qualify(endpoint)

    def forget_pbx(self) -> None:
        """After a reconnect nothing is taken for known that only we wrote."""
        self._on_pbx.forget()

    # -- moves ----------------------------------------------------------------------------------

    def _sign_in(
        self,
        number: str,
        device: str | None,
        extension: str | None,
        session: int,
        row: Mapping[str, Any],
    ) -> None:
        agent = self._agents.setdefault(number, Agent(number))
        agent.queues = {
            str(q["queue"]): int(q.get("penalty") or 0) for q in row.get("queues") or ()
        }
        self._changed(agent)
        if agent.signed_in and (agent.session, agent.device, agent.extension) == (
            session,
            device,
            extension,
        ):
            return
        t = self._clock.now_us()
        if self._machine.sign_out(agent, t):
            self._report(agent)
        self._machine.sign_in(agent, t, session=session, device=device, extension=extension)
        self._endpoint(agent)
        self._report(agent)
        self._calls_moved(number, None)
        self._watch.look(agent)

    def _sign_out(self, agent: Agent) -> None:
        if self._machine.sign_out(agent, self._clock.now_us()):
            self._report(agent)
            self._gone_out(agent)

    def _endpoint(self, agent: Agent) -> None:
        # of the phone where they were before they are not the agent any more
        for phone in [e for e, a in self._endpoints.items() if a == agent.agent]:
            del self._endpoints[phone]
        if agent.signed_in and agent.extension and agent.device != "mobile":
            self._endpoints[agent.extension] = agent.agent

    def _report(self, agent: Agent) -> None:
        self._outbox.put("agent.state", agent.since, {"agent": agent.fact()})
        self._changed(agent)
        self._set_timer(agent)
        self._watch.tell(agent)

    def _set_timer(self, agent: Agent) -> None:
        old = self._timers.pop(agent.agent, None)
        if old is not None:
            old.cancel()
        if agent.state == "wrap_up" and agent.until is not None:
            wait = max(agent.until - self._clock.now_us(), 0) / MICRO
            self._timers[agent.agent] = asyncio.get_running_loop().call_later(
                wait, self._timeout, agent
            )

    def _timeout(self, agent: Agent) -> None:
        self._timers.pop(agent.agent, None)
        if self._machine.timeout(agent, self._clock.now_us()):
            self._report(agent)
            self._gone_out(agent)
            self.sync(agent.agent)
        else:
            self._set_timer(agent)

    def _wrap_up_s(self, queue: str) -> int:
        if not queue:
            direct = self.settings.get("wrap_up_direct_s")
            return direct if type(direct) is int and 0 <= direct <= 3600 else 0
        return self._queue_number(queue, "wrap_up_s")

    def _queue_number(self, queue: str, name: str) -> int:
        rows: Iterable[dict[str, Any]] = self._intent.get("queues") or ()
        row = next((q for q in rows if q["queue"] == queue), {})
        value = row.get(name)
        return value if type(value) is int and value > 0 else 0

    def _wrap_up_more(self) -> int:
        more = self.settings.get("wrap_up_more")
        return more if type(more) is int and 0 <= more <= 100 else 0

    async def close(self) -> None:
        """Stops timers and waits for what is under way."""
        for timer in (*self._timers.values(), *self._resting.values()):
            timer.cancel()
        self._watch.close()
        await self._tasks.finish(_OWNER)
