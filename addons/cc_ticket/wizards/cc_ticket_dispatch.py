# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html
from odoo.tools.translate import LazyTranslate

from ..models.helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)


class CcTicketDispatch(models.TransientModel):
    """Send a technician to a customer, with time and address, on the calendar. TIC-17"""

    _name = "cc.ticket.dispatch"
    _description = "Send a technician"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Technician", required=True, domain=[("share", "=", False)]
    )
    start = fields.Datetime(required=True)
    hours = fields.Float("Duration (h)", default=1.0, required=True)
    address = fields.Char(
        compute="_compute_address",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    note = fields.Text()
    busy = fields.Char("Busy then", compute="_compute_busy")

    @api.depends("ticket_id")
    def _compute_address(self):
        for row in self:
            partner = row.ticket_id.partner_id
            text = partner.contact_address if partner else ""
            # a country's format leaves commas where nothing stands
            parts = (part.strip() for part in text.replace("\n", ",").split(","))
            row.address = ", ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cc_check_ticket(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._cc_check_ticket(vals)
        return super().write(vals)

    def _cc_check_ticket(self, vals):
        """:raise AccessError: a ticket that the user may not read; not even its name is told"""
        self.env["helpdesk.ticket"].browse(vals.get("ticket_id") or ()).check_access("read")

    @api.depends("user_id", "start", "hours")
    def _compute_busy(self):
        for row in self:
            row.busy = False
            if row.user_id and row.start and row.hours > 0:
                # sudo: calendar.event - only whether the technician has something then, not what
                count = (
                    self.env["calendar.event"]
                    .sudo()
                    .search_count(
                        [
                            ("partner_ids", "in", row.user_id.partner_id.ids),
                            ("start", "<", row.start + timedelta(hours=row.hours)),
                            ("stop", ">", row.start),
                        ]
                    )
                )
                if count:
                    row.busy = self.env._(
                        "%(name)s is not available at that time.", name=row.user_id.name
                    )

    def action_send(self):
        """Put the visit on the technician's calendar and into the ticket's history."""
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("read")
        if ticket.cc_state not in LIVE or not (
            ticket.user_id == self.env.user or ticket._cc_is_leader()
        ):
            raise AccessError(
                self.env._("Only the person who has the ticket can send a technician.")
            )
        if self.hours <= 0:
            raise UserError(self.env._("A visit takes some time."))
        # sudo: calendar.event - a visit on a colleague's calendar, allowed as checked above
        event_sudo = (
            self.env["calendar.event"]
            .sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "name": f"{ticket.number} {ticket.name}",
                    "start": self.start,
                    "stop": self.start + timedelta(hours=self.hours),
                    "location": self.address,
                    "description": plaintext2html(self.note or ""),
                    "user_id": self.env.uid,
                    "partner_ids": [(6, 0, self.user_id.partner_id.ids)],
                    "cc_ticket_id": ticket.id,
                    # for others the technician's time is taken; where they are is the ticket's
                    "privacy": "private",
                }
            )
        )
        when = ticket._cc_when(self.start)
        ticket_sudo = ticket.sudo()  # sudo: helpdesk.ticket - allowed as checked above
        ticket_sudo._cc_log(
            "dispatch",
            text=plaintext2html(f"{self.user_id.name}, {when}, {self.address}\n{self.note or ''}"),
            to_user=self.user_id,
        )
        ticket_sudo._cc_tell(
            self.user_id - self.env.user,
            _lt(
                "Visit for ticket %(number)s on %(when)s: %(where)s",
                number=ticket.number,
                when=when,
                where=self.address,
            ),
        )
        return {"type": "ir.actions.act_window_close", "infos": {"event_id": event_sudo.id}}
