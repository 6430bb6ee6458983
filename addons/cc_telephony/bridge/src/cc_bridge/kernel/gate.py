# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge's own gate before every call out; the dialplan has another (``cc-gate``)."""

import time
from collections import deque
from collections.abc import Callable

from cc_contract.destinations import emergency

from ..agents.service import AgentService
from ..calls import CallModel
from ..limits import setting
from .forms import NotPossible

HOUR_S = 3600.0
_WORDS = {
    "destination": "calls to this destination are not allowed",
    "busy": "too many calls out at once",
    "hour": "too many calls out within an hour",
}


class Gate:
    """Asked before each call out that the bridge makes.

    :param now: a clock that only goes forward, s
    """

    def __init__(
        self, agents: AgentService, calls: CallModel, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._agents = agents
        self._calls = calls
        self._now = now
        self._made: dict[str, deque[float]] = {}
        #: told of each refusal: agent, number, why
        self.on_refused: Callable[[str, str, str], None] = lambda *_: None

    def limit(self, name: str, default: int = 0, unit: int = 1) -> int:
        """One limit of the newest intent."""
        return setting(self._agents.settings, name, default, unit)

    def check(self, agent: str, number: str) -> None:
        """Raises NotPossible when this agent may not have this number called, or not now."""
        self._refuse(agent, number, self._why_not(agent, number))

    def check_phone(self, agent: str, number: str) -> None:
        """Raises NotPossible when an agent may not have their calls ring at this number outside."""
        allowed = self._agents.may_call(agent, number)
        self._refuse(agent, number, None if allowed else "destination")

    def _refuse(self, agent: str, number: str, why: str | None) -> None:
        if why is not None:
            self.on_refused(agent, number, why)
            raise NotPossible("refused", _WORDS[why])

    def _why_not(self, agent: str, number: str) -> str | None:
        destinations = self._agents.destinations
        if number in emergency(destinations.country):
            return None
        if not self._agents.may_call(agent, number):
            return "destination"
        if 0 < self.limit("out_most") <= self.outside():
            return "busy"
        if self.stopped(agent):
            return "hour"
        return None

    def outside(self) -> int:
        """How many calls out there are now."""
        return sum(
            leg.left_t is None and (leg.role == "outside" or call.direction == "outbound")
            for call in self._calls.open_calls()
            for leg in call.legs
            if leg.role in ("outside", "customer")
        )

    def made(self, who: str) -> None:
        """An agent, or a phone at which nobody is signed in, has called out."""
        self._made.setdefault(who, deque()).append(self._now())

    def stopped(self, who: str) -> bool:
        """Whether they have made as many calls out as an hour may have."""
        made, most = self._made.get(who), self.limit("out_hour")
        if not made or not most:
            return False
        while made and made[0] < self._now() - HOUR_S:
            made.popleft()
        return len(made) >= most

    def who(self) -> list[str]:
        """All that have called out lately."""
        return sorted(self._made)
