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

    def write(self, vals):
        """Whom the PBX lets call where follows the groups; who is archived calls no more."""
        # sudo: cc.agent - the users' own, to ring their PBX's bell or to sign them out only
        agents_sudo = self.sudo().cc_agent_ids
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            agents_sudo._sign_out("leader")
        if vals.keys() & {"group_ids", "active"}:
            agents_sudo.pbx_id._cc_ring("intent")
        return result

    @api.depends("cc_agent_ids.led_department_ids")
    def _compute_cc_led_department_ids(self):
        for user in self:
            user.cc_led_department_ids = user.cc_agent_ids.led_department_ids
