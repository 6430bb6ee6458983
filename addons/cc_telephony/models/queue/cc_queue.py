# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.names import is_pbx_name
from ...utils.places import place_field

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
    "miss_limit",
    "overflow_target",
    "pbx_id",
}


class CcQueue(models.Model):
    """A waiting line on a PBX. The bridge writes the PBX's configuration from this row."""

    _name = "cc.queue"
    _description = "Queue"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "name, id"
    _bell_fields = INTENT_FIELDS

    name = fields.Char(required=True)
    code = fields.Char(
        "Name on the PBX",
        required=True,
        help="2 to 40 letters, digits, - and _. Name that a trunk's dialplan sends calls to.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        help="Department of the calls until an agent answers.",
    )
    strategy = fields.Selection(
        [
            ("ringall", "Ring all"),
            ("leastrecent", "Longest idle"),
            ("fewestcalls", "Fewest calls"),
            ("random", "Random"),
            ("rrmemory", "Round robin"),
            ("linear", "In list order"),
        ],
        required=True,
        default="rrmemory",
    )
    ring_s = fields.Integer("Ring time (s)", required=True, default=15)
    wrap_up_s = fields.Integer("Wrap-up time (s)", required=True, default=10)
    service_level_s = fields.Integer("Service level (s)", required=True, default=20)
    max_wait_s = fields.Integer("Maximum wait (s)", required=True, default=300)
    overflow_target = place_field(
        "After the longest wait",
        [("cc.queue", "Queue"), ("cc.ivr.menu", "Voice menu")],
        help="Where callers go when they have waited as long as this queue allows or the "
        "queue is full. Leave empty to hang up.",
    )
    miss_limit = fields.Integer(
        "Unanswered calls until set aside",
        help="Number of consecutive unanswered calls of this queue after which an agent "
        "is set to the break “Not answering”. 0 for never.",
    )
    max_waiting = fields.Integer("Maximum queue length", help="0 for no limit.")
    music = fields.Char("Music class", default="default", required=True)
    weight = fields.Integer(
        help="For agents in several queues, calls from the queue with the higher weight come first."
    )
    announce_position = fields.Boolean("Announce queue position")
    announce_every_s = fields.Integer("Announce every (s)", default=60)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        ondelete="restrict",
        help="Including public holidays. Agents see that the queue is closed before they "
        "transfer a call to it. The PBX's dialplan decides where callers go outside "
        "these hours.",
    )
    member_ids = fields.One2many("cc.queue.member", "queue_id", copy=True)
    agent_count = fields.Integer("Agents", compute="_compute_agent_count")

    _code_unique = models.UniqueIndex(
        "(pbx_id, code)", "This PBX already has a queue with this name."
    )
    _times_valid = models.Constraint(
        "CHECK (ring_s BETWEEN 1 AND 600 AND wrap_up_s BETWEEN 0 AND 86400"
        " AND service_level_s BETWEEN 0 AND 86400 AND max_wait_s BETWEEN 0 AND 86400"
        " AND max_waiting BETWEEN 0 AND 86400 AND weight BETWEEN 0 AND 86400"
        " AND announce_every_s BETWEEN 0 AND 86400 AND miss_limit BETWEEN 0 AND 86400)",
        "The ring time must be between 1 and 600 seconds; other queue times and counts between 0 and 86400.",
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
                        "The PBX name of a queue needs 2 to 40 letters, digits, - or _, starting with "
                        "a letter or digit. “general” is reserved."
                    )
                )
            if not is_pbx_name(queue.music):
                raise ValidationError(
                    self.env._(
                        "A music class needs 2 to 40 letters, digits, - or _, starting with a letter "
                        "or digit. “general” is reserved."
                    )
                )

    @api.constrains("overflow_target", "pbx_id")
    def _check_overflow(self):
        for queue in self.filtered("overflow_target"):
            if queue.overflow_target == queue:
                raise ValidationError(self.env._("A queue cannot pass its callers on to itself."))
            if queue.overflow_target.pbx_id != queue.pbx_id:
                raise ValidationError(
                    self.env._("A queue can only pass its callers on within its own PBX.")
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
