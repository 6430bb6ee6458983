# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from .helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)

# a warning is some working hours ahead of a deadline; no holiday is longer than this
AHEAD = timedelta(days=15)


class HelpdeskTicketDeadline(models.Model):
    """Warnings ahead of deadlines, and word to the leaders when one is over."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _cron_cc_deadlines(self):
        now = fields.Datetime.now()
        domain = [("cc_state", "in", LIVE), ("cc_waiting", "=", False)]
        ahead = self.search([*domain, ("cc_warned", "=", 0), ("cc_deadline", "<", now + AHEAD)])
        for ticket in ahead:
            hours = ticket.cc_template_id.warn_h
            calendar = ticket._cc_calendar()
            at = hours and calendar._cc_plan(ticket.cc_deadline, -hours * 3600)
            if at and at <= now < ticket.cc_deadline:
                ticket._cc_write({"cc_warned": 1})
                ticket._cc_tell(
                    ticket._cc_people(),
                    _lt(
                        "Ticket %(number)s is due at %(time)s.",
                        number=ticket.number,
                        time=ticket._cc_when(ticket.cc_deadline),
                    ),
                )
        late = self.search([*domain, ("cc_warned", "<", 2), ("cc_deadline", "<", now)])
        for ticket in late:
            ticket._cc_write({"cc_warned": 2})
            leaders = (
                (ticket.cc_department_id or ticket.cc_home_department_id)._cc_leader_users()
                if (ticket.cc_department_id or ticket.cc_home_department_id)
                else self.env["res.users"]
            )
            ticket._cc_tell(
                ticket._cc_people() | leaders,
                _lt("Ticket %(number)s is overdue.", number=ticket.number),
                sticky=True,
            )
