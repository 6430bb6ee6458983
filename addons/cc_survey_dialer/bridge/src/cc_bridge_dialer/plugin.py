# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plug-in, wired: campaigns from the intent, commands, agents' talks. See docs/dialer.md."""

import asyncio
import logging
import time
import uuid
from importlib import resources
from pathlib import Path
from typing import Any

from cc_bridge.plugins import AgentChange, AmiError, Kernel, Order, Plugin, Result

from .air import Air
from .attempts import Attempt, Store
from .campaign import Campaign
from .ears import rules
from .pacer import Pacer
from .plans import Plan, cleaned, plan
from .rounds import Rounds
from .sounds import Sounds

log = logging.getLogger(__name__)

_MICRO = 1_000_000


class Dialer(Plugin):
    """All campaigns of this PBX."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.store = Store(kernel)
        self.campaigns: dict[int, Campaign] = {}
        self.wake = asyncio.Event()
        folder = kernel.options.get("sounds") or kernel.settings.recordings / "dialer-sounds"
        sounds = Sounds(
            Path(kernel.encoder.path(folder)), kernel.post, kernel.spawn, time.monotonic
        )
        self.air = Air(kernel, self.store, self.campaigns, sounds, self.wake.set)
        self.rounds = Rounds(kernel, self.store, self.campaigns, self.air, sounds, self.wake)
        self._agents_since: dict[str, tuple[str, int]] = {}
        kernel.dialplan((resources.files(__package__) / "dialplan.conf").read_text("utf-8"))
        kernel.intent_section("dialer", self._intent, cleaned)
        kernel.command("dialer_state", self._state_command)
        kernel.command("dialer_drop", self._drop_command)
        kernel.on_agent_state(self._on_agent)

    async def start(self) -> None:
        """Begins to tick."""
        if not self.store.memory("holder"):
            self.store.keep(now_s=time.time(), holder=str(uuid.uuid4()), request="0", got="0")
        self.kernel.spawn(self.rounds.run(), "dial")
        self.kernel.spawn(self.air.compare_loop(), "compare")

    async def close(self) -> None:
        """Calls under way go on by themselves."""

    def _intent(self, section: dict[str, Any]) -> None:
        self.air.ears.know(rules(section.get("announcements")))
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
            self.rounds.give_back(number, "stopped")
            del self.campaigns[number]
        for campaign in self.campaigns.values():
            if not campaign.running:
                self.rounds.give_back(campaign.plan.campaign, "paused")
            campaign.ask_at = 0.0
        self.wake.set()

    def _made(self, new: Plan) -> Campaign:
        pacer = Pacer(
            new.mode,
            new.limits,
            ratio=new.ratio,
            interval_s=new.interval_s,
            formula=new.formula,
        )
        now_us = self.kernel.clock.now_us()
        pacer.recall(
            time.monotonic(), self.store.counted(new.campaign, now_us, new.limits.window_s)
        )
        return Campaign(new, pacer)

    def _changed(self, campaign: Campaign, new: Plan) -> None:
        old, campaign.plan = campaign.plan, new
        pacer = campaign.pacer
        pacer.mode, pacer.ratio, pacer.interval_s = new.mode, new.ratio, new.interval_s
        if old.limits.window_s != new.limits.window_s:
            campaign.pacer = self._made(new).pacer
        campaign.pacer.limits, campaign.pacer.formula = new.limits, new.formula

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
            self.rounds.give_back(number, "paused")
        self.wake.set()
        return Result()

    async def _drop_command(self, order: Order) -> Result:
        wanted = {str(lease) for lease in order.args["leases"]}
        found = [one for one in self.store.open.values() if one.lease in wanted]
        flying = [one for one in found if one.flying]
        self.rounds.drop(wanted)
        if order.args.get("hangup") is True:
            for one in flying:
                if one.answered_t is None:
                    await self._hang_up(one)
        return Result(message=str(len(flying)))

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
        self.wake.set()

    def _tell_wrong(self, row: dict[str, Any]) -> None:
        body = {
            "campaign": row["campaign"],
            "rev": row["rev"],
            "state": "waiting",
            "why": "refused",
        }
        body["text"] = row["wrong"]
        self.kernel.fact("dialer.state", self.kernel.clock.now_us(), {"dialer": body})


def plugin(kernel: Kernel) -> Dialer:
    """For the entry point."""
    return Dialer(kernel)
