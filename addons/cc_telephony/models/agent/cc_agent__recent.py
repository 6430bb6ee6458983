# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...utils.times import now, to_us

MOST_RECENT = 30


class CcAgent(models.Model):
    """The agent's own last calls, and how many of them were missed."""

    _inherit = "cc.agent"

    @api.model
    @api.readonly
    def recent_calls(self):
        """The last calls that the caller's agent had part in, the newest first.

        :return: `{"calls": [{id, call_uid, at, direction, missed, new, name, agent, mask, number_id, queue,
            talk_s}], "missed": how many were missed since they were last looked at}`
        """
        agent = self._mine()
        seen_at = self.env["cc.agent.memory"]._of(agent).missed_seen_at
        rows = []
        for call_sudo in agent._recent_calls():
            missed = agent._missed(call_sudo)
            new = missed and (not seen_at or call_sudo.started_at > seen_at)
            rows.append(agent._recent_row(call_sudo, missed, new))
        return {"calls": rows, "missed": sum(row["new"] for row in rows)}

    @api.model
    def recent_seen(self):
        """The caller has looked at the missed calls: none of them is new any more."""
        self.env["cc.agent.memory"]._remember(self._mine(), missed_seen_at=now())
        return True

    def _recent_calls(self):
        """The last calls of this agent, as superuser, the newest first."""
        self.ensure_one()
        for model in ("cc.call.attempt", "cc.call.leg"):
            self.env[model].flush_model(["agent_id", "call_id"])
        rows = self.env.execute_query(
            SQL(
                """(SELECT call_id FROM cc_call_attempt WHERE agent_id = %(agent)s
                     ORDER BY id DESC LIMIT %(most)s)
                   UNION
                   (SELECT call_id FROM cc_call_leg WHERE agent_id = %(agent)s
                     ORDER BY id DESC LIMIT %(most)s)""",
                agent=self.id,
                # a call may ring at one agent several times
                most=MOST_RECENT * 3,
            )
        )
        # sudo: cc.call - calls at this agent's own phone
        calls_sudo = self.env["cc.call"].sudo()
        # what rang here in vain is missed at once, though the queue may still ring others
        rung_out = [("agent_id", "=", self.id), ("outcome", "not in", [False, "answered"])]
        done = Domain("state", "=", "ended") | Domain("attempt_ids", "any", rung_out)
        return calls_sudo.search(
            Domain("id", "in", [row[0] for row in rows]) & done,
            order="started_at desc, id desc",
            limit=MOST_RECENT,
        )

    def _missed(self, call_sudo):
        """Whether the call rang at this agent, as theirs to take, and nobody has taken it since.

        A colleague who has it on the line and asked for advice in vain still has it.
        """
        lost = call_sudo.attempt_ids.filtered(
            lambda ring: ring.agent_id == self and ring.outcome not in (False, "answered")
        ).sorted("n")[-1:]
        if not lost:
            return False
        if not call_sudo.answered_at:
            return call_sudo.direction != "outbound"
        handed = call_sudo.transfer_ids.filtered(
            lambda move: move.how in ("blind", "attended") and move.agent_id != self
        )
        since = lost.ring_at or call_sudo.started_at
        taken = call_sudo.leg_ids.filtered(
            lambda leg: leg.role != "customer" and leg.joined_at and leg.joined_at >= since
        )
        return bool(lost.queue_id or handed) and not taken

    def _recent_row(self, call_sudo, missed, new):
        other = self.browse()
        if call_sudo.direction == "internal":
            parties = call_sudo.leg_ids.agent_id | call_sudo.attempt_ids.agent_id
            other = (parties - self)[:1]
        own = call_sudo.leg_ids.filtered(lambda leg: leg.agent_id == self)
        outbound = call_sudo.direction == "outbound"
        return {
            "id": call_sudo.id,
            "call_uid": call_sudo.call_uid,
            "at": to_us(call_sudo.started_at),
            # of an internal call: who of the two began it
            "direction": call_sudo.direction,
            "missed": missed,
            "new": bool(new),
            "name": call_sudo.partner_id.display_name
            or (not outbound and not other and call_sudo.caller_name)
            or None,
            "agent": other.name or None,
            "agent_id": other.id,
            "mask": other.number or call_sudo.number_id.mask or None,
            "number_id": False if other else call_sudo.number_id.id,
            "queue": call_sudo.queue_id.name or None,
            "talk_s": call_sudo.talk_s if own else 0.0,
        }
