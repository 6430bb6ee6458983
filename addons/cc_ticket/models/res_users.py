# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResUsers(models.Model):
    """To which departments a user belongs: record rules and steps ask for it."""

    _inherit = "res.users"

    cc_department_ids = fields.Many2many(
        "hr.department",
        string="Departments in the contact centre",
        compute="_compute_cc_department_ids",
        compute_sudo=True,
    )

    @api.depends("cc_agent_ids.department_id", "cc_agent_ids.active")
    def _compute_cc_department_ids(self):
        for user in self:
            departments = user.cc_agent_ids.filtered("active").department_id
            if not user.cc_agent_ids and "employee_ids" in user._fields:
                departments = user.employee_ids.department_id
            user.cc_department_ids = departments

    def _cc_home_department(self):
        """:return: the department that a person's own tickets count for; empty for people without one"""
        self.ensure_one()
        return self.cc_department_ids[:1]

    def _cc_leads(self, department):
        """:return: whether this person leads the department, directly or from above"""
        self.ensure_one()
        if not department:
            return False
        # sudo: hr.department - the tree above a department is asked for rights, not shown
        department_sudo = department.sudo()
        above = {int(part) for part in (department_sudo.parent_path or "").split("/") if part}
        return bool((above | {department.id}) & set(self.cc_led_department_ids.ids))

    def write(self, vals):
        """Who is archived leaves no ticket behind."""
        leaving = self.filtered("active") if vals.get("active") is False else self.browse()
        result = super().write(vals)
        if leaving:
            # sudo: helpdesk.ticket - whoever may archive a user hands over what the user had
            self.env["helpdesk.ticket"].sudo()._cc_person_left(leaving)
        return result
