# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whom a control is about: a colleague, a queue, a menu, a number outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import encoder
from ..kernel.forms import NotPossible
from .base import Base

_KINDS = frozenset({"agent", "queue", "ivr", "number"})


@dataclass(frozen=True, slots=True)
class Target:
    """One of them. ``device``: what is dialled, empty for a queue or a menu; ``agent``: number of a colleague."""

    kind: str
    value: str
    device: str = ""
    agent: str | None = None
    confirm: bool = False
    caller: str = ""


class Targets(Base):
    """Turns ``to`` of a command into something that can be reached."""

    async def _target(
        self,
        number: str,
        to: Mapping[str, Any],
        *,
        ready: bool = False,
        allowed: frozenset[str] = frozenset({"agent", "number"}),
    ) -> Target:
        """Raises NotPossible or encoder.Refused.

        :param ready: a colleague must be ready, not only free
        """
        kind = encoder.choice(to.get("kind"), _KINDS)
        if kind not in allowed:
            raise NotPossible("refused", f"a {kind} can't be asked in")
        if kind == "agent":
            return await self._colleague(number, encoder.agent(to.get("value")), ready)
        if kind == "number":
            value = encoder.number(to.get("value"))
            way = self._outside(value)
            return Target(kind, value, way.device, caller=way.caller_id or number)
        value = encoder.code(to.get("value"))
        check = f"DIALPLAN_EXISTS(cc-ivr,{value},1)" if kind == "ivr" else f"QUEUE_EXISTS({value})"
        reply = await self._ami.action({"Action": "Getvar", "Variable": check})
        if reply.get("Value") != "1":
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
        await self._reachable(device, f"agent {value}")
        return Target(
            "agent", value, device, agent=value, confirm=agent.device == "mobile", caller=number
        )
