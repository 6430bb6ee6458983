# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CcStatAgent(models.Model):
    """Figures of an agent in a quarter of an hour: counts and sums, never ratios.

    Seconds are split by the clock at the quarter's borders: all states of a sign-in add up to its length.
    Counts stand where they happened: rings at the ring, answers at the answer, handled calls where the
    agent's part ended. Calls registered by hand are not in it, nobody measured them.
    """

    _name = "cc.stat.agent"
    _description = "Agent figures by quarter hour"
    _inherit = ["cc.stat.buckets"]
    _log_access = False
    _stat_key = "agent_id"

    agent_id = fields.Many2one("cc.agent", required=True, ondelete="cascade")
    signed_in_s = fields.Float("Signed in")
    ready_s = fields.Float("Ready", help="With a phone that could be reached.")
    away_s = fields.Float(
        "Not reachable", help="Ready with no phone behind it: nothing could ring."
    )
    ring_s = fields.Float("Ringing")
    talk_s = fields.Float("Talk", help="On a call, without holds.")
    hold_s = fields.Float("Hold")
    wrap_up_s = fields.Float("Wrap-up")
    busy_s = fields.Float("Busy")
    break_s = fields.Float("Break")
    other_s = fields.Float("Other states")
    inbound_s = fields.Float("On inbound calls", help="Talk and hold.")
    outbound_s = fields.Float("On outbound calls", help="Talk and hold.")
    sign_ins = fields.Integer("Times signed in")
    ready_count = fields.Integer("Times ready")
    busy_count = fields.Integer("Times busy")
    break_count = fields.Integer("Times on break")
    rings = fields.Integer(help="Rings at the agent's phone: queues, direct calls and colleagues.")
    answered = fields.Integer()
    answered_kept = fields.Integer(
        "Answered and kept", help="Answered and not transferred to anybody else."
    )
    no_answer = fields.Integer("No answer")
    rejected = fields.Integer()
    stopped = fields.Integer(
        "Cancelled", help="Hung up, answered by a colleague, or the phone was not reached."
    )
    transfers = fields.Integer(help="Calls the agent transferred that someone answered.")
    outbound = fields.Integer()
    outbound_answered = fields.Integer("Outbound answered")
    handled = fields.Integer(help="Parts in calls that ended.")
    handled_s = fields.Float("Time in handled calls", help="From joining to leaving.")
    satisfied = fields.Integer()
    neutral = fields.Integer()
    dissatisfied = fields.Integer()
    wrong_key = fields.Integer("Wrong key")
    hung_up = fields.Integer("Hung up unrated")
    not_sent = fields.Integer("Not sent")

    _key_unique = models.UniqueIndex(
        "(agent_id, bucket_at, COALESCE(department_id, 0))", "These figures already exist."
    )
    _by_time = models.Index("(bucket_at)")

    @api.model
    def _stat_states(self):
        """Column of seconds by state; a state that is not named here counts as another one."""
        return {
            "ready": "ready_s",
            "ringing": "ring_s",
            "on_call": "talk_s",
            "wrap_up": "wrap_up_s",
            "busy": "busy_s",
            "break": "break_s",
        }

    def _stat_sources(self, border):
        columns = SQL(" ").join(
            SQL("WHEN %s THEN %s", state, column) for state, column in self._stat_states().items()
        )
        # what goes on counts up to the last full quarter
        state_range = SQL("tsrange(state.started_at, COALESCE(state.ended_at, %s))", border)
        yield SQL(
            """SELECT keys.key, state.department_id, keys.bucket_at, part.name,
                      extract(epoch FROM upper(span) - lower(span))
                 FROM keys JOIN cc_agent_interval state ON state.agent_id = keys.key
                      AND tsrange(state.started_at, state.ended_at)
                          && tsrange(keys.bucket_at, keys.next_at)
                      AND state.started_at < COALESCE(state.ended_at, %(border)s)
                 LEFT JOIN cc_call call ON call.call_uid = state.call_uid
                CROSS JOIN LATERAL (
                      SELECT %(state_range)s * tsrange(keys.bucket_at, keys.next_at) AS span) AS cut
                CROSS JOIN LATERAL (VALUES
                      ('signed_in_s'),
                      (CASE WHEN state.state = 'ready' AND state.reachable IS FALSE THEN 'away_s'
                            ELSE CASE state.state %(columns)s ELSE 'other_s' END END),
                      (CASE WHEN state.state = 'on_call' AND call.direction IN ('inbound', 'outbound')
                            THEN call.direction || '_s' END)) AS part (name)
                WHERE NOT isempty(span)""",
            border=border,
            state_range=state_range,
            columns=columns,
        )
        # holds are cut out of the talk around them
        yield SQL(
            """SELECT keys.key, state.department_id, keys.bucket_at, part.name,
                      part.sign * extract(epoch FROM upper(held) - lower(held))
                 FROM keys JOIN cc_agent_interval state ON state.agent_id = keys.key
                      AND state.state = 'on_call'
                      AND tsrange(state.started_at, state.ended_at)
                          && tsrange(keys.bucket_at, keys.next_at)
                      AND state.started_at < COALESCE(state.ended_at, %(border)s)
                CROSS JOIN LATERAL (
                      SELECT range_agg(tsrange(hold.from_at, GREATEST(hold.from_at, COALESCE(hold.to_at, call.ended_at, %(border)s))))
                             * multirange(%(state_range)s * tsrange(keys.bucket_at, keys.next_at)) AS held_ranges
                        FROM cc_call_hold hold JOIN cc_call call ON call.id = hold.call_id
                       WHERE hold.agent_id = keys.key AND hold.from_at < keys.next_at
                             AND hold.from_at > state.started_at - interval '1 day') AS holds
                CROSS JOIN LATERAL unnest(held_ranges) AS held
                CROSS JOIN (VALUES ('hold_s', 1), ('talk_s', -1)) AS part (name, sign)""",
            border=border,
            state_range=state_range,
        )
        yield SQL(
            """SELECT keys.key, state.department_id, keys.bucket_at, part.name, 1
                 FROM keys JOIN cc_agent_interval state ON state.agent_id = keys.key
                      AND state.started_at >= keys.bucket_at AND state.started_at < keys.next_at
                CROSS JOIN LATERAL (VALUES (
                      CASE WHEN state.state IN ('ready', 'busy', 'break')
                                AND NOT (state.state = 'ready' AND state.reachable IS FALSE)
                           THEN state.state || '_count' END)) AS part (name)
                WHERE part.name IS NOT NULL"""
        )
        yield SQL(
            """SELECT keys.key, session.department_id, keys.bucket_at, 'sign_ins', 1
                 FROM keys JOIN cc_agent_session session ON session.agent_id = keys.key
                      AND session.started_at >= keys.bucket_at AND session.started_at < keys.next_at
                WHERE session.end_reason IS DISTINCT FROM 'failed'"""
        )
        yield self._with_department(
            """SELECT keys.key, keys.bucket_at, attempt.ring_at AS at, 'rings' AS name, 1 AS value
                 FROM keys JOIN cc_call_attempt attempt ON attempt.agent_id = keys.key
                      AND attempt.ring_at >= keys.bucket_at AND attempt.ring_at < keys.next_at"""
        )
        yield self._with_department(
            """SELECT keys.key, keys.bucket_at, attempt.end_at AS at, part.name, 1 AS value
                 FROM keys JOIN cc_call_attempt attempt ON attempt.agent_id = keys.key
                      AND attempt.ring_at > keys.bucket_at - interval '1 day'
                      AND attempt.ring_at < keys.next_at
                      AND attempt.end_at >= keys.bucket_at AND attempt.end_at < keys.next_at
                CROSS JOIN LATERAL (VALUES
                      (CASE WHEN attempt.outcome IN ('answered', 'no_answer', 'rejected')
                            THEN attempt.outcome WHEN attempt.outcome IS NOT NULL THEN 'stopped' END),
                      (CASE WHEN attempt.outcome = 'answered' AND NOT EXISTS (
                            SELECT FROM cc_call_transfer transfer
                             WHERE transfer.call_id = attempt.call_id AND transfer.completed
                                   AND transfer.agent_id = attempt.agent_id
                                   AND transfer.how IN ('blind', 'attended'))
                            THEN 'answered_kept' END)) AS part (name)
                WHERE part.name IS NOT NULL"""
        )
        yield self._with_department(
            """SELECT keys.key, keys.bucket_at, transfer.at, 'transfers' AS name, 1 AS value
                 FROM keys JOIN cc_call_transfer transfer ON transfer.agent_id = keys.key
                      AND transfer.at >= keys.bucket_at AND transfer.at < keys.next_at
                WHERE transfer.completed AND transfer.how IN ('blind', 'attended')"""
        )
        yield self._with_department(
            # from the quarters to their calls, not from each agent to all calls
            """SELECT keys.key, keys.bucket_at, part.at, part.name, 1 AS value
                 FROM (SELECT DISTINCT bucket_at, next_at FROM keys) AS quarter
                 JOIN cc_call call ON call.direction = 'outbound'
                      AND call.started_at > quarter.bucket_at - interval '30 minutes'
                      AND call.started_at < quarter.next_at AND call.manual IS NOT TRUE
                CROSS JOIN LATERAL (VALUES ('outbound', call.started_at),
                      ('outbound_answered', call.answered_at)) AS part (name, at)
                CROSS JOIN LATERAL (SELECT leg.agent_id FROM cc_call_leg leg
                      WHERE leg.call_id = call.id AND leg.role = 'agent'
                      ORDER BY leg.leg LIMIT 1) AS first
                 JOIN keys ON keys.key = first.agent_id AND keys.bucket_at = quarter.bucket_at
                WHERE part.at >= quarter.bucket_at AND part.at < quarter.next_at"""
        )
        yield self._with_department(
            """SELECT keys.key, keys.bucket_at, leg.left_at AS at, part.name, part.value
                 FROM keys JOIN cc_call_leg leg ON leg.agent_id = keys.key
                      AND leg.role = 'agent' AND leg.mode = 'talk'
                      AND leg.joined_at > keys.bucket_at - interval '1 day'
                      AND leg.joined_at < keys.next_at
                      AND leg.left_at >= keys.bucket_at AND leg.left_at < keys.next_at
                 JOIN cc_call call ON call.id = leg.call_id AND call.manual IS NOT TRUE
                CROSS JOIN LATERAL (VALUES ('handled', 1::numeric),
                      ('handled_s', extract(epoch FROM leg.left_at - leg.joined_at)))
                      AS part (name, value)"""
        )
        yield SQL(
            """SELECT keys.key, call.department_id, keys.bucket_at, call.rating, 1
                 FROM keys JOIN cc_call call ON call.agent_id = keys.key
                      AND call.ended_at >= keys.bucket_at AND call.ended_at < keys.next_at
                WHERE call.rating IS NOT NULL"""
        )

    def _with_department(self, rows):
        """The department that the agent worked in at the time, or last before; else the present one.

        :param rows: SELECT of `key, bucket_at, at, name, value`
        """
        return SQL(
            """SELECT found.key, COALESCE(worked.department_id, agent.department_id),
                      found.bucket_at, found.name, found.value
                 FROM (%s) AS found JOIN cc_agent agent ON agent.id = found.key
                 LEFT JOIN LATERAL (
                      SELECT department_id FROM cc_agent_interval state
                       WHERE state.agent_id = found.key AND state.started_at <= found.at
                       ORDER BY started_at DESC LIMIT 1) AS worked ON true""",
            SQL(rows),
        )
