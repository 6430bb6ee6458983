# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcSmsJobProblem(models.Model):
    """A line of a file that gets no message, and why. Numbers in it are masked."""

    _name = "cc.sms.job.problem"
    _description = "Line left out of a mass text message"
    _order = "line_no"
    _rec_name = "text"
    _log_access = False

    job_id = fields.Many2one("cc.sms.job", required=True, index=True, ondelete="cascade")
    line_no = fields.Integer("Line", aggregator=None)
    kind = fields.Selection(
        [("bad", "No number in it"), ("duplicate", "Number again")], required=True
    )
    text = fields.Char()
