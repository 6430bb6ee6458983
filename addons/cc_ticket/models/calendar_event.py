# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A technician's visit for a ticket: private, but for those who may read the ticket."""

    _inherit = "calendar.event"

    cc_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Ticket", index="btree_not_null", ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._cc_check_tickets(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._cc_check_tickets([vals])
        return super().write(vals)

    def _cc_check_tickets(self, vals_list):
        """:raise AccessError: a visit is put on a ticket that the user may not change"""
        ids = {vals["cc_ticket_id"] for vals in vals_list if vals.get("cc_ticket_id")}
        self.env["helpdesk.ticket"].browse(ids).check_access("write")

    def _check_private_event_conditions(self):
        hidden = super()._check_private_event_conditions()
        # sudo: calendar.event - which ticket; it is asked itself for whether the user may read it
        ticket = hidden and self.sudo().cc_ticket_id.sudo(False)
        return hidden and not (ticket and ticket.has_access("read"))


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    cc_event_ids = fields.One2many("calendar.event", "cc_ticket_id", "Visits")
    cc_event_count = fields.Integer("Number of visits", compute="_compute_cc_event_count")

    def _compute_cc_event_count(self):
        # sudo: calendar.event - how many, whoever the visits are of
        counts = dict(
            self.env["calendar.event"]
            .sudo()
            ._read_group([("cc_ticket_id", "in", self.ids)], ["cc_ticket_id"], ["__count"])
        )
        for ticket in self:
            ticket.cc_event_count = counts.get(ticket, 0)

    def action_cc_events(self):
        """Open the visits on the calendar."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits for %(number)s", number=self.number),
            "res_model": "calendar.event",
            "views": [[False, "list"], [False, "calendar"], [False, "form"]],
            "domain": [("cc_ticket_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_cc_dispatch(self):
        """Send a technician."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a technician"),
            "res_model": "cc.ticket.dispatch",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
