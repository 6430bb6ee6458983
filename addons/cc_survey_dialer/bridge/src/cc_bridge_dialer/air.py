# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is in the air: dialled numbers, followed by the PBX's events to their end."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from cc_bridge.encoder import Refused
from cc_bridge.plugins import CallFact, Event, Kernel, text

from .attempts import REFUSALS, Attempt, Store, outcome
from .campaign import Campaign
from .ears import Ears
from .lines import DEAD, QUICK_S, LineState
from .sounds import Sounds

log = logging.getLogger(__name__)

#: A refusal is judged so much later: whether a burst of them makes it the carrier's; seconds.
JUDGE_S = 2.0
#: A failed Originate without a channel for so long had none; seconds.
NO_CHANNEL_S = 1.0
#: Open attempts are compared with live channels so often; one without a channel for so long is over.
COMPARE_S, LOST_S = 5.0, 8.0
#: A refusal later than this is the person's or their network's, not the carrier's; seconds.
_CARRIER_S = 10
_MICRO = 1_000_000


class Air:
    """All attempts that were dialled and are not over, and the lines that they use.

    :param campaigns: those at work, by number; their pacers are told
    :param sounds: where recordings of announcements come from
    :param wake: called when there may be something to dial
    """

    def __init__(
        self,
        kernel: Kernel,
        store: Store,
        campaigns: dict[int, Campaign],
        sounds: Sounds,
        wake: Callable[[], None],
    ) -> None:
        self.kernel, self.store, self.campaigns, self._wake = kernel, store, campaigns, wake
        self.ears = Ears(kernel, sounds, self._announced)
        self.lines: dict[str, LineState] = {}
        self.by_channel = {one.channel: one for one in store.open.values() if one.flying}
        self.by_call = {one.call_uid: one for one in store.open.values() if one.flying}
        self._not_listened()
        #: ended by a refusal that may be the carrier's: attempt, cause, when, seconds after dialling
        self._to_judge: deque[tuple[Attempt, int | None, int, float, float]] = deque()
        #: Originates that came to nothing, unless a channel turns up: attempt, when, when it was heard
        self._refused: deque[tuple[Attempt, int, float]] = deque()
        self._missing: dict[str, float] = {}
        #: numbers in a row, by line, that ended without a word from it
        self._silent: dict[str, list[Attempt]] = {}
        #: whether the PBX tells such words: what rings without one has them filtered out
        self._tells, self._rang = True, set[str]()
        #: campaigns of which it was told that the PBX has no AMD
        self._without_amd: set[int] = set()
        self.connected = False
        for name in ("Newchannel", "Newstate", "DialState", "Hangup", "UserEvent", "AgentConnect"):
            kernel.on_event(name, getattr(self, f"_on_{name.lower()}"))
        kernel.on_event("OriginateResponse", self._on_response)
        kernel.on_call(self._on_call)
        kernel.on_recall(self._recall)
        kernel.on_connected(self._on_connected)
        kernel.on_disconnected(self._on_disconnected)

    def sent(self, attempts: list[Attempt], now: float) -> None:
        """These are being dialled."""
        for one in attempts:
            self.by_channel[one.channel] = one
            self.by_call[one.call_uid] = one
            self._missing[one.lease] = now

    def on_line(self, code: str, chosen: Iterable[Attempt]) -> int:
        """How many calls a line has, with those that were chosen for it and are not sent yet."""
        return sum(one.line == code for one in (*self.by_channel.values(), *chosen))

    def line(self, code: str) -> LineState:
        """A line's rate and health."""
        return self.lines.setdefault(code, LineState())

    def _t(self, event: Event) -> int:
        """When the event happened, not when its turn came: a busy bridge reads it late."""
        return self.kernel.clock.now_us() if event.t is None else event.t

    def _recall(self, uid: str) -> dict[str, Any] | None:
        """Whose channel it is, for the call model when only the PBX's records tell of it."""
        lease = uid.removeprefix("cc-")
        one = None if lease == uid else self.store.open.get(lease) or self.store.ended(lease)
        if one is None or not one.call_uid:
            return None
        return {
            "call_uid": one.call_uid,
            "direction": "outbound",
            "number": one.number,
            "line": one.line,
        }

    def _of(self, event: Event) -> Attempt | None:
        return self.by_channel.get(text(event, "Uniqueid"))

    def _on_newchannel(self, event: Event) -> None:
        if (one := self._of(event)) is not None:
            self._missing.pop(one.lease, None)
            self.ears.begin(one, text(event, "Channel"))

    def _announced(self, one: Attempt, name: str, outcome: str) -> None:
        """The network has said what became of a number that is over."""
        log.info("lease %s: %s is %s, it said %r", one.lease, one.outcome, outcome, name)
        if one.outcome == "machine" and (campaign := self.campaigns.get(one.campaign)) is not None:
            campaign.pacer.recall(time.monotonic(), [(0.0, 0, 0, -1)])
        one.announcement, one.outcome = name, outcome
        self.store.keep([one], now_s=time.time())

    def _on_newstate(self, event: Event) -> None:
        one = self._of(event)
        if one is None:
            return
        self._missing.pop(one.lease, None)
        state = text(event, "ChannelStateDesc")
        if state in ("Ringing", "Up"):
            if state == "Ringing" and not one.heard:
                self._rang.add(one.lease)
            self._alive(one)
        if state == "Ringing" and one.ring_t is None and one.state == "sent":
            one.ring_t = self._t(event)
        elif state == "Up" and one.state == "sent":
            self._answered(one, self._t(event))

    def _on_dialstate(self, event: Event) -> None:
        self._tells = True
        if (one := self.by_channel.get(text(event, "DestUniqueid"))) is not None:
            self._rang.discard(one.lease)
            self._alive(one)

    def _not_listened(self) -> None:
        """What the lines have said of these so far nobody was there to hear: it is no silence of theirs."""
        for one in self.by_channel.values():
            one.heard = True

    def _alive(self, one: Attempt) -> None:
        one.heard = True
        self._silent.pop(one.line, None)

    def _no_sign(self, one: Attempt) -> None:
        """Nobody came, and the line has said nothing of it: some of these in a row, and it is dead.

        That was nobody's try, of those before neither.
        """
        silent = self._silent.setdefault(one.line, [])
        silent.append(one)
        if len(silent) < DEAD:
            return
        for lost in silent:
            lost.outcome, lost.counts = "failed", False
        self.store.keep([lost for lost in silent if lost is not one], now_s=time.time())
        del silent[:-DEAD]
        if self.line(one.line).rest(time.monotonic()):
            self.alarm(one.campaign, one.line, "trunk_down", "")

    def _answered(self, one: Attempt, t: int) -> None:
        one.state, one.answered_t = "answered", t
        campaign = self.campaigns.get(one.campaign)
        if campaign is None or campaign.plan.amd is None:
            self._person(one, t)
        self.store.keep([one], now_s=time.time())
        self._wake()

    def _person(self, one: Attempt, t: int) -> None:
        if one.person_t is not None or one.outcome == "machine":
            return
        one.person_t = t
        if (campaign := self.campaigns.get(one.campaign)) is not None:
            rang = ((one.answered_t or t) - (one.dialled_t or t)) / _MICRO
            campaign.pacer.observe("person", rang, time.monotonic())

    def _on_userevent(self, event: Event) -> None:
        if text(event, "UserEvent") != "CCDialer":
            return
        one = self.store.open.get(text(event, "Lease"))
        if one is None or not one.flying:
            return
        t, step = self._t(event), text(event, "Step")
        if one.state == "sent":
            self._answered(one, t)
        if step == "amd":
            one.amd = {"status": text(event, "Status"), "cause": text(event, "Cause"), "t": t}
            if not one.amd["status"] and one.campaign not in self._without_amd:
                self._without_amd.add(one.campaign)
                self.alarm(one.campaign, None, "amd", "")
            if one.amd["status"] == "MACHINE":
                one.outcome = "machine"
                if (campaign := self.campaigns.get(one.campaign)) is not None:
                    rang = ((one.answered_t or t) - (one.dialled_t or t)) / _MICRO
                    campaign.pacer.observe("machine", rang, time.monotonic())
            elif one.amd["status"] != "HANGUP":
                self._person(one, t)
        elif step == "served":
            self._person(one, t)
            one.served = True
        elif step == "nobody":
            one.message_t = t
            if one.outcome is None and one.agent_t is None:
                one.abandoned = True
                self._person(one, t)
                if (campaign := self.campaigns.get(one.campaign)) is not None:
                    waited = (t - (one.person_t or t)) / _MICRO
                    campaign.pacer.observe("abandoned", waited, time.monotonic())
        else:
            return
        self.store.keep([one], now_s=time.time())
        self._wake()

    def _on_agentconnect(self, event: Event) -> None:
        if (one := self._of(event)) is None or one.agent_t is not None:
            return
        name = text(event, "Interface").removeprefix("Local/").partition("@")[0]
        self._with_agent(one, name, self._t(event))

    def _with_agent(self, one: Attempt, agent: str, t: int) -> None:
        one.agent, one.agent_t = agent, t
        if one.state == "sent":
            self._answered(one, t)
        self._person(one, t)
        self.store.keep([one], now_s=time.time())
        self._wake()

    def _on_hangup(self, event: Event) -> None:
        one = self._of(event)
        if one is None:
            return
        cause = text(event, "Cause")
        self._over(one, int(cause) if cause.isdigit() else None, self._t(event))

    def _on_response(self, event: Event) -> None:
        """An Originate that came to nothing before it had a channel."""
        if text(event, "Response") != "Failure":
            return
        one = self._of(event)
        if one is None:
            device = text(event, "Channel")
            one = next(
                (
                    x
                    for x in self.by_channel.values()
                    if x.lease in self._missing and device == f"PJSIP/{self._digits(x)}@{x.line}"
                ),
                None,
            )
        if one is not None and one.lease in self._missing and one.state == "sent":
            # this event overtakes those of channels: one may be on its way still
            self._refused.append((one, self._t(event), time.monotonic()))

    def _digits(self, one: Attempt) -> str:
        try:
            return self.kernel.rules().outside(one.number).digits
        except Refused:
            return ""

    def _over(self, one: Attempt, cause: int | None, t: int) -> None:
        """Its channel is gone."""
        self._missing.pop(one.lease, None)
        if one.lease in self._rang:
            self._rang.discard(one.lease)
            self._tells = False
        now = time.monotonic()
        lasted = (t - (one.dialled_t or t)) / _MICRO
        refused = one.answered_t is None and one.ring_t is None and cause in REFUSALS
        if self.line(one.line).ended(lasted, refused, now):
            self.alarm(one.campaign, one.line, "throttled", f"{cause}")
        if refused and lasted < _CARRIER_S:
            self.by_channel.pop(one.channel, None)
            self._to_judge.append((one, cause, t, lasted, now))
            return
        self.finish(one, cause, t)

    def judge(self, now: float) -> None:
        """Ends the attempts whose refusal has waited long enough."""
        while self._refused and now - self._refused[0][2] >= NO_CHANNEL_S:
            one, t, _ = self._refused.popleft()
            if (
                one.lease in self._missing
                and one.state == "sent"
                and self.kernel.channels.get(one.channel) is None
            ):
                if self.line(one.line).no_channel(now):
                    self.alarm(one.campaign, one.line, "trunk_down", "")
                self.finish(one, None, t, told="failed", counts=False)
        while self._to_judge and now - self._to_judge[0][4] >= JUDGE_S:
            one, cause, t, lasted, _ = self._to_judge.popleft()
            quick = lasted < QUICK_S and self.line(one.line).throttled(now)
            if quick:
                self.finish(one, cause, t, told="congestion", counts=False)
            else:
                self.finish(one, cause, t)

    def finish(
        self,
        one: Attempt,
        cause: int | None,
        t: int,
        *,
        told: str | None = None,
        counts: bool | None = None,
    ) -> None:
        """The attempt is over."""
        if one.state == "ended":
            return
        campaign = self.campaigns.get(one.campaign)
        ring_s = campaign.plan.ring_s if campaign else 25
        connect_s = campaign.plan.connect_s if campaign else 2
        was = one.state
        one.outcome = told or outcome(one, cause, t, ring_s=ring_s, connect_s=connect_s)
        one.state, one.ended_t, one.cause = "ended", t, cause
        one.counts = one.outcome != "congestion" if counts is None else counts
        if one.outcome == "no_answer" and was == "sent" and not one.heard and self._tells:
            self._no_sign(one)
        elif cause and one.outcome != "failed":
            self._silent.pop(one.line, None)
        if one.outcome == "abandoned":
            if not one.abandoned and campaign:
                campaign.pacer.observe("abandoned", 0.0, time.monotonic())
            one.abandoned = True
        if one.hung_up_by is None:
            by_us = one.message_t or one.served or one.outcome == "machine"
            one.hung_up_by = None if was == "sent" else "us" if by_us else "customer"
        if one.outcome == "hung_up" and one.person_t is not None and campaign:
            campaign.pacer.observe("hung_up", 0.0, time.monotonic())
        if campaign and was == "sent" and one.counts:
            kind = {"busy": "busy", "no_answer": "no_answer"}.get(one.outcome, "failed")
            campaign.pacer.observe(kind, (t - (one.dialled_t or t)) / _MICRO, time.monotonic())
        self.by_channel.pop(one.channel, None)
        self.by_call.pop(one.call_uid, None)
        self._missing.pop(one.lease, None)
        self.store.keep([one], now_s=time.time())
        self.ears.over(one)
        self._wake()

    def _on_call(self, fact: CallFact) -> None:
        """The call model's word: for what events alone did not tell, above all after a restart."""
        call = fact.call
        one = self.by_call.get(call["call_uid"]) or self._by_channels(call)
        if one is None:
            if call["state"] == "ended":
                self._corrected(call)
            return
        if one.agent_t is None and one.outcome is None:
            for leg in call["legs"]:
                if leg["role"] == "agent" and leg["joined_t"] and leg["number"]:
                    self._with_agent(one, str(leg["number"]), leg["joined_t"])
                    break
        if call["state"] == "ended" and self.kernel.channels.get(one.channel) is None:
            if any(entry[0] is one for entry in self._to_judge):
                return
            if call["answered_t"] and one.answered_t is None:
                one.served = self._serves(one)
                self._answered(one, call["answered_t"])
            self.finish(one, call["cause"], call["ended_t"] or self.kernel.clock.now_us())

    def _serves(self, one: Attempt) -> bool:
        """Whether who answers is served without an agent at once: a menu, a recording."""
        campaign = self.campaigns.get(one.campaign)
        return (
            campaign is not None
            and campaign.plan.amd is None
            and campaign.plan.action.kind != "queue"
        )

    def _by_channels(self, call: dict[str, Any]) -> Attempt | None:
        for leg in call["legs"]:
            for uid in leg["channels"]:
                if (one := self.by_channel.get(uid)) is not None:
                    return one
        return None

    def _corrected(self, call: dict[str, Any]) -> None:
        """The PBX's records tell of a number that was given up as unknown."""
        uids = [uid for leg in call["legs"] for uid in leg["channels"]]
        for uid in uids:
            one = self.store.ended(uid.removeprefix("cc-")) if uid.startswith("cc-") else None
            if one is None or one.outcome != "unknown":
                continue
            one.answered_t, one.counts, one.outcome = call["answered_t"], True, None
            for leg in call["legs"]:
                if leg["role"] == "agent" and leg["joined_t"]:
                    one.agent, one.agent_t = leg["number"], leg["joined_t"]
            t = call["ended_t"] or self.kernel.clock.now_us()
            one.person_t, one.served = one.answered_t, self._serves(one)
            one.outcome = outcome(one, call["cause"], t, ring_s=25, connect_s=2)
            one.abandoned = one.outcome == "abandoned"
            one.ended_t, one.cause = t, call["cause"]
            self.store.keep([one], now_s=time.time())
            if one.counted and (campaign := self.campaigns.get(one.campaign)) is not None:
                campaign.pacer.recall(time.monotonic(), [(0.0, 1, int(one.abandoned), 0)])
            return

    async def _on_connected(self) -> None:
        """What the spool holds is compared with the channels that live."""
        self.connected = True
        self._not_listened()
        now = time.monotonic()
        for one in list(self.by_channel.values()):
            channel = self.kernel.channels.get(one.channel)
            if channel is None:
                self._missing.setdefault(one.lease, now)
            elif channel.state == "Up" and one.state == "sent":
                self._answered(one, self.kernel.clock.now_us())
            elif channel.state == "Ringing" and one.ring_t is None:
                one.ring_t = self.kernel.clock.now_us()
        self._wake()

    def _on_disconnected(self) -> None:
        self.connected = False
        self._wake()

    async def compare_loop(self) -> None:
        """Compares, and prunes once an hour, until cancelled."""
        pruned = 0.0
        while True:
            await asyncio.sleep(COMPARE_S)
            try:
                now = time.monotonic()
                if self.connected and self.kernel.ami.connected:
                    self._compare(now)
                if now - pruned > 3600:
                    pruned = now
                    self.store.prune(time.time())
            except sqlite3.OperationalError as error:
                log.error("not compared: %s", error)

    def _compare(self, now: float) -> None:
        """Attempts without a channel for a while are over, whatever was not heard."""
        for one in list(self.by_channel.values()):
            if self.kernel.channels.get(one.channel) is not None:
                self._missing.pop(one.lease, None)
                continue
            since = self._missing.setdefault(one.lease, now)
            if now - since < LOST_S:
                continue
            log.warning("lease %s has no channel: closed", one.lease)
            t = self.kernel.clock.now_us()
            if one.answered_t is not None or one.ring_t is not None:
                self.finish(one, None, t)
            else:
                self.finish(one, None, t, told="unknown", counts=False)

    def alarm(self, campaign: int | None, line: str | None, kind: str, what: str) -> None:
        """Something that a leader has to know."""
        log.warning("campaign %s, line %s: %s %s", campaign, line, kind, what)
        self.kernel.fact(
            "dialer.alarm",
            self.kernel.clock.now_us(),
            {"alarm": {"campaign": campaign, "line": line, "kind": kind, "text": what}},
        )
