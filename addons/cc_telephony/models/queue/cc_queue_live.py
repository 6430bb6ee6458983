# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQueueLive(models.Model):
    """How a queue is right now, one row a queue. Only the ingest writes here.

    Apart from `cc.queue`, which people write: two writers on one row cost seconds.
    """

    _name = "cc.queue.live"
    _description = "Live queue"
    _rec_name = "queue_id"

    queue_id = fields.Many2one("cc.queue", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="queue_id.company_id")
    waiting = fields.Integer("Callers waiting")
    told_at = fields.Datetime("Updated at")

    _queue_unique = models.UniqueIndex("(queue_id)")

    def _figures(self, queues):
        """How these queues are now.

        :param queues: cc.queue records
        :return: `{queue id: {"waiting": n, "ready": agents ready}}`
        """
        if not queues:
            return {}
        self.env["cc.agent.interval"].flush_model(["agent_id", "state", "ended_at"])
        self.env["cc.queue.member"].flush_model(["queue_id", "agent_id"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT queue.id, COALESCE(live.waiting, 0),
                          (SELECT count(*)
                             FROM cc_queue_member member
                             JOIN cc_agent_interval state ON state.agent_id = member.agent_id
                                  AND state.ended_at IS NULL AND state.state = 'ready'
                            WHERE member.queue_id = queue.id)
                     FROM cc_queue queue LEFT JOIN cc_queue_live live ON live.queue_id = queue.id
                    WHERE queue.id = ANY(%s)""",
                queues.ids,
            )
        )
        return {row[0]: {"waiting": row[1], "ready": row[2]} for row in rows}
