# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

from ...utils.talk import Hold, Leg, Move, Ring, Talk, View

# each list of a call as the tuples that make its view; times in whole µs, exact in PostgreSQL's numeric
OPEN_CALLS = """
    SELECT c.id, c.call_uid, c.direction, c.state, {answered},
           (SELECT json_agg(json_build_array(l.leg, l.role, l.agent_id, l.number_id, {joined}, {left},
                                             l.mode) ORDER BY l.leg)
              FROM cc_call_leg l WHERE l.call_id = c.id),
           (SELECT json_agg(json_build_array(a.n, a.queue_id IS NOT NULL, a.agent_id, a.number_id, {rang},
                                             {rang_until}, a.outcome) ORDER BY a.n)
              FROM cc_call_attempt a WHERE a.call_id = c.id),
           (SELECT json_agg(json_build_array({held}, {held_until}, h.agent_id) ORDER BY h.n)
              FROM cc_call_hold h WHERE h.call_id = c.id),
           (SELECT json_agg(json_build_array({moved}, m.how, coalesce(m.completed, false), m.agent_id)
                            ORDER BY m.n)
              FROM cc_call_transfer m WHERE m.call_id = c.id),
           (SELECT json_agg(json_build_array(k.node, k.key) ORDER BY k.n)
              FROM cc_call_key k WHERE k.call_id = c.id)
      FROM cc_call c
     WHERE c.pbx_id = %(pbx)s AND c.state != 'ended'
       AND (EXISTS (SELECT FROM cc_call_attempt o WHERE o.call_id = c.id AND o.agent_id = %(agent)s
                       AND o.end_at IS NULL AND o.outcome IS NULL)
         OR EXISTS (SELECT FROM cc_call_leg o WHERE o.call_id = c.id AND o.agent_id = %(agent)s
                       AND o.left_at IS NULL))
     ORDER BY c.started_at, c.id
""".format(
    **{
        name: f"(extract(epoch FROM {column}) * 1000000)::bigint"
        for name, column in {
            "answered": "c.answered_at",
            "joined": "l.joined_at",
            "left": "l.left_at",
            "rang": "a.ring_at",
            "rang_until": "a.end_at",
            "held": "h.from_at",
            "held_until": "h.to_at",
            "moved": "m.at",
        }.items()
    }
)
READ = (
    "cc.call",
    "cc.call.leg",
    "cc.call.attempt",
    "cc.call.hold",
    "cc.call.transfer",
    "cc.call.key",
)


class CcCall(models.Model):
    """What a click in the bar is checked against, in one query: an agent waits for it."""

    _inherit = "cc.call"

    @api.model
    def _cc_open_talks(self, agent):
        """Calls that are going on at this agent now, as `_cc_open_of` finds them, oldest first.

        :return: `[(call, talk)]`: the cc.call as superuser and the `Talk` as this agent sees it
        """
        for model in READ:
            self.env[model].flush_model()
        rows = self.env.execute_query(SQL(OPEN_CALLS, pbx=agent.pbx_id.id, agent=agent.id))
        # sudo: cc.call - the agent whose calls these are
        calls_sudo = self.sudo().browse(row[0] for row in rows)
        self._fields["call_uid"]._insert_cache(calls_sudo, [row[1] for row in rows])
        return [
            (call_sudo, Talk(self._cc_view_of(*row[2:]), agent.id))
            for call_sudo, row in zip(calls_sudo, rows, strict=True)
        ]

    @staticmethod
    def _cc_view_of(direction, state, answered_t, legs, rings, holds, moves, keys):
        return View(
            direction,
            state,
            answered_t,
            legs=tuple(Leg(*leg) for leg in legs or ()),
            rings=tuple(Ring(*ring) for ring in rings or ()),
            holds=tuple(Hold(*hold) for hold in holds or ()),
            moves=tuple(Move(*move) for move in moves or ()),
            keys=tuple(map(tuple, keys or ())),
        )
