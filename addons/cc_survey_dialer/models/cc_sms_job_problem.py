# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcSmsJobProblem(models.Model):
    """A line of a file of numbers that gets no message."""

    _name = "cc.sms.job.problem"
    _description = "Line left out of a mass text message"
    _inherit = ["cc.number.problem.mixin"]
    _log_access = False

    job_id = fields.Many2one("cc.sms.job", required=True, ondelete="cascade")

    _line_unique = models.UniqueIndex("(job_id, line_no)")
