# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plug-in: leases from Odoo, numbers to the PBX, what became of them back. See docs/dialer.md."""

import asyncio
import logging
import sqlite3
import time
import uuid
from collections import deque
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from cc_bridge.encoder import Refused
from cc_bridge.plugins import (
    AgentChange,
    AmiError,
    AmiFailed,
    CallFact,
    Event,
    Kernel,
    OdooError,
    Order,
    Plugin,
    Result,
    text,
    uuid7,
)

from .attempts import REFUSALS, Attempt, Store, lease_of, outcome
from .campaign import MOST_LEASES, Campaign, snapshot
from .lines import LineState
from .pacer import Pacer, Snapshot
from .plans import Plan, cleaned, plan
from .sounds import Sounds

log = logging.getLogger(__name__)

TICK_S = 0.25
#: A refusal is judged so much later: whether a burst of them makes it the carrier's; seconds.
JUDGE_S = 2.0
#: Open attempts are compared with live channels so often; one without a channel for so long is over.
COMPARE_S, LOST_S = 5.0, 8.0
STATE_EVERY_S = 1.0
ODOO_RETRY_S = 2.0
_MICRO = 1_000_000


def _t(event: Event, kernel: Kernel) -> int:
    """When it happened: the clock has just been set by this event."""
    del event
    return kernel.clock.pbx_us() or kernel.clock.now_us()


