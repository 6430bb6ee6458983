# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import models, tools


class AgentInfo(NamedTuple):
    """What the ingest asks about an agent at every fact."""

    id: int
    number: str
    company_id: int
    department_id: int | None
    partner_id: int


class QueueInfo(NamedTuple):
    """What the ingest asks about a queue at every fact."""

    id: int
    name: str
    department_id: int | None
    service_level_s: int
    short_s: int


class CcPbx(models.Model):
    """What rarely changes and every fact asks for, kept in the registry's cache.

    Agents, queues, extensions and PBX clear that cache when they change.
    """

    _inherit = "cc.pbx"

    @tools.ormcache("self.id")
    def _lookup(self):
        """Who is who on this PBX. Call as superuser.

        :return: `(country, agents, extensions, queues)`: ISO code of the PBX's own country,
            if it has one; AgentInfo by agent
            number, archived agents too; agent number by extension; QueueInfo by the PBX's queue name
        """
        self.ensure_one()
        here = [("pbx_id", "=", self.id)]
        everything = self.with_context(active_test=False, lang=None).env
        agents = {
            agent.number: AgentInfo(
                agent.id,
                agent.number,
                agent.company_id.id,
                agent.department_id.id or None,
                agent.user_id.partner_id.id,
            )
            for agent in everything["cc.agent"].search(here)
        }
        extensions = {
            extension.code: extension.agent_id.number
            for extension in everything["cc.extension"].search([*here, ("agent_id", "!=", False)])
        }
        queues = {
            queue.code: QueueInfo(
                queue.id,
                queue.name,
                queue.department_id.id or None,
                queue.service_level_s,
                queue.company_id.cc_short_abandon_s,
            )
            for queue in everything["cc.queue"].search(here)
        }
        return self.country_id.code, agents, extensions, queues
