# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.names import is_pbx_name

INTENT_FIELDS = {
    "name",
    "code",
    "active",
    "strategy",
    "ring_s",
    "wrap_up_s",
    "service_level_s",
    "max_wait_s",
    "max_waiting",
    "music",
    "weight",
    "announce_position",
    "announce_every_s",
    "pbx_id",
}


class CcQueue(models.Model):
    """A waiting line on a PBX. The bridge writes the PBX's configuration from this row."""

    _name = "cc.queue"
    _description = "Queue"
    _inherit = ["cc.bell.mixin"]
    _order = "name, id"
    _bell_fields = INTENT_FIELDS

    name = fields.Char(required=True)
    code = fields.Char(
        "Name on the PBX",
        required=True,
        help="2 to 40 letters, digits, - and _. What a trunk's dialplan sends calls to.",
    )
    active = fields.Boolean(default=True)
    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        help="Whose calls these are as long as no agent has answered.",
    )
    strategy = fields.Selection(
        [
            ("ringall", "All at once"),
            ("leastrecent", "Longest without a call"),
            ("fewestcalls", "Fewest calls"),
            ("random", "Random"),
            ("rrmemory", "In turn"),
            ("linear", "In order of the list"),
        ],
        required=True,
        default="rrmemory",
    )
    ring_s = fields.Integer("Ring time (s)", required=True, default=15)
    wrap_up_s = fields.Integer("Wrap-up time (s)", required=True, default=10)
    service_level_s = fields.Integer("Service level (s)", required=True, default=20)
    max_wait_s = fields.Integer("Longest wait (s)", required=True, default=300)
    max_waiting = fields.Integer("Most callers waiting", help="0: no limit.")
    music = fields.Char("Music class", default="default", required=True)
    weight = fields.Integer(help="Calls of a heavier queue go first to agents of several queues.")
    announce_position = fields.Boolean("Announce the place in the queue")
    announce_every_s = fields.Integer("Announce every (s)", default=60)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        ondelete="restrict",
        help="With its public holidays. Agents see when the queue is closed before they transfer a call to"
        " it. Where callers are led at other times is said in the PBX's dialplan.",
    )
    member_ids = fields.One2many("cc.queue.member", "queue_id", copy=True)
    agent_count = fields.Integer("Agents", compute="_compute_agent_count")

    _code_unique = models.UniqueIndex(
        "(pbx_id, code)", "This PBX has a queue of this name already."
    )
    _times_valid = models.Constraint(
        "CHECK (ring_s BETWEEN 1 AND 600 AND wrap_up_s BETWEEN 0 AND 86400"
        " AND service_level_s BETWEEN 0 AND 86400 AND max_wait_s BETWEEN 0 AND 86400"
        " AND max_waiting BETWEEN 0 AND 86400 AND weight BETWEEN 0 AND 86400"
        " AND announce_every_s BETWEEN 0 AND 86400)",
        "The ring time is 1 to 600 seconds; other times and counts of a queue are 0 to 86400.",
    )

    @api.depends("member_ids")
    def _compute_agent_count(self):
        counts = dict(
            self.env["cc.queue.member"]._read_group(
                [("queue_id", "in", self.ids)], ["queue_id"], ["__count"]
            )
        )
        for queue in self:
            queue.agent_count = counts.get(queue, 0)

    @api.constrains("code", "music")
    def _check_code(self):
        for queue in self:
            if not is_pbx_name(queue.code):
                raise ValidationError(
                    self.env._(
                        "A queue's name on the PBX has 2 to 40 letters, digits, - and _; the first is a"
                        " letter or digit, and it is not “general”."
                    )
                )
            if not is_pbx_name(queue.music):
                raise ValidationError(
                    self.env._(
                        "A music class has 2 to 40 letters, digits, - and _; the first is a letter or"
                        " digit, and it is not “general”."
                    )
                )

    def _is_open(self):
        """Whether calls are taken now. Without working hours a queue is always open."""
        self.ensure_one()
        if not self.calendar_id:
            return True
        now = fields.Datetime.now().replace(tzinfo=UTC)
        # sudo: resource.calendar - when a queue is open is no secret of the calendar's company
        calendar_sudo = self.calendar_id.sudo()
        working = calendar_sudo._work_intervals_batch(now, now + timedelta(minutes=1))[False]
        return any(begin <= now < end for begin, end, *_rest in working)
