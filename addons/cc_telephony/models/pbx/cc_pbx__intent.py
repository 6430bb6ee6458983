# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ...utils.places import place


class CcPbx(models.Model):
    """The intent: what the PBX should be like and who is signed in where, as the bridge reads it."""

    _inherit = "cc.pbx"

    def _intent(self):
        """The whole intent of this PBX, in the form of docs/architecture/http.md. Call as superuser."""
        self.ensure_one()
        return {
            "agents": self._intent_agents(),
            "queues": self._intent_queues(),
            "extensions": self._intent_extensions(),
            "routes": self.env["cc.inbound.route"].search([("pbx_id", "=", self.id)])._to_bridge(),
            "settings": self._intent_settings(),
        }

    def _intent_agents(self):
        agents = self.env["cc.agent"].search([("pbx_id", "=", self.id)], order="number, id")
        sessions = self.env["cc.agent.session"].search(
            [("agent_id", "in", agents.ids), ("ended_at", "=", False)]
        )
        by_agent = {session.agent_id: session for session in sessions}
        result = []
        for agent in agents:
            session = by_agent.get(agent)
            members = agent.member_ids.filtered(
                lambda member: member.queue_id.active and member.queue_id.pbx_id == self
            )
            result.append(
                {
                    "agent": agent.number,
                    "name": agent.name,
                    "session": session.id if session else None,
                    "device": session.device if session else None,
                    "extension": session._extension_for_pbx() if session else None,
                    "may": self.env["cc.dial.destination"]._role_of(agent.user_id),
                    "queues": [
                        {"queue": member.queue_id.code, "penalty": member.penalty}
                        for member in members
                    ],
                }
            )
        return result

    def _intent_queues(self):
        queues = self.env["cc.queue"].search([("pbx_id", "=", self.id)], order="code, id")
        return [
            {
                "queue": queue.code,
                "name": queue.name,
                "strategy": queue.strategy,
                "ring_s": queue.ring_s,
                "wrap_up_s": queue.wrap_up_s,
                "service_level_s": queue.service_level_s,
                "max_wait_s": queue.max_wait_s,
                "max_waiting": queue.max_waiting,
                "music": queue.music,
                "weight": queue.weight,
                "announce_position": queue.announce_position,
                "announce_every_s": queue.announce_every_s,
                "miss_limit": queue.miss_limit,
                "overflow": place(queue.overflow_target),
            }
            for queue in queues
        ]

    def _intent_extensions(self):
        extensions = self.env["cc.extension"].search([("pbx_id", "=", self.id)], order="code, id")
        return [
            {
                "extension": extension.code,
                "kind": extension.kind,
                "secret": extension.secret,
                "name": extension.name,
                "agent": extension.agent_id.number or None,
            }
            for extension in extensions
        ]
