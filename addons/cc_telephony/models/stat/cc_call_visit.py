# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...ingest.visits import visits_of
from ...utils.times import from_us, seconds, to_us


class CcCallVisit(models.Model):
    """One stay of a call in one queue: what queue figures count. Only the ingest writes here.

    Promise and department are kept as they were when the caller came, so that a later change of the
    queue changes no old figure.
    """

    _name = "cc.call.visit"
    _description = "Queue visit"
    _inherit = ["cc.average.mixin"]
    _order = "entered_at desc, id desc"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    queue_id = fields.Many2one("cc.queue", required=True, ondelete="restrict")
    department_id = fields.Many2one("hr.department", help="The queue's at the time.")
    agent_id = fields.Many2one("cc.agent", "Answered by", ondelete="restrict")
    entered_at = fields.Datetime("Entered", required=True)
    left_at = fields.Datetime("Left", help="Empty while the caller waits.")
    wait_s = fields.Float("Wait (s)", aggregator="avg", help="Queueing and ringing, without menus.")
    waited = fields.Integer(
        "Waits that are over",
        compute="_compute_waited",
        store=True,
        precompute=True,
        help="1 once the caller has left the queue: only these visits count in the average wait.",
    )
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("abandoned", "Caller hung up"),
            ("overflow", "Overflow"),
            ("handed_over", "Handed over"),
            ("callback", "Call-back accepted"),
            ("ended", "Ended by the PBX"),
        ],
        help="Empty while the caller waits. Overflow: the queue was full, empty or the wait too long.",
    )
    service_level_s = fields.Integer(
        "Service level (s)", aggregator=None, help="Service level of the queue at that time."
    )
    short_s = fields.Integer(
        "Short abandonment (s)",
        aggregator=None,
        help="Callers who hang up within this time count as short abandonments.",
    )

    _n_unique = models.UniqueIndex("(call_id, n)")
    _by_entry = models.Index("(queue_id, entered_at)")
    _by_exit = models.Index("(queue_id, left_at)")
    _by_agent = models.Index("(agent_id) WHERE agent_id IS NOT NULL")
    _by_department = models.Index("(department_id) WHERE department_id IS NOT NULL")

    @api.model
    def _averages(self):
        return {**super()._averages(), "wait_s": "waited"}

    @api.depends("left_at")
    def _compute_waited(self):
        for visit in self:
            visit.waited = bool(visit.left_at)

    @api.model
    def _make_missing(self, batch=1000):
        """Make the visits of calls of before there were any, with what their queues promise now.

        :param int batch: calls at a time
        """
        calls = self.env["cc.call"]
        domain = [("queued_at", "!=", False), ("visit_ids", "=", False)]
        last = 0
        while found := calls.search([*domain, ("id", ">", last)], order="id", limit=batch):
            last = found[-1].id
            vals = [vals for call in found for vals in self._vals_of(call)]
            self.create(vals)
            self.env.flush_all()
            self.env.invalidate_all()

    @api.model
    def _vals_of(self, call):
        """Values of the visits of one call, from its rows."""
        queues, agents = {}, {}
        for queue in call.queue_id | call.attempt_ids.queue_id | call.transfer_ids.to_queue_id:
            queues[f"queue {queue.id}"] = queue
        for agent in call.attempt_ids.agent_id:
            agents[f"agent {agent.id}"] = agent

        def queue_word(queue):
            return f"queue {queue.id}" if queue else None

        body = {
            "queue": queue_word(call.queue_id),
            "queued_t": to_us(call.queued_at),
            "answered_t": to_us(call.answered_at),
            "ended_t": to_us(call.ended_at),
            "loss": call.loss,
            "ended_by": call.ended_by,
            "attempts": [
                {
                    "n": attempt.n,
                    "queue": queue_word(attempt.queue_id),
                    "target": f"agent {attempt.agent_id.id}",
                    "ring_t": to_us(attempt.ring_at),
                    "end_t": to_us(attempt.end_at),
                    "outcome": attempt.outcome,
                }
                for attempt in call.attempt_ids
            ],
            "transfers": [
                {
                    "t": to_us(transfer.at),
                    "how": transfer.how,
                    "to": queue_word(transfer.to_queue_id),
                }
                for transfer in call.transfer_ids
            ],
            "holds": [
                {"from_t": to_us(hold.from_at), "to_t": to_us(hold.to_at)} for hold in call.hold_ids
            ],
        }
        return [
            {
                "call_id": call.id,
                "n": n,
                "queue_id": queues[visit["queue"]].id,
                "agent_id": agents[visit["target"]].id if visit["target"] in agents else False,
                "entered_at": from_us(visit["entered_t"]),
                "left_at": from_us(visit["left_t"]),
                "wait_s": seconds(visit["entered_t"], visit["left_t"]),
                "outcome": visit["outcome"],
                "department_id": queues[visit["queue"]].department_id.id,
                "service_level_s": queues[visit["queue"]].service_level_s,
                "short_s": queues[visit["queue"]].company_id.cc_short_abandon_s,
            }
            for n, visit in enumerate(visits_of(body, lambda word: word in queues), 1)
        ]
