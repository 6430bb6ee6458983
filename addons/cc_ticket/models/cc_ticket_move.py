# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError

MOVES = [
    ("create", "Created"),
    ("start", "Started"),
    ("accept", "Accepted"),
    ("submit", "Submitted"),
    ("auto", "Went on by itself"),
    ("send_back", "Sent back"),
    ("pass_on", "Passed on"),
    ("assign", "Given to"),
    ("feedback", "Feedback given"),
    ("visit", "Return visit"),
    ("close", "Closed"),
    ("add", "Added"),
    ("reopen", "Reopened"),
    ("urge", "Urged"),
    ("copy", "Copied to"),
    ("opinion", "Opinion"),
    ("pause", "Waits for the customer"),
    ("resume", "Goes on"),
    ("extend", "Extension asked for"),
    ("extend_yes", "Extension approved"),
    ("extend_no", "Extension refused"),
    ("reply", "Customer answered"),
    ("answer", "Answered the customer"),
    ("dispatch", "Technician sent"),
    ("handover", "Handed over"),
    ("merge", "Merged"),
    ("note", "Note of the system"),
]


class CcTicketMove(models.Model):
    """What was done with a ticket, in order: its handling history. Nobody changes it."""

    _name = "cc.ticket.move"
    _description = "Move of a ticket"
    _order = "at desc, id desc"
    _rec_name = "kind"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    kind = fields.Selection(MOVES, required=True, index=True)
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Who", ondelete="restrict", index=True)
    turn_id = fields.Many2one("cc.ticket.turn", ondelete="set null", index="btree_not_null")
    from_step = fields.Char("Step", translate=True)
    to_step = fields.Char("Next step", translate=True)
    to_user_id = fields.Many2one("res.users", "To", ondelete="restrict")
    to_department_id = fields.Many2one("hr.department", "To department", ondelete="restrict")
    state = fields.Char("State after it")
    text = fields.Html(sanitize_overridable=False)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def _cc_put_files(self, ids):
        """Put files that the user uploaded on this move. They are never the ticket's own: the customer's
        page makes a token for each of those.
        """
        self.ensure_one()
        files = self.env["ir.attachment"].browse(ids or ()).exists()
        for file in files:
            if file.create_uid.id != self.env.uid or (file.res_id and file.res_model != self._name):
                raise AccessError(self.env._("You cannot attach this file to the ticket."))
        files.write({"res_model": self._name, "res_id": self.id, "access_token": False})
        self.attachment_ids = files
