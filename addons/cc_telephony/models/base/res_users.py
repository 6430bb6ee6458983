# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResUsers(models.Model):
    """What record rules ask about a user."""

    _inherit = "res.users"

    cc_agent_ids = fields.One2many("cc.agent", "user_id", string="Agent")
    cc_led_department_ids = fields.Many2many(
        "hr.department",
        string="Departments led in the contact centre",
        compute="_compute_cc_led_department_ids",
        compute_sudo=True,
    )

    @api.depends("cc_agent_ids.led_department_ids")
    def _compute_cc_led_department_ids(self):
        for user in self:
            user.cc_led_department_ids = user.cc_agent_ids.led_department_ids
