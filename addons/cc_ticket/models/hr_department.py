# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class HrDepartment(models.Model):
    """Departments hold tickets; one that goes hands them to the one above."""

    _inherit = "hr.department"

    def _cc_leader_users(self):
        """:return: users who lead this department, or the nearest one above that somebody leads"""
        self.ensure_one()
        # sudo: hr.department, cc.agent - who leads is asked to send them word
        department_sudo = self.sudo()
        agents_sudo = self.env["cc.agent"].sudo()
        while department_sudo:
            leaders = agents_sudo.search([("led_department_ids", "in", department_sudo.ids)])
            users = leaders.user_id.filtered("active")
            if users:
                return users
            department_sudo = department_sudo.parent_id
        return self.env["res.users"]

    def _cc_member_users(self):
        """:return: users who work in this department as agents"""
        # sudo: cc.agent - members are asked for to send them word
        agents_sudo = self.env["cc.agent"].sudo()
        return agents_sudo.search([("department_id", "in", self.ids)]).user_id.filtered("active")

    def write(self, vals):
        leaving = self.filtered("active") if vals.get("active") is False else self.browse()
        result = super().write(vals)
        if leaving:
            # sudo: helpdesk.ticket - whoever may archive a department hands over what it had
            self.env["helpdesk.ticket"].sudo()._cc_department_left(leaving)
        return result
