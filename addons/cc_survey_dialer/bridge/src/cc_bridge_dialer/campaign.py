# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One campaign at work: what the pacer is shown, how many numbers it may have, why it does not dial."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cc_bridge.plugins import AgentNow

from .attempts import Attempt
from .pacer import Pacer, Snapshot
from .plans import Plan

#: Leases in hand are for so many seconds of dialling.
STOCK_S = 4.0
MOST_LEASES = 50
_MICRO = 1_000_000


@dataclass(slots=True)
class Campaign:
    """The plan in force, the pacer, and what was told last."""

    plan: Plan
    pacer: Pacer
    #: the command's word on running, and the revision that it came with
    order: tuple[int, bool] | None = None
    dialled: deque[tuple[float, int]] = field(default_factory=deque)
    #: Odoo said that there is nothing: why, and when to ask again (monotonic seconds)
    none: str | None = None
    ask_at: float = 0.0
    asking: bool = False
    why: str | None = None
    told: dict[str, Any] | None = None
    told_at: float = 0.0
    closed: bool = False

    @property
    def running(self) -> bool:
        """Whether it may dial, by the intent or a newer command."""
        if self.order is not None and self.order[0] >= self.plan.rev:
            return self.order[1]
        return self.plan.running

    @property
    def pace_by_agents(self) -> bool:
        """Without agents (announcements, menus) the lines alone are the pace."""
        return bool(self.plan.queue)

    def want(self, now: float) -> int:
        """How many leases it should have in hand."""
        while self.dialled and now - self.dialled[0][0] > 20:
            self.dialled.popleft()
        lately = sum(n for _, n in self.dialled)
        burst = max((n for _, n in self.dialled), default=0)
        return int(min(max(2.0, lately / 20 * STOCK_S, burst), MOST_LEASES))


def snapshot(
    plan: Plan, agents: Iterable[AgentNow], attempts: Iterable[Attempt], now_us: int, now: float
) -> Snapshot:
    """What the pacer is asked with. An agent who is rung is as good as talking.

    :param now_us: the PBX's time, as agents' and attempts' times are; ``now`` is the pacer's
    """

    def since(t: int | None) -> float:
        return max(now_us - (now_us if t is None else t), 0) / _MICRO

    ready = 0
    talking: list[float] = []
    wrapping: list[float] = []
    rung = set()
    for agent in agents:
        if plan.queue not in agent.queues or not agent.reachable:
            continue
        if agent.state == "ready":
            ready += 1
        elif agent.state == "ringing":
            talking.append(0.0)
            rung.add(agent.call_uid)
        elif agent.state == "on_call":
            talking.append(since(agent.since))
        elif agent.state == "wrap_up":
            wrapping.append(since(agent.since))
    ringing: list[float] = []
    waiting: list[float] = []
    for one in attempts:
        if one.state == "sent":
            ringing.append(since(one.dialled_t))
        elif (
            one.state == "answered"
            and one.agent_t is None
            and not one.served
            and one.message_t is None
            and one.outcome is None
            and one.call_uid not in rung
        ):
            waiting.append(since(one.answered_t))
    return Snapshot(now, ready, tuple(talking), tuple(wrapping), tuple(ringing), tuple(waiting))
