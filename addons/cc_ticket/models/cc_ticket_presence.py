# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# a browser says every 20 s that it still looks; a closed one is forgotten after this
FRESH = timedelta(seconds=50)


class CcTicketPresence(models.Model):
    """Who has the page of a ticket open now. Nothing is locked by it, and nothing outlives a closed browser."""

    _name = "cc.ticket.presence"
    _description = "Who looks at a ticket"
    _log_access = False
    _rec_name = "user_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    seen_at = fields.Datetime(required=True)

    _once = models.Constraint("UNIQUE (ticket_id, user_id)", "Somebody is at a page once.")

    @api.autovacuum
    def _gc_presence(self):
        self.search([("seen_at", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()


class HelpdeskTicket(models.Model):
    """Two people in one ticket see each other."""

    _inherit = "helpdesk.ticket"

    def cc_be_here(self):
        """Say that the user looks at this ticket.

        :return: ``[{id, name}]`` of everybody who does
        """
        self.ensure_one()
        self._cc_check_colleague()
        known = self._cc_here()
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_ticket_presence (ticket_id, user_id, seen_at)
                   VALUES (%(ticket)s, %(user)s, %(now)s)
                   ON CONFLICT (ticket_id, user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at""",
                ticket=self.id,
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        people = self._cc_here()
        if {row["id"] for row in known} != {row["id"] for row in people}:
            self._cc_tell_here(people)
        return people

    def cc_leave(self):
        """Say that the user looks at this ticket no longer; whoever may no longer read it, too."""
        self.ensure_one()
        # sudo: cc.ticket.presence - the user's own row
        row_sudo = self.env["cc.ticket.presence"].sudo()
        row_sudo.search([("ticket_id", "=", self.id), ("user_id", "=", self.env.uid)]).unlink()
        self._cc_tell_here(self._cc_here())
        return True

    def _cc_here(self):
        # sudo: cc.ticket.presence - who else looks, for those who may read the ticket
        rows_sudo = (
            self.env["cc.ticket.presence"]
            .sudo()
            .search(
                [
                    ("ticket_id", "=", self.id),
                    ("seen_at", ">", fields.Datetime.now() - FRESH),
                ]
            )
        )
        return [{"id": row.user_id.id, "name": row.user_id.name} for row in rows_sudo]

    def _cc_tell_here(self, people):
        # sudo: res.users - those who look are told who else does
        users_sudo = self.env["res.users"].sudo().browse([row["id"] for row in people])
        for user in users_sudo:
            user._bus_send("cc_ticket/presence", {"ticket_id": self.id, "people": people})
