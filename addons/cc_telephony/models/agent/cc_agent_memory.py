# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcAgentMemory(models.Model):
    """What the phone bar remembers of an agent: where they signed in last, what they have looked at.

    Apart from `cc.agent`, whose every write clears the caches of all workers.
    """

    _name = "cc.agent.memory"
    _description = "Phone bar of an agent"
    _rec_name = "agent_id"

    agent_id = fields.Many2one("cc.agent", required=True, ondelete="cascade")
    device = fields.Char()
    extension = fields.Char()
    number_id = fields.Many2one("cc.phone.number", "External phone", ondelete="set null")
    confirmed_ids = fields.Many2many(
        "cc.phone.number",
        "cc_agent_confirmed_number_rel",
        "memory_id",
        "number_id",
        "External phones confirmed",
        help="Numbers at which the agent has keyed in the code shown by Odoo.",
    )
    missed_seen_at = fields.Datetime("Missed calls last viewed")

    _agent_unique = models.UniqueIndex("(agent_id)")

    @api.model
    def _of(self, agent):
        """The agent's row, as superuser; empty before there is anything to remember."""
        # sudo: cc.agent.memory - the agent's own, by methods of the bar only
        return self.sudo().search([("agent_id", "=", agent.id)], limit=1)

    @api.model
    def _remember(self, agent, **values):
        """Write what is to be remembered of an agent."""
        memory_sudo = self._of(agent)
        if memory_sudo:
            memory_sudo.write(values)
        else:
            memory_sudo.create({**values, "agent_id": agent.id})
