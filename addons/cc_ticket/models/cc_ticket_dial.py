# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models

# how long after the click a call of this person to this number is taken for the one that was asked for
MINUTES = 10


class CcTicketDial(models.Model):
    """That somebody had a customer dialled from a ticket, until the call is there."""

    _name = "cc.ticket.dial"
    _description = "Call asked for from a ticket"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    number_id = fields.Many2one("cc.phone.number", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")

    def _cc_of_call(self, call):
        """:return: tickets from which this outbound call was asked for"""
        since = fields.Datetime.now() - timedelta(minutes=MINUTES)
        users = (
            call.agent_id.user_id
            | call.leg_ids.agent_id.user_id
            | call.attempt_ids.agent_id.user_id
        )
        return self.search(
            [
                ("number_id", "=", call.number_id.id),
                ("user_id", "in", users.ids),
                ("create_date", ">=", since),
            ]
        )
