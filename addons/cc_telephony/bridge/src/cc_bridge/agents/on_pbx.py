# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the PBX is told of an agent: how they are reached, in which queues they are, who is at which phone.

Only what differs from what the PBX has is written, so a lost action or a restarted PBX is healed by the next
comparison.
"""

import logging
from collections.abc import Iterable, Mapping

from .. import encoder
from ..ami import AmiFailed, AmiTransport
from .machine import Agent
from .members import Member, QueueTable, interface

log = logging.getLogger(__name__)


class OnPbx:
    """Writes agents to one PBX."""

    def __init__(self, ami: AmiTransport, queues: QueueTable) -> None:
        self._ami = ami
        self._queues = queues
        # what was written, until the next login
        self._phones: dict[str, str] = {}
        self._devices: dict[str, tuple[str, str | None]] = {}

    def forget(self) -> None:
        """After a reconnect nothing is taken for known that only we wrote."""
        self._devices.clear()
        self._phones.clear()

    async def put(self, agent: Agent, device: str, paused: bool) -> None:
        """Brings an agent's device and memberships to their state. Raises AmiError, encoder.Refused.

        :param device: how Asterisk reaches them; empty: not at all
        """
        if agent.signed_in:
            await self._put_device(agent, device)
        should = dict(agent.queues) if agent.signed_in else {}
        member = interface(encoder.agent(agent.agent))
        there = self._queues.of_agent(agent.agent)
        for queue in sorted(set(there) - set(should)):
            await self._ami.action({"Action": "QueueRemove", "Queue": queue, "Interface": member})
            self._queues.expect(queue, agent.agent, None)
        for queue, penalty in sorted(should.items()):
            await self._put_member(queue, agent, member, penalty, paused, there.get(queue))
        if not agent.signed_in and self._devices.pop(agent.agent, None) is not None:
            await self._db_put("agentdev", agent.agent, "")

    async def put_phones(self, listed: Iterable[str], at: Mapping[str, str]) -> None:
        """Whose each phone is right now: also that nobody is signed in at it any more.

        :param listed: all phones that the intent knows
        :param at: phone to the agent who is signed in at it
        """
        for phone in sorted({*listed, *at, *self._phones}):
            whose = at.get(phone, "")
            if self._phones.get(phone) != whose:
                await self._db_put("agentext", encoder.extension(phone), whose)
                self._phones[phone] = whose

    async def mark(self, mark: str, number: str, state: str) -> None:
        """Sets one of the dialplan's marks of an agent."""
        await self._ami.action(
            {
                "Action": "Setvar",
                "Value": state,
                "Variable": f"DEVICE_STATE(Custom:{mark}{encoder.agent(number)})",
            }
        )

    async def qualify(self, endpoint: str) -> None:
        """Asks the phone whether it is there: one once marked as gone remains so, also after it registers anew."""
        try:
            await self._ami.action({"Action": "PJSIPQualify", "Endpoint": endpoint})
        except AmiFailed as error:
            log.debug("%s: %s", endpoint, error)

    async def _put_member(
        self,
        queue: str,
        agent: Agent,
        member: str,
        penalty: int,
        paused: bool,
        old: Member | None,
    ) -> None:
        number = agent.agent
        if old is None:
            if not self._queues.knows(queue):
                log.error("agent %s: the PBX has no queue %s", number, queue)
                return
            await self._ami.action(
                {
                    "Action": "QueueAdd",
                    "Queue": encoder.code(queue),
                    "Interface": member,
                    "Penalty": str(penalty),
                    "Paused": "true" if paused else "false",
                    "MemberName": number,
                    "StateInterface": f"hint:{number}@cc-hint",
                }
            )
        # also who is added paused: only this says why
        if paused if old is None else old.paused != paused:
            await self._ami.action(
                {
                    "Action": "QueuePause",
                    "Queue": queue,
                    "Interface": member,
                    "Paused": "true" if paused else "false",
                    "Reason": agent.state,
                }
            )
        if old is not None and old.penalty != penalty:
            await self._ami.action(
                {
                    "Action": "QueuePenalty",
                    "Queue": queue,
                    "Interface": member,
                    "Penalty": str(penalty),
                }
            )
        self._queues.expect(queue, number, Member(number, paused, penalty, "unknown"))

    async def _put_device(self, agent: Agent, device: str) -> None:
        if not device:
            raise encoder.Refused(f"{agent.extension!r} is no extension that can be rung")
        key = (device, agent.device)
        if self._devices.get(agent.agent) == key:
            return
        await self._db_put("agentdev", agent.agent, device)
        await self._db_put("agentconfirm", agent.agent, "1" if agent.device == "mobile" else "0")
        if agent.device == "mobile":
            await self.mark("am", agent.agent, "NOT_INUSE")
        else:
            await self.qualify(encoder.extension(agent.extension))
        self._devices[agent.agent] = key

    async def _db_put(self, family: str, key: str, value: str) -> None:
        # an empty value reads like none in the dialplan; DBDel of a missing key would be an error
        await self._ami.action({"Action": "DBPut", "Family": family, "Key": key, "Val": value})
