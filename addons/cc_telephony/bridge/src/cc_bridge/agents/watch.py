# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whether the agents' phones are there: who listens hears each change, Odoo of what lasts."""

import asyncio
from collections.abc import Callable

from .machine import Agent

#: A phone that is away for longer stands behind no state: a page is reloaded faster than that.
PATIENCE_S = 30.0


class PhoneWatch:
    """One PBX's.

    :param now: the PBX's time, µs
    :param reachable: whether the PBX reaches an agent's phone now
    :param report: tells Odoo of an agent
    :param on_change: tells whoever listens in the bridge
    """

    def __init__(
        self,
        now: Callable[[], int],
        reachable: Callable[[str], bool],
        report: Callable[[Agent], None],
        on_change: Callable[[Agent], None],
    ) -> None:
        self._now = now
        self._reachable = reachable
        self._report = report
        self._on_change = on_change
        self._told: dict[str, bool] = {}
        self._missing: dict[str, asyncio.TimerHandle] = {}

    def changed(self, agent: Agent) -> None:
        """The PBX has said something of this agent's phone."""
        if self._told.get(agent.agent, True) != self._reachable(agent.agent):
            self.tell(agent)
        self.look(agent)

    def tell(self, agent: Agent) -> None:
        """Tells whoever listens."""
        self._told[agent.agent] = self._reachable(agent.agent)
        self._on_change(agent)

    def look(self, agent: Agent) -> None:
        """Odoo is told when their phone is back, and when it has been away for a while without a call."""
        gone = self._missing.pop(agent.agent, None)
        if gone is not None:
            gone.cancel()
        if self._reachable(agent.agent) and not agent.reachable:
            agent.reach(True, self._now())
            self._report(agent)
        elif not self._reachable(agent.agent) and agent.reachable:
            self._missing[agent.agent] = asyncio.get_running_loop().call_later(
                PATIENCE_S, self._still_missing, agent, self._now()
            )

    def _still_missing(self, agent: Agent, since: int) -> None:
        self._missing.pop(agent.agent, None)
        if not agent.signed_in or self._reachable(agent.agent):
            return
        if agent.state == "on_call":
            self.look(agent)  # what a call needs, the call says
            return
        agent.reach(False, since)
        self._report(agent)

    def close(self) -> None:
        """Looks no more."""
        for timer in self._missing.values():
            timer.cancel()
