# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcStatQueue(models.Model):
    """Figures of a queue in a quarter of an hour: counts and sums, never ratios.

    Unit: the visit, one stay of a call in one queue. Offered counts where the caller came, answered
    where somebody answered, abandoned where the caller hung up, the rest where the caller left.
    """

    _name = "cc.stat.queue"
    _description = "Queue figures by quarter hour"
    _inherit = ["cc.stat.buckets"]
    _log_access = False
    _stat_key = "queue_id"

    queue_id = fields.Many2one("cc.queue", required=True, ondelete="cascade")
    offered = fields.Integer(help="Visits that began.")
    answered = fields.Integer()
    answered_within = fields.Integer("Answered in time", help="Within the queue's service level.")
    abandoned = fields.Integer(
        help="The caller hung up while waiting or while an agent's phone rang."
    )
    abandoned_within = fields.Integer(
        "Abandoned in time", help="Hung up within the queue's service level."
    )
    abandoned_short = fields.Integer("Short abandonments")
    overflow = fields.Integer(help="Left because the queue was full, empty or the wait too long.")
    handed_over = fields.Integer("Handed over", help="Transferred by hand while waiting.")
    callback = fields.Integer("Call-backs accepted")
    ended = fields.Integer("Ended by the PBX")
    wait_answered_s = fields.Float("Wait of answered")
    wait_abandoned_s = fields.Float("Wait of abandoned")
    wait_other_s = fields.Float("Wait of others")
    wait_longest_s = fields.Float("Longest wait", aggregator="max")
    rings = fields.Integer(help="Rings at agents.")
    ring_s = fields.Float("Ring time")

    _key_unique = models.UniqueIndex(
        "(queue_id, bucket_at, COALESCE(department_id, 0))", "These figures already exist."
    )
    _by_time = models.Index("(bucket_at)")

    def _stat_sources(self, border):
        yield SQL(
            """SELECT keys.key, visit.department_id, keys.bucket_at, 'offered', 1
                 FROM keys JOIN cc_call_visit visit ON visit.queue_id = keys.key
                      AND visit.entered_at >= keys.bucket_at AND visit.entered_at < keys.next_at"""
        )
        # to the millisecond, as service levels are promised; the limit itself is within
        yield SQL(
            """SELECT keys.key, visit.department_id, keys.bucket_at, part.name, part.value
                 FROM keys JOIN cc_call_visit visit ON visit.queue_id = keys.key
                      AND visit.left_at >= keys.bucket_at AND visit.left_at < keys.next_at
                CROSS JOIN LATERAL (
                      SELECT date_trunc('milliseconds', visit.left_at - visit.entered_at) AS wait,
                             extract(epoch FROM visit.left_at - visit.entered_at) AS waited_s) AS times
                CROSS JOIN LATERAL (VALUES
                      (visit.outcome, 1),
                      (CASE WHEN wait <= visit.service_level_s * interval '1 second'
                            AND visit.outcome IN ('answered', 'abandoned')
                            THEN visit.outcome || '_within' END, 1),
                      (CASE WHEN wait <= visit.short_s * interval '1 second'
                            AND visit.outcome = 'abandoned' THEN 'abandoned_short' END, 1),
                      (CASE WHEN visit.outcome IN ('answered', 'abandoned')
                            THEN 'wait_' || visit.outcome || '_s' ELSE 'wait_other_s' END, waited_s),
                      ('wait_longest_s', waited_s)) AS part (name, value)"""
        )
        yield SQL(
            """SELECT keys.key, queue.department_id, keys.bucket_at, part.name, part.value
                 FROM keys JOIN cc_queue queue ON queue.id = keys.key
                 JOIN cc_call_attempt attempt ON attempt.queue_id = keys.key
                      AND attempt.ring_at >= keys.bucket_at AND attempt.ring_at < keys.next_at
                CROSS JOIN LATERAL (VALUES ('rings', 1),
                      ('ring_s', extract(epoch FROM COALESCE(attempt.end_at, attempt.ring_at) - attempt.ring_at)))
                      AS part (name, value)"""
        )
