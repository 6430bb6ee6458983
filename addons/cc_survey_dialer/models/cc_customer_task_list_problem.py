# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCustomerTaskListProblem(models.Model):
    """A line of an imported file that brought no customer."""

    _name = "cc.customer.task.list.problem"
    _description = "Line left out of an imported list"
    _inherit = ["cc.number.problem.mixin"]
    _log_access = False

    list_id = fields.Many2one("cc.customer.task.list", required=True, ondelete="cascade")

    _line_unique = models.UniqueIndex("(list_id, line_no)")
