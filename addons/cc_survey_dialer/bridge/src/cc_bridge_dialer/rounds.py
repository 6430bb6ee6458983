# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rounds of dialling: what each campaign may do now, leases from Odoo, numbers to the PBX."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import replace

from cc_bridge.encoder import Refused
from cc_bridge.plugins import AmiError, AmiFailed, Kernel, OdooError, uuid7

from .air import Air
from .attempts import Attempt, Store, lease_of
from .campaign import MOST_LEASES, Campaign, snapshot
from .pacer import Snapshot
from .plans import Plan, share
from .sounds import Sounds

log = logging.getLogger(__name__)

TICK_S = 0.25
STATE_EVERY_S = 1.0
ODOO_RETRY_S = 2.0
_MICRO = 1_000_000


class Rounds:
    """The loop; ``wake`` is set when there may be something to do before the next tick."""

    def __init__(
        self,
        kernel: Kernel,
        store: Store,
        campaigns: dict[int, Campaign],
        air: Air,
        sounds: Sounds,
        wake: asyncio.Event,
    ) -> None:
        self.kernel, self.store, self.campaigns = kernel, store, campaigns
        self.air, self.sounds, self.wake = air, sounds, wake
        self._asking = asyncio.Lock()
        #: dropped while the answer that may grant them is on its way
        self._unwanted: set[str] = set()
        self._odoo_down = 0.0

    def give_back(self, campaign: int, reason: str) -> None:
        """Returns what a campaign has in hand."""
        try:
            self.store.give_back(
                [one for one in self.store.of(campaign) if one.state == "held"], reason
            )
        except sqlite3.OperationalError as error:
            log.error("leases can't be given back: %s", error)

    def drop(self, leases: set[str]) -> None:
        """Never dials these, be they in hand or in an answer that has not come yet."""
        if self._asking.locked():
            self._unwanted |= leases
        open_ = self.store.open
        found = [open_[lease] for lease in leases if lease in open_]
        self.store.give_back([one for one in found if one.state == "held"], "dropped")

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with asyncio.timeout(TICK_S):
                    await self.wake.wait()
            except TimeoutError:
                pass
            self.wake.clear()
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
        self.air.judge(now)
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
        elif held and why in ("paused", "no_agents", "sound", "sound_wait", "no_line"):
            self.give_back(p.campaign, "paused" if why == "paused" else "no_agent")
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
        if not self.air.connected or not self.kernel.ami.connected:
            return "pbx_down", 0
        if not p.lines or all(self.air.line(line.code).dead_until > shown.now for line in p.lines):
            return "no_line", 0
        if missing := [sound for sound in p.sounds if self.sounds.path(sound) is None]:
            failed = any(self.sounds.file(sound) in self.sounds.errors for sound in missing)
            return "sound" if failed else "sound_wait", 0
        if len(flying) >= p.max_calls:
            return "lines_full", 0
        if not campaign.pace_by_agents:
            if p.mode == "interval":
                lone = Snapshot(shown.now, p.max_calls, (), (), shown.ringing, ())
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
            line = self._line_for(p, one, chosen, now)
            if line is None:
                why = self._why_no_line(p, chosen, now)
                break
            self.air.line(line[0]).dial(now)
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
        self.air.sent(chosen, now)
        campaign.dialled.append((now, len(chosen)))
        await asyncio.gather(*(self._originate(campaign, one) for one in chosen))
        return why if why in ("lines_full", "line_slow", "no_line") else None

    def _line_for(
        self, p: Plan, one: Attempt, chosen: list[Attempt], now: float
    ) -> tuple[str, str] | None:
        """Line and caller id for a number, if one has room."""
        for line in p.lines:
            if one.line and one.line != line.code:
                continue
            busy = self.air.on_line(line.code, chosen)
            if busy < line.most and self.air.line(line.code).may(line.per_s, now):
                own = one.caller_id if one.line == line.code else ""
                return line.code, own or line.caller_id
        return None

    def _why_no_line(self, p: Plan, chosen: list[Attempt], now: float) -> str:
        states = [self.air.line(line.code) for line in p.lines]
        if all(state.dead_until > now for state in states):
            return "no_line"
        slow = any(state.share < 1 for state in states)
        full = all(self.air.on_line(line.code, chosen) >= line.most for line in p.lines)
        return "lines_full" if full else "line_slow" if slow else "lines_full"

    async def _originate(self, campaign: Campaign, one: Attempt) -> None:
        p, kernel = campaign.plan, self.kernel
        try:
            if not kernel.may_call(one.number):
                raise Refused("calls to this destination are not allowed")
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
                self.air.finish(one, None, kernel.clock.now_us(), told="failed", counts=False)
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
                self._unwanted.clear()
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
                # clocks differ, and are set: a lease holds as long as Odoo means it to
                t = answer.get("t")
                ahead = self.kernel.clock.now_us() - t if type(t) is int else 0
                granted = [
                    lease_of(row, number, self.kernel.encoder, ahead) for row in answer["leases"]
                ]
                wanted = [one for one in granted if one.lease not in self._unwanted]
                self.store.give_back([one for one in granted if one not in wanted], "dropped")
                self.store.keep(wanted, now_s=time.time(), got=str(request))
            self._odoo_down = 0.0
            campaign.pacer.formula = replace(
                campaign.pacer.formula, of_served=share(answer.get("abandon_of_served"))
            )
            campaign.none = answer.get("none") if len(granted) < count else None
            again = answer.get("again_s")
            wait = float(again) if isinstance(again, int | float) and again > 0 else 5.0
            campaign.ask_at = time.monotonic() + (min(wait, 60.0) if not granted else 0.0)
            if self.campaigns.get(number) is not campaign or not campaign.running:
                self.give_back(number, "paused")
        except (OdooError, Refused, KeyError, TypeError, ValueError) as error:
            log.warning("no leases for campaign %s: %s", number, error)
            self._odoo_down = time.monotonic()
            campaign.ask_at = time.monotonic() + ODOO_RETRY_S
        except sqlite3.OperationalError as error:
            log.error("leases can't be kept: %s", error)
            campaign.ask_at = time.monotonic() + ODOO_RETRY_S
        finally:
            campaign.asking = False
            self.wake.set()

    def _tell(self, campaign: Campaign, shown: Snapshot, held: int, now: float) -> None:
        p = campaign.plan
        why = campaign.why
        served, abandoned, detected = campaign.pacer.counted()
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
            "served": served,
            "abandoned": abandoned,
            "detected": detected,
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
            self.air.alarm(p.campaign, None, why, text_)
