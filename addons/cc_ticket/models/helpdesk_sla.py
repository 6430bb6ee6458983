# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class HelpdeskSla(models.Model):
    """Service levels by kind and customer."""

    _inherit = "helpdesk.sla"

    cc_type_ids = fields.Many2many("helpdesk.ticket.type", string="Kinds")
    cc_partner_ids = fields.Many2many("res.partner", string="Customers")


class HelpdeskTicketSla(models.Model):
    """Without working hours of the team, the company's count; no working hour at all is no deadline."""

    _inherit = "helpdesk.ticket.sla"

    @api.depends("hours", "consumed_time", "ticket_id", "last_state_date", "state")
    def _compute_deadline(self):  # pylint: disable=missing-return
        ours = self.filtered(
            lambda row: row.ticket_id.cc_template_id
            or not row.ticket_id.team_id.resource_calendar_id
        )
        super(HelpdeskTicketSla, self - ours)._compute_deadline()
        for row in ours:
            if row.state in ("accomplished", "expired") and row.deadline:
                continue
            ticket = row.ticket_id
            calendar = ticket.team_id.resource_calendar_id or ticket.company_id.resource_calendar_id
            start = row.last_state_date or ticket.create_date
            seconds = round((row.hours - row.consumed_time) * 3600)
            row.deadline = calendar._cc_plan(start, seconds) or False if start else False

    @api.depends("state", "deadline")
    def _compute_expired(self):  # pylint: disable=missing-return
        endless = self.filtered(lambda row: row.state == "in_progress" and not row.deadline)
        endless.expired = False
        super(HelpdeskTicketSla, self - endless)._compute_expired()

    @api.depends("state", "deadline")
    def _compute_color(self):  # pylint: disable=missing-return
        endless = self.filtered(lambda row: row.state == "in_progress" and not row.deadline)
        endless.color = 0
        super(HelpdeskTicketSla, self - endless)._compute_color()

    def _stage_recompute(self):
        """The rows of tickets with a template are the system's to write."""
        # sudo: helpdesk.ticket.sla - whoever moved the ticket may not write its SLA rows
        row = self.sudo() if self.ticket_id.cc_template_id else self
        return super(HelpdeskTicketSla, row)._stage_recompute()
