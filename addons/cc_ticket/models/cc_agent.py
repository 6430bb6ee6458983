# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CcAgent(models.Model):
    """Agents who leave, or leave a department, leave no ticket behind."""

    _inherit = "cc.agent"

    def write(self, vals):
        # sudo: helpdesk.ticket - whoever may move an agent hands over what the agent had
        tickets_sudo = self.env["helpdesk.ticket"].sudo()
        left = {}
        if "department_id" in vals or vals.get("active") is False:
            for agent in self.filtered("active"):
                gone = vals.get("active") is False
                if gone or agent.department_id.id != vals.get("department_id"):
                    left[agent] = agent.department_id
        result = super().write(vals)
        for agent, department in left.items():
            open_sudo = tickets_sudo.search(
                [
                    ("cc_state", "in", ("open", "progress", "feedback", "visit")),
                    ("user_id", "=", agent.user_id.id),
                    ("cc_department_id", "=", department.id),
                ]
            )
            if department:
                open_sudo._cc_hand_over(
                    department,
                    self.env._(
                        "%(name)s is no longer in %(department)s.",
                        name=agent.user_id.name,
                        department=department.name,
                    ),
                )
        return result

    def _cc_snapshot_extra(self):
        """The bar's count is there before the first bell."""
        todo = self.env["helpdesk.ticket"].cc_todo_count()
        return {**super()._cc_snapshot_extra(), "cc_ticket": {"todo": todo}}
