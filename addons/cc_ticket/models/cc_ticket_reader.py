# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcTicketReader(models.Model):
    """Who may read a ticket without having it: people in copy, and those who handled a step of it.

    Rows of ours instead of followers, whose rights nobody could take back.
    """

    _name = "cc.ticket.reader"
    _description = "Reader of a ticket"
    _rec_name = "user_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("copy", "In copy"), ("past", "Handled a step")], required=True, index=True
    )
    added_by = fields.Many2one("res.users", ondelete="set null")
    opinion = fields.Text()
    opinion_at = fields.Datetime()

    _once = models.Constraint(
        "UNIQUE (ticket_id, user_id, kind)", "This person is already a reader."
    )
