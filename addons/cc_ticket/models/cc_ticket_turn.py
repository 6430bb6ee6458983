# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcTicketTurn(models.Model):
    """Somebody's, or a department's, turn at a ticket: from its coming until it was passed on.

    The source of the flow's picture and of the handling times. Names are kept as they were.
    """

    _name = "cc.ticket.turn"
    _description = "Turn at a ticket"
    _order = "started_at desc, id desc"
    _rec_name = "step_name"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    template_id = fields.Many2one("cc.ticket.template", index=True, ondelete="restrict")
    type_id = fields.Many2one("helpdesk.ticket.type", "Kind", ondelete="restrict")
    step_id = fields.Many2one(
        "cc.ticket.step", "Step of its version", index="btree_not_null", ondelete="set null"
    )
    first_step_id = fields.Many2one(
        related="step_id.first_id", string="Step", store=True, index="btree_not_null"
    )
    step_name = fields.Char("Name of the step", translate=True)
    user_id = fields.Many2one("res.users", "Handler", index="btree_not_null", ondelete="restrict")
    department_id = fields.Many2one("hr.department", index="btree_not_null", ondelete="restrict")
    group_id = fields.Many2one("res.groups", "Role", ondelete="set null")
    started_at = fields.Datetime("Came", required=True, default=fields.Datetime.now, index=True)
    accepted_at = fields.Datetime("Accepted at")
    ended_at = fields.Datetime("Left")
    ended_how = fields.Char("By")
    deadline = fields.Datetime()
    allowed_s = fields.Integer("Allowed (s)", aggregator=None, help="Working time, with extensions")
    work_s = fields.Integer("Handling time", help="Working time without waiting")
    work_h = fields.Float(
        "Handling time (h)",
        compute="_compute_work_h",
        store=True,
        help="As a number of hours: what a spreadsheet adds up",
    )
    wait_s = fields.Integer("Waiting time", help="Working time waiting for the customer")
    paused_at = fields.Datetime("Waiting since")
    overdue = fields.Boolean("Late", help="It was passed on after its deadline.")
    late = fields.Integer("Late turns", compute="_compute_late", store=True)
    urges = fields.Integer(default=0)

    _open = models.UniqueIndex(
        "(ticket_id) WHERE ended_at IS NULL", "The ticket has a turn already."
    )

    @api.depends("overdue")
    def _compute_late(self):
        for turn in self:
            turn.late = int(turn.overdue)

    @api.depends("work_s")
    def _compute_work_h(self):
        for turn in self:
            turn.work_h = turn.work_s / 3600

    def _cc_deadline(self, now=None):
        """Reckon the deadline anew: what is allowed, plus what was waited, from when it came.

        Nothing while waiting: nothing is overdue then.
        """
        for turn in self:
            if not turn.allowed_s or turn.paused_at:
                turn.deadline = False
                continue
            calendar = turn.ticket_id._cc_calendar()
            turn.deadline = (
                calendar._cc_plan(turn.started_at, turn.allowed_s + turn.wait_s) or False
            )

    def _cc_pause(self, now):
        self.paused_at = now
        self._cc_deadline()

    def _cc_resume(self, now):
        for turn in self.filtered("paused_at"):
            calendar = turn.ticket_id._cc_calendar()
            turn.wait_s += calendar._cc_worked(turn.paused_at, now)
            turn.paused_at = False
            turn._cc_deadline()

    def _cc_end(self, now, how):
        """Close these turns: their figures stand from now on."""
        self._cc_resume(now)
        for turn in self:
            calendar = turn.ticket_id._cc_calendar()
            turn.write(
                {
                    "ended_at": now,
                    "ended_how": how,
                    "work_s": calendar._cc_worked(turn.started_at, now) - turn.wait_s,
                    "overdue": bool(turn.deadline and turn.deadline < now),
                }
            )
