# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whom a control is about: a colleague, a queue, a menu, a number outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cc_contract.dialling import Way

from .. import encoder
from ..agents.service import AgentService
from ..dialling import Dialled
from ..kernel.forms import NotPossible
from ..kernel.gate import Gate
from .steering import Steering

_KINDS = frozenset({"agent", "queue", "ivr", "number"})
#: Who can be asked in; whom a customer can be taken to is more.
PERSONS = frozenset({"agent", "number"})
ANYBODY = _KINDS


@dataclass(frozen=True, slots=True)
class Target:
    """One of them. ``device``: what is dialled, empty for a queue or a menu; ``agent``: number of a colleague."""

    kind: str
    value: str
    device: str = ""
    agent: str | None = None
    confirm: bool = False
    caller: str = ""


class Targets:
    """Turns ``to`` of a command into something that can be reached."""

    def __init__(self, agents: AgentService, dialled: Dialled, steer: Steering, gate: Gate) -> None:
        self._agents = agents
        self._gate = gate
        self._dialled = dialled
        self._steer = steer

    async def target(
        self,
        number: str,
        args: Mapping[str, Any],
        *,
        ready: bool = False,
        allowed: frozenset[str] = PERSONS,
    ) -> Target:
        """Whom a command's argument ``to`` names. Raises NotPossible or encoder.Refused.

        :param ready: a colleague must be ready, not only free
        """
        to = args["to"]
        if not isinstance(to, Mapping):
            raise encoder.Refused("`to` is no object")
        kind = encoder.choice(to.get("kind"), _KINDS)
        if kind not in allowed:
            raise NotPossible("refused", f"a {kind} can't be asked in")
        if kind == "agent":
            return await self._colleague(number, encoder.agent(to.get("value")), ready)
        if kind == "number":
            value = encoder.number(to.get("value"))
            way = self.outside(number, value)
            # a call that the agent's own phone makes is counted when the PBX tells of it (tolls)
            self._gate.made(number)
            return Target(kind, value, way.device, caller=way.caller_id or number)
        value = encoder.code(to.get("value"))
        check = f"DIALPLAN_EXISTS(cc-ivr,{value},1)" if kind == "ivr" else f"QUEUE_EXISTS({value})"
        if await self._steer.ask(check) != "1":
            raise NotPossible("refused", f"the PBX has no {kind} {value}")
        return Target(kind, value)

    async def _colleague(self, number: str, value: str, ready: bool) -> Target:
        if value == number:
            raise NotPossible("refused", "that is you")
        agent = self._agents.get(value)
        if agent is None:
            raise NotPossible("no_agent", f"agent {value} is not signed in")
        if agent.state in ("ringing", "on_call") or (ready and agent.state != "ready"):
            raise NotPossible("illegal_state", f"agent {value} is {agent.state}")
        device = self._agents.device(agent)
        await self._steer.reachable(device, f"agent {value}")
        return Target(
            "agent", value, device, agent=value, confirm=agent.device == "mobile", caller=number
        )

    def outside(self, agent: str, number: str) -> Way:
        """How a number outside is dialled, if this agent may have it called. Raises NotPossible."""
        self._gate.check(agent, number)
        try:
            way = self._agents.rules.outside(number)
        except encoder.Refused as error:
            raise NotPossible("bad_number", str(error)) from None
        self._dialled.remember(way, number)
        return way
