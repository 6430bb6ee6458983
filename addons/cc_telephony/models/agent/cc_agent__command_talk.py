# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from ...utils.contract import names
from ...utils.controls import is_legal, situation
from ...utils.talk import Talk

MOST_KEYS, MOST_SECONDS = 32, 60


class CcAgent(models.Model):
    """Buttons in talk: hold, the consult's buttons, keys, removing, picking up."""

    _inherit = "cc.agent"

    def _plain_control(self, control, call_uid, args=None):
        """What `cc.command._issue` takes for a control of a call.

        :raise UserError: the control is not legal now
        """
        call, _talk = self._call_for(control, call_uid)
        return {"args": args or {}, "call_uid": call.call_uid}

    def _prepare_command_hold(self, args, call_uid):
        return self._plain_control("hold", call_uid)

    def _prepare_command_resume(self, args, call_uid):
        return self._plain_control("resume", call_uid)

    def _prepare_command_cancel(self, args, call_uid):
        return self._plain_control("cancel", call_uid)

    def _prepare_command_toggle(self, args, call_uid):
        return self._plain_control("toggle", call_uid)

    def _prepare_command_conference(self, args, call_uid):
        return self._plain_control("conference", call_uid)

    def _prepare_command_complete(self, args, call_uid):
        return self._plain_control("complete", call_uid)

    def _prepare_command_dtmf(self, args, call_uid):
        digits = args.get("digits")
        if not isinstance(digits, str) or not names.KEYS.fullmatch(digits):
            raise UserError(self.env._("Send up to 32 digits: 0 to 9, *, # and A to D."))
        return self._plain_control("dtmf", call_uid, {"digits": digits})

    def _prepare_command_collect(self, args, call_uid):
        most, seconds = args.get("max", MOST_KEYS), args.get("seconds", 15)
        if not self._is_between(most, 1, MOST_KEYS) or not self._is_between(
            seconds, 1, MOST_SECONDS
        ):
            raise UserError(
                self.env._(
                    "Collect 1 to %(keys)s digits within 1 to %(seconds)s seconds.",
                    keys=MOST_KEYS,
                    seconds=MOST_SECONDS,
                )
            )
        return self._plain_control("collect", call_uid, {"max": most, "seconds": seconds})

    @staticmethod
    def _is_between(value, low, high):
        return type(value) is int and low <= value <= high

    def _prepare_command_uninvite(self, args, call_uid):
        """Somebody invited does not answer: the phone stops ringing. `ring` is the party's on the card."""
        call, talk = self._call_for("uninvite", call_uid)
        ring = args.get("ring")
        if ring is None or not any(party.ring == ring for party in talk.parties):
            raise UserError(self.env._("No one is being called anymore."))
        return {"args": {"ring": ring}, "call_uid": call.call_uid}

    def _prepare_command_kick(self, args, call_uid):
        call, talk = self._call_for("kick", call_uid)
        leg = args.get("leg")
        party = next((party for party in talk.parties if party.leg == leg), None)
        if leg is None or party is None:
            raise UserError(self.env._("This party is no longer in the call."))
        if talk.peer and party.leg == talk.peer.leg:
            raise UserError(self.env._("The customer cannot be removed from the call."))
        if party.role == "supervisor":
            raise UserError(self.env._("A supervisor cannot be removed from the call."))
        return {"args": {"leg": leg}, "call_uid": call.call_uid}

    def _prepare_command_pickup(self, args, call_uid):
        """Take a call that rings at a colleague of the department, or of a queue of one's own."""
        self._check_free()
        # sudo: cc.call - colleagues' calls can't be read, but whether one rings here is checked below
        call_sudo = (
            self.env["cc.call"]
            .sudo()
            .search([("call_uid", "=", call_uid or ""), ("pbx_id", "=", self.pbx_id.id)])
        )
        if not call_sudo or not is_legal("pickup", situation(Talk(call_sudo._cc_view(), self.id))):
            raise UserError(self.env._("This call is no longer ringing."))
        if not self._may_pick_up(call_sudo):
            raise UserError(
                self.env._("You can only pick up calls of your department and your queues.")
            )
        return {"args": {}, "call_uid": call_sudo.call_uid}

    def _may_pick_up(self, call_sudo):
        """Whether a ringing call is one that this agent may take from a colleague."""
        self.ensure_one()
        rung = call_sudo.attempt_ids.filtered(lambda ring: not ring.outcome and not ring.end_at)
        if not rung.agent_id:
            return False
        # sudo: cc.queue.member - one's own queues
        queues_sudo = self.sudo().member_ids.queue_id
        return bool(
            rung.queue_id & queues_sudo
            or (self.department_id and self.department_id in rung.agent_id.department_id)
            or any(agent._is_led_by_user() for agent in rung.agent_id.with_env(self.env))
        )
