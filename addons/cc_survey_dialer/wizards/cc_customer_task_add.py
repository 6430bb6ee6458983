# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcCustomerTaskAdd(models.TransientModel):
    """Puts the contacts or leads chosen in a list into a customer task, and calls them on wish."""

    _name = "cc.customer.task.add"
    _description = "Add customers to a task"

    task_id = fields.Many2one("cc.customer.task", "Customer task")
    name = fields.Char("New task", help="When no task is chosen.")
    count = fields.Integer("Chosen", compute="_compute_count")

    @api.depends_context("active_ids")
    def _compute_count(self):
        self.count = len(self.env.context.get("active_ids") or ())

    def _records(self):
        model = self.env.context.get("active_model")
        if model not in ("res.partner", "crm.lead"):
            raise UserError(self.env._("Choose contacts or leads first."))
        records = self.env[model].browse(self.env.context.get("active_ids") or ())
        records.check_access("read")
        return records

    def _add(self):
        self.ensure_one()
        records = self._records()
        task = self.task_id
        if not task:
            if not self.name:
                raise UserError(self.env._("Choose a task, or name a new one."))
            task = task.create({"name": self.name, "source": "manual"})
        added = task._add_records(records)
        if not task.line_count:
            raise UserError(self.env._("None of those chosen has a phone number."))
        return task, added

    def action_add(self):
        """Add them, and open the task."""
        self.check_access("write")
        task, _added = self._add()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.customer.task",
            "res_id": task.id,
            "views": [[False, "form"]],
        }

    def action_campaign(self):
        """Add them, start the task, and open a new campaign over it."""
        self.check_access("write")
        task, _added = self._add()
        if task.state != "started":
            task.action_start()
        return task.action_new_campaign()
