# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)

UNITS = {"day": "days", "week": "weeks", "month": "months"}


class CcTicketSchedule(models.Model):
    """A ticket that begins again and again, by the calendar."""

    _name = "cc.ticket.schedule"
    _description = "Recurring ticket"
    _order = "next_at, id"

    name = fields.Char("Title", required=True)
    active = fields.Boolean(default=True)
    template_id = fields.Many2one(
        "cc.ticket.template", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Customer")
    description = fields.Html()
    every = fields.Integer(default=1, required=True)
    unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")], default="month", required=True
    )
    next_at = fields.Datetime("Next", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "In the name of", required=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    ticket_ids = fields.One2many("helpdesk.ticket", "cc_schedule_id", "Tickets")

    @api.constrains("every")
    def _check_every(self):
        if any(row.every < 1 for row in self):
            raise ValidationError(self.env._("The shortest interval is one day."))

    def _cc_after(self, moment):
        """:return: the first time of this schedule after a moment: what was missed is not made up for"""
        self.ensure_one()
        at, count = self.next_at, 0
        while at <= moment:
            count += 1
            at = self.next_at + relativedelta(**{UNITS[self.unit]: self.every * count})
        return at

    @api.model
    def _cron_cc_schedules(self):
        now = fields.Datetime.now()
        for row in self.search([("next_at", "<=", now)]):
            try:
                with self.env.cr.savepoint():
                    row._cc_begin()
            except UserError as error:
                # one whose flow has no way on keeps no other from beginning
                _logger.warning("Recurring ticket %s: %s", row.id, error)
            row.next_at = row._cc_after(now)

    def _cc_begin(self):
        """Make a ticket of this schedule and start it; none of a template that is no longer in use."""
        self.ensure_one()
        if not (self.template_id.version_id and self.template_id.active):
            return
        # sudo: helpdesk.ticket - in the name of whom the schedule says, by the system
        ticket_sudo = (
            self.env["helpdesk.ticket"]
            .with_user(self.user_id)
            .sudo()
            .create(
                {
                    "cc_template_id": self.template_id.id,
                    "name": self.name,
                    "description": self.description or "<p></p>",
                    "partner_id": self.partner_id.id,
                    "cc_schedule_id": self.id,
                }
            )
        )
        ticket_sudo.with_context(cc_move=True)._cc_do("start", {"text": ""})


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    cc_schedule_id = fields.Many2one(
        "cc.ticket.schedule", "By schedule", index="btree_not_null", ondelete="set null", copy=False
    )
