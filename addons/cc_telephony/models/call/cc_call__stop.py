# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CcCall(models.Model):
    """A leader ends a call that goes on, whoever is in it, with a reason."""

    _inherit = "cc.call"

    stopped_by_id = fields.Many2one(
        "res.users", "Ended by leader", index="btree_not_null", readonly=True, ondelete="set null"
    )
    stop_reason = fields.Char("Reason for ending", readonly=True)

    def action_stop(self):
        """Ask for the reason.

        :raise AccessError: the user leads nobody of this call
        """
        self.ensure_one()
        self._check_stops()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End the call"),
            "res_model": "cc.call.stop",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    def stop(self, reason):
        """End the call for all who are in it.

        :param str reason: why, kept with the call
        :return: `{"id": command uuid}`; the result comes as bus message `cc.command/result`
        :raise AccessError: the user leads nobody of this call
        :raise UserError: no reason, or the call is over
        """
        self.ensure_one()
        self._check_stops()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Enter a reason."))
        if self.state == "ended" or self.manual:
            raise UserError(self.env._("This call is over."))
        # sudo: cc.call - who ended it stands on the call, which people don't write
        self.sudo().write({"stopped_by_id": self.env.uid, "stop_reason": reason.strip()[:200]})
        command = self.env["cc.command"]._issue(
            self.pbx_id, "end_call", {"reason": reason.strip()[:200]}, call_uid=self.call_uid
        )
        return {"id": command.uuid}

    def _check_stops(self):
        """:raise AccessError: the user is neither a manager nor a leader of somebody in this call"""
        self.check_access("read")
        agents = self.agent_id | self.leg_ids.agent_id | self.attempt_ids.agent_id
        led = self.env["hr.department"].search_count(
            [
                ("id", "=", self.department_id.id),
                ("id", "child_of", self.env.user.cc_led_department_ids.ids),
            ],
            limit=1,
        )
        leads = self.env.user.has_group("cc_telephony.group_leader") and led
        if not (
            self.env.user.has_group("cc_telephony.group_manager")
            or leads
            or any(agent._is_led_by_user() for agent in agents)
        ):
            raise AccessError(self.env._("Only leaders of this call's department may end it."))
