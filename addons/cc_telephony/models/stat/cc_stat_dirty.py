# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo import api, fields, models

from ...utils.times import bucket_of, now

BUCKET = timedelta(minutes=15)
#: Keys taken in one go: about a second of work.
BATCH = 5000


class CcStatDirty(models.Model):
    """A span in which an agent's or a queue's figures are stale.

    The ingest only adds rows, in its own transaction; `_recompute` takes them away and writes the figures
    from the source rows that this transaction sees. What is added meanwhile stays for the next run, so
    nothing is lost and nobody waits for another.
    """

    _name = "cc.stat.dirty"
    _description = "Stale figures"
    _log_access = False
    _order = "id"
    _rec_name = "from_at"

    agent_id = fields.Many2one("cc.agent", ondelete="cascade")
    queue_id = fields.Many2one("cc.queue", ondelete="cascade")
    from_at = fields.Datetime("First quarter", required=True)
    to_at = fields.Datetime("Last quarter", required=True)

    _by_agent = models.Index("(agent_id) WHERE agent_id IS NOT NULL")
    _by_queue = models.Index("(queue_id) WHERE queue_id IS NOT NULL")

    @api.model
    def _insert(self, rows):
        """Add keys past the ORM: this is part of every batch of facts.

        :param rows: `(agent id, queue id, first bucket, last bucket)`, one of the ids None
        """
        self.env.cr.execute_values(
            "INSERT INTO cc_stat_dirty (agent_id, queue_id, from_at, to_at) VALUES %s", rows
        )

    @api.model
    def _cron_recompute(self):
        """Bring all figures up to date, some thousand keys a transaction."""
        self._mark_open()
        self.env["ir.cron"]._commit_progress(remaining=self.search_count([]))
        while taken := self._recompute():
            left = self.search_count([])
            if not self.env["ir.cron"]._commit_progress(taken, remaining=left):
                break

    @api.model
    def _mark_open(self):
        """States that go on count up to the last full quarter: mark what became full since the last run."""
        clock = self.env["cc.stat.clock"]._only()
        border = bucket_of(now())
        if clock.border_at and clock.border_at >= border:
            return
        since = clock.border_at or datetime(1970, 1, 1)
        self.env["cc.agent.interval"].flush_model()
        self.env.cr.execute(
            """INSERT INTO cc_stat_dirty (agent_id, from_at, to_at)
               SELECT agent_id, GREATEST(date_bin('15 minutes', started_at, '2000-01-01'), %s), %s
                 FROM cc_agent_interval WHERE ended_at IS NULL AND started_at < %s""",
            [since, border - BUCKET, border],
        )
        clock.border_at = border

    @api.model
    def _recompute(self, limit=BATCH):
        """Write the figures of the oldest keys anew.

        :return: number of keys done; 0 when there are none
        """
        self.env.flush_all()
        # two at a time would write the same rows
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(hashtext('cc_stat_dirty'))")
        if not self.env.cr.fetchone()[0]:
            return 0
        self.env.cr.execute(
            """DELETE FROM cc_stat_dirty WHERE id IN (
                   SELECT id FROM cc_stat_dirty ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
               ) RETURNING agent_id, queue_id, from_at, to_at""",
            [limit],
        )
        rows = self.env.cr.fetchall()
        agents, queues = set(), set()
        for agent_id, queue_id, first, last in rows:
            keys, key = (agents, agent_id) if agent_id else (queues, queue_id)
            while first <= last:
                keys.add((key, first))
                first += BUCKET
        border = bucket_of(now())
        if agents:
            self.env["cc.stat.agent"]._write_buckets(sorted(agents), border)
        if queues:
            self.env["cc.stat.queue"]._write_buckets(sorted(queues), border)
        self.env["cc.stat.clock"]._only().run_at = now()
        return len(rows)

    @api.model
    def _mark_everything(self):
        """Have all figures written anew, from the first row to the last: after an upgrade, by hand."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO cc_stat_dirty (agent_id, from_at, to_at)
               SELECT agent_id, day, day + interval '23:45' FROM (
                   SELECT DISTINCT agent_id, day FROM cc_agent_interval, generate_series(
                       date_trunc('day', started_at), COALESCE(ended_at, now() AT TIME ZONE 'UTC'), '1 day') day
                   UNION SELECT agent_id, date_trunc('day', ring_at) FROM cc_call_attempt
                   UNION SELECT leg.agent_id, day FROM cc_call_leg leg JOIN cc_call call ON call.id = leg.call_id,
                       generate_series(date_trunc('day', call.started_at), COALESCE(call.ended_at, call.started_at), '1 day') day
                   UNION SELECT agent_id, bucket_at::date FROM cc_stat_agent
               ) span WHERE agent_id IS NOT NULL AND day IS NOT NULL"""
        )
        self.env.cr.execute(
            """INSERT INTO cc_stat_dirty (queue_id, from_at, to_at)
               SELECT queue_id, day, day + interval '23:45' FROM (
                   SELECT queue_id, date_trunc('day', entered_at) AS day FROM cc_call_visit
                   UNION SELECT queue_id, date_trunc('day', left_at) FROM cc_call_visit
                   UNION SELECT queue_id, date_trunc('day', ring_at) FROM cc_call_attempt
                   UNION SELECT queue_id, bucket_at::date FROM cc_stat_queue
               ) span WHERE queue_id IS NOT NULL AND day IS NOT NULL"""
        )