class Dialer(Plugin):
    """All campaigns of this PBX."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.store = Store(kernel)
        self.campaigns: dict[int, Campaign] = {}
        self.lines: dict[str, LineState] = {}
        self.by_channel = {one.channel: one for one in self.store.open.values() if one.flying}
        self.by_call = {one.call_uid: one for one in self.store.open.values() if one.flying}
        #: ended by a refusal that may be the carrier's: attempt, cause, when, seconds after dialling
        self._to_judge: deque[tuple[Attempt, int | None, int, float, float]] = deque()
        self._missing: dict[str, float] = {}
        self._agents_since: dict[str, tuple[str, int]] = {}
        self._connected = False
        self._odoo_down = 0.0
        self._wake = asyncio.Event()
        self._asking = asyncio.Lock()
        folder = kernel.options.get("sounds") or kernel.settings.recordings.parent / "dialer-sounds"
        self.sounds = Sounds(
            Path(kernel.encoder.path(folder)), kernel.post, kernel.spawn, time.monotonic
        )
        kernel.dialplan((resources.files(__package__) / "dialplan.conf").read_text("utf-8"))
        kernel.intent_section("dialer", self._intent, cleaned)
        kernel.command("dialer_state", self._state_command)
        kernel.command("dialer_drop", self._drop_command)
        for name in ("Newchannel", "Newstate", "Hangup", "UserEvent", "AgentConnect"):
            kernel.on_event(name, getattr(self, f"_on_{name.lower()}"))
        kernel.on_event("OriginateResponse", self._on_response)
        kernel.on_call(self._on_call)
        kernel.on_agent_state(self._on_agent)
        kernel.on_connected(self._on_connected)
        kernel.on_disconnected(self._on_disconnected)

    async def start(self) -> None:
        """Begins to tick."""
        if not self.store.memory("holder"):
            self.store.keep(now_s=time.time(), holder=str(uuid.uuid4()), request="0", got="0")
        self.kernel.spawn(self._run(), "dial")
        self.kernel.spawn(self._compare_loop(), "compare")

    async def close(self) -> None:
        """Calls under way go on by themselves."""

    # -- from Odoo ------------------------------------------------------------------------------

    def _intent(self, section: dict[str, Any]) -> None:
        found: dict[int, Plan] = {}
        for row in section.get("campaigns") or ():
            if "wrong" in row:
                log.error("campaign %s is left out: %s", row["campaign"], row["wrong"])
                self._tell_wrong(row)
                continue
            one = plan(row)
            found[one.campaign] = one
        for number, new in found.items():
            old = self.campaigns.get(number)
            if old is None:
                self.campaigns[number] = self._made(new)
            elif new.rev >= old.plan.rev:
                self._changed(old, new)
        for number in [n for n in self.campaigns if n not in found]:
            self._give_back(number, "stopped")
            del self.campaigns[number]
        for campaign in self.campaigns.values():
            if not campaign.running:
                self._give_back(campaign.plan.campaign, "paused")
            campaign.ask_at = 0.0
        self._wake.set()

    def _made(self, new: Plan) -> Campaign:
        pacer = Pacer(new.mode, new.limits, ratio=new.ratio, interval_s=new.interval_s)
        since = time.time() - new.limits.window_s
        answered, abandoned = self.store.counted(new.campaign, since)
        pacer.recall(time.monotonic(), answered, abandoned)
        return Campaign(new, pacer)

    def _changed(self, campaign: Campaign, new: Plan) -> None:
        old, campaign.plan = campaign.plan, new
        pacer = campaign.pacer
        pacer.mode, pacer.ratio, pacer.interval_s = new.mode, new.ratio, new.interval_s
        if old.limits.window_s != new.limits.window_s:
            campaign.pacer = self._made(new).pacer
        pacer.limits = new.limits

    async def _state_command(self, order: Order) -> Result:
        number, rev = order.args["campaign"], order.args["rev"]
        running = (
            self.kernel.encoder.choice(order.args["state"], frozenset({"running", "paused"}))
            == "running"
        )
        campaign = self.campaigns.get(number)
        if campaign is None:
            # the intent with it is on its way
            return Result(message="not known here yet")
        if type(rev) is int and rev >= campaign.plan.rev:
            campaign.order = (rev, running)
        if not campaign.running:
            self._give_back(number, "paused")
        self._wake.set()
        return Result()

    async def _drop_command(self, order: Order) -> Result:
        wanted = {str(lease) for lease in order.args["leases"]}
        found = [one for one in self.store.open.values() if one.lease in wanted]
        self.store.give_back([one for one in found if one.state == "held"], "dropped")
        flying = [one for one in found if one.flying]
        if order.args.get("hangup") is True:
            for one in flying:
                if one.answered_t is None:
                    await self._hang_up(one)
        return Result(message=str(len(flying)))

    def _give_back(self, campaign: int, reason: str) -> None:
        try:
            self.store.give_back(
                [one for one in self.store.of(campaign) if one.state == "held"], reason
            )
        except sqlite3.OperationalError as error:
            log.error("leases can't be given back: %s", error)

    # -- the loop -------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._tick()
            except sqlite3.OperationalError as error:
                # what can't be written down is not dialled
                log.error("nothing is dialled: the spool takes nothing (%s)", error)
                await asyncio.sleep(1)
            except Exception:
                log.exception("a round of dialling failed")
                await asyncio.sleep(1)

    async def _tick(self) -> None:
        now = time.monotonic()
        self._judge(now)
        for campaign in list(self.campaigns.values()):
            await self._turn(campaign, now)

    async def _turn(self, campaign: Campaign, now: float) -> None:
        p = campaign.plan
        mine = list(self.store.of(p.campaign))
        flying = [one for one in mine if one.flying]
        held = [one for one in mine if one.state == "held"]
        shown = self._snapshot(p, flying, now)
        why, n = self._wanted(campaign, shown, flying)
        if why is None:
            why = await self._dial(campaign, held, shown, n, now) if n else "enough"
        elif held and why in ("paused", "no_agents", "sound", "no_line"):
            self._give_back(p.campaign, "paused" if why == "paused" else "no_agent")
        campaign.why = why
        held_now = sum(1 for one in self.store.of(p.campaign) if one.state == "held")
        self._ask(campaign, held_now, n, now)
        self._tell(campaign, shown, held_now, now)

    def _snapshot(self, p: Plan, flying: Iterable[Attempt], now: float) -> Snapshot:
        return snapshot(p, self.kernel.agents, flying, self.kernel.clock.now_us(), now)

    def _wanted(
        self, campaign: Campaign, shown: Snapshot, flying: list[Attempt]
    ) -> tuple[str | None, int]:
        """Why nothing may be dialled, or how many numbers."""
        p = campaign.plan
        if not campaign.running:
            return "paused", 0
        if not self._connected or not self.kernel.ami.connected:
            return "pbx_down", 0
        if not p.lines or all(self._line(line.code).dead_until > shown.now for line in p.lines):
            return "no_line", 0
        if any(self.sounds.path(sound) is None for sound in p.sounds):
            return "sound", 0
        if len(flying) >= p.max_calls:
            return "lines_full", 0
        if not campaign.pace_by_agents:
            if p.mode == "interval":
                lone = Snapshot(shown.now, 1, (), (), shown.ringing, ())
                return None, campaign.pacer.decide(lone)
            return None, p.max_calls - len(flying)
        if not shown.ready + len(shown.talking) + len(shown.wrapping):
            campaign.pacer.decide(shown)
            return "no_agents", 0
        n = campaign.pacer.decide(self._less_others(campaign, shown))
        if not n and campaign.pacer.mode == "predictive" and campaign.pacer.slack_now() < 0:
            return ("abandon_limit" if shown.ready > len(shown.ringing) else None), 0
        return None, n

    def _less_others(self, campaign: Campaign, shown: Snapshot) -> Snapshot:
        """Agents whom another campaign of the same queue is about to need are not ready for this one."""
        others = 0.0
        for other in self.campaigns.values():
            if other is campaign or other.plan.queue != campaign.plan.queue:
                continue
            for one in self.store.of(other.plan.campaign):
                if one.state == "sent":
                    others += other.pacer.answers.mean
                elif one.state == "answered" and one.agent_t is None and one.message_t is None:
                    others += 1
        if not others:
            return shown
        ready = max(shown.ready - round(others), 0)
        return Snapshot(
            shown.now, ready, shown.talking, shown.wrapping, shown.ringing, shown.waiting
        )

    async def _dial(
        self, campaign: Campaign, held: list[Attempt], shown: Snapshot, n: int, now: float
    ) -> str | None:
        """Dials up to ``n`` of the leases in hand. Returns what kept it from more."""
        p = campaign.plan
        unix = self.kernel.clock.now_us() / _MICRO
        chosen: list[Attempt] = []
        late: list[Attempt] = []
        shut: list[Attempt] = []
        why: str | None = None
        free = shown.ready - len(shown.waiting) - len(shown.ringing)
        for one in held:
            if len(chosen) >= n:
                break
            if one.until <= unix * _MICRO:
                late.append(one)
                continue
            if not p.open_at(one.zone, unix):
                shut.append(one)
                why = "window"
                continue
            if one.sure and free - len(chosen) < 1:
                why = why or "enough"
                continue
            line = self._line_for(p, one, now)
            if line is None:
                why = self._why_no_line(p, now)
                break
            self._line(line[0]).dial(now)
            one.line, one.caller_id = line
            chosen.append(one)
        self.store.give_back(late, "expired")
        self.store.give_back(shut, "window")
        if not chosen:
            return why or ("no_numbers" if not held or len(late) == len(held) else None)
        t = self.kernel.clock.now_us()
        for one in chosen:
            one.state, one.dialled_t, one.call_uid = "sent", t, uuid7()
        # written down before the PBX hears of it: whatever dies now, this number is not dialled twice
        self.store.keep(chosen, now_s=time.time())
        for one in chosen:
            self.by_channel[one.channel] = one
            self.by_call[one.call_uid] = one
            self._missing[one.lease] = now
        campaign.dialled.append((now, len(chosen)))
        await asyncio.gather(*(self._originate(campaign, one) for one in chosen))
        return why if why in ("lines_full", "line_slow", "no_line") else None

    def _line(self, code: str) -> LineState:
        return self.lines.setdefault(code, LineState())

    def _line_for(self, p: Plan, one: Attempt, now: float) -> tuple[str, str] | None:
        """Line and caller id for a number, if one has room."""
        for line in p.lines:
            if one.line and one.line != line.code:
                continue
            busy = sum(1 for x in self.by_channel.values() if x.line == line.code)
            if busy < line.most and self._line(line.code).may(line.per_s, now):
                own = one.caller_id if one.line == line.code else ""
                return line.code, own or line.caller_id
        return None

    def _why_no_line(self, p: Plan, now: float) -> str:
        states = [self._line(line.code) for line in p.lines]
        if all(state.dead_until > now for state in states):
            return "no_line"
        slow = any(state.share < 1 for state in states)
        full = all(
            sum(1 for x in self.by_channel.values() if x.line == line.code) >= line.most
            for line in p.lines
        )
        return "lines_full" if full else "line_slow" if slow else "lines_full"

    async def _originate(self, campaign: Campaign, one: Attempt) -> None:
        p, kernel = campaign.plan, self.kernel
        try:
            way = kernel.rules().outside(one.number)
            caller = one.caller_id or way.caller_id
            await kernel.originate(
                f"PJSIP/{way.digits}@{one.line}",
                context="cc-dialer",
                exten="go",
                channel_id=one.channel,
                call_uid=one.call_uid,
                caller=caller,
                timeout_ms=p.ring_s * 1000,
                variables=self._variables(p, one),
                direction="outbound",
                number=one.number,
                line=one.line,
            )
        except (AmiError, Refused) as error:
            if isinstance(error, AmiFailed | Refused) or error.code == "permission":
                # the PBX has said that it won't
                log.error("lease %s is not dialled: %s", one.lease, error)
                self._finish(one, None, kernel.clock.now_us(), told="failed", counts=False)
            else:
                # nobody knows whether it was heard: comparing with the PBX will tell
                log.warning("lease %s: %s", one.lease, error)

    def _variables(self, p: Plan, one: Attempt) -> list[str]:
        sounds = {sound: self.sounds.path(sound) or "" for sound in p.sounds}
        values = {
            "CD_LEASE": one.lease,
            "CD_KIND": p.action.kind,
            "CD_TO": p.action.to,
            "CD_WAIT": str(p.connect_s),
            "CD_MSG": sounds[p.message] if p.message else "",
            "CD_SOUND": sounds[p.action.sound] if p.action.sound else "",
            "CD_MACHINE": p.on_machine,
            "__CC_LINE": one.line,
        }
        if p.auto_answer:
            values["CC_AUTO"] = "1"
        if p.amd:
            values.update({f"CD_A{n}": str(value) for n, value in enumerate(p.amd, 1)})
        return [f"{name}={value}" for name, value in values.items()]

    async def _hang_up(self, one: Attempt) -> None:
        channel = self.kernel.channels.get(one.channel)
        if channel is None:
            return
        one.hung_up_by = "us"
        try:
            await self.kernel.ami.action(
                {"Action": "Hangup", "Channel": channel.name, "Cause": "16"}
            )
        except AmiError as error:
            log.debug("not hung up: %s", error)

    # -- leases ---------------------------------------------------------------------------------

    def _ask(self, campaign: Campaign, held: int, n: int, now: float) -> None:
        # while lines or carrier hold it up a few in hand are enough
        missing = max(campaign.want(now), min(n, MOST_LEASES) if campaign.why is None else 0) - held
        if (
            missing <= 0
            or campaign.asking
            or now < campaign.ask_at
            or campaign.why not in (None, "enough", "no_numbers", "line_slow", "lines_full")
        ):
            return
        campaign.asking = True
        self.kernel.spawn(self._get_leases(campaign, min(missing, MOST_LEASES)), "lease")

    async def _get_leases(self, campaign: Campaign, count: int) -> None:
        """One question at a time, of all campaigns: the number of the last answered one goes along."""
        number = campaign.plan.campaign
        try:
            async with self._asking:
                request = int(self.store.memory("request")) + 1
                got, holder = int(self.store.memory("got")), self.store.memory("holder")
                self.store.keep(now_s=time.time(), request=str(request))
                answer = await self.kernel.post(
                    "/cc/dialer/lease",
                    {
                        "holder": holder,
                        "request": request,
                        "got": got,
                        "campaign": number,
                        "count": count,
                    },
                )
                granted = [lease_of(row, number, self.kernel.encoder) for row in answer["leases"]]
                self.store.keep(granted, now_s=time.time(), got=str(request))
            self._odoo_down = 0.0
            campaign.none = answer.get("none") if len(granted) < count else None
            again = answer.get("again_s")
            wait = float(again) if isinstance(again, int | float) and again > 0 else 5.0
            campaign.ask_at = time.monotonic() + (min(wait, 60.0) if not granted else 0.0)
            if self.campaigns.get(number) is not campaign or not campaign.running:
                self._give_back(number, "paused")
        except (OdooError, Refused, KeyError, TypeError, ValueError) as error:
            log.warning("no leases for campaign %s: %s", number, error)
            self._odoo_down = time.monotonic()
            campaign.ask_at = time.monotonic() + ODOO_RETRY_S
        except sqlite3.OperationalError as error:
            log.error("leases can't be kept: %s", error)
            campaign.ask_at = time.monotonic() + ODOO_RETRY_S
        finally:
            campaign.asking = False
            self._wake.set()

    # -- from the PBX ---------------------------------------------------------------------------

    def _of(self, event: Event) -> Attempt | None:
        return self.by_channel.get(text(event, "Uniqueid"))

    def _on_newchannel(self, event: Event) -> None:
        if (one := self._of(event)) is not None:
            self._missing.pop(one.lease, None)

    def _on_newstate(self, event: Event) -> None:
        one = self._of(event)
        if one is None:
            return
        self._missing.pop(one.lease, None)
        state = text(event, "ChannelStateDesc")
        if state == "Ringing" and one.ring_t is None and one.state == "sent":
            one.ring_t = _t(event, self.kernel)
        elif state == "Up" and one.state == "sent":
            self._answered(one, _t(event, self.kernel))

    def _answered(self, one: Attempt, t: int) -> None:
        one.state, one.answered_t = "answered", t
        campaign = self.campaigns.get(one.campaign)
        if campaign is None or campaign.plan.amd is None:
            self._person(one, t)
        self.store.keep([one], now_s=time.time())
        self._wake.set()

    def _person(self, one: Attempt, t: int) -> None:
        if one.person_t is not None:
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
        t, step = _t(event, self.kernel), text(event, "Step")
        if one.state == "sent":
            self._answered(one, t)
        if step == "amd":
            one.amd = {"status": text(event, "Status"), "cause": text(event, "Cause"), "t": t}
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
        self._wake.set()

    def _on_agentconnect(self, event: Event) -> None:
        if (one := self._of(event)) is None or one.agent_t is not None:
            return
        name = text(event, "Interface").removeprefix("Local/").partition("@")[0]
        self._with_agent(one, name, _t(event, self.kernel))

    def _with_agent(self, one: Attempt, agent: str, t: int) -> None:
        one.agent, one.agent_t = agent, t
        if one.state == "sent":
            self._answered(one, t)
        self._person(one, t)
        self.store.keep([one], now_s=time.time())
        self._wake.set()

    def _on_hangup(self, event: Event) -> None:
        one = self._of(event)
        if one is None:
            return
        cause = text(event, "Cause")
        self._over(one, int(cause) if cause.isdigit() else None, _t(event, self.kernel))

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
        if one is None or self.kernel.channels.get(one.channel) is not None:
            return
        if one.lease in self._missing and one.state == "sent":
            if self._line(one.line).no_channel(time.monotonic()):
                self._alarm(one.campaign, one.line, "trunk_down", "")
            self._finish(one, None, _t(event, self.kernel), told="failed", counts=False)

    def _digits(self, one: Attempt) -> str:
        try:
            return self.kernel.rules().outside(one.number).digits
        except Refused:
            return ""

    def _over(self, one: Attempt, cause: int | None, t: int) -> None:
        """Its channel is gone."""
        self._missing.pop(one.lease, None)
        now = time.monotonic()
        lasted = (t - (one.dialled_t or t)) / _MICRO
        refused = one.answered_t is None and one.ring_t is None and cause in REFUSALS
        if self._line(one.line).ended(lasted, refused, now):
            self._alarm(one.campaign, one.line, "throttled", f"{cause}")
        if refused and lasted < 10:
            self.by_channel.pop(one.channel, None)
            self._to_judge.append((one, cause, t, lasted, now))
            return
        self._finish(one, cause, t)

    def _judge(self, now: float) -> None:
        while self._to_judge and now - self._to_judge[0][4] >= JUDGE_S:
            one, cause, t, lasted, _ = self._to_judge.popleft()
            quick = lasted < 1.5 and self._line(one.line).throttled(now)
            if quick:
                self._finish(one, cause, t, told="congestion", counts=False)
            else:
                self._finish(one, cause, t)

    def _finish(
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
        if one.outcome == "abandoned":
            if not one.abandoned and campaign:
                campaign.pacer.observe("abandoned", 0.0, time.monotonic())
            one.abandoned = True
        if one.hung_up_by is None:
            by_us = one.message_t or one.served or one.outcome == "machine"
            one.hung_up_by = None if was == "sent" else "us" if by_us else "customer"
        if campaign and was == "sent" and one.counts:
            kind = {"busy": "busy", "no_answer": "no_answer"}.get(one.outcome, "failed")
            campaign.pacer.observe(kind, (t - (one.dialled_t or t)) / _MICRO, time.monotonic())
        self.by_channel.pop(one.channel, None)
        self.by_call.pop(one.call_uid, None)
        self._missing.pop(one.lease, None)
        self.store.keep([one], now_s=time.time())
        self._wake.set()

    # -- calls and agents -----------------------------------------------------------------------

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
                self._answered(one, call["answered_t"])
            self._finish(one, call["cause"], call["ended_t"] or self.kernel.clock.now_us())

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
            one.person_t = one.answered_t
            one.outcome = outcome(one, call["cause"], t, ring_s=25, connect_s=2)
            one.abandoned = one.outcome == "abandoned"
            one.ended_t, one.cause = t, call["cause"]
            self.store.keep([one], now_s=time.time())
            return

    def _on_agent(self, change: AgentChange) -> None:
        before = self._agents_since.get(change.agent)
        self._agents_since[change.agent] = (change.state, change.since)
        if before is not None and before[0] != change.state:
            kind = {"on_call": "talk", "wrap_up": "wrap_up"}.get(before[0])
            now = self.kernel.agents.get(change.agent)
            if kind and now is not None:
                lasted = max(change.since - before[1], 0) / _MICRO
                for campaign in self.campaigns.values():
                    if campaign.plan.queue in now.queues:
                        campaign.pacer.observe(kind, lasted, time.monotonic())
        self._wake.set()

    # -- the PBX comes and goes -----------------------------------------------------------------

    async def _on_connected(self) -> None:
        """What the spool holds is compared with the channels that live."""
        self._connected = True
        now = time.monotonic()
        for one in list(self.by_channel.values()):
            channel = self.kernel.channels.get(one.channel)
            if channel is None:
                self._missing.setdefault(one.lease, now)
            elif channel.state == "Up" and one.state == "sent":
                self._answered(one, self.kernel.clock.now_us())
            elif channel.state == "Ringing" and one.ring_t is None:
                one.ring_t = self.kernel.clock.now_us()
        self._wake.set()

    def _on_disconnected(self) -> None:
        self._connected = False
        self._wake.set()

    async def _compare_loop(self) -> None:
        pruned = 0.0
        while True:
            await asyncio.sleep(COMPARE_S)
            try:
                now = time.monotonic()
                if self._connected and self.kernel.ami.connected:
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
                self._finish(one, None, t)
            else:
                self._finish(one, None, t, told="unknown", counts=False)

    # -- to the screen --------------------------------------------------------------------------

    def _tell(self, campaign: Campaign, shown: Snapshot, held: int, now: float) -> None:
        p = campaign.plan
        why = campaign.why
        text_ = ""
        if why == "no_numbers":
            text_ = campaign.none or ""
            if self._odoo_down:
                why = "odoo_down"
            elif campaign.none == "window":
                why = "window"
        elif why == "sound":
            text_ = next(iter(self.sounds.errors.values()), "")
        body = {
            "campaign": p.campaign,
            "rev": p.rev,
            "state": "paused"
            if why == "paused"
            else "dialling"
            if why in (None, "enough")
            else "waiting",
            "why": why,
            "text": text_[:200],
            "ready": shown.ready,
            "talking": len(shown.talking),
            "wrapping": len(shown.wrapping),
            "ringing": len(shown.ringing),
            "waiting": len(shown.waiting),
            "held": held,
            "answered_day": campaign.pacer.window.answered,
            "abandoned_day": campaign.pacer.window.abandoned,
            "answer_rate": round(campaign.pacer.answers.mean, 2)
            if campaign.pacer.answers.count >= 10
            else None,
            "until": None,
        }
        # what only changes with every call is told seldom
        same = campaign.told is not None and all(
            body[k] == campaign.told[k] for k in ("state", "why", "text", "rev")
        )
        if body == campaign.told or now - campaign.told_at < (5.0 if same else STATE_EVERY_S):
            return
        first_why = campaign.told["why"] if campaign.told else None
        campaign.told, campaign.told_at = body, now
        self.kernel.fact("dialer.state", self.kernel.clock.now_us(), {"dialer": body})
        if why != first_why and why in ("abandon_limit", "sound"):
            self._alarm(p.campaign, None, why, text_)

    def _tell_wrong(self, row: dict[str, Any]) -> None:
        body = {
            "campaign": row["campaign"],
            "rev": row["rev"],
            "state": "waiting",
            "why": "refused",
        }
        body["text"] = row["wrong"]
        self.kernel.fact("dialer.state", self.kernel.clock.now_us(), {"dialer": body})

    def _alarm(self, campaign: int | None, line: str | None, kind: str, what: str) -> None:
        log.warning("campaign %s, line %s: %s %s", campaign, line, kind, what)
        self.kernel.fact(
            "dialer.alarm",
            self.kernel.clock.now_us(),
            {"alarm": {"campaign": campaign, "line": line, "kind": kind, "text": what}},
        )


def plugin(kernel: Kernel) -> Dialer:
    """For the entry point."""
    return Dialer(kernel)
