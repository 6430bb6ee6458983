# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError

from ...utils.controls import is_legal, situation
from ...utils.talk import Talk


class CcAgent(models.Model):
    """Buttons of supervisors: listen, whisper, join in, take over. For leaders, in their departments."""

    _inherit = "cc.agent"

    def _check_supervises(self, agent):
        """:raise AccessError: the user is no leader, or leads not this agent's department"""
        if not self.env.user.has_group("cc_telephony.group_leader"):
            raise AccessError(self.env._("Only leaders may do this."))
        agent._check_leads()

    def _prepare_command_listen(self, args, call_uid):
        """`of`: the agent number of who is listened to; who listens already names nobody."""
        if not args.get("of"):
            return self._supervisor_control("listen", call_uid)
        target = self.search(
            [("number", "=", str(args["of"])), ("pbx_id", "=", self.pbx_id.id)], limit=1
        )
        if not target or target == self:
            raise UserError(self.env._("This colleague is not on your PBX."))
        self._check_supervises(target)
        self._check_free()
        for call_sudo, theirs in self.env["cc.call"]._cc_open_talks(target):
            mine = situation(Talk(theirs.view, self.id))
            wanted = call_uid in (None, False, call_sudo.call_uid)
            if wanted and theirs.mine == "talking" and is_legal("listen", mine):
                return {"args": {"of": target.number}, "call_uid": call_sudo.call_uid}
        raise UserError(self.env._("%(agent)s is not in a call.", agent=target.name))

    def _prepare_command_whisper(self, args, call_uid):
        return self._supervisor_control("whisper", call_uid)

    def _prepare_command_barge(self, args, call_uid):
        return self._supervisor_control("barge", call_uid)

    def _prepare_command_takeover(self, args, call_uid):
        return self._supervisor_control("takeover", call_uid)

    def _supervisor_control(self, control, call_uid):
        call_sudo, talk = self._call_for(control, call_uid)
        served = [
            party.agent_id for party in talk.parties if party.role == "agent" and party.agent_id
        ]
        agents = self.browse(served)
        if not agents:
            raise UserError(self.env._("No agent is in this call anymore."))
        for agent in agents:
            if agent._is_led_by_user():
                return {"args": {"of": agent.number}, "call_uid": call_sudo.call_uid}
        self._check_supervises(agents[0])
        raise UserError(self.env._("No agent is in this call anymore."))
